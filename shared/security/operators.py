"""What shows that a request comes from whoever operates the house: words signed with its keys, good for minutes."""

from datetime import datetime, timedelta

from shared import clock
from shared.security.keys import form_tokens

GOOD_FOR = timedelta(minutes=5)
_PURPOSE = "operator"


def word_for(username: str) -> str:
    """What an operator sends to make this administrator; signed for that alone: no sentence of a page passes for it."""
    return form_tokens().signed(f"administrator {username} {clock.machine_now().isoformat()}", _PURPOSE)


def is_from_operator(signed: str, username: str) -> bool:
    """Whether an operator has signed that, just now."""
    word = form_tokens().read(signed, _PURPOSE) or ""
    head, _, at = word.rpartition(" ")
    if head != f"administrator {username}":
        return False
    return abs(clock.machine_now() - datetime.fromisoformat(at)) < GOOD_FOR

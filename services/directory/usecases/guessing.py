"""Who guesses is slowed down: at a login, and with a session that may be stolen at what one logs in with."""

from shared.refusals import Refusal
from shared.security.sessions import Origin, Sessions, digest
from shared.security.throttle import Limit
from shared.settings import settings


def at_login(username: str, origin: Origin) -> tuple[Limit, Limit, Limit]:
    """A name from an address, a name from anywhere, an address for any name."""
    tries, name = settings().login_tries, head(username)
    return (
        Limit(f"{name}@{origin.line}", tries),
        Limit(name, tries * 4),
        Limit(f"login:@{origin.line}", tries * 20),
    )


def head(username: str) -> str:
    """What the keys of a name's own limits begin with."""
    return f"login:{digest(username.lower())[:32]}"


class Own:
    """One's own password or code, asked for again: a wrong one is refused by `wrong`, too many before they are read."""

    def __init__(self, sessions: Sessions, username: str) -> None:
        self._throttle = sessions.throttle
        self._limit = Limit(f"{head(username)}/own", settings().login_tries)

    async def must_be_open(self) -> None:
        """Raise `TooMany` while one has to wait; ask while the account is held, so that many at a time are no way."""
        await self._throttle.must_be_open(self._limit)

    async def wrong(self, refusal: Refusal) -> Refusal:
        """This refusal, counted."""
        await self._throttle.failed(self._limit)
        return refusal

    async def right(self) -> None:
        """What was counted is forgotten."""
        await self._throttle.forget(self._limit)

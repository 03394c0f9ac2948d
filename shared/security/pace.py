"""How much each of those who are known asks in a minute: what runs wild with a session or a channel's key is stopped.

Counted in this process alone, unlike the tries of who guesses (`throttle`): submissions are taken as quickly while
Redis is away, and a request costs no further round trip.
"""

from collections import Counter
from time import monotonic

MINUTE = 60.0


class Pace:
    """The requests of the minute that runs."""

    def __init__(self) -> None:
        self._began = monotonic()
        self._spent: Counter[str] = Counter()

    def spent(self, key: str) -> int:
        """One more; how many that makes."""
        if monotonic() - self._began >= MINUTE:
            self._began = monotonic()
            self._spent.clear()
        self._spent[key] += 1
        return self._spent[key]

    def seconds_left(self) -> int:
        """Until all may ask as much again."""
        return max(1, round(self._began + MINUTE - monotonic()))

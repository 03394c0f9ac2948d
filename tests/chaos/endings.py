"""Processes of the house that have ended by themselves, and whether each had a reason to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.chaos.outages import Outage

STARTS_WITHIN = 60.0
"""Seconds from its start in which a process may end for want of a server; later it waits for it."""


@dataclass(frozen=True)
class Ended:
    """A process that nobody has ended: with what it ended, and from when to when it lived (monotonic)."""

    process: str
    code: int
    began: float
    ended: float

    def told(self) -> str:
        """In a line."""
        return f"{self.process} ended by itself with {self.code}, {self.ended - self.began:.1f} s after its start"


def judged(endings: Iterable[Ended], outages: Sequence[Outage]) -> tuple[list[str], list[str]]:
    """Those that nobody can account for; and those that lacked a server as they started, with what had become of it."""
    unaccounted, wanting = [], []
    for each in endings:
        lacked = _lacked(each, outages) if each.ended - each.began <= STARTS_WITHIN else None
        if lacked:
            wanting.append(f"{each.told()}, without {lacked.server} ({lacked.how})")
        else:
            unaccounted.append(each.told())
    return unaccounted, wanting


def _lacked(each: Ended, outages: Iterable[Outage]) -> Outage | None:
    for outage in outages:
        concerns = outage.process in ("", each.process)
        if concerns and outage.since <= each.ended and outage.until >= each.began:
            return outage
    return None

"""Whether submissions were accepted, and promptly, while a server was away that they can do without."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SPARED = ("rabbitmq", "redis")
PROMPT = 1.0
"""Seconds in which 99 of 100 must be accepted while the broker is away."""


@dataclass(frozen=True)
class Outage:
    """A server that was away, from when to when (monotonic)."""

    server: str
    since: float
    until: float


@dataclass(frozen=True)
class Submitted:
    """A complaint handed over at a door: when (monotonic), how long the answer took, and its status (0: none came)."""

    at: float
    took: float
    status: int

    @property
    def is_accepted(self) -> bool:
        """Whether it has a number."""
        return self.status in (200, 201)


def refused(submitted: Iterable[Submitted], outages: Sequence[Outage]) -> list[str]:
    """Those that were turned away while a server was away that they can do without.

    Of one answered later something else may have turned it away: a fault that has struck since.
    """
    return [
        f"without {outage.server} a submission was answered {each.status} after {each.took:.1f} s"
        for each in submitted
        if not each.is_accepted and (outage := _away(each, outages, SPARED)) and each.at + each.took <= outage.until
    ]


def p99(submitted: Iterable[Submitted], outages: Sequence[Outage], server: str) -> float | None:
    """In what time 99 of 100 were accepted while this server was away; None if nothing was submitted then."""
    took = sorted(each.took for each in submitted if each.is_accepted and _away(each, outages, (server,)))
    return round(took[int(0.99 * (len(took) - 1))], 3) if took else None


def _away(each: Submitted, outages: Iterable[Outage], servers: Sequence[str]) -> Outage | None:
    """The outage of one of these servers in which this was submitted."""
    for outage in outages:
        if outage.server in servers and outage.since <= each.at <= outage.until:
            return outage
    return None

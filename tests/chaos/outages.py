"""Whether submissions were accepted, and promptly, while a server was away that they can do without."""

import math
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
    how: str = ""
    """What has happened to it."""
    process: str = ""
    """The only process of the house that was without it; empty: all of them were."""


@dataclass(frozen=True)
class Submitted:
    """Something handed over at a door: when (monotonic), how long the answer took, and its status (0: none came)."""

    at: float
    took: float
    status: int
    code: str = ""
    """What the problem document calls it."""

    @property
    def is_accepted(self) -> bool:
        """Whether a complaint has its number."""
        return self.status in (200, 201)

    @property
    def is_answered(self) -> bool:
        """Whether what staff did was done, or refused for a reason of its own."""
        return self.status not in (0, 500, 503)


def refused(submitted: Iterable[Submitted], outages: Sequence[Outage]) -> list[str]:
    """Those that were turned away while a server was away that they can do without.

    Of one answered later something else may have turned it away: a fault that has struck since.
    """
    return [
        f"without {outage.server} a submission was answered {each.status} after {each.took:.1f} s"
        for each in submitted
        if not each.is_accepted and (outage := _away(each, outages, SPARED)) and each.at + each.took <= outage.until
    ]


def hindered(acted: Iterable[Submitted], outages: Sequence[Outage], server: str) -> list[str]:
    """What staff could not do while this server was away, of which no desk knows."""
    return [
        f"without {server} what staff did was answered {each.status} {each.code} after {each.took:.1f} s"
        for each in acted
        if not each.is_answered and (outage := _away(each, outages, (server,))) and each.at + each.took <= outage.until
    ]


def waited(submitted: Iterable[Submitted], outages: Sequence[Outage], server: str) -> list[float]:
    """How long each that was submitted while this server was away has waited without it, the shortest first.

    One that had no answer yet when the server came back has waited until then, if that was longer than it may be;
    otherwise nobody knows how long it would have been.
    """
    found = []
    for each in submitted:
        if outage := _away(each, outages, (server,)):
            left = outage.until - each.at
            if each.took <= left or left >= PROMPT:
                found.append(min(each.took, left))
    return sorted(found)


def p99(took: Sequence[float]) -> float | None:
    """In what time 99 of 100 of these, sorted, had an answer; None if there are none."""
    return round(took[math.ceil(0.99 * len(took)) - 1], 3) if took else None


def _away(each: Submitted, outages: Iterable[Outage], servers: Sequence[str]) -> Outage | None:
    """The outage of one of these servers in which this was submitted."""
    for outage in outages:
        if outage.server in servers and outage.since <= each.at <= outage.until:
            return outage
    return None

"""Handling time split by whose court it was in (mechanism §11): of what came to an end in a period."""

from dataclasses import dataclass
from typing import Self

from services.intake.domain.counted import Counted
from services.intake.domain.courts import Court
from services.intake.domain.tally import Tallies


@dataclass(frozen=True)
class Time:
    """Time in seconds: of the center's office hours, and of the clock on the wall. Summed, not averaged."""

    working: int
    elapsed: int


@dataclass(frozen=True)
class Handling:
    """How long it took, from registering (or reopening) to each end.

    The parts in `courts` are the `whole`; of a department only its own parts are told, beside the whole of what it led;
    of a center those of what ended there, but the office's own part as long as it had it, wherever that ended.
    """

    ended: int
    """The sample: ends in the period."""
    whole: Time
    courts: dict[Court, Time]
    mean_working: float | None
    """Office minutes each, to one decimal; None of none."""

    @classmethod
    def of(cls, tallies: Tallies) -> Self:
        """The time these facts give."""
        ended, whole = tallies.n(Counted.CLOSED), tallies.time(Counted.CLOSED)
        courts = {court: Time(*tallies.time(Counted.HELD, court)) for court in Court}
        return cls(ended, Time(*whole), courts, round(whole[0] / 60 / ended, 1) if ended else None)

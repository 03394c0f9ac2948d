"""三率 and the on-time rate (事事有受理、件件有回应、结果有回访), each with its numerator and denominator."""

from dataclasses import dataclass
from typing import Self

from services.intake.domain.counted import Counted
from services.intake.domain.tally import Rate, Tallies
from shared.events.dispatch import Satisfaction

PLEASED = frozenset({Satisfaction.SATISFIED, Satisfaction.BASICALLY_SATISFIED})


@dataclass(frozen=True)
class Rates:
    """The rates of a period; each counts what was due, or was asked, in it."""

    response: Rate
    """响应率 (Art. 8): complaints first answered, in whatever way, by the date first told, of those for which that
    date has come; what was settled, referred or directed before any was told was answered then, and in time. Where a
    notice or an extension moved that date before it had passed, the later one counts; what a return at the check gave
    does not. What was withdrawn before the date owed nothing."""
    on_time: Rate
    """按时率 (Art. 8): legs with an answer that stands by their due date, of those whose due date has come. A returned
    answer does not stand, and a date once missed stays missed; a leg given up before it was due (dispatched anew,
    withdrawn) is not counted."""
    solution: Rate
    """解决率 (Art. 10): follow-ups at which the petitioner said it was solved, of those that asked."""
    satisfaction: Rate
    """满意率 (Art. 10): follow-ups that found satisfied or basically satisfied, of those that reached somebody."""
    unreachable: int
    """Follow-ups that reached nobody; in no rate."""

    @classmethod
    def of(cls, tallies: Tallies) -> Self:
        """The rates these facts give."""
        asked = tallies.details(Counted.FOLLOWED_UP)
        unreachable = asked.pop(Satisfaction.UNREACHABLE, 0)
        pleased = sum(n for said, n in asked.items() if said in PLEASED)
        solved = tallies.n(Counted.FOLLOWED_UP, lambda tally: tally.yes is True)
        unsolved = tallies.n(Counted.FOLLOWED_UP, lambda tally: tally.yes is False)
        return cls(
            response=tallies.in_time(Counted.RESPONSE),
            on_time=tallies.in_time(Counted.DUE),
            solution=Rate.of(solved, solved + unsolved),
            satisfaction=Rate.of(pleased, sum(asked.values())),
            unreachable=unreachable,
        )

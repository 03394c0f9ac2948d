"""The clock-gaming report: what makes a figure look good without helping anybody, by department, with rates.

A hit is a reason to look at the complaint, never a finding.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.intake.domain.counted import Counted
from services.intake.domain.tally import Rate, Tallies

MOST_NUMBERS = 20
"""Examples told of one department and practice."""


@dataclass(frozen=True)
class Thresholds:
    """What counts as a hit."""

    just_before_minutes: int = 120
    """Of office time: an answer as near to its due date as this, and then to be done again; or a decline."""
    extensions: int = 2
    """The how-manieth extension of one complaint is one too many."""
    plans: int = 2
    """The how-manieth plan of one complaint is one too many."""


AGAIN = (Counted.RETURNED, Counted.REDONE, Counted.REOPENED)


@dataclass(frozen=True)
class Hit:
    """A fact that is a hit, and the complaint it is of; or, where it is not, an answer in time that was returned."""

    counted: Counted
    department: str | None
    number: str
    is_hit: bool = True


@dataclass(frozen=True)
class Practice:
    """One practice of one department: how often, of how many, and the first complaints to look at."""

    rate: Rate
    numbers: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """One department."""

    code: str
    name: str
    just_before: Practice
    """Answered just before it was due, and then returned at the check, redone or reopened (Art. 10); of all answers in
    time: those that stand, of legs that came due in the period, and those that were returned in it."""
    late_declines: Practice
    """Declined just before it was due, or after (Art. 7); of all declines."""
    extended: Practice
    """Extensions granted (Art. 8); of all plans. Who extends what he commits, complaint after complaint, shows here; no
    numbers, since each may be sound."""
    serial_extensions: Practice
    """An extension of a complaint that had been extended before (Art. 8); of all extensions."""
    serial_plans: Practice
    """A plan for a complaint that had had one before: committed again and again (Art. 8); of all plans."""


def lines(tallies: Tallies, hits: Iterable[Hit], names: Mapping[str, str]) -> list[Line]:
    """A line for each department that did any of what is looked at, by code."""
    numbers: dict[tuple[str, Counted], list[str]] = {}
    returned: Counter[str] = Counter()
    for hit in hits:
        if hit.is_hit:
            numbers.setdefault((hit.department or "", hit.counted), []).append(hit.number)
        if hit.counted is Counted.RETURNED:
            returned[hit.department or ""] += 1
    found = []
    for code, counted in tallies.by_key().items():
        others = (Counted.DECLINED, Counted.EXTENDED, Counted.PLANNED)
        kinds = (AGAIN, *((other,) for other in others))
        found_of = [[number for kind in each for number in numbers.get((code or "", kind), ())] for each in kinds]
        answered = counted.in_time(Counted.DUE).hits + returned[code or ""]
        # What is done again now may have been answered, and have come due, before the period.
        samples = (max(answered, len(found_of[0])), *map(counted.n, others))
        if code and (any(samples) or any(found_of)):
            just_before, late_declines, *serial = (
                Practice(Rate.of(len(each), sample), list(dict.fromkeys(each))[:MOST_NUMBERS])
                for each, sample in zip(found_of, samples, strict=True)
            )
            # What is extended now may have been planned before the period.
            granted, plans = counted.n(Counted.EXTENDED), counted.n(Counted.PLANNED)
            extended = Practice(Rate.of(granted, max(plans, granted)))
            found.append(Line(code, names.get(code, code), just_before, late_declines, extended, *serial))
    return found

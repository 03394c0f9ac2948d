"""The report of a month, by center and by department, beside the month before (mechanism §9, 总结推广)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from services.intake.domain.counted import BY_HAND, LADDER, Counted
from services.intake.domain.handling import Handling
from services.intake.domain.rates import Rates
from services.intake.domain.tally import Tallies, Tally
from shared.events.dispatch import Final


@dataclass(frozen=True)
class Rungs:
    """催办, 督办, 通报 (Art. 9): those of the ladder, and those given by hand beside it."""

    urged: int
    supervised: int
    reported: int
    urged_by_hand: int
    supervised_by_hand: int

    @classmethod
    def of(cls, tallies: Tallies) -> Self:
        """The rungs these facts give."""
        ladder = [_rungs(tallies, kind, LADDER) for kind in (Counted.URGED, Counted.SUPERVISED, Counted.REPORTED)]
        by_hand = [_rungs(tallies, kind, BY_HAND) for kind in (Counted.URGED, Counted.SUPERVISED)]
        return cls(*ladder, *by_hand)


def _rungs(tallies: Tallies, counted: Counted, detail: str) -> int:
    return tallies.n(counted, lambda tally: tally.detail == detail)


@dataclass(frozen=True)
class Month:
    """What happened in a month: to a center, to a department, or to all."""

    registered: int
    """Of a department: 0, nobody registers there."""
    by_triage: dict[str, int]
    dispatched: int
    closed: int
    zeroed: int
    by_final: dict[str, int]
    rates: Rates
    rungs: Rungs
    overdue: int
    """Legs whose due date came in the month without an answer that stands."""
    returned: int
    """At the check (Art. 10)."""
    redone: int
    """Because the petitioner was not content (Art. 10)."""
    reopened: int
    declined: int
    """By departments (Art. 7), whatever became of it."""
    nudged: int
    """By petitioners."""
    by_rating: dict[str, int]
    """How often each score was given, 1 to 5 (Art. 10)."""
    planned: int
    extended: int
    inner_limits_missed: int
    """Reminders that the office's own limits had passed (mechanism §3)."""
    handling: Handling

    @classmethod
    def of(cls, tallies: Tallies) -> Self:
        """The month these facts give."""
        finals, rates = tallies.details(Counted.CLOSED), Rates.of(tallies)
        return cls(
            registered=tallies.n(Counted.REGISTERED),
            by_triage=tallies.details(Counted.SORTED),
            dispatched=tallies.n(Counted.DISPATCHED),
            closed=tallies.n(Counted.CLOSED),
            zeroed=finals.get(Final.ZEROED, 0),
            by_final=finals,
            rates=rates,
            rungs=Rungs.of(tallies),
            overdue=rates.on_time.sample - rates.on_time.hits,
            returned=tallies.n(Counted.RETURNED),
            redone=tallies.n(Counted.REDONE),
            reopened=tallies.n(Counted.REOPENED),
            declined=tallies.n(Counted.DECLINED),
            nudged=tallies.n(Counted.NUDGED),
            by_rating=tallies.details(Counted.RATED),
            planned=tallies.n(Counted.PLANNED),
            extended=tallies.n(Counted.EXTENDED),
            inner_limits_missed=tallies.n(Counted.REMINDED),
            handling=Handling.of(tallies),
        )


@dataclass(frozen=True)
class Line:
    """One center or department: its code and name, this month and the one before."""

    code: str
    name: str
    rank: int | None
    """Of departments with anything due in the month: by on-time rate, then satisfaction, then fewer 通报; equal ones
    share a rank."""
    now: Month
    before: Month


@dataclass(frozen=True)
class Counts:
    """The facts of two months, grouped by the same."""

    now: list[Tally]
    before: list[Tally]

    def lines(self, names: dict[str, str], *, departments: bool = False) -> list[Line]:
        """A line for each group that has a code, by code."""
        now, before = (Tallies(each, also=departments).by_key() for each in (self.now, self.before))
        codes = sorted(code for code in now.keys() | before.keys() if code)
        months = {code: Month.of(now.get(code, _NOTHING)) for code in codes}
        ranks = ranked(months) if departments else {}
        return [
            Line(code, names.get(code, code), ranks.get(code), months[code], Month.of(before.get(code, _NOTHING)))
            for code in codes
        ]


_NOTHING = Tallies(())


def ranked(months: dict[str, Month]) -> dict[str, int]:
    """The rank of each that had anything due; equal ones share it, and the next is counted on."""
    marks = {code: _marks(month) for code, month in months.items() if month.rates.on_time.sample}
    return {code: 1 + sum(other > mark for other in marks.values()) for code, mark in marks.items()}


def _marks(month: Month) -> tuple[float, float, int]:
    rates = month.rates
    return rates.on_time.percent or 0.0, rates.satisfaction.percent or 0.0, -month.rungs.reported


def months(first: date, n: int) -> tuple[date, date]:
    """The first and the last day of so many months from a first day on."""
    following = first
    for _ in range(n):
        following = _first_of_next(following)
    return first, following - timedelta(days=1)


def before(first: date, n: int) -> date:
    """The first day of the month so many months before."""
    place = first.year * 12 + first.month - 1 - n
    return date(place // 12, place % 12 + 1, 1)


def _first_of_next(first: date) -> date:
    return before(first, -1)

"""A leg of the model: what is owed until when, and the rungs that are given while it is (mechanism §5, §6).

Reckoned with the naive working time of `tests.support.oracle`, which asks nothing of the house.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from tests.support.oracle import DAY, at, close, is_working, later, office_time, same_day, spans, working_day

FITS = {
    ("reply", "plan"): {"plan", "result", "reasons"},
    ("reply", "reasons"): {"reasons", "result"},
    ("reply", "result"): {"result", "plan", "reasons"},
    ("result", "result"): {"result", "reasons"},
}
"""What answers a stage in which something is expected: that, or something further on (§5)."""


def due_after(start: datetime, days: int) -> datetime:
    """The end of a limit in working days; none is the same day (§5)."""
    return close(working_day(start.date(), days)) if days else same_day(start)


def last_day(committed_on: date) -> date:
    """A committed date on a day off rolls to the next working day (§5)."""
    return committed_on if is_working(committed_on) else working_day(committed_on, 1)


def days_between(first: date, last: date) -> int:
    """Working days after the first, to the last."""
    return sum(is_working(first + DAY * n) for n in range(1, (last - first).days + 1))


def days_begun(due: datetime, now: datetime) -> int:
    """Working days begun after the due day (§10)."""
    days = [due.date() + DAY * n for n in range(1, (now.date() - due.date()).days + 1)]
    return sum(is_working(day) and spans(day)[0][0] <= now for day in days)


def urging(begin: datetime, due: datetime) -> datetime:
    """One working day before due at its clock time, or that day's close; else half-way in office time (§6)."""
    eve = working_day(due.date(), -1)
    when = min(at(eve, due.timetz().replace(tzinfo=None)), close(eve))
    if when > begin:
        return when
    half = office_time(begin, due) / 2
    return later(begin, half) if half else begin


@dataclass
class Leg:
    """A stretch under one ladder (§6)."""

    stage: str
    expects: str
    starts_at: datetime
    due: datetime
    lead: str
    days: int | None = None
    """Working days of its limit; None for a committed date."""
    committed: date | None = None
    has_co_handlers: bool = False
    """Whether any owed an answer when it began."""
    needs_consent: bool = False
    asked: date | None = None
    """A later committed date that the lead has asked for."""
    is_extended: bool = False
    extended_from: datetime | None = None
    """The due date it had before."""
    is_owed: bool = True
    returned_at: datetime | None = None
    since: datetime = field(init=False)
    """Until when its ladder has been climbed."""
    fired: dict[str, datetime] = field(default_factory=dict)
    """When each rung was given."""
    told: dict[str, list[str]] = field(default_factory=dict)
    """And to whom: whoever had not answered by its instant."""
    changes: int = 0
    """How often its ladder has become another one."""
    was_late: bool = False
    overran: int | None = None
    """Working days begun after the due day until the last late answer."""

    def __post_init__(self) -> None:
        self.since = self.starts_at

    def climb(self, now: datetime, owing: list[str], at_once: int | None = None) -> None:
        """Time has passed: each rung is given once, at its instant, while it is owed; equality is in time (§6).

        Only so many `at_once`, where that is said; what follows them is asked for but now.
        """
        given = 0
        while self.is_owed and (rung := self.next_rung()) and rung[1] < now:
            is_late = at_once is not None and given >= at_once
            self.fired[rung[0]] = now if is_late else max(rung[1], self.since)
            self.told[rung[0]] = owing
            given += 1
        self.since = now

    def next_rung(self) -> tuple[str, datetime] | None:
        """The one that comes next, and when; None when all have been given."""
        if "reported" in self.fired:
            return None
        if "supervised" in self.fired:
            return "reported", max(close(working_day(self.fired["supervised"].date(), 1)), self.due)
        if "urged" in self.fired:
            return "supervised", self.due
        return "urged", urging(self.returned_at or self.starts_at, self.due)

    def answer(self, now: datetime) -> None:
        """Nothing is owed; a late answer is counted."""
        self.is_owed = False
        if now > self.due:
            self.was_late, self.overran = True, days_begun(self.due, now)

    def lift(self, now: datetime) -> None:
        """It is taken off the departments unanswered."""
        self.was_late = self.is_late(now)
        self.is_owed = False

    def resume(self, now: datetime) -> None:
        """A return keeps the due date, but leaves until close of the next working day (§7)."""
        self.is_owed, self.returned_at = True, now
        self.changes += 1
        self.due = max(self.due, close(working_day(now.date(), 1)))

    def recommit(self, day: date) -> None:
        """The committed date is another; what a return has left stays."""
        self.committed = day
        self.changes += 1
        least = [close(working_day(self.returned_at.date(), 1))] if self.returned_at else []
        self.due = max([close(last_day(day)), *least])

    @property
    def co_handlers_due(self) -> datetime | None:
        """In the last stage a working day before the lead's, or half the time of a shorter limit (§4)."""
        return urging(self.starts_at, self.due) if self.has_co_handlers and self.stage == "result" else None

    def is_late(self, now: datetime) -> bool:
        """Whether an answer was, or is by now; what was supervised stays so, though a later date was granted since."""
        return self.was_late or "supervised" in self.fired or (self.is_owed and now > self.due)

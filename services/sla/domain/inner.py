"""The inner limits of a center's own office: what it owes, to whom nobody climbs a ladder (mechanism §3, **Decided**).

Of a complaint at most one runs at a time, and beside it one for each leg whose letters are to be signed. Facts come in
any order; each is kept as a mark, and the course is always worked out anew from all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from shared.events.sla import Reminded, Step
from shared.workdays import Calendar


class Mark(StrEnum):
    """What has happened, as far as it says whose turn it is."""

    REGISTERED = "registered"
    GENERAL = "general"
    """Sorted as general: to be settled on the spot."""
    SORTED = "sorted"
    """Sorted as anything else: with the coordinator."""
    SETTLED = "settled"
    TRANSFERRED = "transferred"
    REFERRED = "referred"
    OUTCOME = "outcome"
    DIRECTED = "directed"
    WITH_DEPARTMENTS = "with_departments"
    """Dispatched, returned at the check, or to be done again by the departments."""
    DECLINED = "declined"
    """Back with the coordinator, who dispatches anew: a department declined, or a referral was taken back."""
    ANSWERED = "answered"
    PASSED = "passed"
    FOLLOWED_UP = "followed_up"
    REDO = "redo"
    """To be done again where no department was asked."""
    CLOSED = "closed"
    REPORTED = "reported"
    """Reported by the ladder: circular, report and copy letter await the head's signature."""
    SIGNED = "signed"
    """All three have been issued."""


BEGINS: Mapping[Mark, Step | None] = {
    Mark.REGISTERED: Step.TRIAGE,
    Mark.GENERAL: Step.SETTLE,
    Mark.SORTED: Step.DISPATCH,
    Mark.TRANSFERRED: Step.ACCEPT,
    Mark.DECLINED: Step.DISPATCH,
    Mark.REFERRED: Step.REFERRAL,
    Mark.ANSWERED: Step.CHECK,
    Mark.SETTLED: Step.FOLLOW_UP,
    Mark.OUTCOME: Step.FOLLOW_UP,
    Mark.DIRECTED: Step.FOLLOW_UP,
    Mark.PASSED: Step.FOLLOW_UP,
    Mark.WITH_DEPARTMENTS: None,
    Mark.FOLLOWED_UP: None,
    Mark.CLOSED: None,
}
"""What the office owes next; None: nothing, or a department has it. For `REDO` it depends on what is done again."""

LETTERS: Mapping[Mark, Step | None] = {Mark.REPORTED: Step.SIGN, Mark.SIGNED: None}
"""The same of a leg's letters, which run beside all others, whoever has the complaint."""

AGAIN: Mapping[Mark, Step] = {
    Mark.GENERAL: Step.SETTLE,
    Mark.SORTED: Step.DISPATCH,
    Mark.TRANSFERRED: Step.DISPATCH,
    Mark.DECLINED: Step.DISPATCH,
    Mark.SETTLED: Step.SETTLE,
    Mark.REFERRED: Step.REFERRAL,
    Mark.DIRECTED: Step.DISPATCH,
}
"""What a redo or a reopening begins with, by how it was dealt with or, if it was not, by who had it."""

_WINDOW_MARKS = frozenset({Mark.GENERAL, Mark.SORTED})
_AT_THE_WINDOW = frozenset({Step.TRIAGE, Step.SETTLE, Step.DISPATCH})
"""Where sorting still says whose turn it is; once somebody else has the complaint it comes too late."""

ENDLESS = frozenset({Step.REFERRAL})
"""What is reminded of for as long as it takes."""
REMINDERS = 2
"""To the coordinator when the limit has passed, to the head when as much time has passed again."""


@dataclass(frozen=True)
class Span:
    """How long a step may take; neither minutes nor days is until close of the same day."""

    office_minutes: int = 0
    working_days: int = 0

    def after(self, start: datetime, calendar: Calendar) -> datetime:
        """When it has passed."""
        if self.office_minutes:
            return calendar.add_office_minutes(start, self.office_minutes)
        return calendar.due_after(start, self.working_days).due_at


Spans = Mapping[Step, Span]

DEFAULTS: Spans = {
    Step.TRIAGE: Span(office_minutes=120),
    Step.DISPATCH: Span(office_minutes=240),
    Step.ACCEPT: Span(office_minutes=240),
    Step.SETTLE: Span(),
    Step.REFERRAL: Span(working_days=5),
    Step.CHECK: Span(working_days=1),
    Step.FOLLOW_UP: Span(working_days=1),
    Step.SIGN: Span(working_days=1),
}


class Running(StrEnum):
    """What has become of an inner limit."""

    OPEN = "open"
    DONE = "done"
    CONTINUED = "continued"
    """The next mark goes on with it: it is no limit of its own."""
    NONE = "none"
    """The mark began nothing."""


@dataclass(eq=False, kw_only=True)
class InnerLimit:
    """A mark, and the limit it began."""

    complaint_id: str
    event_id: str
    center: str
    """The center that took the complaint in."""
    mark: Mark
    place: int
    """Among the marks of one instant."""
    at: datetime
    names_office: str | None = None
    """The center it goes to, where the mark says so."""
    leg: int | None = None
    """Whose letters these are; None for all other marks."""
    office: str = ""
    """The center whose managing office owes the step."""
    step: Step | None = None
    state: Running = Running.NONE
    started_at: datetime | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    reminded: int = 0
    next_fire_at: datetime | None = None

    def count_from(self, step: Step | None, office: str, started_at: datetime) -> None:
        """Owe this from there on; what was counted so already stays as it is."""
        if (self.step, self.office, self.started_at) != (step, office, started_at):
            self.step, self.office, self.started_at = step, office, started_at
            self.due_at = self.next_fire_at = None

    def count(self, spans: Spans, calendar: Calendar) -> None:
        """Fix when it is due, and when somebody is to be reminded."""
        if self.step and self.started_at and self.due_at is None:
            self.due_at = spans[self.step].after(self.started_at, calendar)
        self.arm(spans, calendar)

    def arm(self, spans: Spans, calendar: Calendar) -> None:
        """Fix when the next reminder is due; none when it is done, or nobody is left to be reminded."""
        self.next_fire_at = None
        if self.state is Running.OPEN and self.step and self.due_at and self.may_remind:
            at = self.due_at
            for _ in range(self.reminded):
                at = spans[self.step].after(at, calendar)
            self.next_fire_at = at

    @property
    def may_remind(self) -> bool:
        """Whether somebody is still to be reminded."""
        return self.step in ENDLESS or self.reminded < REMINDERS

    def has_more_time(self, spans: Spans, calendar: Calendar, now: datetime) -> bool:
        """Whether nobody is to be reminded yet: a day was taken off since it was counted, by the calendar as it is now.

        It is never due earlier than was counted.
        """
        if self.step and self.started_at and self.due_at:
            self.due_at = max(self.due_at, spans[self.step].after(self.started_at, calendar))
        self.arm(spans, calendar)
        return self.next_fire_at is not None and self.next_fire_at >= now

    def remind(self, spans: Spans, calendar: Calendar) -> tuple[Reminded, int]:
        """Count one more reminder; whom it goes to, and which it is (the first is 1)."""
        self.reminded += 1
        self.arm(spans, calendar)
        return (Reminded.COORDINATOR if self.reminded == 1 else Reminded.HEAD), self.reminded

    def is_late(self, now: datetime) -> bool:
        """Whether it took, or takes, longer than it may."""
        return self.due_at is not None and (self.done_at or now) > self.due_at


@dataclass
class Course:
    """The marks of one complaint, or of one leg's letters, in the order they happened, and what each began."""

    limits: list[InnerLimit] = field(default_factory=list)

    @classmethod
    def of(cls, limits: Sequence[InnerLimit]) -> "Course":
        """The course these marks make."""
        return cls(sorted(limits, key=lambda limit: (limit.at, limit.place, limit.event_id)))

    @property
    def offices(self) -> list[str]:
        """Who has it at each mark: the center that took it in, until a mark names another."""
        found: list[str] = []
        for limit in self.limits:
            found.append(limit.names_office or (found[-1] if found else limit.center))
        return found

    def settle(self) -> None:
        """Work out what each mark began, and when that was done; what is owed is then to be counted."""
        before: InnerLimit | None = None
        again: Step | None = None
        for limit, office in zip(self.limits, self.offices, strict=True):
            again = AGAIN.get(limit.mark, again)
            step = _begun(limit.mark, before, again)
            goes_on = before is not None and _goes_on(limit, step, office, before)
            start = before.started_at if before and goes_on and before.started_at else limit.at
            limit.count_from(step, office, start)
            if before and goes_on:
                limit.reminded = max(limit.reminded, before.reminded)
            before = limit
        self._end()

    def owed(self) -> set[str]:
        """The centers whose calendars count here: those whose office owes or owed something."""
        return {limit.office for limit in self.limits if limit.step}

    def count(self, spans: Spans, calendars: Mapping[str, Calendar]) -> None:
        """Fix when each is due, and who is reminded next; needs the calendars of `owed`."""
        for limit in self.limits:
            if limit.step:
                limit.count(spans, calendars[limit.office])

    def _end(self) -> None:
        for limit in self.limits:
            limit.state, limit.done_at = Running.OPEN if limit.step else Running.NONE, None
        for before, limit in pairwise(self.limits):
            if before.step is None:
                continue
            if _goes_on(limit, limit.step, limit.office, before):
                before.state = Running.CONTINUED
            else:
                before.state, before.done_at = Running.DONE, limit.at


def _begun(mark: Mark, before: InnerLimit | None, again: Step | None) -> Step | None:
    if mark is Mark.REDO:
        return again
    if mark in _WINDOW_MARKS and before and before.step not in _AT_THE_WINDOW:
        return before.step
    return LETTERS[mark] if mark in LETTERS else BEGINS[mark]


def _goes_on(limit: InnerLimit, step: Step | None, office: str, before: InnerLimit) -> bool:
    """Whether a mark goes on with what is owed already; another letter to the unit is a chase, and begins anew."""
    return step is not None and (step, office) == (before.step, before.office) and limit.mark is not Mark.REFERRED

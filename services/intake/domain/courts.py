"""Whose court a complaint was in, from its registering to its end: the time is parted, so the parts are the whole.

At every instant it is with the center's office, with the departments, with the petitioner or with a unit outside. Where
several departments owe an answer at once the instant is shared equally among them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.intake.domain.journal import Journal
from shared.events import Event
from shared.events.dispatch import (
    ConclusionProposed,
    ConclusionRefused,
    DeclineUpheld,
    HoldOverruled,
    OrderChecked,
    OrderClosed,
    OrderDirected,
    OrderDispatched,
    OrderFollowedUp,
    OrderRecalled,
    OrderReferred,
    OrderReopened,
    OrderReplied,
    OrderTransferred,
    OutcomeRecorded,
    Party,
    RedoStarted,
    ReplyKind,
    Satisfaction,
    Stage,
)
from shared.events.intake import ComplaintRegistered
from shared.workdays import Calendar

SECOND = timedelta(seconds=1)


class Court(StrEnum):
    """Who has to act."""

    OFFICE = "office"
    """The center's window and managing office: triage, review, dispatch, check, follow-up, conclusion."""
    LEAD = "lead"
    """The department that leads, or is alone."""
    CO_HANDLER = "co_handler"
    """A department whose answer the lead waits for: until it answers, in the stage of the result."""
    PETITIONER = "petitioner"
    """Who could not be reached, until the next try."""
    OUTSIDE = "outside"
    """The unit it was referred to, until its outcome is recorded."""


@dataclass(frozen=True)
class Holder:
    """Someone in whose court it was; departments by name, `<center>/<code>`."""

    court: Court
    department: str | None = None


OFFICE, OUTSIDE = Holder(Court.OFFICE), Holder(Court.OUTSIDE)


@dataclass(frozen=True)
class Span:
    """A stretch of time, and everyone in whose court it was then."""

    begin: datetime
    end: datetime
    holders: tuple[Holder, ...]


@dataclass(frozen=True)
class Held:
    """How long it was with somebody: in whole seconds of the center's office time, and of all time."""

    holder: Holder
    working: int
    elapsed: int


@dataclass(frozen=True)
class Course:
    """One way from registering, or from reopening, to an end."""

    closed: OrderClosed
    spans: tuple[Span, ...]

    def held(self, calendar: Calendar) -> list[Held]:
        """How long it was with each, in the order they first had it; the sums are the time of the whole course."""
        working, elapsed = dict[Holder, timedelta](), dict[Holder, timedelta]()
        for span in self.spans:
            _share(working, span.holders, calendar.office_time(span.begin, span.end))
            _share(elapsed, span.holders, span.end - span.begin)
        counted = zip(elapsed, _whole_seconds(working.values()), _whole_seconds(elapsed.values()), strict=True)
        return [Held(holder, *seconds) for holder, *seconds in counted]

    def whole(self, calendar: Calendar) -> tuple[int, int]:
        """The whole course in seconds of office time and of all time."""
        begin, end = self.spans[0].begin, self.spans[-1].end
        return calendar.office_time(begin, end) // SECOND, (end - begin) // SECOND


def courses(journal: Journal) -> list[Course]:
    """Every course that has come to an end, in order."""
    [registered] = journal.all(ComplaintRegistered)
    found: list[Course] = []
    spans: list[Span] = []
    begin, departments = registered.at, _Departments()
    holders: tuple[Holder, ...] = (OFFICE,)
    for event in journal.some(*_MOVES):
        departments.hear(event)
        at = max(begin, event.at)
        if holders:
            spans.append(Span(begin, at, holders))
        begin, holders = at, _holders_after(event, departments, holders)
        if isinstance(event, OrderClosed) and spans:
            found.append(Course(event, tuple(spans)))
            spans = []
    return found


_MOVES: tuple[type[Event], ...] = (
    OrderDispatched,
    OrderTransferred,
    OrderReferred,
    OutcomeRecorded,
    OrderRecalled,
    OrderDirected,
    OrderReplied,
    OrderChecked,
    OrderFollowedUp,
    RedoStarted,
    OrderReopened,
    DeclineUpheld,
    HoldOverruled,
    ConclusionProposed,
    ConclusionRefused,
    OrderClosed,
)


class _Departments:
    """Who owes an answer: which departments, if it is with them, or the unit outside it was referred to."""

    def __init__(self) -> None:
        self._is_referred = False
        self._lead: Party | None = None
        self._co_handlers: list[Party] = []
        self._owing: list[Party] = []
        self._stage = Stage.REPLY

    def hear(self, event: Event) -> None:
        match event:
            case OrderDispatched():
                self._lead, self._co_handlers, self._stage = event.lead, event.co_handlers, event.leg.stage
                self._owing = list(event.co_handlers)
            case OrderReplied(is_lead=False):
                self._owing = [party for party in self._owing if party != event.party]
            case HoldOverruled():
                self._owing = [party for party in self._owing if party not in event.parties]
            case OrderReferred() | OrderRecalled():
                self._is_referred = isinstance(event, OrderReferred)
            case OrderReplied(next_leg=leg) if leg:
                self._stage = leg.stage
            case RedoStarted(leg=leg) | OrderReopened(leg=leg) if leg:
                self._stage = leg.stage
                if leg.has_co_handlers:  # who do their part again
                    self._owing = list(self._co_handlers)

    def doing_again(self, event: RedoStarted | OrderReopened) -> tuple[Holder, ...]:
        """Who has what begins anew."""
        return self.holders if event.leg else (OUTSIDE if self._is_referred else OFFICE,)

    @property
    def holders(self) -> tuple[Holder, ...]:
        lead = (Holder(Court.LEAD, named(self._lead)),) if self._lead else ()
        waited_for = self._owing if self._stage is Stage.RESULT else []
        return (*lead, *(Holder(Court.CO_HANDLER, named(party)) for party in waited_for)) or (OFFICE,)


def named(party: Party) -> str:
    """A department as it is counted: `<center>/<code>`."""
    return f"{party.center}/{party.department}"


def _holders_after(event: Event, departments: _Departments, before: tuple[Holder, ...]) -> tuple[Holder, ...]:
    match event:
        case OrderReplied(is_lead=False) | HoldOverruled():
            return departments.holders if before and before[0].court is Court.LEAD else before
        case OrderDispatched() | OrderReplied(kind=ReplyKind.PLAN) | OrderChecked(passed=False):
            return departments.holders
        case RedoStarted() | OrderReopened():
            return departments.doing_again(event)
        case OrderFollowedUp(satisfaction=Satisfaction.UNREACHABLE):
            return (Holder(Court.PETITIONER),)
        case OrderReferred():
            return (OUTSIDE,)
        case OrderClosed():
            return ()
    return (OFFICE,)


def _share(sums: dict[Holder, timedelta], holders: Sequence[Holder], span: timedelta) -> None:
    """Equally, to the microsecond; what cannot be divided falls to the first."""
    part, rest = divmod(span, timedelta(microseconds=len(holders)))
    for place, holder in enumerate(holders):
        share = timedelta(microseconds=part) + (rest if place == 0 else timedelta())
        sums[holder] = sums.get(holder, timedelta()) + share


def _whole_seconds(parts: Iterable[timedelta]) -> list[int]:
    """Each in whole seconds, such that their sum is the sum of all in whole seconds."""
    passed, seconds = timedelta(), list[int]()
    for part in parts:
        before = passed // SECOND
        passed += part
        seconds.append(passed // SECOND - before)
    return seconds

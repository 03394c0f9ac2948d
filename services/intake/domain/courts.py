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
    Leg,
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
    """A department without whose answer the lead reports no result: until it answers, in the stage of the result; and
    before that stage where the lead's answer was the result already, and no plan."""
    PETITIONER = "petitioner"
    """Who could not be reached, until the next try."""
    OUTSIDE = "outside"
    """The unit it was referred to, until its outcome is recorded."""


@dataclass(frozen=True)
class Holder:
    """Someone in whose court it was; departments by name, `<center>/<code>`, an office by the center it is of."""

    court: Court
    department: str | None = None
    center: str | None = None


OUTSIDE = Holder(Court.OUTSIDE)


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
    begin, sides = registered.at, _Sides(registered.center, _reported_in(journal))
    holders: tuple[Holder, ...] = (sides.office,)
    for event in journal.some(*_MOVES):
        sides.hear(event)
        at = max(begin, event.at)
        if holders:
            spans.append(Span(begin, at, holders))
        begin, holders = at, _holders_after(event, sides, holders)
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


def _reported_in(journal: Journal) -> frozenset[tuple[int, int]]:
    """The legs and rounds the lead has answered with a result, for which it had to wait for the others (Art. 7)."""
    answers = journal.all(OrderReplied)
    return frozenset((e.leg, e.round) for e in answers if e.is_lead and e.kind is ReplyKind.RESULT)


class _Sides:
    """Who may have it: the office of the center whose it is, the departments that owe an answer, the unit outside."""

    def __init__(self, center: str, reported_in: frozenset[tuple[int, int]]) -> None:
        self._center, self._reported_in = center, reported_in
        self._is_referred = False
        self._lead: Party | None = None
        self._co_handlers: list[Party] = []
        self._owing: list[Party] = []
        self._stage, self._leg, self._round = Stage.REPLY, 0, 1

    def hear(self, event: Event) -> None:
        match event:
            case OrderDispatched():
                self._center, self._lead, self._co_handlers = event.handling_center, event.lead, event.co_handlers
                self._owing = list(event.co_handlers)
                self._begin(event.leg)
            case OrderTransferred():
                self._center = event.to_center
            case OrderReplied(is_lead=False):
                self._owing = [party for party in self._owing if party != event.party]
            case HoldOverruled():
                self._owing = [party for party in self._owing if party not in event.parties]
            case OrderReferred() | OrderRecalled():
                self._is_referred = isinstance(event, OrderReferred)
            case OrderReplied(next_leg=leg) if leg:
                self._begin(leg)
            case RedoStarted(leg=leg) | OrderReopened(leg=leg) if leg:
                self._begin(leg)
                if leg.has_co_handlers:  # who do their part again
                    self._owing = list(self._co_handlers)
            case OrderChecked(passed=False):
                self._round = event.round

    def _begin(self, leg: Leg) -> None:
        self._stage, self._leg, self._round = leg.stage, leg.number, leg.round

    def doing_again(self, event: RedoStarted | OrderReopened) -> tuple[Holder, ...]:
        """Who has what begins anew."""
        return self.departments if event.leg else (OUTSIDE if self._is_referred else self.office,)

    @property
    def office(self) -> Holder:
        return Holder(Court.OFFICE, center=self._center)

    @property
    def departments(self) -> tuple[Holder, ...]:
        lead = (Holder(Court.LEAD, named(self._lead)),) if self._lead else ()
        is_held_back = self._stage is Stage.RESULT or (self._leg, self._round) in self._reported_in
        waited_for = self._owing if is_held_back else []
        return (*lead, *(Holder(Court.CO_HANDLER, named(party)) for party in waited_for)) or (self.office,)


def named(party: Party) -> str:
    """A department as it is counted: `<center>/<code>`."""
    return f"{party.center}/{party.department}"


def _holders_after(event: Event, sides: _Sides, before: tuple[Holder, ...]) -> tuple[Holder, ...]:
    match event:
        case OrderReplied(is_lead=False) | HoldOverruled():
            return sides.departments if before and before[0].court is Court.LEAD else before
        case OrderDispatched() | OrderReplied(kind=ReplyKind.PLAN) | OrderChecked(passed=False):
            return sides.departments
        case RedoStarted() | OrderReopened():
            return sides.doing_again(event)
        case OrderFollowedUp(satisfaction=Satisfaction.UNREACHABLE):
            return (Holder(Court.PETITIONER),)
        case OrderReferred():
            return (OUTSIDE,)
        case OrderClosed():
            return ()
    return (sides.office,)


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

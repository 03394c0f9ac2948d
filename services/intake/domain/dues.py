"""The legs of a complaint and when each was due (mechanism §6), as figures count them.

A date that has been missed stays missed: what is told of its leg afterwards, as when a late answer was returned at the
check, makes no figure better.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from services.intake.domain.courts import named
from services.intake.domain.journal import Journal
from shared.events.dispatch import (
    ConsentRefused,
    DeclineUpheld,
    EscalationSupervised,
    ExtensionGranted,
    Leg,
    OrderChecked,
    OrderClosed,
    OrderDispatched,
    OrderReopened,
    OrderReplied,
    Party,
    RedoStarted,
)
from shared.events.sla import ClockMoved, ClockOverran, ClockStarted


@dataclass(frozen=True)
class Told:
    """A date as it was told, and since when it stands; at one instant the order's own revision says what came first."""

    since: datetime
    revision: int
    """Of what moved it; 0 where the calendar did."""
    due_at: datetime


@dataclass(frozen=True)
class Due:
    """A leg: since when it runs, when its answer is due, when that came, and when it ended otherwise."""

    leg: int
    department: str
    revision: int
    """The order's, at which it began."""
    starts_at: datetime
    told: tuple[Told, ...]
    at: datetime
    """As told last; or the first date by which nobody had answered, if there is one."""
    first_at: datetime
    """The same for the first answer, whatever became of it: a date that its return has moved was told only after it."""
    answered_at: datetime | None
    """The answer that stands: one that was returned at the check is none."""
    followed_at: datetime | None
    """When the next leg began, a decline was upheld or the order was closed, whichever came first."""

    @property
    def was_given_up(self) -> bool:
        """Whether nobody answered it, for something else began, or it ended, before it was due."""
        return self.answered_at is None and self.followed_at is not None and self.followed_at <= self.at

    def open_until(self, at: datetime, revision: int) -> datetime | None:
        """The date that stood when the order's word of this revision was given; None if one had been missed by then."""
        stood = _stood(self.told, at, revision)
        return stood if at <= min(stood, self.at) else None


@dataclass(frozen=True)
class _Opened:
    """A leg, whose it is, and the order's revision at which it began."""

    leg: Leg
    lead: Party
    revision: int


def dues_of(journal: Journal) -> list[Due]:
    """The legs whose clock has been told of, in order."""
    opened = _opened(journal)
    return [
        _due(journal, each, told, after)
        for each, after in zip_longest(opened, opened[1:])
        if (told := _told(journal, each.leg))
    ]


def _due(journal: Journal, opened: _Opened, told: Sequence[Told], following: _Opened | None) -> Due:
    number = opened.leg.number
    answers = [event for event in journal.all(OrderReplied) if event.is_lead and event.leg == number]
    returned = max((e.revision for e in journal.all(OrderChecked) if e.leg == number and not e.passed), default=0)
    missed = min(_missed(journal, number, told, answers), default=None)
    at = first_at = missed or told[-1].due_at
    if answers and not (missed and missed < answers[0].at):
        first_at = _stood(told, answers[0].at, answers[0].revision)
    return Due(
        leg=number,
        department=named(opened.lead),
        revision=opened.revision,
        starts_at=opened.leg.starts_at,
        told=tuple(told),
        at=at,
        first_at=first_at,
        answered_at=next((event.at for event in answers if event.revision > returned), None),
        followed_at=min(_ends(journal, opened, following), default=None),
    )


def _opened(journal: Journal) -> list[_Opened]:
    """Every leg, in order."""
    lead: Party | None = None
    found: list[_Opened] = []
    for event in journal.some(OrderDispatched, OrderReplied, RedoStarted, OrderReopened):
        lead = event.lead if isinstance(event, OrderDispatched) else lead
        leg = event.next_leg if isinstance(event, OrderReplied) else event.leg
        if leg and lead:
            found.append(_Opened(leg, lead, event.revision))
    return found


def _told(journal: Journal, leg: Leg) -> list[Told]:
    """When it is due, as first told and as told since."""
    words = journal.some(OrderChecked, ExtensionGranted, ConsentRefused)
    revisions = {event.event_id: event.revision for event in words}
    started = [Told(e.at, 0, e.due_at) for e in journal.all(ClockStarted) if e.leg == leg.number]
    moved = [e for e in journal.all(ClockMoved) if e.leg == leg.number]
    return [*started, *(Told(e.at, revisions.get(e.caused_by or "", 0), e.due_at) for e in moved)]


def _stood(told: Sequence[Told], at: datetime, revision: int) -> datetime:
    """The date that stood when the order's word of this revision was given."""
    first, *later = told
    return next((each.due_at for each in reversed(later) if (each.since, each.revision) < (at, revision)), first.due_at)


def _missed(journal: Journal, leg: int, told: Sequence[Told], answers: Iterable[OrderReplied]) -> Iterable[datetime]:
    """The dates by which nobody had answered: as an answer came after them, or as the ladder says (Art. 9)."""
    for answer in answers:
        if answer.at > (stood := _stood(told, answer.at, answer.revision)):
            yield stood
    yield from (event.due_at for event in journal.all(ClockOverran) if event.leg == leg)
    for event in journal.all(EscalationSupervised):
        if event.leg == leg and event.fell_due_at:
            yield event.fell_due_at


def _ends(journal: Journal, opened: _Opened, following: _Opened | None) -> Iterable[datetime]:
    """All that ends a leg. A closing from before it began, as of what was reopened since, ended another one."""
    if following:
        yield following.leg.starts_at
    yield from (event.at for event in journal.all(DeclineUpheld) if event.leg == opened.leg.number)
    yield from (event.at for event in journal.all(OrderClosed) if event.revision > opened.revision)

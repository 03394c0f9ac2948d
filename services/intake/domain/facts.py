"""What of a complaint is counted in figures: one fact for each thing that happened, or fell due (mechanism §9, §11).

A pure function of the journal: the facts that its events up to any instant make are those that were counted then. Each
fact names the instant at which it counts, so a figure of a period is that of the facts whose instant lies in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from services.intake.domain.calendars import Calendars
from services.intake.domain.counted import BY_HAND, LADDER, Counted, Fact
from services.intake.domain.courts import courses, named
from services.intake.domain.dues import Due, dues_of
from services.intake.domain.journal import Journal
from shared.events import Event
from shared.events.casebook import CasePublished
from shared.events.dispatch import (
    DeclineRaised,
    DeclineRefused,
    DeclineUpheld,
    Escalation,
    EscalationReported,
    EscalationSupervised,
    EscalationUrged,
    Final,
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
    RedoStarted,
    ReplyKind,
)
from shared.events.intake import (
    ComplaintCorrected,
    ComplaintNudged,
    ComplaintRegistered,
    ComplaintSettled,
    ComplaintTriaged,
    RatingGiven,
)
from shared.events.sla import ClockMoved, ReminderDue

_AGAIN: dict[type[Event], Counted] = {
    OrderChecked: Counted.RETURNED,
    RedoStarted: Counted.REDONE,
    OrderReopened: Counted.REOPENED,
}


def facts_of(journal: Journal, calendars: Calendars) -> list[Fact]:
    """The facts of one complaint, by what is counted and place; its registering must be in the journal."""
    [registered] = journal.all(ComplaintRegistered)
    corrected = journal.last(ComplaintCorrected) or registered
    telling = _Telling(journal, calendars, registered, corrected.category)
    return [
        *telling.beginning(),
        *telling.answers(),
        *telling.declines(),
        *telling.afterwards(),
        *telling.petitioners(),
        *telling.rungs(),
        *telling.ends(),
    ]


@dataclass(frozen=True)
class Version:
    """A fact as it was from `since` until `until` (None: as it is)."""

    fact: Fact
    since: datetime
    until: datetime | None


def versions_of(events: Iterable[Event], calendars: Calendars) -> list[Version]:
    """Every fact these events ever made, as it held: what the events up to each instant make, instant by instant."""
    in_order = sorted(events, key=lambda event: event.at)
    done: list[Version] = []
    holding: dict[tuple[Counted, str], Version] = {}
    for place, event in enumerate(in_order, 1):
        if place < len(in_order) and in_order[place].at == event.at:
            continue
        facts = facts_of(Journal(in_order[:place]), calendars)
        now = {(fact.counted, fact.place): fact for fact in facts}
        for name, version in list(holding.items()):
            if version.fact != now.get(name):
                done.append(replace(holding.pop(name), until=event.at))
        holding |= {name: Version(fact, event.at, None) for name, fact in now.items() if name not in holding}
    return [*done, *holding.values()]


COUNTED_IN_WORKING_TIME = (DeclineRaised, OrderChecked, RedoStarted, OrderReopened, OrderClosed)
"""The events whose facts need a calendar."""


class _Telling:
    """The facts of one complaint, told part by part."""

    def __init__(self, journal: Journal, calendars: Calendars, registered: ComplaintRegistered, category: str) -> None:
        self._journal, self._calendars, self._registered = journal, calendars, registered
        self._same = {
            "source": registered.source,
            "category": category,
            "petitioner": registered.petitioner.kind,
        }
        self._had: list[OrderDispatched | OrderTransferred] = journal.some(OrderDispatched, OrderTransferred)
        self._dues = dues_of(journal)

    def beginning(self) -> Iterable[Fact]:
        registered = self._registered
        yield self._fact(Counted.REGISTERED, "", registered.at, center=registered.center)
        if triaged := self._journal.all(ComplaintTriaged):
            yield self._fact(Counted.SORTED, "", triaged[0].at, detail=str(triaged[-1].triage))
        for event in self._journal.all(OrderDispatched):
            lead = named(event.lead)
            yield self._fact(Counted.DISPATCHED, str(event.revision), event.at, department=lead)
            for place, party in enumerate(event.co_handlers, 1):
                name = f"{event.revision}/{place}"
                yield self._fact(Counted.DISPATCHED, name, event.at, department=named(party), also=True)

    def answers(self) -> Iterable[Fact]:
        """The first response, and every leg that was not given up before it was due."""
        yield from self._response()
        for due in self._dues:
            if not due.was_given_up:
                name = str(due.leg)
                yield self._fact(Counted.DUE, name, due.at, department=due.department, done_at=due.answered_at)
        plans = [event for event in self._answers() if event.kind is ReplyKind.PLAN]
        for place, event in enumerate(plans, 1):
            detail, department = str(place), named(event.party)
            yield self._fact(Counted.PLANNED, str(event.revision), event.at, department=department, detail=detail)
        extended = [event for event in self._journal.all(ClockMoved) if event.why == "extended"]
        for place, moved in enumerate(sorted(extended, key=lambda event: event.at), 1):
            yield self._fact(Counted.EXTENDED, moved.event_id, moved.at, self._lead(moved.at), detail=str(place))

    def _response(self) -> Iterable[Fact]:
        """When the first response was due, and when it came, in whatever way; before any leg it was in time."""
        told: list[Event] = [*self._referrals(), *self._journal.all(OrderDirected)]
        told += self._journal.all(ComplaintSettled)
        told += self._answers() if self._dues else []
        done_at = min((event.at for event in told), default=None)
        owed = self._first_owed(done_at)
        if owed and not (done_at and done_at < owed.starts_at):
            department = self._owing(owed, done_at)
            yield self._fact(Counted.RESPONSE, "", owed.first_at, department=department, done_at=done_at)
        elif done_at:
            yield self._fact(Counted.RESPONSE, "", done_at, done_at=done_at)

    def _referrals(self) -> list[OrderReferred]:
        """Those that stand: one that was taken back told the petitioner of nobody who will answer."""
        recalled = max((event.revision for event in self._journal.all(OrderRecalled)), default=0)
        return [event for event in self._journal.all(OrderReferred) if event.revision > recalled]

    def _owing(self, owed: Due, done_at: datetime | None) -> str:
        """Who owed that response when it came, or owes it: whoever rightly declined owes nothing (mechanism §4)."""
        begun = [due for due in self._dues if due.revision >= owed.revision]
        return next((d.department for d in reversed(begun) if not done_at or d.starts_at <= done_at), owed.department)

    def _first_owed(self, done_at: datetime | None) -> Due | None:
        """The leg that first owed a response: one that was withdrawn before its date owes none, a reopened one does."""
        dues = self._dues
        for closed in self._journal.all(OrderClosed):
            is_unanswered = done_at is None or closed.at < done_at
            if closed.final is Final.WITHDRAWN and is_unanswered and dues and closed.at <= dues[0].first_at:
                dues = [due for due in dues if due.revision > closed.revision]
        return dues[0] if dues else None

    def afterwards(self) -> Iterable[Fact]:
        """Check, follow-up, and what was to be done again."""
        for event in self._journal.all(OrderFollowedUp):
            yield self._fact(
                Counted.FOLLOWED_UP, str(event.revision), event.at, self._lead(event.at),
                detail=str(event.satisfaction), yes=event.solved,
            )  # fmt: skip
        for again in self._journal.some(*_AGAIN):
            if isinstance(again, OrderChecked) and again.passed:
                continue
            counted = _AGAIN[type(again)]
            slack = self._slack(again.revision)
            yield self._fact(counted, str(again.revision), again.at, self._lead(again.at), working=slack)

    def declines(self) -> Iterable[Fact]:
        decided = self._journal.some(DeclineUpheld, DeclineRefused)
        for raised in self._journal.all(DeclineRaised):
            words = (e for e in decided if e.revision > raised.revision and e.party == raised.party)
            word = next(words, None)
            yield self._fact(
                Counted.DECLINED, str(raised.revision), raised.at, named(raised.party),
                yes=isinstance(word, DeclineUpheld) if word else None, working=self._left(raised),
            )  # fmt: skip

    def petitioners(self) -> Iterable[Fact]:
        for nudge in self._journal.all(ComplaintNudged):
            yield self._fact(Counted.NUDGED, nudge.event_id, nudge.at, self._lead(nudge.at))
        for rating in self._journal.all(RatingGiven):
            yield self._fact(Counted.RATED, rating.event_id, rating.at, self._lead(rating.at), detail=str(rating.score))

    def rungs(self) -> Iterable[Fact]:
        kinds: tuple[tuple[type[Escalation], Counted], ...] = (
            (EscalationUrged, Counted.URGED),
            (EscalationSupervised, Counted.SUPERVISED),
            (EscalationReported, Counted.REPORTED),
        )
        for kind, counted in kinds:
            for event in self._journal.all(kind):
                detail = LADDER if event.fell_due_at else BY_HAND
                for place, party in enumerate(event.to):
                    yield self._fact(
                        counted, f"{event.event_id}/{place}", event.at, named(party), detail=detail, also=place > 0
                    )
        for case in self._journal.all(CasePublished):
            yield self._fact(Counted.PUBLISHED, case.event_id, case.at, detail=case.subject)
        for reminder in self._journal.all(ReminderDue):
            yield self._fact(
                Counted.REMINDED, reminder.event_id, reminder.at, center=reminder.office, detail=str(reminder.step)
            )

    def ends(self) -> Iterable[Fact]:
        for course in courses(self._journal):
            closed = course.closed
            calendar = self._calendars.at(self._registered.center, closed.at)
            working, elapsed = course.whole(calendar) if calendar else (None, None)
            name, lead = str(closed.revision), self._lead(closed.at)
            yield self._fact(
                Counted.CLOSED, name, closed.at, lead, detail=str(closed.final), yes=closed.overdue,
                working=working, elapsed=elapsed,
            )  # fmt: skip
            for place, held in enumerate(course.held(calendar) if calendar else ()):
                holder = held.holder
                yield self._fact(
                    Counted.HELD, f"{name}/{place}", closed.at, holder.department, detail=str(holder.court),
                    center=holder.center or self._center(closed.at), working=held.working, elapsed=held.elapsed,
                )  # fmt: skip

    def _fact(self, counted: Counted, place: str, at: datetime, department: str | None = None, **given: object) -> Fact:
        fields = {"center": self._center(at)} | self._same | given
        return Fact(counted, place, at, department=department, **fields)  # type: ignore[arg-type]

    def _center(self, at: datetime) -> str:
        """The center that had it then."""
        center = self._registered.center
        for event in self._had:
            if event.at <= at:
                center = event.to_center if isinstance(event, OrderTransferred) else event.handling_center
        return center

    def _lead(self, at: datetime) -> str | None:
        """The department that led then."""
        leads = [event.lead for event in self._journal.all(OrderDispatched) if event.at <= at]
        return named(leads[-1]) if leads else None

    def _answers(self) -> list[OrderReplied]:
        return [event for event in self._journal.all(OrderReplied) if event.is_lead]

    def _slack(self, revision: int) -> int | None:
        """Seconds of office time by which the last answer before then came ahead of its due date; None if late."""
        answer = next((event for event in reversed(self._answers()) if event.revision < revision), None)
        return self._left(answer) if answer else None

    def _left(self, said: OrderReplied | DeclineRaised) -> int | None:
        """Seconds of office time left then until the leg was due, as told by then; None if it was past."""
        due = next((due for due in self._dues if due.leg == said.leg), None)
        until = due.open_until(said.at, said.revision) if due else None
        calendar = self._calendars.at(self._registered.center, said.at)
        if until is None or calendar is None:
            return None
        return int(calendar.office_time(said.at, until).total_seconds())

"""What sla hears, and what it does about it."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.sla import store, usecases
from services.sla.domain import Clock, Early, InnerLimit, Mark
from shared.db import wake
from shared.events import Event
from shared.events.directory import CenterChanged
from shared.events.dispatch import (
    ConsentRefused,
    DeclineUpheld,
    Escalation,
    EscalationReported,
    EscalationSupervised,
    EscalationUrged,
    ExtensionGranted,
    Leg,
    LetterIssued,
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
)
from shared.events.intake import ComplaintRegistered, ComplaintSettled, ComplaintTriaged, Triage
from shared.events.sla import ClockOverran, ClockStarted, Rung
from shared.messaging import Consumer, Unknown, announce
from shared.replica import keep_replica

consumer = Consumer("sla", finds_pending=True)
keep_replica(consumer)

RUNGS: dict[type[Escalation], Rung] = {
    EscalationUrged: Rung.URGED,
    EscalationSupervised: Rung.SUPERVISED,
    EscalationReported: Rung.REPORTED,
}
MARKS: dict[type[Event], tuple[Mark, int]] = {
    ComplaintRegistered: (Mark.REGISTERED, 0),
    ComplaintTriaged: (Mark.SORTED, 0),
    ComplaintSettled: (Mark.SETTLED, 500),
    OrderTransferred: (Mark.TRANSFERRED, 1000),
    OrderReferred: (Mark.REFERRED, 1000),
    OutcomeRecorded: (Mark.OUTCOME, 1000),
    OrderRecalled: (Mark.DECLINED, 1000),
    OrderDirected: (Mark.DIRECTED, 1000),
    OrderDispatched: (Mark.WITH_DEPARTMENTS, 1000),
    DeclineUpheld: (Mark.DECLINED, 1000),
    OrderReplied: (Mark.ANSWERED, 1000),
    OrderChecked: (Mark.PASSED, 1000),
    OrderFollowedUp: (Mark.FOLLOWED_UP, 1000),
    RedoStarted: (Mark.REDO, 1000),
    OrderReopened: (Mark.REDO, 1000),
    OrderClosed: (Mark.CLOSED, 1000),
}
"""What each event says of whose turn it is, and its place among those of one instant, before its revision is added."""
OF_AN_ORDER: tuple[type[Event], ...] = (*MARKS, Escalation, LetterIssued, ExtensionGranted, ConsentRefused)
REPORTED_BY = frozenset({"circular", "report", "copy"})
"""The kinds of letters that say that an order was reported."""


@consumer.before_each_batch
async def take_orders(events: Sequence[Event], session: AsyncSession) -> None:
    """The orders these events speak of, with their clocks."""
    if subjects := {event.subject for event in events if isinstance(event, OF_AN_ORDER)}:
        await store.take_orders(session, subjects)


@consumer.on(OrderDispatched)
async def start_clock(event: OrderDispatched, session: AsyncSession) -> None:
    """A dispatched order gets a clock and a ladder, and everyone hears when it is due (Art. 8, 9)."""
    await _open(event, event.revision, event.leg, session, [event.lead, *event.co_handlers])


async def start_clock_of_redo(event: RedoStarted | OrderReopened, session: AsyncSession) -> None:
    """A redo the petitioner asked for, or a reopening, gets a clock of its own; what was never dispatched has none."""
    if event.leg:
        await _open(event, event.revision, event.leg, session)


consumer.on(RedoStarted)(start_clock_of_redo)
consumer.on(OrderReopened)(start_clock_of_redo)


@consumer.on(OrderReplied)
async def stop_clock(event: OrderReplied, session: AsyncSession) -> None:
    """The lead's answer stops the ladder; a late one is measured; a plan begins the stage of its result (Art. 8)."""
    if not event.is_lead:
        return
    clock = _clock(event, event.leg, session)
    calendar = (await store.counted(session, clock.calendar)).calendar
    try:
        is_news = clock.answer(event.round, event.at, calendar)
    except Early:
        raise Unknown(event.subject) from None
    if is_news and (late := clock.overrun(calendar)):
        days, minutes = late
        announce(
            session,
            ClockOverran.follows(
                event,
                leg=clock.leg,
                due_at=clock.due_at,
                answered_at=event.at,
                working_days=days,
                office_minutes=minutes,
            ),
        )
    if event.next_leg:
        await _open(event, event.revision, event.next_leg, session)
    usecases.expect_next(session, event.subject)


@consumer.on(OrderChecked)
async def resume_clock(event: OrderChecked, session: AsyncSession) -> None:
    """A returned answer counts as none: its leg goes on, with a little time at least (Art. 10)."""
    if event.passed:
        return
    clock = _clock(event, event.leg, session)
    calendar = (await store.counted(session, clock.calendar)).calendar
    was = clock.due_at
    try:
        moved = clock.resume(event.round, event.at, calendar)
    except Early:
        raise Unknown(event.subject) from None
    if moved:
        announce(session, usecases.moved(clock, was, "returned", event.at, event.event_id))
    usecases.expect_next(session, event.subject)


async def move_committed_date(event: ExtensionGranted | ConsentRefused, session: AsyncSession) -> None:
    """A committed date was extended, or not consented to: the rungs are those of the new one (Art. 8)."""
    clock = _clock(event, event.leg, session)
    was = clock.due_at
    calendar = (await store.counted(session, clock.calendar)).calendar
    if clock.recommit(event.committed_on, event.revision, calendar):
        why = "extended" if isinstance(event, ExtensionGranted) else "refused"
        announce(session, usecases.moved(clock, was, why, event.at, event.event_id))
    wake(session, usecases.SWEEP)


consumer.on(ExtensionGranted)(move_committed_date)
consumer.on(ConsentRefused)(move_committed_date)


@consumer.on(DeclineUpheld)
async def lift_clock(event: DeclineUpheld, session: AsyncSession) -> None:
    """The order went back to review: nobody owes an answer on this leg any more (Art. 7)."""
    clock = _clock(event, event.leg, session)
    clock.lift(event.at, (await store.counted(session, clock.calendar)).calendar)
    wake(session, usecases.SWEEP)


@consumer.on(OrderClosed)
async def close_clocks(event: OrderClosed, session: AsyncSession) -> None:
    """A closed order owes nothing; a leg that is heard of later but began before stays closed too."""
    store.taken_order(session, event.subject).close(event.revision)


async def note_whose_turn_it_is(event: Event, session: AsyncSession) -> None:
    """What the office owes ends or begins, within its inner limit (mechanism §3)."""
    mark, place = MARKS[type(event)]
    office: str | None = None
    match event:
        case ComplaintTriaged(triage=Triage.GENERAL):
            mark = Mark.GENERAL
        case OrderReplied() if not event.is_lead or event.kind is ReplyKind.PLAN:
            return
        case OrderFollowedUp(satisfaction=Satisfaction.UNREACHABLE):
            return  # called in vain, the petitioner is still to be asked; where that is the end, the closing says so
        case OrderChecked(passed=False):
            mark = Mark.WITH_DEPARTMENTS
        case RedoStarted() | OrderReopened() if event.leg:
            mark = Mark.WITH_DEPARTMENTS
        case OrderTransferred():
            office = event.to_center
        case OrderDispatched():
            office = event.handling_center
    limit = InnerLimit(
        complaint_id=event.subject,
        event_id=event.event_id,
        center=event.center,
        mark=mark,
        place=place + getattr(event, "revision", 0),
        at=event.at,
        names_office=office,
    )
    await usecases.note(session, limit)


for _marking in MARKS:
    consumer.on(_marking)(note_whose_turn_it_is)


async def note_letters(event: Event, session: AsyncSession) -> None:
    """What was reported awaits a signature; when circular, report and copy are all issued, nothing is owed (§6)."""
    match event:
        case EscalationReported(leg=leg) if event.fell_due_at:
            mark = Mark.REPORTED
        case LetterIssued(left=0, leg=int(leg)) if event.kind in REPORTED_BY:
            mark = Mark.SIGNED
        case _:
            return
    clock = _clock(event, leg, session)
    limit = InnerLimit(
        complaint_id=event.subject,
        event_id=event.event_id,
        center=event.center,
        mark=mark,
        place=0,
        at=event.at,
        names_office=clock.calendar,
        leg=leg,
    )
    await usecases.note(session, limit)


for _about_letters in (EscalationReported, LetterIssued):
    consumer.on(_about_letters)(note_letters)


async def note_rung(event: Escalation, session: AsyncSession) -> None:
    """A rung was really given: the next one's time counts from there. One given by hand advances nothing (Art. 9)."""
    if event.fell_due_at is None:
        return
    clock, rung = _clock(event, event.leg, session), RUNGS[type(event)]
    if rung is not Rung.URGED:
        clock.told(event.level)
    clock.climb(rung, event.at, (await store.counted(session, clock.calendar)).calendar)
    usecases.expect_next(session, event.subject)


for _escalation in RUNGS:
    consumer.on(_escalation)(note_rung)


@consumer.on(CenterChanged)
async def ask_for_recount(event: CenterChanged, session: AsyncSession) -> None:
    """A calendar may have changed: what is open is counted again afterwards (Art. 8), and the digest planned anew."""
    await usecases.plan_digest(session, event.subject, event.at, active=event.active)
    wake(session, usecases.RECOUNT)


def _clock(event: Event, leg: int, session: AsyncSession) -> Clock:
    order = store.taken_order(session, event.subject)
    if leg not in order.clocks:
        raise Unknown(event.subject)
    return order.clocks[leg]


async def _open(event: Event, revision: int, leg: Leg, session: AsyncSession, parties: Sequence[Party] = ()) -> None:
    order = store.taken_order(session, event.subject)
    if leg.number in order.clocks:
        return
    clock = order.open(leg, event.center, revision, await store.counted(session, leg.calendar), parties)
    started = ClockStarted.follows(
        event,
        leg=clock.leg,
        due_at=clock.due_at,
        provisional=clock.provisional,
        co_handlers_due_at=clock.co_handlers_due_at,
    )
    announce(session, started)
    usecases.expect_next(session, event.subject)

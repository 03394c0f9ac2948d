"""What dispatch hears, and what it does about it."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import states
from services.dispatch.domain.states import Action, State, Way
from services.dispatch.store import enclosures
from services.dispatch.tables import Base, Complaint, Order, Petitioner, Step
from services.dispatch.usecases import digesting, ending, escalating, petitioners, receiving
from shared import clock
from shared.erasing import strike_out
from shared.events import Event
from shared.events.intake import (
    ComplaintCorrected,
    ComplaintNudged,
    ComplaintRegistered,
    ComplaintSettled,
    ComplaintTriaged,
    PetitionerCorrected,
    PetitionerErased,
    ReopeningAsked,
)
from shared.events.sla import ClockMoved, ClockOverran, ClockStarted, DigestDue, RungDue
from shared.messaging import Consumer
from shared.messaging.doors import Arrival, Door
from shared.messaging.topology import DEPARTMENTS
from shared.replica import keep_replica

consumer = Consumer("dispatch")
keep_replica(consumer)

_OF_ORDERS = (
    ComplaintTriaged,
    ComplaintSettled,
    ComplaintNudged,
    ReopeningAsked,
    PetitionerErased,
    ClockStarted,
    ClockMoved,
    ClockOverran,
    RungDue,
)
"""Who is erased is erased with the order locked: nobody keeps him meanwhile beside a paper he is issuing."""
_OF_COMPLAINTS = (ComplaintTriaged, ComplaintCorrected)


@consumer.before_each_batch
async def hold_what_changes(events: Sequence[Event], session: AsyncSession) -> None:
    """Load and lock the orders and complaints of a batch with one query for each table."""
    await store.load_batch(
        session,
        {event.subject for event in events if isinstance(event, _OF_ORDERS)},
        {event.subject for event in events if isinstance(event, _OF_COMPLAINTS)},
    )


@consumer.on(ComplaintRegistered)
async def keep_complaint(event: ComplaintRegistered, session: AsyncSession) -> None:
    """Know the complaint and, sealed, who complains; its order opens when it is triaged."""
    complaint = Complaint(
        complaint_id=event.subject,
        number=event.number,
        center=event.center,
        source=event.source,
        category=event.category,
        content=event.content,
        remarks=event.remarks,
        confidential=event.confidential,
        about=event.about,
        service_item=event.service_item,
        reported_at=event.reported_at,
        registered_at=event.at,
        revision=0,
    )
    complaint.petitioner = Petitioner(revision=0, **event.petitioner.model_dump())
    store.add_complaint(session, complaint)


@consumer.on(ComplaintTriaged)
async def open_order(event: ComplaintTriaged, session: AsyncSession) -> None:
    """Open the order, or sort it anew while nobody has dispatched it (Art. 6)."""
    complaint = store.complaint_at_hand(session, event.subject)
    order = store.find_order_at_hand(session, event.subject)
    if order is None:
        store.add_order(session, _opened(complaint, event))
    elif event.revision > order.triage_revision and _is_sorted_anew(order):
        order.triage, order.triage_revision = event.triage, event.revision
        if Action.TRIAGE in states.ALLOWED[order.state]:
            order.go(states.after_triage(event.triage), event.at)


def _opened(complaint: Complaint, event: ComplaintTriaged) -> Order:
    return Order(
        complaint_id=complaint.complaint_id,
        complaint=complaint,
        revision=0,
        center=complaint.center,
        handling_center=complaint.center,
        transferred=False,
        triage=event.triage,
        triage_revision=event.revision,
        state=states.after_triage(event.triage),
        since=event.at,
        round=1,
        leg=0,
        dispatches=0,
        legs=[],
        assignments=[],
        typical=False,
        overdue=False,
    )


def _is_sorted_anew(order: Order) -> bool:
    """Before dispatch; also when the settlement that followed the new triage was heard first."""
    settled = order.way is Way.SETTLED and order.state is State.FOLLOWING_UP
    return settled or Action.TRIAGE in states.ALLOWED[order.state]


@consumer.on(ComplaintSettled)
async def record_settlement(event: ComplaintSettled, session: AsyncSession) -> None:
    """Settled at the window: the petitioner is asked next. What was dispatched meanwhile stays with the departments."""
    order = store.order_at_hand(session, event.subject)
    session.add(
        Step(
            complaint_id=order.complaint_id,
            round=order.round,
            action=Action.SETTLE,
            target=event.helped_by,
            text=event.result,
            at=event.at,
            by=event.by,
        )
    )
    if Action.SETTLE in states.ALLOWED[order.state]:
        order.go(State.FOLLOWING_UP, event.at)
        order.way, order.result = Way.SETTLED, event.result


@consumer.on(ComplaintCorrected)
async def correct_complaint(event: ComplaintCorrected, session: AsyncSession) -> None:
    """Keep the latest of what was registered."""
    complaint = store.complaint_at_hand(session, event.subject)
    if event.revision > complaint.revision:
        complaint.revision = event.revision
        complaint.category, complaint.content, complaint.remarks = event.category, event.content, event.remarks


@consumer.on(PetitionerCorrected)
async def correct_petitioner(event: PetitionerCorrected, session: AsyncSession) -> None:
    """Keep the latest of who complains; one who was erased stays so."""
    petitioner = await store.petitioner(session, event.subject)
    if petitioner.name is not None and event.revision > petitioner.revision:
        petitioner.revision = event.revision
        for name, value in event.petitioner.model_dump().items():
            setattr(petitioner, name, value)


@consumer.on(PetitionerErased)
async def erase_petitioner(event: PetitionerErased, session: AsyncSession) -> None:
    """Know no more who complained, nor what was written of him."""
    petitioner = await store.petitioner(session, event.subject)
    if petitioner.name is not None:
        strike = petitioners.eraser(petitioner)
        await enclosures.forget(session, event.subject)
        await strike_out(session, Base.metadata, event.subject, strike, besides={Petitioner.__tablename__})
        petitioners.empty(petitioner)


@consumer.on(ComplaintNudged)
async def show_nudge(event: ComplaintNudged, session: AsyncSession) -> None:
    """The petitioner has nudged: shown on the order, no rung (mechanism §6)."""
    order = store.order_at_hand(session, event.subject)
    session.add(
        Step(
            complaint_id=order.complaint_id,
            round=order.round,
            action=Action.NUDGE,
            text=event.words,
            at=event.at,
            by=ending.PETITIONER,
        )
    )


@consumer.on(ReopeningAsked)
async def reopen_order(event: ReopeningAsked, session: AsyncSession) -> None:
    """The petitioner has asked at the public door to have it reopened (Art. 10)."""
    order = store.order_at_hand(session, event.subject)
    await ending.reopen_as_asked(session, order, event, clock.now())


@consumer.on(ClockStarted)
async def show_due_date(event: ClockStarted, session: AsyncSession) -> None:
    """Show when a leg is due, unless it has been moved since."""
    leg = store.leg_at_hand(session, event.subject, event.leg)
    leg.first_due_at = event.due_at
    if leg.clock_revision == 0:
        leg.due_at, leg.provisional = event.due_at, event.provisional
        leg.co_handlers_due_at = event.co_handlers_due_at


@consumer.on(ClockMoved)
async def move_due_date(event: ClockMoved, session: AsyncSession) -> None:
    """Show when a leg is due now."""
    leg = store.leg_at_hand(session, event.subject, event.leg)
    if event.revision > leg.clock_revision:
        leg.clock_revision = event.revision
        leg.due_at, leg.provisional = event.due_at, event.provisional
        leg.co_handlers_due_at = event.co_handlers_due_at


@consumer.on(ClockOverran)
async def mark_overdue(event: ClockOverran, session: AsyncSession) -> None:
    """A leg was answered late, and by how much."""
    leg = store.leg_at_hand(session, event.subject, event.leg)
    leg.overran_working_days = event.working_days
    store.order_at_hand(session, event.subject).overdue = True


@consumer.on(RungDue)
async def climb_ladder(event: RungDue, session: AsyncSession) -> None:
    """Decide, with the order locked, whether a rung whose instant has come is given (Art. 9)."""
    order, leg = store.order_at_hand(session, event.subject), store.leg_at_hand(session, event.subject, event.leg)
    await escalating.climb(session, order, leg, event, clock.now())


@consumer.on(DigestDue)
async def compile_digests(event: DigestDue, session: AsyncSession) -> None:
    """A working day begins: each department hears what it owes, and at the week's first inspection of the late ones."""
    await digesting.compile_agendas(session, event)
    if event.week_since and event.week_until:
        await digesting.compile_week(session, event, event.week_since, event.week_until)


async def receive_replies(arrivals: Sequence[Arrival], session: AsyncSession) -> None:
    """What departments' own systems answer counts as if given at the console (Art. 8)."""
    await receiving.receive(session, arrivals)


replies = Door("dispatch.replies", DEPARTMENTS, "reply.#", receive_replies)

"""What intake hears: the directory; what happens to a complaint, for its journal and the ledger; and the channels."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.fields import Fault
from services.intake.domain.journal import complaint_of
from services.intake.store import calendars, names
from services.intake.usecases import journal, receive
from shared import clock
from shared.events import Event, casebook, dispatch, notify, sla
from shared.events.directory import CenterChanged, DepartmentChanged
from shared.events.intake import CitationRefused
from shared.messaging import Consumer, Unknown, announce
from shared.messaging.doors import Arrival, Door
from shared.messaging.topology import CHANNELS
from shared.replica import keep_replica, source_is_active
from shared.security.roles import Actor, Role

consumer = Consumer("intake", finds_pending=True)
keep_replica(consumer)


@consumer.on(CenterChanged)
async def keep_calendar(event: CenterChanged, session: AsyncSession) -> None:
    """A center's calendar is kept with all it was before: what was counted by it is counted the same again."""
    await calendars.keep(session, event)


async def keep_name(event: CenterChanged | DepartmentChanged, session: AsyncSession) -> None:
    """A name is kept with all that it was before: what is printed again calls everything the same again."""
    await names.keep(session, event)


consumer.on(CenterChanged)(keep_name)
consumer.on(DepartmentChanged)(keep_name)


JOURNALLED: tuple[type[Event], ...] = (
    dispatch.OrderDispatched,
    dispatch.OrderTransferred,
    dispatch.OrderReferred,
    dispatch.OutcomeRecorded,
    dispatch.OrderRecalled,
    dispatch.OrderDirected,
    dispatch.OrderSigned,
    dispatch.HoldOverruled,
    dispatch.StudyHeld,
    dispatch.OrderJoined,
    dispatch.JoiningChanged,
    dispatch.DeclineRaised,
    dispatch.DeclineUpheld,
    dispatch.DeclineRefused,
    dispatch.ExtensionAsked,
    dispatch.ExtensionGranted,
    dispatch.ExtensionRefused,
    dispatch.ConsentGiven,
    dispatch.ConsentRefused,
    dispatch.OrderReplied,
    dispatch.OrderChecked,
    dispatch.OrderFollowedUp,
    dispatch.RedoStarted,
    dispatch.WithdrawalAsked,
    dispatch.WithdrawalRefused,
    dispatch.OrderReopened,
    dispatch.ConclusionProposed,
    dispatch.ConclusionRefused,
    dispatch.OrderClosed,
    dispatch.EscalationUrged,
    dispatch.EscalationSupervised,
    dispatch.EscalationReported,
    dispatch.LetterIssued,
    sla.ClockStarted,
    sla.ClockMoved,
    sla.ClockOverran,
    sla.ReminderDue,
    notify.MessageFailed,
    casebook.CasePublished,
    casebook.CaseWithdrawn,
    casebook.CaseReplaced,
    casebook.CaseCited,
)


@consumer.before_each_batch
async def open_journals(events: Sequence[Event], session: AsyncSession) -> None:
    """Hold the complaints of a batch and load their journals, with one query a table."""
    coming = [event for event in events if isinstance(event, JOURNALLED)]
    touched = {complaint_of(event) for event in coming}
    if complaint_ids := {each for each in touched if each}:
        await journal.open_journals(session, complaint_ids, coming)


async def enter_in_journal(event: Event, session: AsyncSession) -> None:
    """What happened to a complaint goes into its journal, and the ledger follows (Art. 5; annex 3).

    Complaints begin here: a case was cited on one that is unknown here by mistake, and the citation is refused.
    """
    complaint_id = complaint_of(event)
    if isinstance(event, casebook.CaseCited) and not journal.is_open(session, event.complaint_id):
        announce(session, CitationRefused.follows(event, at=clock.now(), complaint_id=event.complaint_id))
    elif complaint_id:
        journal.enter(session, complaint_id, event)


for kind in JOURNALLED:
    consumer.on(kind)(enter_in_journal)


async def receive_submissions(arrivals: Sequence[Arrival], session: AsyncSession) -> None:
    """What channels send over the bus is registered, or refused with every fault, as at the HTTP door (Art. 3, 5)."""
    await receive.receive(session, [await _received(arrival, session) for arrival in arrivals])


async def _received(arrival: Arrival, session: AsyncSession) -> receive.Arrival:
    """From the channel whose routing key this is, which the broker lets nobody else write; a retired one is told so."""
    source = arrival.routing_key.removeprefix("submission.")
    active = await source_is_active(session, source)
    if active is None:
        raise Unknown(source)
    retired = None if active else Fault("source", f"渠道 {source} 已停用，请联系管理员。", "retired")
    sender = Actor(source, source, Role.CHANNEL)
    return receive.Arrival(arrival.body, sender, arrival.reference, by_bus=True, objection=retired)


submissions = Door("intake.submissions", CHANNELS, "submission.*", receive_submissions)

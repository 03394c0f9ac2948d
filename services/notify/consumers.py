"""What notify hears, and what it does about it: keep what it must know, and tell whoever is to be told."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.domain import asked, cases, digests, partners, told
from services.notify.domain.facts import Began, Notice, hidden_from
from services.notify.domain.recipients import code_of
from services.notify.usecases import climbing, keeping
from services.notify.usecases.partners import load as load_partners
from services.notify.usecases.partners import publish, publish_assignments, publish_registered, publish_returned
from services.notify.usecases.recording import record
from shared.events import Event
from shared.events.directory import DirectoryFact
from shared.events.dispatch import (
    AgendaCompiled,
    HoldOverruled,
    OrderChecked,
    OrderClosed,
    OrderDirected,
    OrderDispatched,
    OrderReferred,
    OrderReopened,
    OrderReplied,
    OrderTransferred,
    RedoStarted,
    ReplyKind,
    ReplyRejected,
    WeekCompiled,
)
from shared.events.intake import (
    ComplaintCorrected,
    ComplaintNudged,
    ComplaintRegistered,
    ComplaintSettled,
    PetitionerCorrected,
    PetitionerErased,
    SubmissionRejected,
    SubmissionRepeated,
)
from shared.events.sla import ClockMoved, ClockStarted
from shared.messaging import Consumer
from shared.replica import calendar_of, department_names, keep_replica

consumer = Consumer("notify", finds_pending=True)
keep_replica(consumer)

BY_THEMSELVES: Mapping[type[Event], Callable[[Any], list[Notice]]] = {**cases.TOLD, AgendaCompiled: digests.agenda}
"""What needs nothing but the event to be told."""
NOT_OF_KNOWN: tuple[type[Event], ...] = (
    DirectoryFact,
    ComplaintRegistered,
    SubmissionRejected,
    SubmissionRepeated,
    ReplyRejected,
    WeekCompiled,
    *BY_THEMSELVES,
)
"""These speak of no complaint that must be known here."""


@consumer.before_each_batch
async def load(events: Sequence[Event], session: AsyncSession) -> None:
    """What is known of the complaints these events speak of."""
    of_known = [e for e in events if not isinstance(e, NOT_OF_KNOWN)]
    if of_known:
        await keeping.load(session, of_known)
    await load_partners(session, events)


@consumer.on(ComplaintRegistered)
async def tell_number(event: ComplaintRegistered, session: AsyncSession) -> None:
    """The petitioner gets number and query code at once, the channel its receipt (mechanism §2)."""
    calendar = await calendar_of(session, event.center)
    keeping.keep_complaint(session, event)
    record(session, event, told.registered(event, told.opens_at(calendar, event.at)))
    publish_registered(session, event)


@consumer.on(SubmissionRepeated)
async def tell_number_again(event: SubmissionRepeated, session: AsyncSession) -> None:
    """The channel gets the same number again (mechanism §2)."""
    publish_registered(session, event)


@consumer.on(SubmissionRejected)
async def tell_faults(event: SubmissionRejected, session: AsyncSession) -> None:
    """The channel is told why (mechanism §2)."""
    record(session, event, told.rejected(event))
    publish(session, event, partners.rejected(event))


@consumer.on(ComplaintCorrected)
async def correct_complaint(event: ComplaintCorrected, session: AsyncSession) -> None:
    """Messages say what the complaint says now."""
    keeping.correct_complaint(session, event)


@consumer.on(PetitionerCorrected)
async def correct_petitioner(event: PetitionerCorrected, session: AsyncSession) -> None:
    """Messages name the petitioner as it is now."""
    keeping.correct_petitioner(session, event)


@consumer.on(PetitionerErased)
async def erase_petitioner(event: PetitionerErased, session: AsyncSession) -> None:
    """Messages name nobody any more."""
    await keeping.erase_petitioner(session, event)


@consumer.on(ComplaintSettled)
async def tell_what_was_settled(event: ComplaintSettled, session: AsyncSession) -> None:
    """The petitioner has it in writing (Art. 6)."""
    matter = keeping.matter(session, event.subject)
    record(session, event, told.settled(event, matter))
    publish(session, event, partners.replied(matter, ReplyKind.RESULT, event.result))


@consumer.on(OrderTransferred)
async def tell_of_transfer(event: OrderTransferred, session: AsyncSession) -> None:
    """Both coordinators and the petitioner know who has it now (Art. 7)."""
    matter = keeping.matter(session, event.subject)
    keeping.keep_transfer(session, event)
    record(session, event, told.transferred(event, matter, store.names(session)))


@consumer.on(OrderReferred)
async def tell_where_it_was_referred(event: OrderReferred, session: AsyncSession) -> None:
    """The petitioner knows which unit has it (Art. 6)."""
    matter = keeping.matter(session, event.subject)
    record(session, event, told.referred(event, matter))
    publish(session, event, partners.referred(event, matter))


@consumer.on(OrderDirected)
async def tell_the_right_channel(event: OrderDirected, session: AsyncSession) -> None:
    """The petitioner knows where to go, and why (Art. 6)."""
    matter = keeping.matter(session, event.subject)
    record(session, event, told.directed(event, matter))
    publish(session, event, partners.directed(event, matter))


@consumer.on(OrderDispatched)
async def keep_dispatch(event: OrderDispatched, session: AsyncSession) -> None:
    """Nobody is told before the clock says by when: `assign` does that."""
    keeping.matter(session, event.subject)
    keeping.keep_dispatch(session, event)


@consumer.on(ClockStarted)
async def assign(event: ClockStarted, session: AsyncSession) -> None:
    """Each department gets its assignment with its due date; the petitioner knows who has it, by when (Art. 7, 8)."""
    matter = keeping.matter(session, event.subject)
    leg = keeping.open_leg(session, event.subject, event.leg)
    all_names = await department_names(session) if matter.confidential else {}
    hidden = hidden_from(matter, leg.parties, all_names)
    record(session, event, told.clock_started(event, matter, leg, store.names(session), hidden))
    publish_assignments(session, event, matter, leg, hidden)


@consumer.on(ClockMoved)
async def tell_new_due_date(event: ClockMoved, session: AsyncSession) -> None:
    """Whoever keeps the date and whoever waits for it hear that it moved (mechanism §5)."""
    leg = keeping.open_leg(session, event.subject, event.leg)
    record(session, event, told.clock_moved(event, keeping.matter(session, event.subject), leg))


@consumer.on(OrderReplied)
async def pass_answer_on(event: OrderReplied, session: AsyncSession) -> None:
    """Plan and reasons to the petitioner, result and reasons to the check, a co-handler's to the lead (Art. 8, 10)."""
    matter = keeping.matter(session, event.subject)
    lead, *_ = keeping.handlers(session, event.subject)
    if event.is_lead:
        keeping.keep_answer(session, event)
    else:
        keeping.cease(session, event.subject, [code_of(event.party)], event.revision)
    if event.next_leg:
        keeping.begin_leg(session, event, event.next_leg, Began.REPLIED)
    record(session, event, told.replied(event, matter, lead, store.names(session)))
    if event.is_lead and event.kind is not ReplyKind.RESULT:
        publish(session, event, partners.replied(matter, event.kind, event.text))


@consumer.on(HoldOverruled)
async def wait_no_more(event: HoldOverruled, session: AsyncSession) -> None:
    """Who was overruled owes nothing any more (mechanism §4)."""
    keeping.cease(session, event.subject, map(code_of, event.parties), event.revision)


@consumer.on(ReplyRejected)
async def tell_what_was_wrong(event: ReplyRejected, session: AsyncSession) -> None:
    """A department hears why its system's answer was not taken: its system, and its people at the console."""
    record(session, event, told.reply_rejected(event))
    publish(session, event, partners.reply_rejected(event))


@consumer.on(OrderChecked)
async def tell_result_of_check(event: OrderChecked, session: AsyncSession) -> None:
    """Returned to the lead, or passed on to the petitioner (Art. 10)."""
    matter = keeping.matter(session, event.subject)
    leg = keeping.open_leg(session, event.subject, event.leg)
    answer = keeping.checked_answer(session, event) if event.passed else None
    record(session, event, told.checked(event, matter, leg, answer))
    if not event.passed:
        publish_returned(session, event, matter, leg.stage, [leg.lead], event.reasons)
    elif answer and answer[0] is ReplyKind.RESULT:
        publish(session, event, partners.replied(matter, *answer))


@consumer.on(RedoStarted)
async def ask_to_redo(event: RedoStarted, session: AsyncSession) -> None:
    """Whoever does it again hears why (Art. 10)."""
    parties = _doing_again(event, event.reason, session)
    record(session, event, told.redo_started(event, keeping.matter(session, event.subject), parties))


@consumer.on(OrderReopened)
async def begin_anew(event: OrderReopened, session: AsyncSession) -> None:
    """Whoever had it has it again (mechanism §7)."""
    parties = _doing_again(event, event.words, session)
    record(session, event, told.reopened(event, keeping.matter(session, event.subject), parties))


def _doing_again(event: RedoStarted | OrderReopened, why: str, session: AsyncSession) -> tuple[str, ...]:
    """The departments that do it again: all of them, for each owes its part anew; none where none was asked."""
    if event.leg is None:
        return ()
    matter = keeping.matter(session, event.subject)
    keeping.begin_leg(session, event, event.leg, Began.REDONE)
    keeping.owe_anew(session, event.subject, event.revision)
    parties = keeping.handlers(session, event.subject)
    publish_returned(session, event, matter, event.leg.stage, parties, why)
    return parties


@consumer.on(ComplaintNudged)
async def pass_nudge_on(event: ComplaintNudged, session: AsyncSession) -> None:
    """The coordinator, and departments that owe an answer, hear that the petitioner asks (mechanism §6)."""
    matter = keeping.matter(session, event.subject)
    parties: tuple[str, ...] = ()
    if event.with_departments:
        ceased = keeping.ceased(session, event.subject)
        parties = tuple(code for code in keeping.handlers(session, event.subject) if code not in ceased)
    record(session, event, told.nudged(event, matter, parties))


async def tell_of_the_matter(event: Event, session: AsyncSession) -> None:
    """Who has the next step hears of it, or who has to know."""
    record(session, event, told.OF_THE_MATTER[type(event)](event, keeping.matter(session, event.subject)))


for _of_the_matter in told.OF_THE_MATTER:
    consumer.on(_of_the_matter)(tell_of_the_matter)


async def tell_who_asks_and_who_decides(event: Event, session: AsyncSession) -> None:
    """Whoever is to decide hears what is asked, whoever asked how it was decided, and all what they do together."""
    matter = keeping.matter(session, event.subject)
    parties = keeping.open_leg(session, event.subject, leg).parties if (leg := getattr(event, "leg", None)) else ()
    record(session, event, asked.TOLD[type(event)](event, matter, store.names(session), parties))


for _asked in asked.TOLD:
    consumer.on(_asked)(tell_who_asks_and_who_decides)


@consumer.on(OrderClosed)
async def tell_the_end(event: OrderClosed, session: AsyncSession) -> None:
    """Whatever the end, it is fed back (Art. 10)."""
    matter = keeping.matter(session, event.subject)
    record(session, event, told.closed(event, matter))
    publish(session, event, partners.closed(event, matter))


for _rung_or_week, _tell in climbing.TOLD.items():
    consumer.on(_rung_or_week)(_tell)


async def tell_by_itself(event: Event, session: AsyncSession) -> None:
    """Whoever has the next step with a guidance case hears of it, a department what it owes this morning."""
    record(session, event, BY_THEMSELVES[type(event)](event))


for _by_itself in BY_THEMSELVES:
    consumer.on(_by_itself)(tell_by_itself)

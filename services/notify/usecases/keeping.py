"""Keeping what must be known to tell anyone of a complaint: replaced by later revisions, or written once."""

from collections.abc import Iterable, Sequence
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.domain.facts import Began, Matter, OpenLeg
from services.notify.domain.recipients import code_of
from services.notify.tables import Answer, Base, Complaint, Leg, Order, Petitioner, matter_of
from services.notify.usecases import letters
from shared.erasing import strike_out
from shared.events import Event
from shared.events.dispatch import (
    ConsentGiven,
    ConsentRefused,
    DeclineRaised,
    DeclineRefused,
    DeclineUpheld,
    ExtensionAsked,
    ExtensionRefused,
    HoldOverruled,
    JoiningChanged,
    OrderChecked,
    OrderDispatched,
    OrderJoined,
    OrderReopened,
    OrderReplied,
    OrderTransferred,
    RedoStarted,
    ReplyKind,
)
from shared.events.dispatch import Leg as LegBegun
from shared.events.intake import ComplaintCorrected, ComplaintRegistered, PetitionerCorrected, PetitionerErased
from shared.events.sla import ClockMoved, ClockStarted
from shared.messaging import Unknown
from shared.security.mask import strike_known

OF_A_LEG = (
    OrderDispatched,
    HoldOverruled,
    OrderJoined,
    JoiningChanged,
    DeclineRaised,
    DeclineUpheld,
    DeclineRefused,
    ExtensionAsked,
    ExtensionRefused,
    ConsentGiven,
    ConsentRefused,
    OrderReplied,
    OrderChecked,
    RedoStarted,
    OrderReopened,
    ClockStarted,
    ClockMoved,
)
OF_WHO_OWES = (OrderTransferred, OrderDispatched, HoldOverruled, RedoStarted, OrderReopened)
"""What changes who handles a complaint, or who of them owes an answer; a co-handler's answer does so too."""
NEVER = -1
"""The revision of what nothing has been told of yet."""


async def load(session: AsyncSession, events: Sequence[Event]) -> None:
    """Load what the handlers of these events, all of complaints known here, will ask for: one query a table."""
    subjects = _subjects(events, Event)
    corrected = bool(_subjects(events, ComplaintCorrected))
    handed_on = bool(_subjects(events, *OF_WHO_OWES)) or any(_is_co_handlers(event) for event in events)
    await store.load(session, Complaint, subjects, lock=corrected)
    await store.load(session, Petitioner, _subjects(events, PetitionerCorrected, PetitionerErased), lock=True)
    await store.load(session, Order, subjects, lock=handed_on)
    await store.load(session, Leg, _subjects(events, *OF_A_LEG))
    await store.load(session, Answer, _subjects(events, OrderChecked, OrderReplied), lock=True)
    await store.load_names(session)


def keep_complaint(session: AsyncSession, event: ComplaintRegistered) -> None:
    """A registered complaint, and its petitioner apart from it."""
    store.add(
        session,
        Complaint(
            complaint_id=event.subject,
            center=event.center,
            number=event.number,
            source=event.source,
            source_ref=event.source_ref,
            category=event.category,
            content=event.content,
            confidential=event.confidential,
            about=event.about,
            registered_at=event.at,
            in_reply_to=event.in_reply_to,
            revision=NEVER,
        ),
    )
    sealed = event.petitioner.model_dump()
    store.add(session, Petitioner(complaint_id=event.subject, query_code=event.query_code, revision=NEVER, **sealed))


def correct_complaint(session: AsyncSession, event: ComplaintCorrected) -> None:
    """A complaint as it reads now."""
    complaint = _complaint(session, event.subject)
    if complaint.revision < event.revision:
        complaint.category, complaint.content, complaint.revision = event.category, event.content, event.revision


def correct_petitioner(session: AsyncSession, event: PetitionerCorrected) -> None:
    """A petitioner as it is now; one who was erased stays so."""
    _complaint(session, event.subject)
    petitioner = store.find(session, Petitioner, event.subject)
    if petitioner and petitioner.name is not None and petitioner.revision < event.revision:
        petitioner.revision = event.revision
        for field, sealed in event.petitioner.model_dump().items():
            setattr(petitioner, field, sealed)


async def erase_petitioner(session: AsyncSession, event: PetitionerErased) -> None:
    """Nobody is named any more, nor written of in what was told."""
    _complaint(session, event.subject)
    petitioner = store.find(session, Petitioner, event.subject)
    if petitioner is None or petitioner.name is None:
        return
    known = letters.still_readable(petitioner)
    strike = partial(strike_known, fields=known, organisation=petitioner.kind == "organisation")
    await strike_out(session, Base.metadata, event.subject, strike, besides={Petitioner.__tablename__})
    for field in known:
        setattr(petitioner, field, None)


def keep_transfer(session: AsyncSession, event: OrderTransferred) -> None:
    """Another center handles it now."""
    order = _order(session, event.subject)
    if order.revision < event.revision:
        order.handling_center, order.revision = event.to_center, event.revision


def keep_dispatch(session: AsyncSession, event: OrderDispatched) -> None:
    """These departments handle it now, on a leg of their own."""
    lead, co_handlers = code_of(event.lead), [code_of(party) for party in event.co_handlers]
    order = _order(session, event.subject)
    if order.revision < event.revision:
        order.handling_center, order.lead, order.co_handlers = event.handling_center, lead, co_handlers
        order.revision = event.revision
    owe_anew(session, event.subject, event.revision)
    _write_leg(session, event, event.leg, OpenLeg(Began.DISPATCHED, event.leg.stage, lead, tuple(co_handlers)))


def begin_leg(
    session: AsyncSession, event: OrderReplied | RedoStarted | OrderReopened, leg: LegBegun, began: Began
) -> None:
    """A further leg of those who handle it now; where a plan began it, of those who still owe an answer."""
    lead, *co_handlers = handlers(session, event.subject)
    if began is Began.REPLIED:
        known = ceased(session, event.subject, before=event.revision)
        co_handlers = [code for code in co_handlers if leg.has_co_handlers and code not in known]
    _write_leg(session, event, leg, OpenLeg(began, leg.stage, lead, tuple(co_handlers)))


def owe_anew(session: AsyncSession, complaint_id: str, revision: int) -> None:
    """All who handle it owe an answer: it was dispatched, or they do it again."""
    order = _order(session, complaint_id)
    order.owed_anew = max(revision, NEVER if order.owed_anew is None else order.owed_anew)


def cease(session: AsyncSession, complaint_id: str, codes: Iterable[str], revision: int) -> None:
    """These co-handlers owe nothing more: they have answered, or were overruled; `Unknown` before the dispatch."""
    handlers(session, complaint_id)
    order = _order(session, complaint_id)
    before = order.ceased or {}
    order.ceased = before | {code: max(revision, before.get(code, NEVER)) for code in codes}


def ceased(session: AsyncSession, complaint_id: str, before: int | None = None) -> frozenset[str]:
    """The co-handlers who owe nothing now, or at a revision of the order, as far as it is known here.

    Where what made them cease is heard too late, one is told too much; never is anyone told too little.
    """
    order = store.find(session, Order, complaint_id)
    if order is None or not order.ceased:
        return frozenset()
    since = NEVER if order.owed_anew is None else order.owed_anew
    known = order.ceased.items()
    return frozenset(code for code, at in known if at > since and (before is None or at < before))


def keep_answer(session: AsyncSession, event: OrderReplied) -> None:
    """The lead's answer of a round, for when it has passed the check."""
    answer = store.find(session, Answer, event.subject, event.leg, event.round)
    if answer is None:
        answer = Answer(complaint_id=event.subject, leg=event.leg, round=event.round, revision=NEVER)
        store.add(session, answer)
    if answer.revision < event.revision:
        answer.kind, answer.text, answer.revision = event.kind, event.text, event.revision


def matter(session: AsyncSession, complaint_id: str) -> Matter:
    """What is known of a complaint; raises `Unknown` before it was registered here."""
    return matter_of(_complaint(session, complaint_id), store.find(session, Order, complaint_id))


def handlers(session: AsyncSession, complaint_id: str) -> tuple[str, ...]:
    """Who handles a complaint now, the lead first; raises `Unknown` before it was dispatched."""
    order = store.find(session, Order, complaint_id)
    if order is None or order.lead is None:
        raise Unknown(complaint_id)
    return order.lead, *order.co_handlers


def open_leg(session: AsyncSession, complaint_id: str, number: int) -> OpenLeg:
    """A leg of a complaint; raises `Unknown` before it began here."""
    leg = store.find(session, Leg, complaint_id, number)
    if leg is None:
        raise Unknown(complaint_id)
    return leg.open_leg()


def checked_answer(session: AsyncSession, event: OrderChecked) -> tuple[ReplyKind, str]:
    """The answer that has passed; raises `Unknown` before it was given here."""
    answer = store.find(session, Answer, event.subject, event.leg, event.round)
    if answer is None:
        raise Unknown(event.subject)
    return answer.given()


def _complaint(session: AsyncSession, complaint_id: str) -> Complaint:
    complaint = store.find(session, Complaint, complaint_id)
    if complaint is None:
        raise Unknown(complaint_id)
    return complaint


def _order(session: AsyncSession, complaint_id: str) -> Order:
    order = store.find(session, Order, complaint_id)
    if order is None:
        order = Order(complaint_id=complaint_id, co_handlers=[], revision=NEVER)
        store.add(session, order)
    return order


def _write_leg(session: AsyncSession, event: Event, begun: LegBegun, leg: OpenLeg) -> None:
    if store.find(session, Leg, event.subject, begun.number) is None:
        store.add(
            session,
            Leg(
                complaint_id=event.subject,
                number=begun.number,
                began=leg.began,
                stage=leg.stage,
                round=begun.round,
                lead=leg.lead,
                co_handlers=list(leg.co_handlers),
                instructions=event.instructions if isinstance(event, OrderDispatched) else None,
            ),
        )


def _is_co_handlers(event: Event) -> bool:
    return isinstance(event, OrderReplied) and not event.is_lead


def _subjects(events: Iterable[Event], *kinds: type[Event]) -> list[str]:
    return sorted({event.subject for event in events if isinstance(event, kinds)})

"""Partners' queues: messages for those that are switched on, written to the outbox with what caused them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store, tables
from services.notify.domain import partners
from services.notify.domain.facts import Began, Matter, OpenLeg
from services.notify.domain.partners import Addressed, Assignment
from services.notify.usecases.letters import UNREADABLE, opened
from shared import replica
from shared.events import Event
from shared.events.dispatch import OrderChecked, OrderReopened, RedoStarted, Stage
from shared.events.intake import ComplaintRegistered, SubmissionRepeated
from shared.events.partners import Petitioner
from shared.events.sla import ClockStarted
from shared.ids import new_id
from shared.messaging.outbox import send
from shared.messaging.topology import PARTNERS
from shared.security.keys import sealer
from shared.security.mask import mask_text, strike_known
from shared.security.seal import SealBroken
from shared.settings import settings

_SWITCHED_ON = "notify partners"
Again = OrderChecked | RedoStarted | OrderReopened
"""What has something done again; a check, where it has not passed."""


async def load(session: AsyncSession, events: Sequence[Event]) -> None:
    """Which partners are switched on, and what an assignment tells; embedded there is no bus for them to read."""
    session.info[_SWITCHED_ON] = frozenset() if settings().embedded else await replica.partners(session)
    if _switched_on(session):
        started = {event.subject for event in events if isinstance(event, ClockStarted)}
        again = {event.subject for event in events if isinstance(event, Again) and not getattr(event, "passed", False)}
        await store.load(session, tables.Petitioner, started | again)
        await store.load_contents(session, started)


def publish(session: AsyncSession, event: Event, addressed: Iterable[Addressed]) -> None:
    """Send these because of an event, each once; who is not switched on has no queue, and uses the console."""
    for queue, message in addressed:
        if queue in _switched_on(session):
            message_id = new_id()
            body = message.to_wire(message_id, event.at, event.center, event.subject)
            send(session, PARTNERS, queue, message_id, message.full_type(), event.subject, body)


def publish_registered(session: AsyncSession, event: ComplaintRegistered | SubmissionRepeated) -> None:
    """The channel gets number and query code (mechanism §2)."""
    if partners.queue_of_channel(event.source) in _switched_on(session):
        try:
            query_code = sealer().open_fields({"query_code": event.query_code}, event.subject)["query_code"]
        except SealBroken:  # the number is worth telling without it
            query_code = None
        publish(session, event, partners.registered(event, query_code))


def publish_assignments(
    session: AsyncSession, event: ClockStarted, matter: Matter, leg: OpenLeg, hidden: frozenset[str]
) -> None:
    """Each department with a system of its own gets its assignment; the channel hears who has it (Art. 7, 8)."""
    if leg.began is not Began.DISPATCHED:
        return
    names = store.names(session)
    publish(session, event, partners.dispatched(event, matter, [names.get(code, code) for code in leg.parties]))
    readers = [code for code in leg.parties if partners.queue_of_department(code) in _switched_on(session)]
    if not readers:
        return
    complaint = store.find(session, tables.Complaint, event.subject)
    assert complaint
    petitioner = _petitioner(session, event.subject) if set(readers) - hidden else None
    unnamed = _unnaming(session, event.subject) if set(readers) & hidden else str
    for code in readers:
        said = unnamed if code in hidden else str
        told = Assignment(
            complaint.registered_at, complaint.category, said(complaint.content), petitioner, code in hidden
        )
        instructions = leg.instructions and said(leg.instructions)
        publish(session, event, [partners.assigned(event, matter, replace(leg, instructions=instructions), code, told)])


def publish_returned(
    session: AsyncSession, event: Again, matter: Matter, stage: Stage, codes: Sequence[str], why: str | None
) -> None:
    """Whoever does it again hears why; in confidence without what names the petitioner."""
    if why and matter.confidential and _switched_on(session):
        why = _unnaming(session, event.subject)(why)
    publish(session, event, partners.returned(event, matter, stage, codes, why))


def _unnaming(session: AsyncSession, complaint_id: str) -> Callable[[str], str]:
    """What takes a petitioner out of a text; where nobody can know what names him, none of it is left."""
    person = store.find(session, tables.Petitioner, complaint_id)
    try:
        known = opened(person)
    except SealBroken:
        return lambda _: UNREADABLE
    if person is None or known is None:
        return mask_text
    is_organisation = person.kind == "organisation"
    return lambda text: mask_text(strike_known(text, known, organisation=is_organisation))


def _petitioner(session: AsyncSession, complaint_id: str) -> Petitioner | None:
    """Who complains, opened; None of one who was erased, or whom nobody can read any more."""
    person = store.find(session, tables.Petitioner, complaint_id)
    try:
        fields = opened(person)
    except SealBroken:  # the order is worth having without it
        return None
    return Petitioner.model_validate({"kind": person.kind, **fields}) if person and fields else None


def _switched_on(session: AsyncSession) -> frozenset[str]:
    found: frozenset[str] = session.info[_SWITCHED_ON]
    return found

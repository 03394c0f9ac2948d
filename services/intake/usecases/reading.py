"""Reading: who may see which complaints, one complaint, its history, and its status for the petitioner."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.history import Line, history
from services.intake.domain.number import printed_number
from services.intake.domain.row import Row
from services.intake.domain.words import FINALS, PUBLIC_STATES
from services.intake.store import complaints as store
from services.intake.store import directory
from services.intake.store import journal as journals
from services.intake.tables import ComplaintRow
from services.intake.usecases.petitioners import Masked, opened
from services.intake.usecases.petitioning import known_by
from shared.refusals import FieldFault, Forbidden, NotFound
from shared.security.roles import Actor, Role


async def scope(session: AsyncSession, actor: Actor, asked: str | None = None) -> frozenset[str]:
    """The centers whose complaints this actor may read, narrowed to the one asked for; raises `Forbidden`.

    A clerk his own; a county's coordinator, discipline inspection and government the townships' too; an auditor all;
    and of a county of samples everybody all.
    """
    known = await directory.centers(session)
    match actor.role:
        case Role.AUDITOR | Role.PUBLIC:
            reach = frozenset(known.parents)
        case Role.COORDINATOR | Role.HEAD | Role.SUPERVISOR | Role.GOVERNMENT:
            reach = known.under(actor.center)
        case _:
            reach = frozenset({actor.center} if actor.center else ())
    if asked is None:
        return reach
    if asked not in known.parents:
        message = "没有这个中心，请核对中心代码。"
        raise NotFound("no-such-center", message, [FieldFault("center", message)])
    if asked not in reach:
        raise Forbidden("other-center", "您只能查看本中心的台账和统计。")
    return frozenset({asked})


@dataclass(frozen=True)
class Revealed:
    """The petitioner's own fields; None of one who was erased."""

    kind: str
    name: str | None
    contact_person: str | None
    phone: str | None
    other_contact: str | None
    address: str | None


@dataclass(frozen=True)
class Whole:
    """One complaint as staff see it."""

    complaint: ComplaintRow
    row: Row
    petitioner: Masked


async def whole(session: AsyncSession, actor: Actor, complaint_id: str) -> Whole:
    """A complaint, its petitioner masked; raises `NotFound` alike for none and for one out of reach."""
    complaint = await store.complaint(session, complaint_id)
    row = (await journals.rows(session, [complaint_id])).get(complaint_id)
    if complaint is None or row is None or not set(row.shown_in) & await scope(session, actor):
        raise NotFound("no-such-complaint", "没有这件诉求，或不在您的查看范围内。")
    person = (await store.petitioners(session, [complaint_id])).get(complaint_id)
    return Whole(complaint, row, Masked.of(person))


async def revealed(session: AsyncSession, actor: Actor, complaint_id: str) -> Revealed:
    """Who complains, in the clear, for the office of the complaint's centers; departments see it at their orders."""
    if actor.role is Role.OFFICER:
        raise Forbidden("not-here", "承办人员请在本部门的工作单中查看诉求人。")
    found = await whole(session, actor, complaint_id)
    if (found.complaint.about or "").strip() in (actor.id, actor.name):
        raise Forbidden("about-you", "本件反映的就是您本人，请交由其他工作人员办理。")
    row = (await store.petitioners(session, [complaint_id])).get(complaint_id)
    return Revealed(row.kind if row else "", **opened(row))


async def history_of(session: AsyncSession, actor: Actor, complaint_id: str) -> tuple[Whole, list[Line]]:
    """A complaint and what happened to it, in time order; masked."""
    found = await whole(session, actor, complaint_id)
    events = (await journals.events_of(session, [complaint_id]))[complaint_id]
    lines = history(events, await directory.names(session))
    masked = [Line(line.at, line.what, line.who, found.petitioner.text(line.details)) for line in lines]
    return found, masked


async def status(session: AsyncSession, number: str, code: str) -> dict[str, Any]:
    """What a petitioner may know with number and query code; refused alike for a wrong number and a wrong code."""
    complaint = await known_by(session, number, code)
    row = (await journals.rows(session, [complaint.id]))[complaint.id]
    return {
        "number": complaint.number,
        "printed_number": printed_number(complaint.year, complaint.seq),
        "state": FINALS[row.final] if row.final else PUBLIC_STATES[row.state],
        "registered_at": complaint.registered_at,
        "dispatched_at": row.sent_at[0] if row.sent_at else None,
        "done_at": row.done_at,
        "followed_up_at": row.followed_up_at,
        "closed": row.final is not None,
    }

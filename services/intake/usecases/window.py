"""What the window and the coordinator do with a complaint before dispatch: sort it, settle it on the spot (Art. 6)."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.states import (
    Step,
    must_allow,
    must_allow_retriage,
    must_be_general,
    must_not_be_about,
)
from services.intake.store import complaints, directory
from services.intake.tables import ComplaintRow
from services.intake.usecases import journal
from shared import clock, replica
from shared.events.intake import ComplaintSettled, ComplaintTriaged, Triage
from shared.messaging import announce
from shared.refusals import FieldFault, Invalid, NotFound
from shared.security.roles import Actor, Role, must_reach

COORDINATORS = (Role.COORDINATOR, Role.HEAD)


async def triage(
    session: AsyncSession, complaint_id: str, actor: Actor, to: Triage, reason: str | None = None
) -> ComplaintRow:
    """Sort a complaint, or sort it anew with a reason, until it is dispatched; who it was transferred to may too."""
    complaint, held = await _in_hand(session, complaint_id, actor)
    must_allow(held.row.state, Step.TRIAGE)
    if held.row.triage:  # which an answer may have changed
        must_allow_retriage(held.row.triage, to, reason, by_coordinator=actor.role in COORDINATORS)
    complaint.triage = to
    complaint.triage_revision += 1
    event = ComplaintTriaged(
        at=clock.now(),
        center=complaint.center,
        subject=complaint.id,
        revision=complaint.triage_revision,
        triage=to,
        by=actor.id,
        reason=reason,
    )
    announce(session, event)
    journal.enter(session, complaint.id, event)
    return complaint


async def settle(
    session: AsyncSession, complaint_id: str, actor: Actor, result: str, helped_by: str | None = None
) -> ComplaintRow:
    """Settle a general complaint on the spot; again when the petitioner was not satisfied. Its follow-up is next."""
    complaint, held = await _in_hand(session, complaint_id, actor)
    must_allow(held.row.state, Step.SETTLE)
    must_be_general(held.row.triage)
    event = ComplaintSettled(
        at=clock.now(),
        center=complaint.center,
        subject=complaint.id,
        result=result,
        by=actor.id,
        helped_by=await _department(session, held.row.handling_center, helped_by) if helped_by else None,
    )
    announce(session, event)
    journal.enter(session, complaint.id, event)
    return complaint


async def _in_hand(session: AsyncSession, complaint_id: str, actor: Actor) -> tuple[ComplaintRow, journal.Open]:
    """A complaint held for who has it now: after a transfer, the other center (Art. 7)."""
    complaint = await complaint_of(session, complaint_id)
    held = await journal.open_journal(session, complaint_id)
    must_reach(actor, held.row.handling_center)
    department = actor.department and f"{actor.center}/{actor.department}"
    must_not_be_about(complaint.about, {actor.id, actor.name, actor.department, department})
    return complaint, held


async def complaint_of(session: AsyncSession, complaint_id: str) -> ComplaintRow:
    """A complaint, held for this transaction; raises `NotFound`."""
    complaint = await complaints.complaint_held(session, complaint_id)
    if complaint is None:
        raise NotFound("no-such-complaint", "没有这件诉求，请核对编号。")
    return complaint


async def _department(session: AsyncSession, center: str, code: str) -> str:
    """`<center>/<code>` of the center's own unit, or else of a department of the county (mechanism §4)."""
    county = (await directory.centers(session)).parents.get(center)
    of_center, _, own_code = code.rpartition("/")
    for place in filter(None, [of_center] if of_center else [center, county]):
        if await replica.department_exists(session, place, own_code):
            return f"{place}/{own_code}"
    message = "没有这个部门，请核对部门代码。"
    raise Invalid("unknown-department", message, [FieldFault("helped_by", message)])

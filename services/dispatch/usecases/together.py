"""Handled together: co-handlers who no longer hold the lead back, joint studies, joined complaints (mechanism §4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import together
from services.dispatch.domain.answers import code_of
from services.dispatch.domain.states import Action, State
from services.dispatch.tables import Order, Step, Study
from services.dispatch.usecases import answering, desk, joining, naming, petitioners, review
from services.dispatch.usecases.joining import Cause
from shared import replica
from shared.events.dispatch import HoldOverruled, OrderJoined, Party, StudyHeld
from shared.refusals import FieldFault, Invalid
from shared.security.roles import Actor


@dataclass(frozen=True)
class Minutes:
    """会商纪要: which departments met when, who came, and what they concluded; who leads, if that was said."""

    departments: Sequence[str]
    held_at: datetime
    attendees: str
    conclusion: str
    lead: str | None = None


async def overrule(
    session: AsyncSession, actor: Actor, complaint_id: str, reason: str, departments: Sequence[str]
) -> Order:
    """Let the lead report without these co-handlers, or without all who have not answered.

    What is joined to it need not wait for them either.
    """
    order, joined, now = await desk.take_all(session, complaint_id, actor, Action.OVERRULE)
    asked = await naming.parties(session, order.handling_center, naming.numbered("departments", departments))
    parties = together.must_be_owing(order.owing(), asked, await replica.department_names(session))
    _overrule(session, order, parties, Cause(now, actor.id, reason))
    for each in joined:
        if each.state is State.HANDLING and not desk.is_about_him(each, actor):
            _overrule(session, each, parties, Cause(now, actor.id, reason))
    return order


def _overrule(session: AsyncSession, order: Order, parties: Sequence[Party], cause: Cause) -> None:
    """Whoever of these holds the lead back here does so no longer."""
    if held_by := [party for party in parties if party in order.owing()]:
        for part in order.parties:
            if part.party in held_by:
                part.overruled_at = cause.at
        session.add(
            Step(
                complaint_id=order.complaint_id,
                round=order.round,
                action=Action.OVERRULE,
                target="、".join(map(code_of, held_by)),
                text=cause.reason,
                at=cause.at,
                by=cause.by,
            )
        )
        told = {"parties": held_by, "leg": order.leg, "reason": cause.reason, "by": cause.by}
        desk.tell(session, order, HoldOverruled, cause.at, **told)


async def study(session: AsyncSession, actor: Actor, complaint_id: str, minutes: Minutes) -> Order:
    """Keep the minutes of a joint study on the order; it stops no clock, and dispatch alone names departments."""
    order, now = await desk.take(session, complaint_id, actor, Action.STUDY)
    together.must_have_been(minutes.held_at, now)
    named = naming.numbered("departments", minutes.departments)
    led = [("lead", minutes.lead)] if minutes.lead else []
    parties = await naming.parties(session, order.handling_center, [*named, *led])
    lead = parties.pop() if led else None
    together.must_meet_once(parties)
    said = {"held_at": minutes.held_at, "attendees": minutes.attendees, "conclusion": minutes.conclusion}
    session.add(
        Study(
            complaint_id=order.complaint_id,
            round=order.round,
            departments=[party.model_dump() for party in parties],
            lead=lead and f"{lead.center}/{lead.department}",
            at=now,
            by=actor.id,
            **said,
        )
    )
    desk.tell(session, order, StudyHeld, now, departments=parties, lead=lead, by=actor.id, **said)
    return order


async def join(session: AsyncSession, actor: Actor, complaint_id: str, *, to: str, reason: str) -> Order:
    """Have it handled with another one about the same matter; what was not dispatched yet goes to the same departments.

    It keeps its number, order, limit and leg; what departments answer to the leading one answers it as well, and so
    does what its co-handlers have answered already. The reason is told without what names the other petitioner.
    """
    leading_id = await store.complaint_id_of(session, to)
    if leading_id is None:
        sentence = "没有这件诉求，请核对主办件的编号。"
        raise Invalid("cannot-join", sentence, [FieldFault("to", sentence)])
    await store.hold(session, [complaint_id, leading_id])
    order, now = await desk.take(session, complaint_id, actor, Action.JOIN)
    leading = await store.order_for_change(session, leading_id)
    if leading is None:
        sentence = "主办件还没有研判分类，请先研判分办主办件。"
        raise Invalid("cannot-join", sentence, [FieldFault("to", sentence)])
    for each in (order, leading):
        await joining.part_if_left(session, each, now, actor.id)
    leads_others = any(each.state is not State.CLOSED for each in await store.joined_to(session, complaint_id))
    together.must_be_joinable(joining.side(order, leads_others=leads_others), joining.side(leading))
    if order.state is State.PENDING:
        lead, *co_handlers = [assignment.party for assignment in leading.parties]
        calendar = await desk.calendar_of(session, order.handling_center)
        within = desk.commit_within(leading, calendar)
        by = calendar.working_day_after(now.date(), within) if within is not None else None
        sent = review.Sent(lead, co_handlers, leading.instructions, commit_by=by, commit_within=within)
        review.send(session, order, actor, now, sent)
    await answering.take_over(session, order, leading, now)
    overruled = [part.party for part in leading.parties if not part.is_lead and part.overruled_at]
    _overrule(session, order, overruled, Cause(now, actor.id, "主办件已不再等待。"))
    order.joined_to, leading.last_joined = leading_id, order.complaint_id
    reason = petitioners.out_of(await store.petitioner(session, leading_id), reason)
    joining.note(session, order, leading.complaint.number, Cause(now, actor.id, reason))
    told = {"leading": leading_id, "leading_number": leading.complaint.number, "leg": order.leg}
    desk.tell(session, order, OrderJoined, now, **told, reason=reason, by=actor.id)
    return order

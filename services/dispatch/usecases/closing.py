"""From the answer to the end (Art. 10): check, follow up, redo, conclude, zero. Every end goes through `close`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import limits, people, states, tries
from services.dispatch.domain.limits import Limit
from services.dispatch.domain.states import Action, State, Then, Way
from services.dispatch.tables import Check, Conclusion, FollowUp, Order
from services.dispatch.usecases import desk, joining
from services.dispatch.usecases.joining import Cause
from services.dispatch.usecases.suggesting import suggest_case
from shared.events import dispatch
from shared.events.dispatch import (
    ConclusionProposed,
    ConclusionRefused,
    Final,
    OrderChecked,
    OrderClosed,
    OrderFollowedUp,
    RedoStarted,
    Satisfaction,
)
from shared.refusals import FieldFault, Forbidden, Invalid
from shared.security.roles import Actor, Role


@dataclass(frozen=True)
class Heard:
    """What the petitioner said, and what the coordinator makes of it."""

    satisfaction: Satisfaction
    opinion: str
    method: str
    solved: bool | None = None
    then: Then | None = None
    typical: bool = False
    """Whether a guidance case should come of it (Art. 11)."""


async def check(session: AsyncSession, actor: Actor, complaint_id: str, *, passed: bool, reasons: str | None) -> Order:
    """Check the answer: passed, the petitioner is asked; returned, a new round of the same leg begins."""
    order, now = await desk.take(session, complaint_id, actor, Action.CHECK)
    if not passed and not reasons:
        sentence = "退回重办应当写明理由，请填写。"
        raise Invalid("no-reasons", sentence, [FieldFault("reasons", sentence)])
    leg = order.current_leg
    session.add(
        Check(
            complaint_id=order.complaint_id,
            leg=leg.number,
            round=order.round,
            passed=passed,
            reasons=reasons,
            at=now,
            by=actor.id,
        )
    )
    if not passed:
        # The co-handlers' answers stand: what is returned is the lead's.
        order.round += 1
        leg.answered_at, leg.returned_at, leg.round = None, now, order.round
        await store.mark_returned(session, order.complaint_id, leg.number, now)
    order.go(states.after_check(passed=passed), now)
    await _part_if_back(session, order, now, actor)
    told = {"passed": passed, "reasons": reasons, "leg": leg.number, "round": order.round}
    desk.tell(session, order, OrderChecked, now, by=actor.id, **told)
    return order


async def follow_up(session: AsyncSession, actor: Actor, complaint_id: str, heard: Heard) -> Order:
    """Record what the petitioner said, and go where it leads: the end, a redo, or a conclusion without satisfaction.

    Where it leads nowhere else, the same said again is recorded once: who had no answer sends it again.
    """
    order, _, now = await desk.take_all(session, complaint_id, actor, Action.FOLLOW_UP)
    assert order.way
    state, final = states.after_follow_up(order.state, order.way, heard.satisfaction, heard.then)
    if final is Final.CONCLUDED_UNREACHABLE:
        tries.must_be_enough([*await store.unreached(session, order.complaint_id, order.round), now])
    told = {
        "satisfaction": heard.satisfaction,
        "solved": heard.solved,
        "opinion": heard.opinion,
        "method": heard.method,
        "by": actor.id,
    }
    is_again = order.state is State.CONCLUDING and order.typical == heard.typical
    if is_again and await _is_recorded(session, order, told | {"then": heard.then}):
        return order
    session.add(FollowUp(complaint_id=order.complaint_id, round=order.round, then=heard.then, at=now, **told))
    desk.tell(session, order, OrderFollowedUp, now, **told)
    if state is not order.state:
        order.go(state, now)
    order.satisfaction, order.typical = heard.satisfaction, heard.typical
    if heard.then is Then.REDO:
        await _redo(session, order, heard.opinion, now, actor)
    if final:
        await close(session, order, final, now, Grounds(actor.id))
        if order.typical:
            await suggest_case(session, order, now, by=actor.id, legal_basis=order.legal_basis)
    return order


async def _is_recorded(session: AsyncSession, order: Order, told: dict[str, Any]) -> bool:
    last = await store.last_follow_up(session, order.complaint_id)
    return (
        last is not None
        and last.satisfaction is Satisfaction.DISSATISFIED  # to call in vain again is to call again
        and all(getattr(last, name) == value for name, value in told.items())
    )


async def _redo(session: AsyncSession, order: Order, reason: str, now: datetime, actor: Actor) -> None:
    """Begin a new round, which the petitioner asked for (Art. 10)."""
    leg = await begin_round(session, order, now)
    desk.tell(session, order, RedoStarted, now, round=order.round, leg=leg, reason=reason, by=actor.id)
    await _part_if_back(session, order, now, actor)


async def _part_if_back(session: AsyncSession, order: Order, now: datetime, actor: Actor) -> None:
    """With its departments again, it waits for no answer to what has been closed meanwhile (多人同诉)."""
    if order.state is State.HANDLING:
        await joining.part_if_left(session, order, now, actor.id)


async def begin_round(session: AsyncSession, order: Order, now: datetime) -> dispatch.Leg | None:
    """A new round; what was dispatched gets a new leg with the stage's full length (Art. 10).

    The departments do it again: each of them, so co-handlers owe their part anew, also those who were overruled before.
    Where the coordinator fixed at dispatch how many working days a plan may take, it may take as many again.
    """
    order.round += 1
    if order.way is Way.DISPATCHED:
        assert order.dispatched_at
        last = order.current_leg
        calendar = await desk.calendar_of(session, order.handling_center)
        order.owe_again()
        if (within := desk.commit_within(order, calendar)) is not None:
            order.commit_within, order.commit_by = within, calendar.working_day_after(now.date(), within)
        limit = limits.redo(Limit(last.rule, last.working_days, last.committed_on), order.dispatched_at, calendar)
        return desk.fact_of(order, desk.begin_leg(order, last.stage, last.expects, limit, now))
    if order.state is not State.REFERRED:
        order.way = None
    return None


async def propose(session: AsyncSession, actor: Actor, complaint_id: str, *, reasons: str, legal_basis: str) -> Order:
    """Propose to conclude without satisfaction; a second person decides."""
    order, now = await desk.take(session, complaint_id, actor, Action.CONCLUDE)
    order.go(State.APPROVING, now)
    session.add(
        Conclusion(
            complaint_id=order.complaint_id,
            round=order.round,
            reasons=reasons,
            legal_basis=legal_basis,
            proposed_at=now,
            proposed_by=actor.id,
        )
    )
    desk.tell(session, order, ConclusionProposed, now, reasons=reasons, legal_basis=legal_basis, by=actor.id)
    return order


async def decide(
    session: AsyncSession, actor: Actor, complaint_id: str, *, approve: bool, reasons: str | None
) -> Order:
    """Approve a proposed conclusion, which ends the order, or send it back; for the head.

    The proposer never approves it; who proposed as head may take it back: at most centers nobody else could.
    """
    order, _, now = await desk.take_all(session, complaint_id, actor, Action.APPROVE)
    if actor.role is not Role.HEAD:
        raise Forbidden("head-only", "不满意办结须由管理机构负责人审批，请提交负责人。")
    conclusion = await store.pending_conclusion(session, order.complaint_id)
    assert conclusion
    if approve:
        people.must_be_another(actor.id, conclusion.proposed_by)
    if not approve and not reasons:
        sentence = "不同意办结应当写明理由，请填写。"
        raise Invalid("no-reasons", sentence, [FieldFault("reasons", sentence)])
    conclusion.approved, conclusion.decision = approve, reasons
    conclusion.decided_at, conclusion.decided_by = now, actor.id
    if approve:
        grounds = Grounds(conclusion.proposed_by, conclusion.reasons, conclusion.legal_basis, actor.id)
        await close(session, order, Final.CONCLUDED_UNSATISFIED, now, grounds)
        if order.typical:
            by, basis, why = conclusion.proposed_by, conclusion.legal_basis, conclusion.reasons
            await suggest_case(session, order, now, by=by, legal_basis=basis, reasons=why)
    else:
        assert reasons
        order.go(State.CONCLUDING, now)
        desk.tell(session, order, ConclusionRefused, now, reasons=reasons, by=actor.id)
    return order


@dataclass(frozen=True)
class Grounds:
    """Who ends it, and where the petitioner is not simply content: why, on what basis, and who agreed."""

    by: str
    reasons: str | None = None
    legal_basis: str | None = None
    approved_by: str | None = None


async def close(session: AsyncSession, order: Order, final: Final, now: datetime, grounds: Grounds) -> None:
    """The end, whatever it is; of this one alone, where others are joined to it (多人同诉)."""
    if order.leg and order.current_leg.ended_at is None:
        order.current_leg.lifted_at = now
    order.go(State.CLOSED, now)
    order.final, order.closed_at = final, now
    desk.tell(
        session,
        order,
        OrderClosed,
        now,
        final=final,
        number=order.complaint.number,
        triage=order.triage,
        satisfaction=order.satisfaction,
        redo=order.round - 1,
        overdue=order.is_overdue(now),
        handled_by=[assignment.party for assignment in order.parties],
        problem=order.complaint.content,
        result=order.result or "",
        legal_basis=grounds.legal_basis or order.legal_basis,
        reasons=grounds.reasons,
        typical=order.typical,
        by=grounds.by,
        approved_by=grounds.approved_by,
    )
    await joining.pass_on(session, order, Cause(now, grounds.by, joining.ENDED))

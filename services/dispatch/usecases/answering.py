"""What departments do: sign for their part, and answer (Art. 8)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import answers, limits, states
from services.dispatch.domain.limits import Limit
from services.dispatch.domain.states import Action, State
from services.dispatch.tables import Assignment, Leg, Order, Reply
from services.dispatch.usecases import desk
from shared import replica
from shared.events import dispatch
from shared.events.dispatch import LimitRule, OrderReplied, OrderSigned, ReplyKind, Stage
from shared.ids import new_id
from shared.refusals import NotPossible
from shared.security.roles import Actor
from shared.settings import settings


@dataclass(frozen=True)
class Answer:
    """What a department answers. `round` and `stage`, where given, say what it was written for."""

    kind: ReplyKind
    text: str
    legal_basis: str | None = None
    remedy: str | None = None
    """What is open to a petitioner who is told that it cannot be done."""
    committed_on: date | None = None
    round: int | None = None
    stage: Stage | None = None


async def sign(session: AsyncSession, actor: Actor, complaint_id: str) -> Order:
    """Sign for the department's part: recorded and shown, it starts nothing (mechanism §5)."""
    order, assignment, now = await desk.take_own(session, complaint_id, actor, Action.SIGN)
    if assignment.signed_at:
        raise NotPossible("already-signed", "本部门已经签收过了，请直接办理答复。")
    assignment.signed_at, assignment.signed_by = now, actor.id
    desk.tell(session, order, OrderSigned, now, party=assignment.party, by=actor.id)
    return order


async def reply(session: AsyncSession, actor: Actor, complaint_id: str, given: Answer) -> Order:
    """Answer for the department: the lead its stage, a co-handler its part (Art. 8).

    It answers as well what is handled together with this one, and waits for the same.
    """
    found = await store.orders_answered_with(session, complaint_id)
    order, assignment, now = desk.own(found[0] if found else None, actor, Action.REPLY)
    assert order.stage
    answers.must_be_current((order.round, order.stage), (given.round, given.stage))
    await _give(session, order, assignment, given, now, actor)
    for other in found[1:]:
        if part := _part_that_waits(other, assignment, given):
            await _give(session, other, part, given, now, actor)
    return order


def _part_that_waits(order: Order, assignment: Assignment, given: Answer) -> Assignment | None:
    """The same department's same part of another order, if this answer is one there."""
    if order.state is not State.HANDLING:
        return None
    leg = order.current_leg
    for part in order.parties:
        if (part.party, part.is_lead) != (assignment.party, assignment.is_lead):
            continue
        if not part.is_lead:
            return None if _has_answered(order, part) else part
        is_early = given.kind is ReplyKind.RESULT and order.owing()
        return part if given.kind in answers.ACCEPTS[leg.stage, leg.expects] and not is_early else None
    return None


async def _give(
    session: AsyncSession, order: Order, assignment: Assignment, given: Answer, now: datetime, actor: Actor
) -> None:
    """Take this answer of a department to this order."""
    answers.must_be_founded(given.kind, given.legal_basis)
    leg = order.current_leg
    written = _written(order, leg, assignment, given, now, actor)
    next_leg = None
    if assignment.is_lead:
        next_leg = await _answer_leg(session, order, leg, written, given)
    else:
        _answer_part(order, assignment, now)
    session.add(written)
    desk.tell(
        session,
        order,
        OrderReplied,
        now,
        reply_id=written.reply_id,
        party=assignment.party,
        is_lead=assignment.is_lead,
        kind=given.kind,
        text=given.text,
        legal_basis=given.legal_basis,
        remedy=given.remedy,
        committed_on=written.committed_on,
        needs_consent=written.needs_consent,
        round=written.round,
        leg=leg.number,
        triage=order.triage,
        next_leg=next_leg,
        by=actor.id,
    )


def _written(order: Order, leg: Leg, assignment: Assignment, given: Answer, now: datetime, actor: Actor) -> Reply:
    return Reply(
        reply_id=new_id(),
        complaint_id=order.complaint_id,
        leg=leg.number,
        round=order.round,
        stage=leg.stage,
        center=assignment.center,
        department=assignment.department,
        is_lead=assignment.is_lead,
        kind=given.kind,
        text=given.text,
        legal_basis=given.legal_basis,
        remedy=given.remedy,
        committed_on=None,
        needs_consent=False,
        at=now,
        by=actor.id,
    )


def _answer_part(order: Order, assignment: Assignment, now: datetime) -> None:
    """A co-handler's answer, of whatever kind, is its result: once in each round of a leg."""
    if _has_answered(order, assignment):
        raise NotPossible("already-answered", "本部门在本轮已经答复过了，请等待牵头部门汇总。")
    assignment.answered_at = assignment.answered_at or now
    assignment.answered_leg, assignment.answered_round = order.leg, order.round


def _has_answered(order: Order, assignment: Assignment) -> bool:
    return (assignment.answered_leg, assignment.answered_round) == (order.leg, order.round)


async def _answer_leg(
    session: AsyncSession, order: Order, leg: Leg, written: Reply, given: Answer
) -> dispatch.Leg | None:
    """The lead's answer ends its leg; a plan opens the next, until the committed date."""
    answers.must_answer(leg.stage, leg.expects, given.kind)
    if given.kind is ReplyKind.RESULT and (owing := order.owing()):
        names = await replica.department_names(session)
        answers.must_be_complete(given.kind, [answers.named(party, names) for party in owing])
    leg.answered_at = written.at
    order.go(states.after_answer(given.kind), written.at)
    if given.kind is not ReplyKind.PLAN:
        order.triage = answers.triage_after(order.triage, given.kind)
        order.result, order.legal_basis = given.text, given.legal_basis
        return None
    calendar = await desk.calendar_of(session, order.handling_center)
    day = limits.committed(given.committed_on, order.commit_by, written.at, calendar)
    written.committed_on = day
    assert order.dispatched_at
    beyond = settings().consent_beyond_working_days
    written.needs_consent = limits.needs_consent(order.triage, order.dispatched_at, day, calendar, beyond)
    limit = Limit(LimitRule.COMMITTED, committed_on=day)
    return desk.fact_of(order, desk.begin_leg(order, Stage.RESULT, ReplyKind.RESULT, limit, written.at))

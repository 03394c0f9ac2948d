"""What departments do: sign for their part, and answer (Art. 8)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import answers, limits, states
from services.dispatch.domain.limits import Limit
from services.dispatch.domain.states import Action, State
from services.dispatch.tables import Assignment, Leg, Order, Reply
from services.dispatch.usecases import desk, petitioners
from shared import replica
from shared.events import dispatch
from shared.events.dispatch import LimitRule, OrderReplied, OrderSigned, Party, ReplyKind, Stage
from shared.ids import new_id
from shared.refusals import NotPossible, Refusal
from shared.security.roles import Actor
from shared.security.seal import SealBroken
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


@dataclass(frozen=True)
class LeftOut:
    """What is joined to the one that was answered, and waits for another answer; and why."""

    number: str
    why: str


@dataclass(frozen=True)
class Answered:
    """What was answered; `left_out` is joined to it, and the lead has to answer it by itself."""

    order: Order
    left_out: Sequence[LeftOut] = ()


async def reply(session: AsyncSession, actor: Actor, complaint_id: str, given: Answer) -> Answered:
    """Answer for the department: the lead its stage, a co-handler its part (Art. 8).

    It answers as well what is joined to this one, by the same rules: what it is no answer to is left out, and refuses
    nothing. The day a plan commits to is the same for all, and the words are but for this one's petitioner.
    """
    found = await store.orders_answered_with(session, complaint_id)
    order, assignment, now = desk.own(found[0] if found else None, actor, Action.REPLY)
    assert order.stage
    answers.must_be_current((order.round, order.stage), (given.round, given.stage))
    given = await _fitting(session, order, assignment, given, now)
    await _give(session, order, assignment, given, now, actor)
    left_out = []
    others = [(other, part) for other in found[1:] if (part := _same_part(other, assignment))]
    shared = await _for_others(session, order, given) if others else None
    for other, part in others:
        try:
            fitting = await _fitting(session, other, part, _readable(shared), now)
        except Refusal as refusal:
            left_out.append(LeftOut(other.complaint.number, refusal.message))
        else:
            await _give(session, other, part, fitting, now, actor)
    return Answered(order, left_out)


async def _for_others(session: AsyncSession, order: Order, given: Answer) -> Answer | None:
    """An answer as it is given to other petitioners, too: who complains here is not named to them, nor kept there.

    None where nobody can read any more who that is: then nobody knows either whether it names him.
    """
    try:
        strike = petitioners.striker(await store.petitioner(session, order.complaint_id))
    except SealBroken:
        return None
    legal_basis, remedy = (text and strike(text) for text in (given.legal_basis, given.remedy))
    return replace(given, text=strike(given.text), legal_basis=legal_basis, remedy=remedy)


def _readable(shared: Answer | None) -> Answer:
    if shared is None:
        raise NotPossible(
            "key-lost",
            "主办件诉求人的信息已无法读取，不能确认答复中没有提到其本人；请对本件单独答复。",
        )
    return shared


def _same_part(order: Order, assignment: Assignment) -> Assignment | None:
    """The same department's part of another order, if it owes an answer there."""
    if order.state is not State.HANDLING:
        return None
    for part in order.parties:
        if (part.party, part.is_lead) == (assignment.party, assignment.is_lead):
            return part if part.is_lead or not _has_answered(order, part) else None
    return None


async def _fitting(session: AsyncSession, order: Order, assignment: Assignment, given: Answer, now: datetime) -> Answer:
    """This answer, if it is one to this order; a plan with the day it commits to. Nothing is changed."""
    answers.must_be_founded(given.kind, given.legal_basis)
    if not assignment.is_lead:
        if _has_answered(order, assignment):
            raise NotPossible("already-answered", "本部门在本轮已经答复过了，请等待牵头部门汇总。")
        return given
    leg = order.current_leg
    answers.must_answer(leg.stage, leg.expects, given.kind)
    if given.kind is ReplyKind.RESULT and (owing := order.owing()):
        names = await replica.department_names(session)
        answers.must_be_complete(given.kind, [answers.named(party, names) for party in owing])
    if given.kind is not ReplyKind.PLAN:
        return given
    calendar = await desk.calendar_of(session, order.handling_center)
    return replace(given, committed_on=limits.committed(given.committed_on, order.commit_by, now, calendar))


async def _give(
    session: AsyncSession, order: Order, assignment: Assignment, given: Answer, now: datetime, actor: Actor
) -> None:
    """Take this answer of a department, which fits this order."""
    written = _written(order, assignment, given, now, actor.id)
    next_leg: dispatch.Leg | None = None
    if assignment.is_lead:
        next_leg = await _answer_leg(session, order, order.current_leg, written)
    else:
        # Of whatever kind, it is this part's result: once in each round of a leg.
        assignment.answered_at = assignment.answered_at or now
        assignment.answered_leg, assignment.answered_round = order.leg, order.round
    _tell(session, order, written, next_leg)


async def take_over(session: AsyncSession, order: Order, leading: Order, now: datetime) -> None:
    """What co-handlers have answered to the leading one before this was joined to it, they have answered here too.

    Where nobody can know whether such an answer names who leads, they still owe theirs here.
    """
    before = {part.party: part for part in leading.parties if not part.is_lead and part.answered_at}
    for part in order.parties:
        if part.is_lead or part.answered_at or (there := before.get(part.party)) is None:
            continue
        if last := await store.answer_of(session, there):
            given = await _for_others(session, leading, Answer(last.kind, last.text, last.legal_basis, last.remedy))
            if given is None:
                continue
            _tell(session, order, _written(order, part, given, now, last.by), None)
        part.answered_at = there.answered_at
        part.answered_leg, part.answered_round = order.leg if _has_answered(leading, there) else 0, order.round


_TOLD = ("is_lead", "kind", "text", "legal_basis", "remedy", "committed_on", "needs_consent", "round", "leg", "by")
"""What is told of an answer as it is kept."""


def _tell(session: AsyncSession, order: Order, written: Reply, next_leg: dispatch.Leg | None) -> None:
    session.add(written)
    desk.tell(
        session,
        order,
        OrderReplied,
        written.at,
        reply_id=written.reply_id,
        party=Party(center=written.center, department=written.department),
        triage=order.triage,
        next_leg=next_leg,
        **{name: getattr(written, name) for name in _TOLD},
    )


def _written(order: Order, assignment: Assignment, given: Answer, now: datetime, by: str) -> Reply:
    leg = order.current_leg
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
        committed_on=given.committed_on if assignment.is_lead and given.kind is ReplyKind.PLAN else None,
        needs_consent=False,
        at=now,
        by=by,
    )


def _has_answered(order: Order, assignment: Assignment) -> bool:
    return (assignment.answered_leg, assignment.answered_round) == (order.leg, order.round)


async def _answer_leg(session: AsyncSession, order: Order, leg: Leg, written: Reply) -> dispatch.Leg | None:
    """The lead's answer ends its leg; a plan opens the next, until the committed date."""
    leg.answered_at = written.at
    order.go(states.after_answer(written.kind), written.at)
    if written.kind is not ReplyKind.PLAN:
        order.triage = answers.triage_after(order.triage, written.kind)
        order.result, order.legal_basis = written.text, written.legal_basis
        return None
    assert written.committed_on
    assert order.dispatched_at
    day, calendar = written.committed_on, await desk.calendar_of(session, order.handling_center)
    beyond = settings().consent_beyond_working_days
    written.needs_consent = limits.needs_consent(order.triage, order.dispatched_at, day, calendar, beyond)
    limit = Limit(LimitRule.COMMITTED, committed_on=day)
    return desk.fact_of(order, desk.begin_leg(order, Stage.RESULT, ReplyKind.RESULT, limit, written.at))

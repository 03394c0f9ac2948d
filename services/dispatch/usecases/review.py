"""Review and dispatch (Art. 6, 7): to departments, to another center, to a unit outside, or to a lawful channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import declines, limits, people, states
from services.dispatch.domain.limits import Limits
from services.dispatch.domain.states import Action, State, Way
from services.dispatch.tables import Assignment, Order, Step
from services.dispatch.usecases import desk, joining, naming
from services.dispatch.usecases.joining import Cause
from shared import replica
from shared.events.dispatch import (
    OrderDirected,
    OrderDispatched,
    OrderRecalled,
    OrderReferred,
    OrderTransferred,
    OutcomeRecorded,
    Party,
    Stage,
)
from shared.refusals import FieldFault, Invalid
from shared.security.roles import Actor, Role
from shared.settings import settings


@dataclass(frozen=True)
class Dispatch:
    """Whom the coordinator names, and how long they get."""

    lead: str
    co_handlers: Sequence[str] = ()
    instructions: str | None = None
    working_days: int | None = None
    """Tightens the limit; 0 is the same day."""
    committed_working_days: int | None = None
    """For `refused`: the item's 承诺时限, counted from dispatch."""


@dataclass(frozen=True)
class Sent:
    """The departments an order goes to, with what they are told, and what the coordinator has fixed of their limit."""

    lead: Party
    co_handlers: Sequence[Party] = ()
    instructions: str | None = None
    working_days: int | None = None
    commit_by: date | None = None
    commit_within: int | None = None


_BY_ITSELF: Mapping[Action, str] = {
    Action.DISPATCH: "本件单独分办。",
    Action.TRANSFER: "本件单独转办其他中心。",
    Action.REFER: "本件单独函转。",
    Action.DIRECT: "本件单独告知渠道。",
}
"""Why what is joined to another one, and reviewed by itself, is joined to it no more."""
_SENT_ON: Mapping[Action, str] = {
    Action.DISPATCH: "主办件重新分办，本件不能一并分办。",
    Action.TRANSFER: "主办件转办其他中心，本件不能一并转办。",
    Action.REFER: "主办件已经函转。",
    Action.DIRECT: "主办件已经告知渠道。",
}
"""Why what was joined to this one, and does not go along, is joined to it no more."""


async def dispatch(session: AsyncSession, actor: Actor, complaint_id: str, given: Dispatch) -> Order:
    """Name the departments and fix the limit; the clock starts now (Art. 7, 8).

    What is joined to it and back for review goes to the same departments, each with a limit of its own.
    """
    order, joined, now = await _review(session, actor, complaint_id, Action.DISPATCH)
    states.must_be_dispatchable(order.triage)
    named = [("lead", given.lead), *naming.numbered("co_handlers", given.co_handlers)]
    lead, *co_handlers = await naming.parties(session, order.handling_center, named)
    people.must_be_distinct(lead, co_handlers)
    within = given.committed_working_days
    commit_by = await _commit_by(session, order, within, now)
    along = [each for each in joining.along(order, joined, actor) if not _is_for_the_head(each, actor)]
    sent = Sent(lead, co_handlers, given.instructions, given.working_days, commit_by, within)
    send(session, order, actor, now, sent)
    for each in along:
        send(session, each, actor, now, replace(sent, working_days=None))
    joining.part_others(session, order, joined, along, Cause(now, actor.id, _SENT_ON[Action.DISPATCH]))
    return order


async def _review(
    session: AsyncSession, actor: Actor, complaint_id: str, action: Action
) -> tuple[Order, Sequence[Order], datetime]:
    """What is reviewed, and what is joined to it; where it is joined to another one, it is handled by itself now."""
    order, joined, now = await desk.take_all(session, complaint_id, actor, action)
    await joining.part(session, order, Cause(now, actor.id, _BY_ITSELF[action]))
    return order, joined, now


def _is_for_the_head(order: Order, actor: Actor) -> bool:
    is_his = declines.is_for_the_head(order.dispatches, settings().dispatches_before_head)
    return is_his and actor.role is not Role.HEAD


def send(session: AsyncSession, order: Order, actor: Actor, now: datetime, sent: Sent) -> None:
    """The order goes to its departments, on a new leg."""
    states.must_be_dispatchable(order.triage)
    most = settings().dispatches_before_head
    declines.must_be_for_the_head(order.dispatches, most, is_head=actor.role is Role.HEAD)
    departments = [sent.lead, *sent.co_handlers]
    days, expects = limits.first_answer(
        order.triage, _limits(), departments=len(departments), transferred=order.transferred
    )
    limit = limits.tightened(days, sent.working_days)
    order.go(State.HANDLING, now)
    order.way, order.dispatched_at = Way.DISPATCHED, now
    order.instructions, order.commit_by, order.commit_within = sent.instructions, sent.commit_by, sent.commit_within
    order.dispatches += 1
    for position, party in enumerate(departments):
        order.assignments.append(
            Assignment(
                dispatch=order.dispatches,
                center=party.center,
                department=party.department,
                position=position,
                assigned_at=now,
            )
        )
    leg = desk.begin_leg(order, Stage.REPLY, expects, limit, now)
    desk.tell(
        session,
        order,
        OrderDispatched,
        now,
        handling_center=order.handling_center,
        lead=sent.lead,
        co_handlers=list(sent.co_handlers),
        leg=desk.fact_of(order, leg),
        by=actor.id,
        instructions=sent.instructions,
    )


def _limits() -> Limits:
    """The numbers of Art. 8 as they are set here."""
    given = settings()
    return Limits(given.plan_working_days, given.reasons_working_days, given.refused_working_days)


async def _commit_by(session: AsyncSession, order: Order, working_days: int | None, now: datetime) -> date | None:
    if working_days is None:
        return None
    limits.must_allow_commitment(order.triage)
    return (await desk.calendar_of(session, order.handling_center)).working_day_after(now.date(), working_days)


async def transfer(session: AsyncSession, actor: Actor, complaint_id: str, to_center: str, reason: str) -> Order:
    """Hand the order to another center's coordinator, who dispatches it; number and order stay (Art. 7).

    What is joined to it and under review with it goes along.
    """
    order, joined, now = await _review(session, actor, complaint_id, Action.TRANSFER)
    from_center = order.handling_center
    if to_center == from_center or not await replica.center_exists(session, to_center):
        sentence = "请选择另一个政务服务中心或便民服务中心的代码。"
        raise Invalid("no-such-center", sentence, [FieldFault("to_center", sentence)])
    along = joining.along(order, joined, actor)
    told = {"from_center": from_center, "to_center": to_center, "reason": reason}
    for each in [order, *along]:
        each.handling_center, each.transferred, each.since = to_center, True, now
        _note(session, each, actor, now, Action.TRANSFER, to_center, reason)
        desk.tell(session, each, OrderTransferred, now, by=actor.id, **told)
    joining.part_others(session, order, joined, along, Cause(now, actor.id, _SENT_ON[Action.TRANSFER]))
    return order


async def refer(
    session: AsyncSession, actor: Actor, complaint_id: str, unit: str, reason: str | None, *, chase: bool
) -> Order:
    """Refer a matter that is not this center's to the unit that handles it, and keep tracking (Art. 6).

    The unit that is asked already is written to again to chase its answer.
    """
    order, _, now = await _review(session, actor, complaint_id, Action.REFER)
    states.must_be_out_of_scope(order.triage)
    states.must_lead_there(Action.REFER, unit, await replica.way_to(session, unit))
    last = await store.last_referral(session, complaint_id) if order.state is State.REFERRED else None
    asked = (last.target or "", last.at.date()) if last else None
    states.must_be_askable(unit, asked, now.date(), chase=chase)
    order.go(State.REFERRED, now)
    order.way = Way.REFERRED
    _note(session, order, actor, now, Action.REFER, unit, reason)
    desk.tell(session, order, OrderReferred, now, unit=unit, by=actor.id, reason=reason)
    await joining.pass_on(session, order, Cause(now, actor.id, _SENT_ON[Action.REFER]))
    return order


async def _unit_asked(session: AsyncSession, complaint_id: str) -> str:
    last = await store.last_referral(session, complaint_id)
    return (last and last.target) or ""


async def record_outcome(session: AsyncSession, actor: Actor, complaint_id: str, text: str) -> Order:
    """Record what the unit has answered; the petitioner is asked next (Art. 6, 10)."""
    order, now = await desk.take(session, complaint_id, actor, Action.OUTCOME)
    order.go(State.FOLLOWING_UP, now)
    order.result = text
    unit = await _unit_asked(session, complaint_id)
    _note(session, order, actor, now, Action.OUTCOME, unit, text)
    desk.tell(session, order, OutcomeRecorded, now, unit=unit, text=text, by=actor.id)
    return order


async def recall(session: AsyncSession, actor: Actor, complaint_id: str, reason: str) -> Order:
    """Take back what was referred: the unit does not take it, so it is sorted, dispatched or referred anew (Art. 6).

    It stays in its round: nobody has been asked whether he is content.
    """
    order, now = await desk.take(session, complaint_id, actor, Action.RECALL)
    order.go(State.PENDING, now)
    order.way = None
    unit = await _unit_asked(session, complaint_id)
    _note(session, order, actor, now, Action.RECALL, unit, reason)
    desk.tell(session, order, OrderRecalled, now, unit=unit, reason=reason, by=actor.id)
    return order


async def direct(session: AsyncSession, actor: Actor, complaint_id: str, channel: str, reason: str) -> Order:
    """Tell the petitioner the lawful channel, and why it is that one; then ask how he takes it (Art. 6)."""
    order, _, now = await _review(session, actor, complaint_id, Action.DIRECT)
    states.must_be_out_of_scope(order.triage)
    states.must_lead_there(Action.DIRECT, channel, await replica.way_to(session, channel))
    order.go(State.FOLLOWING_UP, now)
    order.way = Way.DIRECTED
    order.result = f"请向{channel}反映。{reason}"
    _note(session, order, actor, now, Action.DIRECT, channel, reason)
    desk.tell(session, order, OrderDirected, now, channel=channel, reason=reason, by=actor.id)
    await joining.pass_on(session, order, Cause(now, actor.id, _SENT_ON[Action.DIRECT]))
    return order


def _note(
    session: AsyncSession, order: Order, actor: Actor, at: datetime, action: Action, target: str, text: str | None
) -> None:
    session.add(
        Step(
            complaint_id=order.complaint_id,
            round=order.round,
            action=action,
            target=target,
            text=text,
            at=at,
            by=actor.id,
        )
    )

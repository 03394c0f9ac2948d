"""退单 (mechanism §4): a department declines within a working day; the coordinator agrees, or it stays where it is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import declines
from services.dispatch.domain.states import Action, State
from services.dispatch.tables import Decline, Order
from services.dispatch.usecases import desk, joining, naming
from services.dispatch.usecases.joining import Cause
from shared.events.dispatch import DeclineRaised, DeclineRefused, DeclineUpheld, Party, Stage
from shared.security import roles
from shared.security.roles import Actor
from shared.settings import settings


@dataclass(frozen=True)
class Ground:
    """Why a department is not the right one, and which is, if it knows (its code)."""

    reason: str
    right_department: str | None = None


@dataclass(frozen=True)
class Word:
    """What the coordinator says to a decline; of which department, where several wait (its code)."""

    uphold: bool
    reasons: str
    department: str | None = None


async def decline(session: AsyncSession, actor: Actor, complaint_id: str, given: Ground) -> Order:
    """Say that one's department is not the right one; its clock goes on until the coordinator has agreed."""
    desk.must_be(actor, roles.Action.REPLY)
    order, assignment, now = await desk.take_own(session, complaint_id, actor, Action.DECLINE)
    leg = order.current_leg
    own = [each for each in await store.declines(session, order.complaint_id) if each.party == assignment.party]
    declines.must_be_declinable_again(
        pending=any(each.dispatch == order.dispatches and each.decided_at is None for each in own),
        refused=sum(each.granted is False for each in own),
        most=settings().decline_refusals,
    )
    has_answered = order.has_begun_to_answer(assignment)
    declines.must_be_unanswered(leg.stage, has_answered=has_answered, by_lead=assignment.is_lead)
    calendar = await desk.calendar_of(session, order.handling_center)
    declines.must_be_in_time(assignment.assigned_at, now, calendar, settings().decline_working_days)
    right = await _right(session, order, given.right_department) if given.right_department else None
    session.add(
        Decline(
            complaint_id=order.complaint_id,
            dispatch=order.dispatches,
            leg=leg.number,
            center=assignment.center,
            department=assignment.department,
            reason=given.reason,
            right_department=right,
            at=now,
            by=actor.id,
        )
    )
    told = {"party": assignment.party, "leg": leg.number, "reason": given.reason, "right_department": right}
    desk.tell(session, order, DeclineRaised, now, by=actor.id, **told)
    return order


async def _right(session: AsyncSession, order: Order, code: str) -> str:
    [party] = await naming.parties(session, order.handling_center, [("right_department", code)])
    return f"{party.center}/{party.department}"


async def decide(session: AsyncSession, actor: Actor, complaint_id: str, word: Word) -> Order:
    """Agree, and it is reviewed and dispatched anew; or not, and it stays: no date changes.

    With it comes back what is joined to it and waits for the same department: the matter is not that department's.
    What is joined to another one, and comes back alone, is handled by itself.
    """
    desk.must_be(actor, roles.Action.DISPATCH)
    order, joined, now = await desk.take_all(session, complaint_id, actor, Action.UPHOLD)
    found = await store.declines(session, order.complaint_id)
    waiting = [each for each in found if each.dispatch == order.dispatches and each.decided_at is None]
    party = declines.must_be_decidable([each.party for each in waiting], word.department)
    [decided] = [each for each in waiting if each.party == party]
    leg = order.current_leg
    if word.uphold:
        declines.must_be_unanswered(leg.stage, has_answered=False, by_lead=order.parties[0].party == party)
    decided.decide(now, actor.id, granted=word.uphold, decision=word.reasons)
    told = {"party": party, "leg": leg.number, "reasons": word.reasons, "by": actor.id}
    if not word.uphold:
        refused = sum(each.granted is False for each in found if each.party == party)
        desk.tell(session, order, DeclineRefused, now, **told, is_final=refused >= settings().decline_refusals)
        return order
    _take_back(session, order, party, word, now, actor)
    await joining.part(session, order, Cause(now, actor.id, "本件单独退单，另行审核分办。"))
    for each in joined:
        if _waits_for(each, party) and not desk.is_about_him(each, actor):
            for own in await store.declines(session, each.complaint_id):
                if (own.dispatch, own.party, own.decided_at) == (each.dispatches, party, None):
                    own.decide(now, actor.id, granted=True, decision=word.reasons)
            _take_back(session, each, party, word, now, actor)
    return order


def _waits_for(order: Order, party: Party) -> bool:
    """Whether this department has it, and nothing has been proposed there yet."""
    is_unplanned = order.state is State.HANDLING and order.current_leg.stage is Stage.REPLY
    return is_unplanned and any(part.party == party for part in order.parties)


def _take_back(session: AsyncSession, order: Order, party: Party, word: Word, now: datetime, actor: Actor) -> None:
    """Its departments have it no more; it is under review again."""
    leg = order.current_leg
    for assignment in order.parties:
        assignment.ended_at = now
    leg.lifted_at = now
    order.go(State.PENDING, now)
    order.way = None
    told = {"party": party, "leg": leg.number, "reasons": word.reasons, "by": actor.id}
    for_the_head = declines.is_for_the_head(order.dispatches, settings().dispatches_before_head)
    desk.tell(session, order, DeclineUpheld, now, **told, for_the_head=for_the_head)

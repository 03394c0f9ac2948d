"""退单 (mechanism §4): a department declines within a working day; the coordinator agrees, or it stays where it is.

For a department that was retired meanwhile nobody can decline, nor answer: the coordinator takes back what it has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import declines
from services.dispatch.domain.states import Action, State
from services.dispatch.tables import Assignment, Decline, Order
from services.dispatch.usecases import desk, joining, naming
from services.dispatch.usecases.joining import Cause
from shared.events.dispatch import DeclineRaised, DeclineRefused, DeclineUpheld, Party, Stage
from shared.refusals import NotPossible
from shared.security import roles
from shared.security.roles import Actor
from shared.settings import settings
from shared.workdays import Calendar


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
    calendar = await desk.calendar_of(session, order.handling_center)
    _must_be_declinable(order, assignment, await store.declines(session, [order.complaint_id]), now, calendar)
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


def _must_be_declinable(
    order: Order, part: Assignment, found: Sequence[Decline], at: datetime, calendar: Calendar
) -> None:
    """Whether this part of an order may be declined at this instant; `found`: what has been declined of it."""
    own = [each for each in found if each.party == part.party]
    declines.must_be_declinable_again(
        pending=any(_waits(each, order) for each in own),
        refused=sum(each.granted is False for each in own),
        most=settings().decline_refusals,
    )
    has_answered = order.has_begun_to_answer(part)
    declines.must_be_unanswered(order.current_leg.stage, has_answered=has_answered, by_lead=part.is_lead)
    declines.must_be_in_time(part.assigned_at, at, calendar, settings().decline_working_days)


def _waits(decline: Decline, order: Order) -> bool:
    """Whether it is of the departments that have the order now, and nobody has decided it."""
    return decline.dispatch == order.dispatches and decline.decided_at is None


async def _right(session: AsyncSession, order: Order, code: str) -> str:
    [party] = await naming.parties(session, order.handling_center, [("right_department", code)])
    return f"{party.center}/{party.department}"


async def decide(session: AsyncSession, actor: Actor, complaint_id: str, word: Word) -> Order:
    """Agree, and it is reviewed and dispatched anew; or not, and it stays: no date changes.

    With it comes back what is joined to it and waits for the same department: the matter is not that department's. What
    that department could not have declined then stays with it, by itself: to be joined gives it no second chance.
    What is joined to another one, and comes back alone, is handled by itself. Of a department that is retired it is
    taken back though nobody has declined, whatever was promised, and so is all that is joined to it there.
    """
    desk.must_be(actor, roles.Action.DISPATCH)
    order, joined, now = await desk.take_all(session, complaint_id, actor, Action.UPHOLD)
    of_all = await store.declines(session, [order.complaint_id, *(each.complaint_id for each in joined)])
    found = [each for each in of_all if each.complaint_id == order.complaint_id]
    waiting = [each for each in found if _waits(each, order)]
    retired = await desk.retired(session, order)
    party = declines.must_be_decidable([each.party for each in waiting] or retired, word.department)
    is_retired = party in retired
    decided = next((each for each in waiting if each.party == party), None)
    if decided is None:
        declines.must_be_taken_back(uphold=word.uphold)
        decided = _without_a_word(session, order, party, now, actor)
    leg = order.current_leg
    if word.uphold and not is_retired:
        declines.must_be_unanswered(leg.stage, has_answered=False, by_lead=order.parties[0].party == party)
    decided.decide(now, actor.id, granted=word.uphold, decision=word.reasons)
    told = {"party": party, "leg": leg.number, "reasons": word.reasons, "by": actor.id}
    if not word.uphold:
        refused = sum(each.granted is False for each in found if each.party == party)
        desk.tell(session, order, DeclineRefused, now, **told, is_final=refused >= settings().decline_refusals)
        return order
    _take_back(session, order, party, word, now, actor)
    await joining.part(session, order, Cause(now, actor.id, "本件单独退单，另行审核分办。"))
    calendar = await desk.calendar_of(session, order.handling_center)
    for each in joined:
        part = _waiting_for(each, party, in_any_stage=is_retired)
        if part is None or desk.is_about_him(each, actor):
            continue
        of_it = [other for other in of_all if other.complaint_id == each.complaint_id]
        if is_retired or _is_declined_too(each, part, of_it, decided, calendar):
            for own in of_it:
                if own.party == party and _waits(own, each):
                    own.decide(now, actor.id, granted=True, decision=word.reasons)
            _take_back(session, each, party, word, now, actor)
        else:
            await joining.part(
                session, each, Cause(now, actor.id, "主办件已退单，本件不能一并退单，继续由承办部门办理。")
            )
    return order


def _without_a_word(session: AsyncSession, order: Order, party: Party, now: datetime, actor: Actor) -> Decline:
    """What stands in the record where a retired department has nobody left who could decline."""
    taken = Decline(
        complaint_id=order.complaint_id,
        dispatch=order.dispatches,
        leg=order.current_leg.number,
        center=party.center,
        department=party.department,
        reason="该部门已停用，由管理机构收回。",
        at=now,
        by=actor.id,
    )
    session.add(taken)
    return taken


def _waiting_for(order: Order, party: Party, *, in_any_stage: bool) -> Assignment | None:
    """The part of it that this department has, while nothing has been proposed there yet, or in whatever stage."""
    if order.state is not State.HANDLING or not (in_any_stage or order.current_leg.stage is Stage.REPLY):
        return None
    return next((part for part in order.parties if part.party == party), None)


def _is_declined_too(
    order: Order, part: Assignment, found: Sequence[Decline], decided: Decline, calendar: Calendar
) -> bool:
    """Whether what a department has declined of the leading one counts for this one: it has, or could have, too."""
    if any(each.party == part.party and _waits(each, order) for each in found):
        return True
    try:
        _must_be_declinable(order, part, found, decided.at, calendar)
    except NotPossible:
        return False
    return True


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

"""What this actor may do to this order now, so that a page offers nothing that would be refused for who or when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import endings
from services.dispatch.domain.people import Person, must_not_be_about
from services.dispatch.domain.states import ALLOWED, Action
from services.dispatch.tables import Assignment, Decline, Extension, Order, Withdrawal
from services.dispatch.usecases import desk
from shared import clock
from shared.events.dispatch import LimitRule, Stage
from shared.events.intake import Triage
from shared.refusals import Forbidden
from shared.security import roles
from shared.security.roles import Actor, Role
from shared.settings import settings
from shared.workdays import Calendar

_DEPARTMENTS = frozenset({Action.SIGN, Action.REPLY, Action.DECLINE, Action.EXTEND})
_ELSEWHERE = frozenset({Action.TRIAGE, Action.SETTLE, Action.NUDGE})
"""At the window, or by the petitioner."""


@dataclass(frozen=True)
class Case:
    """An order as somebody looks at it."""

    order: Order
    actor: Actor
    now: datetime
    calendar: Calendar
    part: Assignment | None
    """What of it is this officer's department's."""
    is_joined: bool
    """To one that leads still."""
    is_left: bool
    """With a department that is retired."""


async def doable(session: AsyncSession, actor: Actor, order: Order) -> list[Action]:
    """What may be done, in the order in which it is defined; the order was opened with everything about it."""
    mine = (actor.center, actor.department)
    part = next((each for each in order.parties if (each.center, each.department) == mine), None)
    calendar = await desk.calendar_of(session, order.handling_center)
    is_joined = order.joined_to is not None and await store.leads_still(session, order.joined_to)
    is_left = bool(await desk.retired(session, order))
    case = Case(order, actor, clock.now(), calendar, part, is_joined, is_left)
    wanted = _DEPARTMENTS if actor.role is Role.OFFICER else frozenset(Action) - _DEPARTMENTS - _ELSEWHERE
    if not _is_at_hand(case):
        return []
    return [each for each in Action if each in wanted & ALLOWED[order.state] and _CHECKS.get(each, _always)(case)]


def _is_at_hand(case: Case) -> bool:
    """Whether the order lies on this actor's desk: his department's, or his office's and not about him."""
    order, actor = case.order, case.actor
    if actor.role is Role.OFFICER:
        return case.part is not None
    if not actor.may(roles.Action.DISPATCH) or not actor.reaches(order.handling_center):
        return False
    try:
        must_not_be_about(order.complaint.about, Person(actor.id, actor.name, actor.center, actor.department))
    except Forbidden:
        return False
    return True


def declines_waiting(order: Order) -> list[Decline]:
    """Those nobody has decided, of the last dispatch."""
    return [each for each in order.declines if each.dispatch == order.dispatches and each.decided_at is None]


def extension_waiting(order: Order) -> Extension | None:
    """The one nobody has decided, of the leg that runs."""
    return next((each for each in order.extensions if each.leg == order.leg and each.decided_at is None), None)


def withdrawal_waiting(order: Order) -> Withdrawal | None:
    """The one nobody has confirmed."""
    return next((each for each in order.withdrawals if each.decided_at is None), None)


def _always(_: Case) -> bool:
    return True


def _is_head(case: Case) -> bool:
    return case.actor.role is Role.HEAD


def _dispatch(case: Case) -> bool:
    order = case.order
    is_theirs = order.triage not in (Triage.GENERAL, Triage.OUT_OF_SCOPE)
    return is_theirs and (order.dispatches < settings().dispatches_before_head or _is_head(case))


def _out_of_scope(case: Case) -> bool:
    return case.order.triage is Triage.OUT_OF_SCOPE


def _consent(case: Case) -> bool:
    plans = [each for leg in case.order.legs if leg.number == case.order.leg - 1 for each in leg.replies]
    return any(each.needs_consent and each.consented is None for each in plans)


def _supervise(case: Case) -> bool:
    due_at = case.order.current_leg.due_at
    return due_at is not None and case.now > due_at


def _approve(case: Case) -> bool:
    return _is_head(case) and any(each.approved is None for each in case.order.conclusions)


def _confirm(case: Case) -> bool:
    return _is_head(case) and withdrawal_waiting(case.order) is not None


def _reopen(case: Case) -> bool:
    order = case.order
    assert order.closed_at
    until = endings.reopenable_until(order.closed_at, case.calendar, settings().reopening_working_days)
    return order.reopened_at is None and case.now <= until


def _reply(case: Case) -> bool:
    part, order = _part(case), case.order
    return part.is_lead or (part.answered_leg, part.answered_round) != (order.leg, order.round)


def _decline(case: Case) -> bool:
    part, order = _part(case), case.order
    own = [each for each in order.declines if each.party == part.party]
    is_pending = any(each in declines_waiting(order) for each in own)
    is_answered = order.has_begun_to_answer(part)
    last = case.calendar.due_after(part.assigned_at, settings().decline_working_days).due_at
    is_final = sum(each.granted is False for each in own) >= settings().decline_refusals
    return order.stage is Stage.REPLY and case.now <= last and not (is_answered or is_pending or is_final)


def _extend(case: Case) -> bool:
    leg = case.order.current_leg
    asked = [each for each in case.order.extensions if each.leg == leg.number and each.granted is not False]
    in_time = leg.due_at is None or case.now <= leg.due_at
    return _part(case).is_lead and leg.rule is LimitRule.COMMITTED and in_time and not asked


def _part(case: Case) -> Assignment:
    assert case.part
    return case.part


_CHECKS: Mapping[Action, Callable[[Case], bool]] = {
    Action.DISPATCH: _dispatch,
    Action.REFER: _out_of_scope,
    Action.DIRECT: _out_of_scope,
    Action.UPHOLD: lambda case: case.is_left or bool(declines_waiting(case.order)),
    Action.GRANT: lambda case: extension_waiting(case.order) is not None,
    Action.CONSENT: _consent,
    Action.OVERRULE: lambda case: bool(case.order.owing()),
    Action.SUPERVISE: _supervise,
    Action.JOIN: lambda case: not case.is_joined,
    Action.APPROVE: _approve,
    Action.WITHDRAW: lambda case: withdrawal_waiting(case.order) is None,
    Action.CONFIRM: _confirm,
    Action.REOPEN: _reopen,
    Action.SIGN: lambda case: _part(case).signed_at is None,
    Action.REPLY: _reply,
    Action.DECLINE: _decline,
    Action.EXTEND: _extend,
}
"""What is asked beside the state; what is not here needs nothing more."""

"""What all of these begin and end with: the order on the desk of whoever may handle it, its legs, what is told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import limits
from services.dispatch.domain.answers import code_of
from services.dispatch.domain.limits import Limit
from services.dispatch.domain.people import Person, is_about, must_not_be_about
from services.dispatch.domain.states import Action, must_allow
from services.dispatch.tables import Assignment, Leg, Order
from shared import clock, replica
from shared.events import Event, dispatch
from shared.events.dispatch import Party, ReplyKind, Stage
from shared.messaging import Unknown, announce
from shared.refusals import Forbidden, NotFound, Unavailable
from shared.security import roles
from shared.security.roles import Actor, must_reach
from shared.workdays import Calendar


def must_be(actor: Actor, action: roles.Action) -> None:
    """Refuse one whose role may not do this half of what a door does."""
    if not actor.may(action):
        raise Forbidden("not-allowed", "您的岗位不能进行这项操作。")


async def take(session: AsyncSession, complaint_id: str, actor: Actor, action: Action) -> tuple[Order, datetime]:
    """The order, locked, for a coordinator of the center that handles it, and the instant at which he acts.

    Refuses one of another center, one the complaint is about, and what cannot be done now.
    """
    return _taken(await store.order_for_change(session, complaint_id), actor, action)


async def take_all(
    session: AsyncSession, complaint_id: str, actor: Actor, action: Action
) -> tuple[Order, Sequence[Order], datetime]:
    """The same, and what is joined to it: for what is done to the leading one and may concern all (多人同诉)."""
    found = await store.orders_answered_with(session, complaint_id)
    order, now = _taken(found[0] if found else None, actor, action)
    return order, found[1:], now


def _taken(order: Order | None, actor: Actor, action: Action) -> tuple[Order, datetime]:
    order = _known(order)
    must_reach(actor, order.handling_center)
    must_not_be_about(order.complaint.about, _person(actor))
    must_allow(order.state, action)
    # The instant is read after the lock is held: a rung that was decided meanwhile lies before it.
    return order, clock.now()


def is_about_him(order: Order, actor: Actor) -> bool:
    """Whether somebody else has to handle it."""
    return is_about(order.complaint.about, _person(actor))


def _person(actor: Actor) -> Person:
    return Person(actor.id, actor.name, actor.center, actor.department)


async def take_own(
    session: AsyncSession, complaint_id: str, actor: Actor, action: Action
) -> tuple[Order, Assignment, datetime]:
    """The order, locked, and the part of it that is this officer's department's, and the instant at which he acts."""
    return own(await store.order_for_change(session, complaint_id), actor, action)


def own(order: Order | None, actor: Actor, action: Action) -> tuple[Order, Assignment, datetime]:
    """The same of an order that is locked already."""
    order = _known(order)
    for assignment in order.parties:
        if (assignment.center, assignment.department) == (actor.center, actor.department):
            must_allow(order.state, action)
            return order, assignment, clock.now()
    raise Forbidden("not-assigned", "本件没有分办给您的部门，请联系承办中心核对。")


async def retired(session: AsyncSession, order: Order) -> list[Party]:
    """The departments that have the order and were switched off in the directory since: there, nobody answers."""
    switched_off = await replica.retired_departments(session)
    return [part.party for part in order.parties if code_of(part.party) in switched_off]


def _known(order: Order | None) -> Order:
    if order is None:
        raise NotFound("no-such-order", "没有这件诉求的工作单；刚登记的请先研判分类，稍后再试。")
    return order


def tell(session: AsyncSession, order: Order, event: type[Event], at: datetime, **data: Any) -> None:
    """Announce what has happened to an order, under its next revision."""
    order.revision += 1
    told = {"at": at, "center": order.center, "subject": order.complaint_id, "revision": order.revision}
    announce(session, event(**told | data))


async def calendar_of(session: AsyncSession, center: str) -> Calendar:
    """The calendar of the center that handles an order."""
    try:
        return await replica.calendar_of(session, center)
    except Unknown as error:
        raise Unavailable("no-calendar", "本中心的工作日历还没有同步到这里，请稍后再试。") from error


def commit_within(order: Order, calendar: Calendar) -> int | None:
    """How many working days the coordinator allowed a plan at dispatch, if that was fixed.

    Orders dispatched before these were kept tell them by the day that was fixed.
    """
    if order.commit_by is None:
        return None
    assert order.dispatched_at
    return order.commit_within or limits.days_to(order.commit_by, order.dispatched_at, calendar)


def begin_leg(order: Order, stage: Stage, expects: ReplyKind, limit: Limit, at: datetime) -> Leg:
    """Open the order's next leg, counted by the handling center's calendar."""
    leg = Leg(
        number=order.leg + 1,
        stage=stage,
        round=order.round,
        expects=expects,
        dispatch=order.dispatches,
        starts_at=at,
        rule=limit.rule,
        working_days=limit.working_days,
        committed_on=limit.committed_on,
        calendar=order.handling_center,
    )
    order.legs.append(leg)
    order.leg, order.stage = leg.number, stage
    return leg


def fact_of(order: Order, leg: Leg) -> dispatch.Leg:
    """A leg as the others hear of it."""
    return dispatch.Leg(
        number=leg.number,
        stage=leg.stage,
        round=leg.round,
        starts_at=leg.starts_at,
        rule=leg.rule,
        working_days=leg.working_days,
        committed_on=leg.committed_on,
        calendar=leg.calendar,
        has_co_handlers=bool(order.owing()),
    )

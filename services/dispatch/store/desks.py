"""What the desks list: calls to make, legs that run, the orders of a department, who led before."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from services.dispatch.domain.states import State
from services.dispatch.store.found import AGGREGATE
from services.dispatch.store.queue import STILL_OPEN
from services.dispatch.tables import Assignment, Complaint, Leg, Order
from shared.among import among


async def complaints_of(session: AsyncSession, complaint_ids: Collection[str]) -> dict[str, Order]:
    """These orders with what was complained of, to be listed."""
    found = await session.scalars(
        select(Order)
        .where(among(Order.complaint_id, complaint_ids))
        .options(joinedload(Order.complaint, innerjoin=True), selectinload(Order.assignments))
    )
    return {order.complaint_id: order for order in found}


async def to_be_called(session: AsyncSession, center: str, limit: int) -> Sequence[Order]:
    """The orders whose petitioners a center has to ask, the longest waiting first, with every try."""
    found = await session.scalars(
        select(Order)
        .where(Order.handling_center == center, Order.state == State.FOLLOWING_UP, STILL_OPEN)
        .order_by(Order.since, Order.complaint_id)
        .limit(limit)
        .options(
            joinedload(Order.complaint, innerjoin=True).selectinload(Complaint.petitioner),
            selectinload(Order.follow_ups),
        )
    )
    return found.all()


async def running(session: AsyncSession, center: str, until: datetime, limit: int) -> Sequence[tuple[Order, Leg]]:
    """The unanswered legs of a center that are due by then, what is due first first; with rungs and departments."""
    found = await session.execute(
        select(Order, Leg)
        .join(Leg, and_(Leg.complaint_id == Order.complaint_id, Leg.number == Order.leg))
        .where(
            Order.handling_center == center,
            Order.state == State.HANDLING,
            STILL_OPEN,
            Leg.answered_at.is_(None),
            Leg.lifted_at.is_(None),
            Leg.due_at <= until,
        )
        .order_by(Leg.due_at, Leg.complaint_id)
        .limit(limit)
        .options(joinedload(Order.complaint, innerjoin=True), selectinload(Order.assignments), selectinload(Leg.rungs))
    )
    return [(order, leg) for order, leg in found]


async def how_many_overdue(session: AsyncSession, center: str, now: datetime) -> int:
    """How many unanswered legs of a center were due before now."""
    found = await session.scalar(
        select(func.count())
        .select_from(Order)
        .join(Leg, and_(Leg.complaint_id == Order.complaint_id, Leg.number == Order.leg))
        .where(
            Order.handling_center == center,
            Order.state == State.HANDLING,
            STILL_OPEN,
            Leg.answered_at.is_(None),
            Leg.lifted_at.is_(None),
            Leg.due_at < now,
        )
    )
    return found or 0


async def of_department(
    session: AsyncSession, centers: Collection[str], party: tuple[str, str], states: Collection[State], limit: int
) -> Sequence[Order]:
    """The orders of these centers that a department has a part of, what came first first, with legs and parts."""
    center, department = party
    mine = exists().where(
        Assignment.complaint_id == Order.complaint_id,
        Assignment.dispatch == Order.dispatches,
        Assignment.center == center,
        Assignment.department == department,
        Assignment.ended_at.is_(None),
    )
    found = await session.scalars(
        select(Order)
        .where(Order.handling_center.in_(centers), Order.state.in_(states), mine)
        .order_by(Order.dispatched_at, Order.complaint_id)
        .limit(limit)
        .options(*AGGREGATE)
    )
    return found.all()


async def past_leads(session: AsyncSession, center: str, service_item: str, newest: int) -> list[tuple[str, int]]:
    """Who led the newest orders about this item at a center, as `<center>/<department>`, and how many of them."""
    latest = (
        select(Complaint.complaint_id)
        .where(Complaint.center == center, Complaint.service_item == service_item)
        .order_by(Complaint.complaint_id.desc())
        .limit(newest)
        .subquery()
    )
    code = Assignment.center + "/" + Assignment.department
    found = await session.execute(
        select(code, func.count())
        .join(Order, and_(Order.complaint_id == Assignment.complaint_id, Order.dispatches == Assignment.dispatch))
        .join(latest, latest.c.complaint_id == Order.complaint_id)
        .where(Assignment.position == 0, Assignment.ended_at.is_(None))
        .group_by(code)
        .order_by(func.count().desc(), code)
    )
    return [(lead, count) for lead, count in found]

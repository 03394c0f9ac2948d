"""What the desks list: calls to make, legs that run, the parts of a department, who led before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from services.dispatch.domain.states import State
from services.dispatch.store.found import AGGREGATE, WITH_PETITIONER
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


async def to_be_called(session: AsyncSession, center: str, before: int, limit: int) -> Sequence[Order]:
    """The orders whose petitioners a center has to ask, the longest waiting first, with every try; after so many."""
    found = await session.scalars(
        select(Order)
        .where(Order.handling_center == center, Order.state == State.FOLLOWING_UP, STILL_OPEN)
        .order_by(Order.since, Order.complaint_id)
        .offset(before)
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


_LEADS = Assignment.position == 0
_DUE_AT = case((_LEADS, Leg.due_at), else_=func.coalesce(Leg.co_handlers_due_at, Leg.due_at))
_ANSWERED_AT = case((_LEADS, Leg.answered_at), else_=func.coalesce(Assignment.answered_at, Assignment.overruled_at))
_OWED = and_(Order.state == State.HANDLING, _ANSWERED_AT.is_(None))
"""Of a department's part of an order: whether it leads, by when it is due, when it was answered, whether it owes."""


def _has_part(centers: Collection[str], party: tuple[str, str]) -> list[ColumnElement[bool]]:
    """That a department has a part of an open order of these centers: that part, and the order's current leg."""
    center, department = party
    return [
        Order.handling_center.in_(centers),
        STILL_OPEN,
        Assignment.complaint_id == Order.complaint_id,
        Assignment.dispatch == Order.dispatches,
        Assignment.center == center,
        Assignment.department == department,
        Assignment.ended_at.is_(None),
        Leg.complaint_id == Order.complaint_id,
        Leg.number == Order.leg,
    ]


async def of_department(
    session: AsyncSession,
    centers: Collection[str],
    party: tuple[str, str],
    owed: bool | None,
    before: int,
    limit: int,
) -> Sequence[Order]:
    """The open orders of these centers that a department has a part of, with legs, parts, petitioners; after so many.

    What it owes comes first, by when that is due; `owed` asks for these alone, or for the others.
    """
    query = select(Order).where(*_has_part(centers, party))
    if owed is not None:
        query = query.where(_OWED if owed else ~_OWED)
    not_known = case((_DUE_AT.is_(None), 1), else_=0)
    found = await session.scalars(
        query.order_by(case((_OWED, 0), else_=1), not_known, _DUE_AT, Order.complaint_id)
        .offset(before)
        .limit(limit)
        .options(*AGGREGATE, WITH_PETITIONER)
    )
    return found.all()


@dataclass(frozen=True)
class PartsCounted:
    """How many parts of open orders a department owes, of these has not signed for or is late with; has answered."""

    owed: int
    unsigned: int
    overdue: int
    answered: int


async def how_many_of_department(
    session: AsyncSession, centers: Collection[str], party: tuple[str, str], now: datetime
) -> PartsCounted:
    """How many there are of each kind."""
    counted = select(
        func.count(case((_OWED, 1))),
        func.count(case((and_(_OWED, Assignment.signed_at.is_(None)), 1))),
        func.count(case((and_(_OWED, now > _DUE_AT), 1))),
        func.count(case((~_OWED, 1))),
    ).where(*_has_part(centers, party))
    owed, unsigned, overdue, answered = (await session.execute(counted)).one()
    return PartsCounted(owed, unsigned, overdue, answered)


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

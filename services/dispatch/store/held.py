"""Orders with their legs, rungs and assignments, held until the transaction ends."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, inspect, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from services.dispatch.store.at_hand import Batch, find_order_at_hand
from services.dispatch.tables import Assignment, Complaint, Leg, Order, Petitioner
from shared.among import among, texts_named
from shared.live import concern
from shared.messaging import Unknown

# Built once. The legs are asked for when the lock is held: joined to the locked row, they would be as they were before
# whoever held it last.
_HELD = select(Order).options(joinedload(Order.complaint, innerjoin=True)).with_for_update(of=Order)
_ONE_HELD = _HELD.where(Order.complaint_id == bindparam("complaint_id"))
_SOME_HELD = _HELD.where(among(Order.complaint_id, texts_named("ids"))).order_by(Order.complaint_id)

_ANSWERED = _HELD.where(
    or_(among(Order.complaint_id, texts_named("ids")), among(Order.joined_to, texts_named("ids")))
).order_by(Order.complaint_id)
_LEGS = (
    select(Leg).where(among(Leg.complaint_id, texts_named("ids"))).options(joinedload(Leg.rungs)).order_by(Leg.number)
)
_ASSIGNMENTS = (
    select(Assignment).where(among(Assignment.complaint_id, texts_named("ids"))).order_by(Assignment.position)
)


async def order_for_change(session: AsyncSession, complaint_id: str) -> Order | None:
    """An order with its legs, rungs and assignments, locked."""
    if order := find_order_at_hand(session, complaint_id):
        return order
    order = await session.scalar(_ONE_HELD, {"complaint_id": complaint_id})
    await _load_parts(session, [order] if order else [])
    return order


async def _load_parts(session: AsyncSession, orders: Sequence[Order]) -> None:
    """Legs with their rungs, and assignments, of those orders that are new in this session."""
    new = {order.complaint_id: order for order in orders if "legs" in inspect(order).unloaded}
    legs: dict[str, list[Leg]] = {complaint_id: [] for complaint_id in new}
    assignments: dict[str, list[Assignment]] = {complaint_id: [] for complaint_id in new}
    if dispatched := [complaint_id for complaint_id, order in new.items() if order.dispatches]:
        for leg in (await session.scalars(_LEGS, {"ids": dispatched})).unique():
            legs[leg.complaint_id].append(leg)
        for assignment in await session.scalars(_ASSIGNMENTS, {"ids": dispatched}):
            assignments[assignment.complaint_id].append(assignment)
    for complaint_id, order in new.items():
        set_committed_value(order, "legs", legs[complaint_id])
        set_committed_value(order, "assignments", assignments[complaint_id])
        concern(session, order.desks)  # whoever holds it changes it


async def orders_answered_with(session: AsyncSession, complaint_id: str) -> Sequence[Order]:
    """An order and those that are handled together with it, the order itself first; all locked, in one order for all.

    Empty when there is no such order.
    """
    if not find_order_at_hand(session, complaint_id):
        await hold_answered(session, [complaint_id])
    found = _answered_with(session, complaint_id)
    return sorted(found, key=lambda order: (order.complaint_id != complaint_id, order.complaint_id))


def ids_answered_with(session: AsyncSession, complaint_id: str) -> frozenset[str]:
    """An order and those that are handled together with it, once they are held: what is done to it may change them."""
    return frozenset({complaint_id, *(order.complaint_id for order in _answered_with(session, complaint_id))})


def _answered_with(session: AsyncSession, complaint_id: str) -> list[Order]:
    batch: Batch = session.info["batch"]
    return [order for order in batch.orders.values() if complaint_id in (order.complaint_id, order.joined_to)]


async def hold_answered(session: AsyncSession, complaint_ids: Collection[str]) -> None:
    """Lock and load these orders, and those that are handled together with them: one query for each table.

    Who had to wait for a lock has asked for what was joined before; what was joined meanwhile he has to ask for anew.
    """
    found = (await session.scalars(_ANSWERED, {"ids": complaint_ids})).all()
    known = {order.complaint_id for order in found}
    asked = [order for order in found if order.complaint_id in complaint_ids]
    if any(order.last_joined not in known for order in asked if order.last_joined):
        found = (await session.scalars(_ANSWERED, {"ids": complaint_ids})).all()
        _forget_who_left(asked, found)
    await _load_parts(session, found)
    batch: Batch = session.info.setdefault("batch", Batch())
    batch.orders |= {order.complaint_id: order for order in found}


def _forget_who_left(asked: Sequence[Order], found: Sequence[Order]) -> None:
    """What was joined last and is so no more is looked for once. Who waits now still learns of any that is joined.

    Where two or more are, nobody here knows which of them he has not heard of, and it stays.
    """
    for order in asked:
        joined = [other.complaint_id for other in found if other.joined_to == order.complaint_id]
        if len(joined) < 2:
            order.last_joined = joined[0] if joined else None


async def hold(session: AsyncSession, complaint_ids: Collection[str]) -> None:
    """Lock these orders, in the order in which everyone locks several."""
    wanted = select(Order.complaint_id).where(Order.complaint_id.in_(complaint_ids)).order_by(Order.complaint_id)
    await session.execute(wanted.with_for_update())


async def load_batch(session: AsyncSession, order_ids: Collection[str], complaint_ids: Collection[str]) -> None:
    """Lock and load these orders, and these complaints where they have none yet: one query for each table."""
    batch = Batch()
    session.info["batch"] = batch
    if order_ids:
        found = (await session.scalars(_SOME_HELD, {"ids": order_ids})).all()
        await _load_parts(session, found)
        batch.orders = {order.complaint_id: order for order in found}
        batch.complaints = {complaint_id: order.complaint for complaint_id, order in batch.orders.items()}
    if missing := set(complaint_ids) - batch.complaints.keys():
        untriaged = await session.scalars(
            select(Complaint)
            .where(among(Complaint.complaint_id, missing))
            .order_by(Complaint.complaint_id)
            .with_for_update()
        )
        batch.complaints |= {complaint.complaint_id: complaint for complaint in untriaged}


async def petitioner(session: AsyncSession, complaint_id: str) -> Petitioner:
    """Who complains; raises `Unknown` when the complaint has not been registered here yet."""
    found = await session.get(Petitioner, complaint_id, with_for_update=True)
    if found is None:
        raise Unknown(complaint_id)
    return found

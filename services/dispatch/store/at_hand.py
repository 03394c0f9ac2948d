"""The aggregates that a transaction has in hand, also those it has not written yet."""

from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.tables import Complaint, Leg, Order
from shared.live import concern
from shared.messaging import Unknown


@dataclass
class Batch:
    """The aggregates of the events that are being handled, also those not yet written."""

    complaints: dict[str, Complaint] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)


def complaint_at_hand(session: AsyncSession, complaint_id: str) -> Complaint:
    """A complaint of this batch; raises `Unknown` when it has not been registered here yet."""
    batch: Batch = session.info["batch"]
    if complaint := batch.complaints.get(complaint_id):
        return complaint
    raise Unknown(complaint_id)


def order_at_hand(session: AsyncSession, complaint_id: str) -> Order:
    """An order of this batch; raises `Unknown` when its complaint has not been triaged here yet."""
    if order := find_order_at_hand(session, complaint_id):
        return order
    raise Unknown(complaint_id)


def find_order_at_hand(session: AsyncSession, complaint_id: str) -> Order | None:
    """An order of this batch, if there is one."""
    batch: Batch | None = session.info.get("batch")
    return batch.orders.get(complaint_id) if batch else None


def leg_at_hand(session: AsyncSession, complaint_id: str, number: int) -> Leg:
    """A leg of an order of this batch; raises `Unknown` when there is none of this number here yet."""
    for leg in order_at_hand(session, complaint_id).legs:
        if leg.number == number:
            return leg
    raise Unknown(complaint_id)


def add_complaint(session: AsyncSession, complaint: Complaint) -> None:
    """Keep a new complaint; the rest of the batch finds it."""
    session.add(complaint)
    batch: Batch = session.info["batch"]
    batch.complaints[complaint.complaint_id] = complaint


def add_order(session: AsyncSession, order: Order) -> None:
    """Open an order; the rest of the batch finds it."""
    session.add(order)
    concern(session, order.desks)
    batch: Batch = session.info["batch"]
    batch.orders[order.complaint_id] = order

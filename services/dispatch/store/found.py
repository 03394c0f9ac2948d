"""Orders to read: everything there is about one, a page of them, and by which name one is known."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from services.dispatch.domain.states import State
from services.dispatch.store.escalations import ABOVE
from services.dispatch.tables import Assignment, Complaint, FiredRung, Leg, Order
from shared.among import among, texts_named
from shared.events.dispatch import Stage

AGGREGATE: tuple[ORMOption, ...] = (
    joinedload(Order.complaint, innerjoin=True),
    selectinload(Order.legs).selectinload(Leg.rungs),
    selectinload(Order.assignments),
)
"""What a list shows of each order."""

_NAMED = select(Complaint.complaint_id, Complaint.number).where(
    or_(among(Complaint.complaint_id, texts_named("named")), among(Complaint.number, texts_named("named")))
)

WITH_PETITIONER: ORMOption = joinedload(Order.complaint, innerjoin=True).selectinload(Complaint.petitioner)

_FILE: tuple[ORMOption, ...] = (
    WITH_PETITIONER,
    selectinload(Order.legs).options(selectinload(Leg.rungs), selectinload(Leg.replies)),
    *(
        selectinload(part)
        for part in (
            Order.assignments,
            Order.steps,
            Order.checks,
            Order.follow_ups,
            Order.hand_notices,
            Order.conclusions,
            Order.declines,
            Order.extensions,
            Order.withdrawals,
            Order.studies,
        )
    ),
)


@dataclass(frozen=True)
class Joined:
    """One that is handled together with another one, and where it stands."""

    number: str
    state: State
    stage: Stage | None


async def joined_to(session: AsyncSession, complaint_id: str) -> Sequence[Joined]:
    """The complaints that are, or were to their end, handled together with this one."""
    found = await session.execute(
        select(Complaint.number, Order.state, Order.stage)
        .join(Order, Order.complaint_id == Complaint.complaint_id)
        .where(Order.joined_to == complaint_id)
        .order_by(Complaint.number)
    )
    return [Joined(number, state, stage) for number, state, stage in found]


async def leads_still(session: AsyncSession, complaint_id: str) -> bool:
    """Whether others can be joined to this one: it is open, and not joined itself."""
    order = await session.get(Order, complaint_id)
    return order is not None and order.state is not State.CLOSED and order.joined_to is None


async def number_of(session: AsyncSession, complaint_id: str) -> str | None:
    """The number of a complaint."""
    return await session.scalar(select(Complaint.number).where(Complaint.complaint_id == complaint_id))


async def numbers_of(session: AsyncSession, complaint_ids: Collection[str]) -> dict[str, str]:
    """The numbers of these complaints, by id."""
    columns = select(Complaint.complaint_id, Complaint.number)
    found = await session.execute(columns.where(among(Complaint.complaint_id, complaint_ids)))
    return {row[0]: row[1] for row in found}


async def complaint_id_of(session: AsyncSession, named: str) -> str | None:
    """The complaint whose number or id this is."""
    return (await complaint_ids_of(session, [named])).get(named)


async def complaint_ids_of(session: AsyncSession, named: Collection[str]) -> dict[str, str]:
    """The complaints whose numbers or ids these are."""
    found = (await session.execute(_NAMED, {"named": named})).all()
    return {name: complaint_id for complaint_id, number in found for name in (complaint_id, number) if name in named}


async def order_file(session: AsyncSession, complaint_id: str) -> Order | None:
    """An order with everything there is about it, to read."""
    return await session.scalar(select(Order).where(Order.complaint_id == complaint_id).options(*_FILE))


async def order_files(session: AsyncSession, complaint_ids: Collection[str]) -> dict[str, Order]:
    """Several, by their complaints."""
    found = await session.scalars(select(Order).where(Order.complaint_id.in_(complaint_ids)).options(*_FILE))
    return {order.complaint_id: order for order in found}


async def orders(
    session: AsyncSession,
    *,
    centers: Collection[str] | None,
    party: tuple[str, str] | None,
    level: str | None,
    state: State | None,
    after: str,
    limit: int,
) -> Sequence[Order]:
    """A page of orders in the order their complaints came in, from the one after `after`.

    Of these centers, whether they took them in or handle them (None: of all), and of this department, if one is given;
    and if a level is given, those that were supervised or reported there. With the petitioners, of whom some must not
    hear.
    """
    wanted: list[ColumnElement[bool]] = [Order.complaint_id > after]
    if centers is not None:
        wanted.append(or_(Order.center.in_(centers), Order.handling_center.in_(centers)))
    if party is not None:
        center, department = party
        wanted.append(
            exists().where(
                Assignment.complaint_id == Order.complaint_id,
                Assignment.dispatch == Order.dispatches,
                Assignment.center == center,
                Assignment.department == department,
                Assignment.ended_at.is_(None),
            )
        )
    if level is not None:
        late = FiredRung.rung.in_(ABOVE)
        wanted.append(exists().where(FiredRung.complaint_id == Order.complaint_id, FiredRung.level == level, late))
    if state is not None:
        wanted.append(Order.state == state)
    found = await session.scalars(
        select(Order).where(*wanted).order_by(Order.complaint_id).limit(limit).options(*AGGREGATE, WITH_PETITIONER)
    )
    return found.all()

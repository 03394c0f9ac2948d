"""Every query of sla."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import case, exists, func, literal, or_, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from services.sla.domain import Clock, Counted, Digest, InnerLimit, Order, Running, State
from services.sla.tables import clocks, digests, inner_limits, orders
from shared import replica
from shared.among import among, each, texts_named
from shared.events.sla import Step

_HELD = (
    select(Order).where(among(orders.c.complaint_id, texts_named("ids"))).order_by(orders.c.complaint_id)
).with_for_update()
_FREE = (select(orders.c.complaint_id).where(among(orders.c.complaint_id, texts_named("ids")))).with_for_update(
    skip_locked=True
)
Due = TypeVar("Due", Clock, InnerLimit)


async def take_orders(session: AsyncSession, complaint_ids: Collection[str]) -> Collection[Order]:
    """Load these orders with their clocks, and hold them until the transaction ends; a new one begins empty.

    All facts about one order wait for each other here, so that none is decided without the other. The clocks are asked
    for when their order is held: as they are now.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    named = select(each(texts_named("ids")).column_valued("value")).where(true())
    new = insert(orders).from_select([orders.c.complaint_id], named).on_conflict_do_nothing()
    await session.execute(new, {"ids": sorted(complaint_ids)})
    taken = {order.complaint_id: order for order in await session.scalars(_HELD, {"ids": complaint_ids})}
    session.info["taken"] = taken
    return taken.values()


def taken_order(session: AsyncSession, complaint_id: str) -> Order:
    """An order that `take_orders` has taken in this transaction."""
    taken: dict[str, Order] = session.info["taken"]
    return taken[complaint_id]


async def order(session: AsyncSession, complaint_id: str) -> Order | None:
    """What is known of an order."""
    return await session.get(Order, complaint_id)


async def counted(session: AsyncSession, center: str) -> Counted:
    """A center's calendar; raises `Unknown` while the directory has not told of it."""
    return Counted(await replica.calendar_of(session, center), (await replica.center(session, center)).revision)


async def clocks_to_fire(session: AsyncSession, now: datetime, limit: int) -> Sequence[Clock]:
    """Clocks whose instant has passed, the earliest first; those somebody else has in hand are left to him."""
    due = select(Clock).where(clocks.c.next_fire_at < now).order_by(clocks.c.next_fire_at).limit(limit)
    return await _held(session, (await session.scalars(due.with_for_update(skip_locked=True))).all())


async def inner_limits_to_fire(session: AsyncSession, now: datetime, limit: int) -> Sequence[InnerLimit]:
    """Inner limits somebody is to be reminded of, the earliest first; those in hand are left."""
    due = select(InnerLimit).where(inner_limits.c.next_fire_at < now).order_by(inner_limits.c.next_fire_at).limit(limit)
    return await _held(session, (await session.scalars(due.with_for_update(skip_locked=True))).all())


async def _held(session: AsyncSession, due: Sequence[Due]) -> Sequence[Due]:
    """Those of which the order could be held, too: whoever has it has loaded them, and will write what he has loaded.

    They are found before their orders, not with them: the planner, which expects few to be due, would look up the order
    of each that is, and sort them all.
    """
    if not due:
        return due
    free = set(await session.scalars(_FREE, {"ids": {each.complaint_id for each in due}}))
    return [each for each in due if each.complaint_id in free]


# The state stands in the statements themselves, where the planner can see that the partial index fits.
_RUNNING = clocks.c.state == literal(State.RUNNING, clocks.c.state.type, literal_execute=True)


async def next_fire_at(session: AsyncSession) -> datetime | None:
    """The earliest instant at which a rung, a reminder or a digest falls due; no digest where no clock runs."""
    found: list[datetime] = []
    for table in (clocks, inner_limits):
        earliest = select(func.min(table.c.next_fire_at)).where(table.c.next_fire_at.is_not(None))
        if instant := await session.scalar(earliest):
            found.append(instant)
    if instant := await session.scalar(select(func.min(digests.c.next_at)).where(exists().where(_RUNNING))):
        found.append(instant)
    return min(found, default=None)


async def digest(session: AsyncSession, center: str) -> Digest:
    """A center's digest, held until the transaction ends; a new one begins empty."""
    await session.flush()  # an earlier event of the same batch may have planned it
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    await session.execute(insert(digests).values(center=center).on_conflict_do_nothing())
    return await session.get_one(Digest, center, with_for_update=True)


async def centers_with_a_digest(session: AsyncSession) -> set[str]:
    """The centers whose digest has been planned, or will never be."""
    return set(await session.scalars(select(digests.c.center)))


async def digests_to_tell(session: AsyncSession, now: datetime) -> Sequence[Digest]:
    """The digests whose instant has passed; those another replica has in hand are left to it."""
    query = select(Digest).where(digests.c.next_at < now).order_by(digests.c.center)
    return (await session.scalars(query.with_for_update(skip_locked=True))).all()


async def ran_before(session: AsyncSession, instant: datetime) -> bool:
    """Whether a clock runs that ran at this instant already."""
    running = await session.scalar(select(exists().where(_RUNNING, clocks.c.started_at < instant)))
    return bool(running)


_OWED = inner_limits.c.step.is_not(None) & inner_limits.c.state.in_([Running.OPEN, Running.DONE])


async def inner_limits_of(
    session: AsyncSession, office: str | None, is_open: bool | None, limit: int
) -> Sequence[InnerLimit]:
    """Inner limits of an office, or of all, the earliest due first."""
    query = select(InnerLimit).where(_OWED).order_by(inner_limits.c.due_at, inner_limits.c.event_id).limit(limit)
    if office:
        query = query.where(inner_limits.c.office == office)
    if is_open is not None:
        query = query.where(inner_limits.c.state == (Running.OPEN if is_open else Running.DONE))
    return (await session.scalars(query)).all()


async def inner_figures(
    session: AsyncSession, office: str | None, now: datetime
) -> Sequence[tuple[str, Step, int, int, int]]:
    """By office and step: how many limits there were, how many are open, how many were or are late."""
    table = inner_limits.c
    is_late = func.coalesce(table.done_at, literal(now, table.done_at.type)) > table.due_at
    query = (
        select(
            table.office,
            table.step,
            func.count(),
            func.sum(case((table.state == Running.OPEN, 1), else_=0)),
            func.sum(case((is_late, 1), else_=0)),
        )
        .where(_OWED)
        .group_by(table.office, table.step)
        .order_by(table.office, table.step)
    )
    if office:
        query = query.where(table.office == office)
    return [(row[0], row[1], row[2], row[3], row[4]) for row in await session.execute(query)]


async def orders_to_recount(session: AsyncSession, limit: int) -> set[str]:
    """Orders with a running clock whose center has a later calendar than it was counted by; to be taken next."""
    fact = replica.FactRow
    found = await session.scalars(
        select(clocks.c.complaint_id)
        .where(fact.kind == "center", fact.code == clocks.c.calendar)
        .where(_RUNNING, clocks.c.calendar_revision < fact.revision)
        .limit(limit)
    )
    return set(found)


async def clocks_with_a_rung_by(session: AsyncSession, by: datetime, center: str | None) -> Sequence[Clock]:
    """Clocks whose next rung falls due by then and has not been asked about, of a center or of all."""
    query = select(Clock).where(clocks.c.next_fire_at < by).order_by(clocks.c.next_fire_at, clocks.c.complaint_id)
    if center:
        query = query.where(or_(clocks.c.center == center, clocks.c.calendar == center))
    return (await session.scalars(query)).all()

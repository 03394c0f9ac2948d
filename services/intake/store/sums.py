"""Queries that sum facts by the day, once each day is over.

Days are summed in order while nobody writes facts; from then on, triggers write down what changes of these days, in the
transaction that changes it. So what is summed, and what was written down after, are together what the facts give.
"""

from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, insert, or_, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.store.movements import (
    SAME,
    SPLITS,
    SUMS,
    added_up,
    changed,
    day_of,
    midnight,
    moved,
    split,
)
from services.intake.tables import ChangeRow, FigureRow, SummedRow, SumRow

DAYS_AT_ONCE = 7
"""Nobody writes facts while so many are summed: a hundredth of a second for each that had five hundred complaints."""
CHANGES_AT_ONCE = 2_000
_WAIT = text("SET LOCAL lock_timeout = '2s'")
_ALONE = text("LOCK TABLE figure_facts IN SHARE ROW EXCLUSIVE MODE")
_ROW = 1
_DAYS = ("counts_on", "known_on")


async def until(session: AsyncSession) -> datetime | None:
    """The midnight until which facts have been summed; None: none have been."""
    return await session.scalar(select(SummedRow.until))


async def anything_changed(session: AsyncSession) -> bool:
    """Whether something of the days that were summed has been written since."""
    return await session.scalar(select(ChangeRow.id).limit(1)) is not None


async def alone(session: AsyncSession) -> None:
    """Let nobody else write facts for the rest of this transaction; PostgreSQL: raises when that is not soon."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(_WAIT)
        await session.execute(_ALONE)


async def forget(session: AsyncSession) -> None:
    """Let all days be summed anew, `alone`: until they are, facts are counted one by one."""
    for table in (ChangeRow, SumRow, SummedRow):
        await session.execute(delete(table))


async def sum_days(session: AsyncSession, today: datetime) -> bool:
    """Sum the next few days before this midnight, `alone`; whether there are more."""
    done = await session.get(SummedRow, _ROW, populate_existing=True)
    begin = done.until if done else await session.scalar(select(func.min(FigureRow.since)))
    if begin is None or (begin := midnight(begin)) >= today:
        return False
    end = min(begin + timedelta(days=DAYS_AT_ONCE), today)
    await _keep(session, moved((), begin, end))
    if done:
        done.until = end
    else:
        session.add(SummedRow(id=_ROW, until=end))
    return end < today


async def sum_changes(session: AsyncSession) -> bool:
    """Add some of what has changed since to the sums; whether there may be more."""
    some = select(ChangeRow.id).order_by(ChangeRow.id).limit(CHANGES_AT_ONCE).with_for_update(skip_locked=True)
    if ids := (await session.scalars(some)).all():
        await _keep(session, [changed(ChangeRow.id.in_(ids))])
        await session.execute(delete(ChangeRow).where(ChangeRow.id.in_(ids)))
    return len(ids) == CHANGES_AT_ONCE


async def _keep(session: AsyncSession, facts: list[Select[tuple[object, ...]]]) -> None:
    together = added_up(
        facts,
        SPLITS,
        counts_on=lambda each: day_of(session, each.at),
        known_on=lambda each: day_of(session, each.known_at),
    )
    parts = union_all(*(split(together, by, *_DAYS) for by in SPLITS)).subquery().c
    something = or_(*(parts[name] != 0 for name in SUMS))
    columns = ("split", *_DAYS, "center", "key", *SAME, *SUMS)
    query = select(*(parts[name] for name in columns)).where(something)
    await session.execute(insert(SumRow).from_select(list(columns), query))

"""Every query of notify."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from services.notify.tables import Answer, Base, Complaint, Leg, Message, Order, Petitioner
from shared.replica import FactRow

T = TypeVar("T", Complaint, Petitioner, Order, Leg, Answer)

_HELD = "notify held"
_NAMES = "notify names"
_CALENDARS = "notify calendars"


# A batch of events: everything is loaded before its handlers, who then find here also what they have added and nobody
# has flushed yet.


async def load(session: AsyncSession, table: type[T], complaint_ids: Collection[str], *, lock: bool = False) -> None:
    """Load the rows of these complaints, with a lock where they are to be changed."""
    if not complaint_ids:
        return
    query = select(table).where(table.complaint_id.in_(complaint_ids)).order_by(*table.__table__.primary_key)
    for row in await session.scalars(query.with_for_update() if lock else query):
        _held(session)[_key(row)] = row


def add(session: AsyncSession, row: Base) -> None:
    """Keep something new."""
    session.add(row)
    _held(session)[_key(row)] = row


def find(session: AsyncSession, table: type[T], *key: str | int) -> T | None:
    """What was loaded or added under this key."""
    row = _held(session).get((table, *key))
    return row if isinstance(row, table) else None


def held(session: AsyncSession, table: type[T]) -> list[T]:
    """All rows of a table that were loaded or added."""
    return [row for row in _held(session).values() if isinstance(row, table)]


async def load_names(session: AsyncSession, codes: Collection[str]) -> None:
    """Load what these departments (`<center>/<department>`) and centers are called."""
    if not codes:
        return
    departments = and_(FactRow.kind == "department", FactRow.code.in_([code for code in codes if "/" in code]))
    centers = and_(FactRow.kind == "center", FactRow.code.in_([code for code in codes if "/" not in code]))
    found = await session.execute(select(FactRow.code, FactRow.data).where(or_(departments, centers)))
    names(session).update({code: data.get("short_name") or data["name"] for code, data in found})


def names(session: AsyncSession) -> dict[str, str]:
    """The names that were loaded, by code."""
    loaded: dict[str, str] = session.info.setdefault(_NAMES, {})
    return loaded


async def load_calendars(session: AsyncSession, centers: Collection[str]) -> None:
    """Load these centers, so that `calendar_of` finds them in the session; a session forgets what nobody holds."""
    if centers:
        query = select(FactRow).where(FactRow.kind == "center", FactRow.code.in_(centers))
        session.info[_CALENDARS] = (await session.scalars(query)).all()


def _held(session: AsyncSession) -> dict[tuple[Any, ...], Base]:
    held: dict[tuple[Any, ...], Base] = session.info.setdefault(_HELD, {})
    return held


def _key(row: Base) -> tuple[Any, ...]:
    columns = type(row).__table__.primary_key
    return type(row), *(getattr(row, column.key) for column in columns)


# Messages


async def messages(
    session: AsyncSession, wanted: Sequence[ColumnElement[bool]], *, before: str | None, limit: int
) -> Sequence[Message]:
    """The newest of these messages, or the newest before one of them."""
    query = select(Message).where(*wanted).order_by(Message.message_id.desc()).limit(limit)
    return (await session.scalars(query.where(Message.message_id < before) if before else query)).all()


async def count(session: AsyncSession, wanted: Sequence[ColumnElement[bool]]) -> int:
    """How many of these messages there are."""
    return await session.scalar(select(func.count()).select_from(Message).where(*wanted)) or 0


def where(
    *, complaint_id: str | None, state: str | None, recipient: str | None, centers: Collection[str] | None
) -> list[ColumnElement[bool]]:
    """What messages are asked for; None asks nothing."""
    asked = {Message.complaint_id: complaint_id, Message.state: state, Message.recipient: recipient}
    wanted = [column == value for column, value in asked.items() if value is not None]
    return wanted if centers is None else [*wanted, Message.center.in_(centers)]


async def message(session: AsyncSession, message_id: str) -> Message | None:
    """One message, locked until it has been dealt with."""
    return await session.get(Message, message_id, with_for_update=True)


async def to_deliver(session: AsyncSession, means: Collection[str], by: datetime, limit: int) -> Sequence[Message]:
    """The messages whose turn it is, held by this run alone."""
    query = (
        select(Message)
        .where(Message.next_try_at <= by, Message.means.in_(means))
        .order_by(Message.next_try_at, Message.message_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def complaint(session: AsyncSession, complaint_id: str) -> Complaint | None:
    """One complaint."""
    return await session.get(Complaint, complaint_id)


async def order(session: AsyncSession, complaint_id: str) -> Order | None:
    """Who handles a complaint, once dispatch has it."""
    return await session.get(Order, complaint_id)


async def contents(session: AsyncSession, complaint_ids: Collection[str]) -> dict[str, str]:
    """What these complaints say."""
    query = select(Complaint).where(Complaint.complaint_id.in_(complaint_ids)).options(load_only(Complaint.content))
    return {row.complaint_id: row.content for row in await session.scalars(query)}


async def petitioners(session: AsyncSession, complaint_ids: Collection[str]) -> dict[str, Petitioner]:
    """Who made these complaints, sealed."""
    found = await session.scalars(select(Petitioner).where(Petitioner.complaint_id.in_(complaint_ids)))
    return {row.complaint_id: row for row in found}


async def parents(session: AsyncSession) -> dict[str, str | None]:
    """Every center, with the county's center it belongs to; None for that one itself."""
    rows = await session.scalars(select(FactRow).where(FactRow.kind == "center"))
    return {row.code: row.data["parent"] for row in rows}

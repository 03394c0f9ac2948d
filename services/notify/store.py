"""Every query of notify."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, CursorResult, Select, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from services.notify.domain.means import Standing, State
from services.notify.domain.wording import Wordings
from services.notify.tables import Answer, Base, Complaint, Leg, Message, Order, Petitioner, WordingRow
from shared import replica
from shared.among import among, texts_named

T = TypeVar("T", Complaint, Petitioner, Order, Leg, Answer)

_CONTENTS = (
    select(Complaint).where(among(Complaint.complaint_id, texts_named("ids"))).options(load_only(Complaint.content))
)
_HELD = "notify held"
_NAMES = "notify names"


# A batch of events: everything is loaded before its handlers, who then find here also what they have added and nobody
# has flushed yet.


async def load(session: AsyncSession, table: type[T], complaint_ids: Collection[str], *, lock: bool = False) -> None:
    """Load the rows of these complaints, with a lock where they are to be changed."""
    if not complaint_ids:
        return
    for row in await session.scalars(_of(table, lock), {"ids": complaint_ids}):
        _held(session)[_key(row)] = row


@cache
def _of(table: type[T], lock: bool) -> Select[T]:
    query = select(table).where(among(table.complaint_id, texts_named("ids"))).order_by(*table.__table__.primary_key)
    return query.with_for_update() if lock else query


def add(session: AsyncSession, row: Base) -> None:
    """Keep something new."""
    session.add(row)
    _held(session)[_key(row)] = row


def find(session: AsyncSession, table: type[T], *key: str | int) -> T | None:
    """What was loaded or added under this key."""
    row = _held(session).get((table, *key))
    return row if isinstance(row, table) else None


async def load_names(session: AsyncSession) -> None:
    """Load what departments (`<center>/<department>`) and centers are called."""
    session.info[_NAMES] = await replica.names(session, "department") | await replica.names(session, "center")


def names(session: AsyncSession) -> dict[str, str]:
    """The names that were loaded, by code."""
    loaded: dict[str, str] = session.info[_NAMES]
    return loaded


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


async def count(session: AsyncSession, wanted: Sequence[ColumnElement[bool]], *, most: int | None = None) -> int:
    """How many of these messages there are; counted no further than `most`."""
    found = select(Message.message_id).where(*wanted).limit(most)
    return await session.scalar(select(func.count()).select_from(found.subquery())) or 0


def where(
    *,
    complaint_id: str | None = None,
    state: str | None = None,
    standing: Standing | None = None,
    recipient: str | None = None,
    centers: Collection[str] | None = None,
) -> list[ColumnElement[bool]]:
    """What messages are asked for; None asks nothing."""
    asked = {Message.complaint_id: complaint_id, Message.state: state, Message.recipient: recipient}
    wanted = [column == value for column, value in asked.items() if value is not None]
    wanted += _STANDING[standing] if standing else ()
    return wanted if centers is None else [*wanted, Message.center.in_(centers)]


def at_desk(recipients: Collection[str], *, unread: bool) -> list[ColumnElement[bool]]:
    """What these recipients were told at the console: all of it, or what nobody has opened."""
    told = [Message.recipient.in_(recipients), Message.means == text("'console'")]
    return [*told, Message.read_at.is_(None)] if unread else told


async def mark_read(
    session: AsyncSession, recipients: Collection[str], newest: str, by: str, at: datetime, most: int
) -> int:
    """Note by whom what these recipients were told up to this message was read; of what nobody has opened, so many."""
    waiting = select(Message.message_id).where(*at_desk(recipients, unread=True), Message.message_id <= newest)
    now_read = (
        update(Message)
        .where(Message.message_id.in_(waiting.order_by(Message.message_id.desc()).limit(most)))
        .where(Message.read_at.is_(None))  # asked again once the row is held: who was first has read it
        .values(read_by=by, read_at=at)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], await session.execute(now_read)).rowcount


# Said as the partial indexes say it.
_STANDING: dict[Standing, tuple[ColumnElement[bool], ...]] = {
    Standing.WAITING: (Message.next_try_at.is_not(None),),
    Standing.UNREACHED: (Message.state == text("'recorded'"), Message.next_try_at.is_(None)),
    Standing.SENT: (Message.state == State.SENT,),
    Standing.FAILED: (Message.state == text("'failed'"),),
    Standing.GIVEN_UP: (Message.state == text("'given_up'"),),
}


async def message(session: AsyncSession, message_id: str, *, to_change: bool = True) -> Message | None:
    """One message; locked until it has been dealt with when it is to change."""
    return await session.get(Message, message_id, with_for_update=True if to_change else None)


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


async def complaint_numbered(session: AsyncSession, number: str) -> str | None:
    """The id of the complaint with this number."""
    return await session.scalar(select(Complaint.complaint_id).where(Complaint.number == number))


async def numbers(session: AsyncSession, complaint_ids: Collection[str]) -> dict[str, str]:
    """The numbers of these complaints, by id; what is no complaint has none."""
    columns = select(Complaint.complaint_id, Complaint.number)
    found = await session.execute(columns.where(among(Complaint.complaint_id, complaint_ids)))
    return {row.complaint_id: row.number for row in found}


async def order(session: AsyncSession, complaint_id: str) -> Order | None:
    """Who handles a complaint, once dispatch has it."""
    return await session.get(Order, complaint_id)


async def load_contents(session: AsyncSession, complaint_ids: Collection[str]) -> None:
    """Load what these complaints say, beside what is loaded of them otherwise."""
    if complaint_ids:
        (await session.scalars(_CONTENTS, {"ids": complaint_ids})).all()


async def contents(session: AsyncSession, complaint_ids: Collection[str]) -> dict[str, str]:
    """What these complaints say."""
    found = await session.scalars(_CONTENTS, {"ids": complaint_ids})
    return {row.complaint_id: row.content for row in found}


async def petitioners(session: AsyncSession, complaint_ids: Collection[str]) -> dict[str, Petitioner]:
    """Who made these complaints, sealed."""
    found = await session.scalars(select(Petitioner).where(among(Petitioner.complaint_id, complaint_ids)))
    return {row.complaint_id: row for row in found}


async def parents(session: AsyncSession) -> dict[str, str | None]:
    """Every center, with the county's center it belongs to; None for that one itself."""
    return await replica.center_parents(session)


# Words


async def wordings(session: AsyncSession) -> Wordings:
    """Every change of the messages' words; they are few."""
    return Wordings(row.changed() for row in await session.scalars(select(WordingRow)))


async def wordings_of(session: AsyncSession, template: str) -> Sequence[WordingRow]:
    """The changes of a template's words, the newest first."""
    found = select(WordingRow).where(WordingRow.template == template).order_by(WordingRow.wording_id.desc())
    return (await session.scalars(found)).all()

"""Queries about exports: whose there are, which is to be gone on with, their parts, and the pieces of a file."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import delete, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.tables import FINISHED, UNFINISHED, ExportFileRow, ExportPartRow, ExportRow

ADDED_AT_ONCE = 200


async def of(session: AsyncSession, username: str, now: datetime) -> Sequence[ExportRow]:
    """Somebody's, the newest first."""
    query = select(ExportRow).where(ExportRow.asked_by == username, ExportRow.expires_at > now)
    return (await session.scalars(query.order_by(ExportRow.id.desc()))).all()


async def unfinished(session: AsyncSession, username: str) -> int:
    """How many of somebody's are not made yet."""
    query = select(func.count()).select_from(ExportRow).where(ExportRow.asked_by == username, UNFINISHED)
    return await session.scalar(query) or 0


async def take_turns(session: AsyncSession, username: str) -> None:
    """Let this one ask for one at a time, so that what was counted before is still so when it is asked for."""
    if session.get_bind().dialect.name != "sqlite":  # which has one writer anyway
        lock = text("SELECT pg_advisory_xact_lock(hashtext(:name))")
        await session.execute(lock, {"name": f"exports of {username}"})


async def first_unfinished(session: AsyncSession, now: datetime) -> ExportRow | None:
    """The one for which least was done, so that nobody waits for a long one to end; none whose file is being made."""
    is_free = or_(ExportRow.taken_until.is_(None), ExportRow.taken_until <= now)
    query = select(ExportRow).where(UNFINISHED, is_free).order_by(ExportRow.done, ExportRow.id)
    row: ExportRow | None = await session.scalar(query.limit(1))
    return row


async def held(session: AsyncSession, export_id: str) -> ExportRow | None:
    """One of them, held until the transaction ends."""
    return await session.get(ExportRow, export_id, with_for_update=True)


async def part_to_fill(session: AsyncSession, export_id: str) -> tuple[ExportPartRow, int] | None:
    """Its first part whose rows are not read yet, and how many rows those before it have; None when all are."""
    parts = select(ExportPartRow).where(ExportPartRow.export_id == export_id)
    part = await session.scalar(parts.where(ExportPartRow.cells.is_(None)).order_by(ExportPartRow.n).limit(1))
    if part is None:
        return None
    before = select(func.sum(ExportPartRow.rows)).where(ExportPartRow.export_id == export_id, ExportPartRow.n < part.n)
    return part, await session.scalar(before) or 0


async def rows_of(session: AsyncSession, export_id: str) -> int:
    """How many rows its parts have together."""
    query = select(func.sum(ExportPartRow.rows)).where(ExportPartRow.export_id == export_id)
    return await session.scalar(query) or 0


async def cells(session: AsyncSession, export_id: str, n: int) -> str | None:
    """The sealed rows of one of its parts; None behind the last."""
    kept = (ExportPartRow.export_id == export_id, ExportPartRow.n == n)
    found: str | None = await session.scalar(select(ExportPartRow.cells).where(*kept))
    return found


async def divide(session: AsyncSession, export_id: str, parts: Iterable[Sequence[str]]) -> None:
    """Add its parts, with their complaints and no rows yet."""
    rows = ({"export_id": export_id, "n": n, "ids": list(ids), "rows": 0} for n, ids in enumerate(parts))
    while some := list(islice(rows, ADDED_AT_ONCE)):
        await session.execute(insert(ExportPartRow), some)


async def keep(session: AsyncSession, export_id: str, pieces: Iterable[str]) -> None:
    """Add the sealed pieces of its file, of which no more than one is held."""
    for n, data in enumerate(pieces):
        await session.execute(insert(ExportFileRow), {"export_id": export_id, "n": n, "data": data})


async def piece(session: AsyncSession, export_id: str, n: int) -> str | None:
    """A sealed piece of its file; None behind the last."""
    row = await session.get(ExportFileRow, (export_id, n))
    return row.data if row else None


async def let_go(session: AsyncSession, export_id: str) -> None:
    """Its parts are needed no more."""
    await session.execute(delete(ExportPartRow).where(ExportPartRow.export_id == export_id))


async def keep_newest(session: AsyncSession, username: str, most: int) -> None:
    """Delete what somebody has exported before the newest so many that are finished; parts and files go with it."""
    finished = select(ExportRow.id).where(ExportRow.asked_by == username, FINISHED)
    older = finished.order_by(ExportRow.id.desc()).offset(most)
    await session.execute(delete(ExportRow).where(ExportRow.id.in_(older)))


async def call_off(session: AsyncSession, kind: str, state: str, why: str) -> None:
    """Let everything of this kind that was asked for be in this state, and nothing of it be kept."""
    # First: it waits for whoever is adding a part or a file, which is deleted then.
    others = update(ExportRow).where(ExportRow.kind == kind, ExportRow.state != state)
    await session.execute(others.values(state=state, why=why))
    those = select(ExportRow.id).where(ExportRow.kind == kind)
    for held in (ExportPartRow, ExportFileRow):
        await session.execute(delete(held).where(held.export_id.in_(those)))


async def prune(session: AsyncSession, now: datetime) -> None:
    """Delete what could be fetched until now; parts and files go with it, whoever is adding one at this moment."""
    await session.execute(delete(ExportRow).where(ExportRow.expires_at <= now))

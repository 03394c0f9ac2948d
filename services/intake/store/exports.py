"""Queries about exports: whose there are, which is to be gone on with, and their parts; a file is read alone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.tables import UNFINISHED, ExportFileRow, ExportPartRow, ExportRow


async def of(session: AsyncSession, username: str, now: datetime) -> Sequence[ExportRow]:
    """Somebody's, the newest first."""
    query = select(ExportRow).where(ExportRow.asked_by == username, ExportRow.expires_at > now)
    return (await session.scalars(query.order_by(ExportRow.id.desc()))).all()


async def unfinished(session: AsyncSession, username: str) -> int:
    """How many of somebody's are not made yet."""
    query = select(func.count()).select_from(ExportRow).where(ExportRow.asked_by == username, UNFINISHED)
    return await session.scalar(query) or 0


async def first_unfinished(session: AsyncSession) -> ExportRow | None:
    """The one that has waited longest."""
    row: ExportRow | None = await session.scalar(select(ExportRow).where(UNFINISHED).order_by(ExportRow.id).limit(1))
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


async def parts(session: AsyncSession, export_id: str) -> Sequence[tuple[int, str | None]]:
    """The number and the sealed rows of each of its parts, in order."""
    query = select(ExportPartRow.n, ExportPartRow.cells).where(ExportPartRow.export_id == export_id)
    return [(n, cells) for n, cells in await session.execute(query.order_by(ExportPartRow.n))]


async def let_go(session: AsyncSession, export_id: str) -> None:
    """Its parts are needed no more."""
    await session.execute(delete(ExportPartRow).where(ExportPartRow.export_id == export_id))


async def prune(session: AsyncSession, now: datetime) -> None:
    """Delete what could be fetched until now, whole."""
    gone = select(ExportRow.id).where(ExportRow.expires_at <= now)
    for kind in (ExportPartRow, ExportFileRow):
        await session.execute(delete(kind).where(kind.export_id.in_(gone)))
    await session.execute(delete(ExportRow).where(ExportRow.expires_at <= now))

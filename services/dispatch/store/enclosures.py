"""Queries about the files of an order; their bytes are read one at a time."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from services.dispatch.tables import Enclosure

_TOLD = load_only(
    Enclosure.enclosure_id, Enclosure.complaint_id, Enclosure.at, Enclosure.by, Enclosure.center,
    Enclosure.department, Enclosure.kind, Enclosure.size, Enclosure.name,
)  # fmt: skip


async def of(session: AsyncSession, complaint_id: str) -> Sequence[Enclosure]:
    """The files of an order without their bytes, the first first."""
    query = select(Enclosure).where(Enclosure.complaint_id == complaint_id).order_by(Enclosure.enclosure_id)
    return (await session.scalars(query.options(_TOLD))).all()


async def how_many(session: AsyncSession, complaint_id: str) -> int:
    """How many an order has."""
    query = select(func.count()).select_from(Enclosure).where(Enclosure.complaint_id == complaint_id)
    return await session.scalar(query) or 0


async def one(session: AsyncSession, complaint_id: str, enclosure_id: str) -> Enclosure | None:
    """One of them."""
    query = select(Enclosure).where(Enclosure.complaint_id == complaint_id, Enclosure.enclosure_id == enclosure_id)
    found: Enclosure | None = await session.scalar(query)
    return found


async def forget(session: AsyncSession, complaint_id: str) -> None:
    """Delete them: somebody is erased."""
    await session.execute(delete(Enclosure).where(Enclosure.complaint_id == complaint_id))

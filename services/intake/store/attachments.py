"""Queries about the files that came with complaints; their bytes are read one at a time."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.tables import AttachmentRow

UNNAMED = ""
"""The complaint of a file that no submission has named yet."""


async def of(session: AsyncSession, complaint_id: str) -> Sequence[tuple[str, str, int]]:
    """The ids, sealed names and sizes of a complaint's files, in the order they were given."""
    columns = AttachmentRow.id, AttachmentRow.name, AttachmentRow.size
    query = select(*columns).where(AttachmentRow.complaint_id == complaint_id).order_by(AttachmentRow.id)
    return [(row_id, name, size) for row_id, name, size in await session.execute(query)]


async def one(session: AsyncSession, complaint_id: str, attachment_id: str) -> AttachmentRow | None:
    """A file of this complaint."""
    query = select(AttachmentRow).where(AttachmentRow.id == attachment_id, AttachmentRow.complaint_id == complaint_id)
    row: AttachmentRow | None = await session.scalar(query)
    return row


async def take_up(session: AsyncSession, complaint_id: str, named: Collection[str]) -> None:
    """Let these, which are no complaint's yet, be this one's."""
    waiting = AttachmentRow.complaint_id == UNNAMED, AttachmentRow.id.in_(named)
    await session.execute(update(AttachmentRow).where(*waiting).values(complaint_id=complaint_id))


async def forget_unnamed(session: AsyncSession, before: datetime) -> None:
    """Delete what is no complaint's, and came before then."""
    await session.execute(delete(AttachmentRow).where(AttachmentRow.complaint_id == UNNAMED, AttachmentRow.at < before))

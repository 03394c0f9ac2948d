"""Queries about the files that came with complaints; their bytes are read one at a time."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.tables import AttachmentRow


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

"""Queries for complaints that may be repeats: by the same phone, and what was said lately."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.tables import ComplaintRow, LedgerRow, PetitionerRow


async def with_phone(session: AsyncSession, index: str, centers: Collection[str], since: datetime) -> list[str]:
    """The ids of these centers' complaints with this phone, registered since then."""
    query = (
        select(PetitionerRow.complaint_id)
        .join(LedgerRow, LedgerRow.complaint_id == PetitionerRow.complaint_id)
        .where(PetitionerRow.phone_index == index, LedgerRow.shown_in.in_(centers), LedgerRow.registered_at >= since)
    )
    return list(dict.fromkeys(await session.scalars(query)))


async def said_since(
    session: AsyncSession, centers: Collection[str], since: datetime, most: int
) -> list[tuple[str, str]]:
    """The newest complaints of these centers since then: ids, and what they say."""
    newest = (
        select(LedgerRow.complaint_id)
        .where(LedgerRow.shown_in.in_(centers), LedgerRow.registered_at >= since)
        .order_by(LedgerRow.registered_at.desc(), LedgerRow.complaint_id.desc())
        .limit(most)
    )
    query = select(ComplaintRow.id, ComplaintRow.content).where(ComplaintRow.id.in_(newest))
    return [(complaint_id, content) for complaint_id, content in await session.execute(query)]

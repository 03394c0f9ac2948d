"""Queries that take a person out of the store, and find whom it is time for."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.intake.domain.counted import Counted
from services.intake.tables import AttachmentRow, ComplaintRow, FigureRow, PetitionerRow, RejectedRow
from shared.workdays import CHINA

OF_THE_PERSON = (PetitionerRow.__tablename__, AttachmentRow.__tablename__)
"""The tables that hold nothing else."""


async def every_petitioner(session: AsyncSession, complaint_id: str) -> Sequence[PetitionerRow]:
    """All that a complaint's petitioner was ever called, the first first."""
    query = select(PetitionerRow).where(PetitionerRow.complaint_id == complaint_id).order_by(PetitionerRow.revision)
    return (await session.scalars(query.with_for_update())).all()


async def empty(session: AsyncSession, complaint_id: str) -> None:
    """Leave of the person only whether it was one or an organisation; the files go whole."""
    nothing = dict.fromkeys(("name", "contact_person", "phone", "other_contact", "address", "phone_index"))
    await session.execute(update(PetitionerRow).where(PetitionerRow.complaint_id == complaint_id).values(nothing))
    await session.execute(delete(AttachmentRow).where(AttachmentRow.complaint_id == complaint_id))
    await session.execute(update(ComplaintRow).where(ComplaintRow.id == complaint_id).values(attachments=None))


async def ended_before(session: AsyncSession, centers: Collection[str], day: date, limit: int) -> Sequence[str]:
    """The numbers of complaints of these centers that last ended before a day, whose petitioners are known."""
    ended = FigureRow.counted == Counted.CLOSED, FigureRow.until.is_(None), FigureRow.at < _begin(day)
    known = PetitionerRow.revision == 0, PetitionerRow.name.is_not(None)
    later = aliased(FigureRow)
    again = select(later.complaint_id).where(
        later.complaint_id == ComplaintRow.id,
        later.counted == Counted.CLOSED,
        later.until.is_(None),
        later.at >= _begin(day),
    )
    query = (
        select(ComplaintRow.number)
        .join(FigureRow, FigureRow.complaint_id == ComplaintRow.id)
        .join(PetitionerRow, PetitionerRow.complaint_id == ComplaintRow.id)
        .where(*ended, *known, FigureRow.center.in_(centers), ~again.exists())
        .distinct()
        .order_by(ComplaintRow.number)
    )
    return (await session.scalars(query.limit(limit))).all()


async def forget_rejected(session: AsyncSession, centers: Collection[str], day: date) -> int:
    """Delete what these centers could not register before a day."""
    old = delete(RejectedRow).where(RejectedRow.at < _begin(day), RejectedRow.center.in_(centers))
    return cast(CursorResult[Any], await session.execute(old)).rowcount


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)

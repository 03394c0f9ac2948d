"""Queries for a ledger: which complaints stand in it, whole or page by page. Nothing here counts all there are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.filters import Filter
from services.intake.tables import ComplaintRow, LedgerRow
from shared.db import Instant

UNSORTED = text("ledger_rows.state = 'registered'")
"""Written out, since the index of only these rows is used for nothing less plain."""


@dataclass(frozen=True)
class Within:
    """Of these centers, registered at or after `begin` and before `end` where they are given."""

    centers: Collection[str]
    begin: datetime | None = None
    end: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What its rows have in common."""
        after = [LedgerRow.registered_at >= self.begin] if self.begin else []
        before = [LedgerRow.registered_at < self.end] if self.end else []
        return [shown_once(self.centers), *after, *before]


def shown_once(centers: Collection[str]) -> ColumnElement[bool]:
    """The ledger of these centers; what went from one of them to another is shown by both, and counts once."""
    at_home = or_(LedgerRow.shown_in == LedgerRow.center, LedgerRow.center.not_in(centers))
    return and_(LedgerRow.shown_in.in_(centers), at_home)


async def in_order(session: AsyncSession, within: Within, wanted: Filter, now: datetime, limit: int) -> list[str]:
    """The ids of the complaints in a ledger, ordered by center, year and sequence; the first so many."""
    query = _narrowed(session, select(LedgerRow.complaint_id), within, wanted, now)
    found = await session.scalars(query.order_by(LedgerRow.center, LedgerRow.year, LedgerRow.seq).limit(limit))
    return list(dict.fromkeys(found))


async def page(
    session: AsyncSession,
    within: Within,
    wanted: Filter,
    now: datetime,
    limit: int,
    *,
    after: str | None = None,
    newest_first: bool = True,
) -> list[str]:
    """The ids of the next so many after a complaint, by the time of registering: one walk along an index."""
    place = tuple_(LedgerRow.registered_at, LedgerRow.complaint_id)
    query = _narrowed(session, select(LedgerRow.complaint_id), within, wanted, now)
    if after is not None:
        registered_at = await session.scalar(select(ComplaintRow.registered_at).where(ComplaintRow.id == after))
        seen = tuple_(literal(registered_at, Instant()), literal(after))
        query = query.where(place < seen if newest_first else place > seen)
    columns = (LedgerRow.registered_at, LedgerRow.complaint_id)
    order = [column.desc() for column in columns] if newest_first else columns
    found = await session.scalars(query.order_by(*order).limit(limit))
    return list(dict.fromkeys(found))


async def unsorted(session: AsyncSession, centers: Collection[str], limit: int) -> list[str]:
    """The ids of the complaints that wait to be sorted there, the oldest first; the first so many."""
    query = select(LedgerRow.complaint_id).where(shown_once(centers), UNSORTED)
    found = await session.scalars(query.order_by(LedgerRow.registered_at, LedgerRow.complaint_id).limit(limit))
    return list(dict.fromkeys(found))


async def sorted_by_number(session: AsyncSession, complaint_ids: Collection[str]) -> list[str]:
    """These complaints by center, year and sequence."""
    query = select(ComplaintRow.id).where(ComplaintRow.id.in_(complaint_ids))
    return list(await session.scalars(query.order_by(ComplaintRow.center, ComplaintRow.year, ComplaintRow.seq)))


def _narrowed(session: AsyncSession, query: Select[str], within: Within, wanted: Filter, now: datetime) -> Select[str]:
    """The same as `Filter.fits`, asked of the store."""
    query = query.where(*within.conditions())
    for column, value in (
        (LedgerRow.triage, wanted.triage),
        (LedgerRow.category, wanted.category),
        (LedgerRow.source, wanted.source),
        (LedgerRow.state, wanted.state),
        (LedgerRow.final, wanted.final),
        (LedgerRow.rung, wanted.rung),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.department is not None:
        helps = LedgerRow.co_handlers.contains(f" {wanted.department} ", autoescape=True)
        query = query.where(or_(LedgerRow.lead == wanted.department, and_(LedgerRow.co_handlers.is_not(None), helps)))
    if wanted.overdue is not None:
        late = or_(LedgerRow.overdue, and_(LedgerRow.due_at.is_not(None), LedgerRow.due_at < now))
        query = query.where(late if wanted.overdue else ~late)
    if wanted.text is not None:
        query = query.join(ComplaintRow, ComplaintRow.id == LedgerRow.complaint_id)
        is_it = ComplaintRow.number == wanted.number if wanted.number else says(session, wanted.text)
        query = query.where(is_it)
    return query


def says(session: AsyncSession, words: str) -> ColumnElement[bool]:
    """Whether a complaint's content has these words; PostgreSQL has an index of all pairs of characters in it."""
    said = ComplaintRow.content.icontains(words, autoescape=True)
    if session.get_bind().dialect.name == "sqlite":
        return said
    return and_(func.pairs_of(ComplaintRow.content).op("@>")(func.pairs_of(words)), said)

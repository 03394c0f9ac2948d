"""Queries about the journal and the ledger computed from it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.number import place_of
from services.intake.domain.row import Row
from services.intake.tables import JournalRow, LedgerRow
from shared.events import Event, known_events

_ENVELOPE = {"event_id", "at"}


def append(session: AsyncSession, complaint_id: str, event: Event) -> None:
    """Write an event into the journal, for ever."""
    session.add(
        JournalRow(
            event_id=event.event_id,
            complaint_id=complaint_id,
            kind=event.full_type(),
            at=event.at,
            data=event.model_dump(mode="json", exclude=_ENVELOPE),
        )
    )


async def events_of(
    session: AsyncSession, complaint_ids: Collection[str], until: datetime | None = None
) -> dict[str, list[Event]]:
    """What the journal holds of these complaints by now, or up to an instant, in the order it happened."""
    query = select(JournalRow.complaint_id, JournalRow.event_id, JournalRow.kind, JournalRow.at, JournalRow.data)
    query = query.where(JournalRow.complaint_id.in_(complaint_ids))
    if until is not None:
        query = query.where(JournalRow.at <= until)
    kinds, found = known_events(), dict[str, list[Event]]()
    for complaint_id, event_id, kind, at, data in await session.execute(
        query.order_by(JournalRow.at, JournalRow.event_id)
    ):
        event = kinds[kind].model_validate({**data, "event_id": event_id, "at": at})
        found.setdefault(complaint_id, []).append(event)
    return found


async def rows_of(session: AsyncSession, complaint_ids: Collection[str]) -> dict[str, dict[str, LedgerRow]]:
    """The ledger's rows of these complaints, by the center that shows them."""
    found: dict[str, dict[str, LedgerRow]] = {}
    for row in await session.scalars(select(LedgerRow).where(LedgerRow.complaint_id.in_(complaint_ids))):
        found.setdefault(row.complaint_id, {})[row.shown_in] = row
    return found


def put(session: AsyncSession, row: Row, held: dict[str, LedgerRow]) -> bool:
    """Bring the ledger's rows of a complaint (`held`, by center) to this; returns whether anything was different."""
    year, seq = place_of(row.number)
    values: dict[str, Any] = {
        "center": row.center,
        "year": year,
        "seq": seq,
        "handling_center": row.handling_center,
        "registered_at": row.registered_at,
        "state": row.state,
        "final": row.final,
        "satisfaction": row.satisfaction,
        "lead": f"{row.lead.center}/{row.lead.department}" if row.lead else None,
        "due_at": row.due_at,
        "data": row.model_dump(mode="json"),
    }
    changed = False
    for center in row.shown_in:
        if center not in held:
            held[center] = LedgerRow(shown_in=center, complaint_id=row.complaint_id)
            session.add(held[center])
        for name, value in values.items():
            if getattr(held[center], name) != value:
                setattr(held[center], name, value)
                changed = True
    return changed


def shown_once(centers: Collection[str]) -> ColumnElement[bool]:
    """The ledger of these centers; what went from one of them to another is shown by both, and counts once."""
    at_home = or_(LedgerRow.shown_in == LedgerRow.center, LedgerRow.center.not_in(centers))
    return and_(LedgerRow.shown_in.in_(centers), at_home)


def registered_within(begin: datetime | None, end: datetime | None) -> ColumnElement[bool]:
    """Registered at or after `begin` and before `end`, where they are given."""
    after = LedgerRow.registered_at >= begin if begin else true()
    return and_(after, LedgerRow.registered_at < end) if end else after


async def ledger(
    session: AsyncSession,
    centers: Collection[str],
    begin: datetime | None,
    end: datetime | None,
    limit: int,
    *,
    newest: bool = False,
) -> list[str]:
    """The ids of the complaints in a ledger, ordered by center, year and sequence; the first or the newest so many."""
    query = select(LedgerRow.complaint_id, LedgerRow.center, LedgerRow.year, LedgerRow.seq)
    query = query.where(shown_once(centers), registered_within(begin, end))
    if newest:
        query = query.order_by(LedgerRow.registered_at.desc(), LedgerRow.seq.desc())
    else:
        query = query.order_by(LedgerRow.center, LedgerRow.year, LedgerRow.seq)
    found = (await session.execute(query.limit(limit))).all()
    return list({row.complaint_id: None for row in sorted(found, key=lambda row: (row.center, row.year, row.seq))})


async def rows(session: AsyncSession, complaint_ids: Sequence[str]) -> dict[str, Row]:
    """The computed rows of these complaints."""
    found = await session.execute(
        select(LedgerRow.complaint_id, LedgerRow.data).where(
            LedgerRow.complaint_id.in_(complaint_ids), LedgerRow.shown_in == LedgerRow.center
        )
    )
    return {complaint_id: Row.model_validate(data) for complaint_id, data in found}


async def ids_after(session: AsyncSession, after: str, limit: int) -> Sequence[str]:
    """The next so many complaints of the ledger by id."""
    found = await session.scalars(
        select(LedgerRow.complaint_id)
        .where(LedgerRow.complaint_id > after, LedgerRow.shown_in == LedgerRow.center)
        .order_by(LedgerRow.complaint_id)
        .limit(limit)
    )
    return found.all()


def in_chunks(items: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    """The items, so many at a time: no query names more of them, and no more rows are held at once."""
    for start in range(0, len(items), size):
        yield items[start : start + size]

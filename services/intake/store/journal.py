"""Queries about the journal and the ledger computed from it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from services.intake.domain.number import place_of
from services.intake.domain.row import Row
from services.intake.tables import JournalRow, LedgerRow
from shared.among import among, texts_named
from shared.events import Event, known_events

_ENVELOPE = {"event_id", "at"}
_EVENTS = (
    select(JournalRow.complaint_id, JournalRow.event_id, JournalRow.kind, JournalRow.at, JournalRow.data)
    .where(among(JournalRow.complaint_id, texts_named("ids")))
    .order_by(JournalRow.at, JournalRow.event_id)
)
_ROWS = select(LedgerRow).where(among(LedgerRow.complaint_id, texts_named("ids")))


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
    query = _EVENTS if until is None else _EVENTS.where(JournalRow.at <= until)
    kinds, found = known_events(), dict[str, list[Event]]()
    for complaint_id, event_id, kind, at, data in await session.execute(query, {"ids": complaint_ids}):
        event = kinds[kind].model_validate({**data, "event_id": event_id, "at": at})
        found.setdefault(complaint_id, []).append(event)
    return found


async def told_after(session: AsyncSession, complaint_ids: Collection[str], instant: datetime) -> set[str]:
    """Those of these complaints to which something has happened after an instant."""
    after = among(JournalRow.complaint_id, complaint_ids), JournalRow.at > instant
    return set(await session.scalars(select(JournalRow.complaint_id).where(*after)))


async def rows_of(session: AsyncSession, complaint_ids: Collection[str]) -> dict[str, dict[str, LedgerRow]]:
    """The ledger's rows of these complaints, by the center that shows them."""
    found: dict[str, dict[str, LedgerRow]] = {}
    for row in await session.scalars(_ROWS, {"ids": complaint_ids}):
        found.setdefault(row.complaint_id, {})[row.shown_in] = row
    return found


def put(session: AsyncSession, row: Row, held: dict[str, LedgerRow]) -> bool:
    """Bring the ledger's rows of a complaint (`held`, by center) to this; returns whether anything was different."""
    year, seq = place_of(row.number)
    departments = row.departments
    values: dict[str, Any] = {
        "center": row.center,
        "year": year,
        "seq": seq,
        "handling_center": row.handling_center,
        "registered_at": row.registered_at,
        "state": row.state,
        "final": row.final,
        "satisfaction": row.satisfaction,
        "lead": departments[0] if departments else None,
        "co_handlers": f" {' '.join(departments[1:])} " if departments[1:] else None,
        "source": row.source,
        "category": row.category,
        "triage": row.triage,
        "overdue": row.overdue,
        "rung": row.rung,
        "due_at": row.due_at,
        "data": row.model_dump(mode="json"),
    }
    changed = False
    for center in row.shown_in:
        ledger_row = held.get(center)
        if ledger_row is None:
            held[center] = LedgerRow(shown_in=center, complaint_id=row.complaint_id, stale=False, **values)
            session.add(held[center])
            changed = True
        elif any(getattr(ledger_row, name) != value for name, value in values.items()):
            changed = True
            for name, value in values.items():
                if getattr(ledger_row, name) == value:  # written, too: so a batch writes its rows with one statement
                    flag_modified(ledger_row, name)
                else:
                    setattr(ledger_row, name, value)
    return changed


def mark(held: Mapping[str, LedgerRow], *, stale: bool) -> None:
    """Have these rows, and all that is computed with them, computed anew; or say that they have been."""
    for row in held.values():
        row.stale = stale


async def rows(session: AsyncSession, complaint_ids: Sequence[str]) -> dict[str, Row]:
    """The computed rows of these complaints."""
    found = await session.execute(
        select(LedgerRow.complaint_id, LedgerRow.data).where(
            among(LedgerRow.complaint_id, complaint_ids), LedgerRow.shown_in == LedgerRow.center
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


async def stale(session: AsyncSession, limit: int) -> list[str]:
    """Some of the complaints whose rows, and whatever is computed with them, are to be computed anew."""
    found = await session.scalars(select(LedgerRow.complaint_id).where(LedgerRow.stale).limit(limit))
    return list(dict.fromkeys(found))

"""The journal and the ledger, kept together: whoever has something happen to a complaint tells it here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.journal import kept
from services.intake.domain.row import Row, ledger_row
from services.intake.store import complaints
from services.intake.store import journal as store
from services.intake.tables import LedgerRow
from shared.db import wake
from shared.events import Event
from shared.messaging import Unknown


@dataclass
class Open:
    """One complaint's journal as it stands in this transaction, with the ledger's rows to bring up to date."""

    events: list[Event]
    rows: dict[str, LedgerRow]

    @property
    def row(self) -> Row:
        """The row its events make."""
        return ledger_row(self.events)


async def open_journals(session: AsyncSession, complaint_ids: Collection[str]) -> None:
    """Hold these complaints and load their journals for this transaction, with one query a table.

    Held, so that of two transactions that append to one journal the second computes from what the first wrote.
    """
    if known := await complaints.lock(session, set(complaint_ids) - _journals(session).keys()):
        await _load(session, known)


async def open_journal(session: AsyncSession, complaint_id: str) -> Open:
    """Load the journal of a complaint that is held already."""
    await _load(session, [complaint_id])
    return _open(session, complaint_id)


async def _load(session: AsyncSession, held: Collection[str]) -> None:
    events, rows = await store.events_of(session, held), await store.rows_of(session, held)
    for complaint_id in held:
        _journals(session)[complaint_id] = Open(events.get(complaint_id, []), rows.get(complaint_id, {}))


def begin(session: AsyncSession, complaint_id: str, event: Event) -> None:
    """Open the journal of a new complaint with its first event."""
    _journals(session)[complaint_id] = Open([], {})
    enter(session, complaint_id, event)


def enter(session: AsyncSession, complaint_id: str, event: Event) -> None:
    """Append what happened to an open journal, and bring the ledger up to date; raises `Unknown`."""
    journal = _open(session, complaint_id)
    event = kept(event)
    journal.events.append(event)
    store.append(session, complaint_id, event)
    store.put(session, journal.row, journal.rows)


def _open(session: AsyncSession, complaint_id: str) -> Open:
    try:
        return _journals(session)[complaint_id]
    except KeyError:
        raise Unknown(complaint_id) from None


def _journals(session: AsyncSession) -> dict[str, Open]:
    journals: dict[str, Open] = session.info.setdefault("journals", {})
    return journals


RECOMPUTE = "recompute"
"""The name of the job that does."""


async def recompute(session: AsyncSession, limit: int = 200) -> datetime | None:
    """Compute anew some of what an earlier release computed; and go on as long as there is any."""
    if complaint_ids := await store.outdated(session, limit):
        await _put_all(session, complaint_ids)
        wake(session, RECOMPUTE)
    return None


async def rebuild(session: AsyncSession, after: str = "", limit: int = 500) -> tuple[int, int, str | None]:
    """Compute the ledger's rows anew from the journal, so many complaints from an id on.

    Returns how many were computed, how many of them differed, and the id to go on after (None at the end).
    """
    complaint_ids = await store.ids_after(session, after, limit)
    changed = await _put_all(session, complaint_ids)
    return len(complaint_ids), changed, complaint_ids[-1] if len(complaint_ids) == limit else None


async def _put_all(session: AsyncSession, complaint_ids: Collection[str]) -> int:
    await open_journals(session, complaint_ids)
    changed = 0
    for complaint_id in complaint_ids:
        journal = _open(session, complaint_id)
        changed += store.put(session, journal.row, journal.rows)
    return changed

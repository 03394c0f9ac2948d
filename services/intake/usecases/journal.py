"""The journal, and what is computed from it: whoever has something happen to a complaint tells it here."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.calendars import Calendars
from services.intake.domain.facts import COUNTED_IN_WORKING_TIME, facts_of, versions_of
from services.intake.domain.journal import Journal, kept
from services.intake.domain.row import Row, ledger_row, row_of
from services.intake.store import calendars, complaints
from services.intake.store import facts as counted
from services.intake.store import journal as store
from services.intake.tables import FigureRow, LedgerRow
from services.intake.usecases import summing
from shared.db import wake
from shared.events import Event
from shared.live import concern
from shared.messaging import Unknown

RECOMPUTE = "recompute"
"""The name of the job that does."""


@dataclass
class Open:
    """One complaint's journal as it stands in this transaction, with what is computed from it to bring up to date."""

    events: list[Event]
    rows: dict[str, LedgerRow]
    facts: dict[counted.Name, FigureRow]

    @property
    def row(self) -> Row:
        """The row its events make."""
        return ledger_row(self.events)

    def put(self, session: AsyncSession, complaint_id: str) -> None:
        """Bring the ledger's rows, and the facts that hold now, up to date."""
        journal = Journal(self.events)
        row = row_of(journal)
        store.put(session, row, self.rows)
        concern(session, lambda: row.shown_in)
        latest = max(event.at for event in self.events)
        counted.put(session, complaint_id, facts_of(journal, _calendars(session)), self.facts, latest)


async def open_journals(session: AsyncSession, complaint_ids: Collection[str], coming: Iterable[Event] = ()) -> None:
    """Hold these complaints and load their journals for this transaction, with one query a table; `coming`: for what.

    Held, so that of two transactions that append to one journal the second computes from what the first wrote.
    """
    missing = set(complaint_ids) - _journals(session).keys()
    if missing and (known := await complaints.lock(session, missing)):
        await _load(session, known, coming)


async def open_whole(session: AsyncSession, complaint_ids: Collection[str]) -> None:
    """Hold these complaints themselves, with their journals, for this transaction."""
    await _load(session, await complaints.hold(session, complaint_ids))


async def open_journal(session: AsyncSession, complaint_id: str) -> Open:
    """The journal of a complaint, which is held for this transaction; loaded, if it was not."""
    await open_journals(session, [complaint_id])
    return _open(session, complaint_id)


async def _load(session: AsyncSession, held: Collection[str], coming: Iterable[Event] = ()) -> None:
    events, rows = await store.events_of(session, held), await store.rows_of(session, held)
    facts = await counted.holding(session, held)
    for complaint_id in held:
        _journals(session)[complaint_id] = Open(
            events.get(complaint_id, []), rows.get(complaint_id, {}), facts.get(complaint_id, {})
        )
    happened = [event for journal in _journals(session).values() for event in journal.events]
    await _know_calendars(session, [*happened, *coming])


def begin(session: AsyncSession, complaint_id: str, event: Event) -> None:
    """Open the journal of a new complaint with its first event."""
    _journals(session)[complaint_id] = Open([], {}, {})
    enter(session, complaint_id, event)


def enter(session: AsyncSession, complaint_id: str, event: Event) -> None:
    """Append what happened to an open journal, and bring what is computed from it up to date; raises `Unknown`.

    Of an event that is heard after a later one, what held in between is computed anew by the job, soon.
    """
    journal = _open(session, complaint_id)
    is_late = any(event.at < earlier.at for earlier in journal.events)
    event = kept(event)
    journal.events.append(event)
    store.append(session, complaint_id, event)
    journal.put(session, complaint_id)
    if is_late:
        store.mark(journal.rows, stale=True)


def is_open(session: AsyncSession, complaint_id: str) -> bool:
    """Whether there is this complaint, of those whose journals were to be opened."""
    return complaint_id in _journals(session)


def _open(session: AsyncSession, complaint_id: str) -> Open:
    try:
        return _journals(session)[complaint_id]
    except KeyError:
        raise Unknown(complaint_id) from None


def _journals(session: AsyncSession) -> dict[str, Open]:
    journals: dict[str, Open] = session.info.setdefault("journals", {})
    return journals


def _calendars(session: AsyncSession) -> Calendars:
    calendars: Calendars = session.info.get("calendars", Calendars())
    return calendars


async def _know_calendars(session: AsyncSession, events: Iterable[Event]) -> None:
    """Load the calendars by which something of these events is counted, if anything is."""
    centers = {event.center for event in events if isinstance(event, COUNTED_IN_WORKING_TIME)}
    if centers - _calendars(session).known.keys():
        session.info["calendars"] = await calendars.known(session, centers)


async def recompute(session: AsyncSession, limit: int = 200) -> datetime | None:
    """Compute anew some of what an earlier release computed, or an event heard late has changed; and go on."""
    if complaint_ids := await store.stale(session, limit):
        await _compute(session, complaint_ids)
        wake(session, RECOMPUTE)
    return None


async def rebuild(session: AsyncSession, after: str = "", limit: int = 500) -> tuple[int, int, str | None]:
    """Compute the ledger's rows and all that is counted anew from the journal, so many complaints from an id on.

    What is summed of it by the day is summed anew, too: whoever begins at the first complaint has it forgotten.
    Returns how many were computed, how many of them differed, and the id to go on after (None at the end).
    """
    if not after:
        await summing.sum_anew(session)
    complaint_ids = await store.ids_after(session, after, limit)
    changed = await _compute(session, complaint_ids)
    return len(complaint_ids), changed, complaint_ids[-1] if len(complaint_ids) == limit else None


async def _compute(session: AsyncSession, complaint_ids: Collection[str]) -> int:
    await open_journals(session, complaint_ids)
    ever = await counted.ever(session, complaint_ids)
    changed = 0
    for complaint_id in complaint_ids:
        journal = _open(session, complaint_id)
        different = store.put(session, journal.row, journal.rows)
        versions = versions_of(journal.events, _calendars(session))
        journal.facts, differ = counted.replace(session, complaint_id, versions, ever[complaint_id])
        store.mark(journal.rows, stale=False)
        changed += different or differ
    return changed

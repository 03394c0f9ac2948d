"""The ledger (annex 3): rows by its 17 headings, live or as of any day, with the petitioner masked (mechanism §10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.annex import HEADINGS, Cells, cells
from services.intake.domain.names import Names
from services.intake.domain.row import Row, ledger_row
from services.intake.store import complaints, directory
from services.intake.store import figures as counting
from services.intake.store import journal as store
from services.intake.usecases.petitioners import Masked
from services.intake.usecases.reading import scope
from shared import clock
from shared.refusals import FieldFault, Invalid
from shared.replica import calendar_of
from shared.security.roles import Actor
from shared.workdays import CHINA

MOST_ROWS = 20_000
"""Complaints in one ledger at most; a county has about two thousand a year."""
CHUNK = 500
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
"""The days that can be asked for."""
_CONTACT = HEADINGS[3]


@dataclass(frozen=True)
class Asked:
    """Which ledger: whose, registered from which day to which (both included), and as it stood at the end of a day."""

    center: str | None = None
    first: date | None = None
    last: date | None = None
    as_of: date | None = None

    @property
    def begin(self) -> datetime | None:
        """The first instant of the period."""
        return datetime.combine(self.first, time(), CHINA) if self.first else None

    @property
    def end(self) -> datetime | None:
        """The first instant after the period."""
        days = [day for day in (self.last, self.as_of) if day]
        return _midnight_after(min(days)) if days else None

    @property
    def until(self) -> datetime | None:
        """The last instant of the day as of which it is asked."""
        return _midnight_after(self.as_of) - timedelta(microseconds=1) if self.as_of else None


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA) + timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """A row of the ledger, and whose it is."""

    complaint_id: str
    row: Row
    cells: Cells


async def ledger(session: AsyncSession, actor: Actor, asked: Asked, newest: int | None = None) -> list[Entry]:
    """The rows asked for, ordered by center, year and sequence; or the `newest` so many of them.

    序号 counts the rows of this ledger. Raises `Invalid` when it would be too long to hand out, or ends before it
    begins.
    """
    if asked.first and asked.last and asked.first > asked.last:
        message = "起始日期晚于截止日期，请核对。"
        raise Invalid("backwards", message, [FieldFault("from", message)])
    reach = await scope(session, actor, asked.center)
    limit = newest or MOST_ROWS + 1
    complaint_ids = await store.ledger(session, reach, asked.begin, asked.end, limit, newest=newest is not None)
    if len(complaint_ids) > MOST_ROWS:
        raise Invalid("too-many-rows", f"台账一次最多导出{MOST_ROWS}件，请用起止日期分段查询。")
    names = await directory.names(session)
    entries: list[Entry] = []
    for chunk in store.in_chunks(complaint_ids, CHUNK):
        rows = await _rows(session, chunk, reach, asked.until)
        persons = await complaints.petitioners(session, chunk, asked.until)
        for complaint_id in chunk:
            if row := rows.get(complaint_id):
                masked = Masked(persons.get(complaint_id))
                entries.append(Entry(complaint_id, row, _masked_cells(len(entries) + 1, row, masked, names)))
    return entries


async def _rows(
    session: AsyncSession, complaint_ids: Sequence[str], reach: frozenset[str], until: datetime | None
) -> dict[str, Row]:
    """The rows as kept; or computed from what the journal held then, as far as these centers had them already."""
    if until is None:
        return await store.rows(session, complaint_ids)
    events = await store.events_of(session, complaint_ids, until)
    rows = {complaint_id: ledger_row(happened) for complaint_id, happened in events.items()}
    return {complaint_id: row for complaint_id, row in rows.items() if not reach.isdisjoint(row.shown_in)}


def _masked_cells(place: int, row: Row, person: Masked, names: Names) -> Cells:
    shown = cells(place, row, person.shown, names)
    return {
        heading: person.text(value) if isinstance(value, str) and heading != _CONTACT else value
        for heading, value in shown.items()
    }


async def figures(session: AsyncSession, actor: Actor, asked: Asked) -> counting.Figures:
    """The figures above the ledger: of its period (without one, of this month), and of what is open now."""
    reach = await scope(session, actor, asked.center)
    now = clock.now()
    begin = asked.begin or (None if asked.last else datetime(now.year, now.month, 1, tzinfo=CHINA))
    county = (await directory.centers(session)).county
    center = asked.center or actor.center or county
    soon = (await calendar_of(session, center)).end_of_next_working_day(now) if center else now
    return await counting.figures(session, reach, begin, asked.end, now, soon)

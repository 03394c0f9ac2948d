"""The ledger (annex 3): rows by its 17 headings, live or as of any day, with the petitioner masked (mechanism §10).

As of a day that is over it is the same whenever it is asked for: what was said, by whom, and what everything was called
is told as it was then. Only who has been erased since stands there as erased, and his words without him.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.annex import HEADINGS, Cells, cells
from services.intake.domain.calendars import Calendars
from services.intake.domain.filters import Filter
from services.intake.domain.lateness import late_by
from services.intake.domain.names import Names
from services.intake.domain.period import Period
from services.intake.domain.row import Row, ledger_row
from services.intake.store import calendars, complaints, directory
from services.intake.store import journal as journals
from services.intake.store import ledger as store
from services.intake.usecases.petitioners import Masked
from services.intake.usecases.reading import scope
from shared import clock
from shared.events import Event
from shared.refusals import FieldFault, Invalid
from shared.security.roles import Actor

MOST_ROWS = 20_000
"""Complaints in one ledger at most; a county has about two thousand a year."""
MOST_ON_A_PAGE = 200
MOST_LOOKED_AT = 5_000
"""Complaints computed for one page as of a day; a page may stay short, and the next goes on from there."""
CHUNK = 500
MOST_COUNTED = 1_000
_CONTACT = HEADINGS[3]


@dataclass(frozen=True)
class Asked:
    """Which ledger: whose, of which period (by the time of registering), as it stood when, and which rows of it."""

    center: str | None = None
    period: Period = field(default_factory=Period)
    wanted: Filter = field(default_factory=Filter)


@dataclass(frozen=True)
class Place:
    """Where a page ended: behind this complaint, which was looked at last, and how many rows there were before."""

    rows: int
    complaint_id: str


@dataclass(frozen=True)
class Entry:
    """A row of the ledger, and whose it is."""

    complaint_id: str
    row: Row
    cells: Cells


@dataclass
class Page:
    """Some rows, and where the next page begins (None at the end)."""

    entries: list[Entry] = field(default_factory=list)
    following: Place | None = None


async def ledger(session: AsyncSession, actor: Actor, asked: Asked, newest: int | None = None) -> list[Entry]:
    """The rows asked for, ordered by center, year and sequence; or the `newest` so many of them.

    序号 counts the rows of this ledger. Raises `Invalid` when it would be too long to hand out, or for days that make
    no period.
    """
    reading = await _begin(session, actor, asked)
    if newest:
        complaint_ids = await store.page(session, reading.within, reading.sure, reading.now, newest)
        complaint_ids = await store.sorted_by_number(session, complaint_ids)
    else:
        complaint_ids = await store.in_order(session, reading.within, reading.sure, reading.now, MOST_ROWS + 1)
    if len(complaint_ids) > MOST_ROWS:
        raise Invalid("too-many-rows", f"台账一次最多导出{MOST_ROWS}件，请用起止日期分段查询。")
    return [entry async for entry in reading.entries(complaint_ids)]


async def must_be_a_ledger(session: AsyncSession, actor: Actor, asked: Asked) -> None:
    """Refuse what could not be read: another center's, or days that make no period."""
    await _begin(session, actor, asked)


async def complaints_of(session: AsyncSession, actor: Actor, asked: Asked, most: int, at: datetime) -> list[str] | None:
    """The complaints of a ledger by center, year and sequence, to be read part by part; None where there are more.

    As of a day these are looked at, and not all of them stand in it.
    """
    reading = await _begin(session, actor, asked, at)
    found = await store.in_order(session, reading.within, reading.sure, reading.now, most + 1)
    return None if len(found) > most else found


async def part_of(
    session: AsyncSession, actor: Actor, asked: Asked, complaint_ids: Sequence[str], before: int, at: datetime
) -> list[Entry]:
    """The rows of some of them as they were at this instant, numbered on from so many before."""
    reading = await _begin(session, actor, asked, at)
    reading.place = before
    return [entry async for entry in reading.entries(complaint_ids)]


async def unsorted(session: AsyncSession, actor: Actor, limit: int) -> list[Entry]:
    """What waits to be sorted in the centers within reach, the oldest first; the first so many."""
    reading = await _begin(session, actor, Asked())
    complaint_ids = await store.unsorted(session, reading.within.centers, limit)
    return [entry async for entry in reading.entries(complaint_ids)]


async def unsorted_count(session: AsyncSession, actor: Actor) -> int:
    """How many do; counted no further than anybody reads."""
    return len(await store.unsorted(session, await scope(session, actor), MOST_COUNTED))


async def page(
    session: AsyncSession, actor: Actor, asked: Asked, limit: int, after: Place | None, *, newest_first: bool
) -> Page:
    """The next rows by the time of registering; however long the ledger, a page costs the same.

    序号 goes on from page to page. As of a day, rows are computed until the page is full or enough were looked at.
    """
    reading = await _begin(session, actor, asked)
    reading.place = after.rows if after else 0
    last, looked_at, found = after.complaint_id if after else None, 0, Page()
    while len(found.entries) < limit:
        complaint_ids = await store.page(
            session, reading.within, reading.sure, reading.now, limit, after=last, newest_first=newest_first
        )
        async for entry in reading.entries(complaint_ids):
            found.entries.append(entry)
            if len(found.entries) == limit:
                found.following = Place(reading.place, entry.complaint_id)
                return found
        looked_at += len(complaint_ids)
        if len(complaint_ids) < limit:
            return found
        last = complaint_ids[-1]
        if looked_at >= MOST_LOOKED_AT:
            found.following = Place(reading.place, last)
            return found
    return found


@dataclass
class _Reading:
    """One reading of the ledger: what is asked, by whom, and what everything was called then."""

    session: AsyncSession
    asked: Asked
    within: store.Within
    names: Names
    now: datetime
    """The instant it is read as of."""
    until: datetime | None
    """Up to when it is told what happened; None: all that is known."""
    calendars: Calendars = field(default_factory=Calendars)
    """Those by which the rows read so far are counted."""
    place: int = 0

    @property
    def is_live(self) -> bool:
        """Whether the rows as kept are asked for."""
        return self.asked.period.as_of is None

    @property
    def sure(self) -> Filter:
        """What the store may be asked to narrow: everything that is kept; as of a day, only what never changes."""
        return self.asked.wanted if self.is_live else Filter(source=self.asked.wanted.source)

    async def entries(self, complaint_ids: Sequence[str]) -> AsyncIterator[Entry]:
        """The rows of these complaints that are asked for, in this order, numbered on."""
        for chunk in journals.in_chunks(complaint_ids, CHUNK):
            rows = await self._rows(chunk)
            await self._know_calendars(rows.values())
            persons = await complaints.petitioners(self.session, rows.keys(), self.until)
            for complaint_id in chunk:
                if row := rows.get(complaint_id):
                    self.place += 1
                    yield Entry(complaint_id, row, self._cells(row, Masked.of(persons.get(complaint_id))))

    async def _rows(self, complaint_ids: Sequence[str]) -> dict[str, Row]:
        """The rows as kept; or as what the journal held then makes them, if these centers had them and they fit."""
        if not self.is_live:
            rows = await self._computed(complaint_ids)
        elif self.until is None:
            return await journals.rows(self.session, complaint_ids)
        else:
            rows = await self._as_they_were(complaint_ids, self.until)
        return {complaint_id: row for complaint_id, row in rows.items() if self._is_asked_for(row)}

    async def _as_they_were(self, complaint_ids: Sequence[str], instant: datetime) -> dict[str, Row]:
        """At an instant just gone by: as kept, but for those to which something has happened since."""
        kept = await journals.rows(self.session, complaint_ids)
        since = await journals.told_after(self.session, complaint_ids, instant)
        unchanged = {complaint_id: row for complaint_id, row in kept.items() if complaint_id not in since}
        return unchanged | (await self._computed(since) if since else {})

    async def _computed(self, complaint_ids: Collection[str]) -> dict[str, Row]:
        events = await journals.events_of(self.session, complaint_ids, self.until)
        return await asyncio.to_thread(_folded, events)  # five hundred journals would keep everybody waiting

    def _is_asked_for(self, row: Row) -> bool:
        return not set(self.within.centers).isdisjoint(row.shown_in) and self.asked.wanted.fits(row, self.now)

    async def _know_calendars(self, rows: Iterable[Row]) -> None:
        """Of whoever has them now: what was transferred away is counted by another center's calendar (Art. 7)."""
        named = {row.calendar for row in rows if row.calendar}
        if missing := named - self.calendars.known.keys():
            self.calendars |= await calendars.known(self.session, missing)

    def _cells(self, row: Row, person: Masked) -> Cells:
        late = late_by(row, self.calendars.at(row.calendar, self.now), self.now)
        shown = cells(self.place, row, person.shown, self.names, late)
        return {
            heading: person.text(value) if isinstance(value, str) and heading != _CONTACT else value
            for heading, value in shown.items()
        }


async def _begin(session: AsyncSession, actor: Actor, asked: Asked, at: datetime | None = None) -> _Reading:
    """Now; or, where an instant just gone by is given, as everything was and was called then."""
    now, period = at or clock.now(), asked.period
    period.check(now.date())
    must_be_words(asked.wanted.text)
    within = store.Within(await scope(session, actor, asked.center), period.begin, period.end)
    until = period.until if at is None else period.instant(at)
    names = await directory.names(session, until)
    return _Reading(session, asked, within, names, period.instant(now), until)


def _folded(events: Mapping[str, Sequence[Event]]) -> dict[str, Row]:
    return {complaint_id: ledger_row(happened) for complaint_id, happened in events.items()}


def must_be_words(text: str | None) -> None:
    """Refuse to look for a phone or an identity number in what is shown masked; raises `Invalid`."""
    digits: Iterable[str] = filter(str.isdigit, text or "")
    if text and len("".join(digits)) >= 7 and not any(letter.isascii() and letter.isalpha() for letter in text):
        message = "请用诉求编号或诉求内容中的词语查询，不能用电话或证件号码。"
        raise Invalid("no-numbers", message, [FieldFault("text", message)])

"""An export is made in steps: its complaints are found, read part by part, put into a file; each is written by itself.

So it is seen how far it is, no writer is held meanwhile, and a process that dies loses one step. However long a list
is, no more of it is held than a part, or a piece of its file (a PDF apart). Who makes a file has said so before: one
that kills whoever makes it is given up, and the house stands.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.annex import HEADINGS, Cells
from services.intake.store import exports as store
from services.intake.store.journal import in_chunks
from services.intake.tables import ExportPartRow, ExportRow
from services.intake.usecases import exporting, figures
from services.intake.usecases.asking import ledger_asked
from services.intake.usecases.exporting import (
    FAILED,
    MAKE,
    MONTHLY,
    PDF,
    READY,
    WAITING,
    WORKING,
    Export,
    actor_of,
    month_of,
    shown,
)
from services.intake.usecases.ledger import complaints_of, part_of
from shared import clock
from shared.db import is_passing, wake
from shared.jobs import Reading
from shared.logs import log
from shared.refusals import Invalid, Refusal
from shared.security.keys import sealer
from shared.security.roles import Actor
from shared.settings import settings

PART = 100
"""Complaints in one part: so few that nobody waits while they are read."""
PIECE = 1 << 20
"""Bytes of a file that are sealed together, and handed out together."""
MOST_TRIES = 3
LEFT_ALONE = timedelta(minutes=10)
"""How long nobody else begins a file that somebody has begun."""
LOOKED_AT = 10
"""As of a day it is known only afterwards which complaints stand in a ledger: so many are looked at for each row."""
TOO_HEAVY = f"连续{MOST_TRIES}次没有做成，可能是内容太多。请缩小范围后重新导出，仍不成功请联系系统管理员。"
WENT_WRONG = "导出时系统出错，错误已记录；请稍后重新导出，仍不成功请联系系统管理员。"

_log = log("exports")


@dataclass(frozen=True)
class Found:
    """Which complaints a ledger has: the parts it is read in."""

    export_id: str
    at: datetime
    """The instant all of them are read as of."""
    complaint_ids: Sequence[str]


@dataclass(frozen=True)
class Part:
    """The rows of one part."""

    export_id: str
    n: int
    looked_at: int
    rows: int
    cells: str
    """Sealed."""


@dataclass(frozen=True)
class Whole:
    """What a file is made of: a ledger's parts, which are kept, or a month's report, and whose it is."""

    export: Export
    actor: Actor
    count: int | None = None
    """How many rows a ledger has."""
    report: figures.Report | None = None
    office: str = ""

    async def parts(self, reading: Reading) -> IO[str]:
        """The rows of a ledger, sealed part by part, each a line of a file that nobody else sees."""
        kept, n = _lines(), 0
        while True:
            async with reading() as session:
                cells = await store.cells(session, self.export.id, n)
            if cells is None:
                kept.seek(0)
                return kept
            await asyncio.to_thread(kept.write, f"{cells}\n")
            n += 1

    def rows(self, parts: IO[str]) -> Iterator[Cells]:
        """The rows, of which no more are held than one part's."""
        for n, cells in enumerate(parts):
            held = orjson.loads(sealer().open(cells.rstrip("\n"), about=f"{self.export.id}/{n}"))
            yield from (dict(zip(HEADINGS, each, strict=True)) for each in held)


@dataclass(frozen=True)
class Made:
    """The file."""

    export_id: str
    name: str
    size: int
    pieces: IO[str]
    """Sealed, a line each; whoever has written them down closes it."""
    count: int | None
    """How many rows a ledger has."""

    @classmethod
    def of(cls, whole: Whole, name: str, content: IO[bytes]) -> "Made":
        """The same, to be kept."""
        export_id, pieces = whole.export.id, _lines()
        content.seek(0)
        for n, piece in enumerate(iter(lambda: content.read(PIECE), b"")):
            pieces.write(exporting.sealed(export_id, n, piece) + "\n")
        pieces.seek(0)
        return cls(export_id, name, content.tell(), pieces, whole.count)


@dataclass(frozen=True)
class Failed:
    """It cannot be made, and why."""

    export_id: str
    why: str


Step = Found | Part | Made | Failed
"""What is written of an export."""


async def next_step(session: AsyncSession) -> Found | Part | Whole | Failed | None:
    """What the export for which least was done needs next; None where none waits."""
    row = await store.first_unfinished(session, clock.machine_now())
    if row is None:
        return None
    if row.tries >= MOST_TRIES:
        _log.error("given up", export=row.id, tries=row.tries)
        return Failed(row.id, TOO_HEAVY)
    try:
        return await _read(session, row)
    except Refusal as refusal:
        return Failed(row.id, refusal.message)
    except Exception as error:
        if is_passing(error):
            raise
        return given_up(row.id, error)


def given_up(export_id: str, error: Exception) -> Failed:
    """It cannot be made for a reason that nobody foresaw: the others shall not wait behind it."""
    _log.error("not exported", export=export_id, exc_info=error)
    return Failed(export_id, WENT_WRONG)


async def begin(session: AsyncSession, found: Found | Part | Whole | Failed) -> bool:
    """Let it be known that a file is being made; False where another replica has said so, or it is made already."""
    if not isinstance(found, Whole):
        return True
    row, now = await store.held(session, found.export.id), clock.machine_now()
    if row is None or row.state not in (WAITING, WORKING) or (row.taken_until and row.taken_until > now):
        wake(session, MAKE)  # there may be others
        return False
    row.tries, row.taken_until = row.tries + 1, now + LEFT_ALONE
    return True


async def write(session: AsyncSession, step: Step) -> None:
    """Write a step down, unless another replica has made the same one, and go on."""
    row = await store.held(session, step.export_id)
    if row is None or row.state not in (WAITING, WORKING):
        return
    match step:
        case Found():
            await _divide(session, row, step)
        case Part():
            await _fill(session, row, step)
        case Made():
            await store.keep(session, row.id, (piece.rstrip("\n") for piece in step.pieces))
            await store.let_go(session, row.id)
            row.state, row.total, row.name, row.size = READY, step.count, step.name, step.size
        case Failed():
            await store.let_go(session, row.id)
            row.state, row.why = FAILED, step.why
    if row.state in (READY, FAILED):
        await session.flush()
        await store.keep_newest(session, row.asked_by, exporting.MOST_KEPT)
    wake(session, MAKE)


async def _read(session: AsyncSession, row: ExportRow) -> Found | Part | Whole:
    export, actor = shown(row), actor_of(row)
    if row.kind == MONTHLY:
        asked = month_of(export.given)
        first = asked.period.first
        assert first
        report = await figures.report(session, actor, asked.center, first, 1, None)
        office = await figures.office_of(session, actor, asked.center, report.until)
        return Whole(export, actor, report=report, office=office)
    asked_ledger, most = ledger_asked(export.given), _most(row.format)
    if row.state == WAITING:
        is_live, at = asked_ledger.period.as_of is None, clock.now()
        looked_at = most if is_live else most * LOOKED_AT
        found = await complaints_of(session, actor, asked_ledger, looked_at, at)
        if found is None:
            raise Invalid("too-many-rows", _too_many(row.format) if is_live else _too_many_then(looked_at))
        return Found(row.id, at, found)
    if (next_one := await store.part_to_fill(session, row.id)) is None:
        return Whole(export, actor, await store.rows_of(session, row.id))
    part, before = next_one
    entries = await part_of(session, actor, asked_ledger, part.ids, before, export.read_at)
    if before + len(entries) > most:
        raise Invalid("too-many-rows", _too_many(row.format))
    cells = orjson.dumps([list(entry.cells.values()) for entry in entries]).decode()
    return Part(row.id, part.n, len(part.ids), len(entries), sealer().seal(cells, about=f"{row.id}/{part.n}"))


async def _divide(session: AsyncSession, row: ExportRow, found: Found) -> None:
    if row.state == WAITING:
        row.state, row.total, row.read_at = WORKING, len(found.complaint_ids), found.at
        await store.divide(session, row.id, in_chunks(found.complaint_ids, PART))


async def _fill(session: AsyncSession, row: ExportRow, step: Part) -> None:
    part = await session.get(ExportPartRow, (row.id, step.n))
    if part and part.cells is None:
        part.rows, part.cells = step.rows, step.cells
        row.done += step.looked_at


def _most(form: str) -> int:
    return settings().export_most_printed if form == PDF else settings().export_most_rows


def _too_many(form: str) -> str:
    other = "，或导出 Excel" if form == PDF else ""
    return f"超过{_most(form)}件，一次导不出。请用受理日期分段导出{other}。"


def _too_many_then(most: int) -> str:
    return f"截至某日的台账须逐件核对，这段时间受理的超过{most}件，一次导不出。请用受理日期分段导出。"


def _lines() -> IO[str]:
    return TemporaryFile("w+", encoding="ascii")

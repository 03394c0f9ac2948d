"""An export is made in steps: its complaints are found, read part by part, put into a file; each is written by itself.

So it is seen how far it is, no writer is held meanwhile, and a process that dies loses one step.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.annex import HEADINGS, Cells
from services.intake.store import exports as store
from services.intake.store.journal import in_chunks
from services.intake.tables import ExportFileRow, ExportPartRow, ExportRow
from services.intake.usecases import figures
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
from services.intake.usecases.ledger import CHUNK, complaints_of, part_of
from shared.db import is_passing, wake
from shared.logs import log
from shared.refusals import Invalid, Refusal
from shared.security.keys import sealer
from shared.security.roles import Actor
from shared.settings import settings

WENT_WRONG = "导出时系统出错，错误已记录；请稍后重新导出，仍不成功请联系系统管理员。"

_log = log("exports")


@dataclass(frozen=True)
class Found:
    """Which complaints a ledger has: the parts it is read in."""

    export_id: str
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
    """All that is to stand in a file; of a ledger its rows, of a month its report and whose it is."""

    export: Export
    actor: Actor
    rows: Sequence[Cells] = ()
    report: figures.Report | None = None
    office: str = ""


@dataclass(frozen=True)
class Made:
    """The file."""

    export_id: str
    name: str
    data: str
    """Sealed."""

    @classmethod
    def of(cls, export_id: str, name: str, content: bytes) -> "Made":
        """The same, to be kept."""
        return cls(export_id, name, sealer().seal(base64.b64encode(content).decode(), about=f"{export_id}/data"))


@dataclass(frozen=True)
class Failed:
    """It cannot be made, and why."""

    export_id: str
    why: str


Step = Found | Part | Made | Failed
"""What is written of an export."""


async def next_step(session: AsyncSession) -> Found | Part | Whole | Failed | None:
    """What the export that has waited longest needs next; None where none waits."""
    row = await store.first_unfinished(session)
    if row is None:
        return None
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


async def write(session: AsyncSession, step: Step) -> None:
    """Write a step down, unless another replica has made the same one, and go on."""
    row = await store.held(session, step.export_id)
    if row is None or row.state not in (WAITING, WORKING):
        return
    match step:
        case Found():
            _begin(session, row, step.complaint_ids)
        case Part():
            await _fill(session, row, step)
        case Made():
            session.add(ExportFileRow(export_id=row.id, name=step.name, data=step.data))
            await store.let_go(session, row.id)
            row.state = READY
        case Failed():
            await store.let_go(session, row.id)
            row.state, row.why = FAILED, step.why
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
    asked_ledger = ledger_asked(export.given)
    if row.state == WAITING:
        found = await complaints_of(session, actor, asked_ledger, _most(row.format))
        if found is None:
            raise Invalid("too-many-rows", _too_many(row.format))
        return Found(row.id, found)
    if (next_one := await store.part_to_fill(session, row.id)) is None:
        return Whole(export, actor, _rows(row.id, await store.parts(session, row.id)))
    part, before = next_one
    entries = await part_of(session, actor, asked_ledger, part.ids, before)
    cells = orjson.dumps([list(entry.cells.values()) for entry in entries]).decode()
    return Part(row.id, part.n, len(part.ids), len(entries), sealer().seal(cells, about=f"{row.id}/{part.n}"))


def _begin(session: AsyncSession, row: ExportRow, complaint_ids: Sequence[str]) -> None:
    if row.state == WAITING:
        row.state, row.total = WORKING, len(complaint_ids)
        for n, ids in enumerate(in_chunks(complaint_ids, CHUNK)):
            session.add(ExportPartRow(export_id=row.id, n=n, ids=list(ids), rows=0))


async def _fill(session: AsyncSession, row: ExportRow, step: Part) -> None:
    part = await session.get(ExportPartRow, (row.id, step.n))
    if part and part.cells is None:
        part.rows, part.cells = step.rows, step.cells
        row.done += step.looked_at


def _rows(export_id: str, parts: Sequence[tuple[int, str | None]]) -> list[Cells]:
    rows: list[Cells] = []
    for n, cells in parts:
        assert cells
        held = orjson.loads(sealer().open(cells, about=f"{export_id}/{n}"))
        rows += [dict(zip(HEADINGS, each, strict=True)) for each in held]
    return rows


def _most(form: str) -> int:
    return settings().export_most_printed if form == PDF else settings().export_most_rows


def _too_many(form: str) -> str:
    other = "，或导出 Excel" if form == PDF else ""
    return f"超过{_most(form)}件，一次导不出。请用受理日期分段导出{other}。"

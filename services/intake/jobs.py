"""What intake does by itself: computes anew what an earlier release computed, sums days, makes and deletes exports."""

import asyncio
from contextlib import nullcontext
from datetime import timedelta
from tempfile import TemporaryFile
from typing import IO

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.api.drawn import monthly_book, preview_sheets
from services.intake.api.printed import ledger_sheets
from services.intake.api.workbook import write_workbook
from services.intake.usecases import export_steps as steps
from services.intake.usecases import exporting, journal, summing
from services.intake.usecases.export_steps import Failed, Found, Made, Part, Whole
from shared.house import TimedJob
from shared.jobs import Reading, SteppedJob, Write
from shared.papers.printing import drawn
from shared.refusals import Refusal
from shared.security.watermark import mark_of


async def make(step: Found | Part | Whole | Failed, reading: Reading) -> Write:
    """Do what a step takes long for: lay out a file. What writes it down."""
    if not isinstance(step, Whole):
        return lambda session: steps.write(session, step)
    made = await _file(step, reading)

    async def write(session: AsyncSession) -> None:
        with made.pieces if isinstance(made, Made) else nullcontext():
            await steps.write(session, made)

    return write


async def _file(whole: Whole, reading: Reading) -> Made | Failed:
    export = whole.export
    title = "月度分析报告" if whole.report else "工作台账"
    name = f"{title}{export.read_at:%Y%m%d-%H%M}.{export.format}"
    with TemporaryFile() as content:
        try:
            await _lay_out(whole, reading, content)
        except Refusal as refusal:
            return Failed(export.id, refusal.message)
        except Exception as error:
            return steps.given_up(export.id, error)
        return await asyncio.to_thread(Made.of, whole, name, content)


async def _lay_out(whole: Whole, reading: Reading, content: IO[bytes]) -> None:
    """Write the file, with who has taken it out, and as of which instant, on every sheet."""
    mark = mark_of(whole.actor, whole.export.read_at)
    is_pdf = whole.export.format == exporting.PDF
    if report := whole.report:
        content.write(
            await drawn(preview_sheets(report, whole.office, mark))
            if is_pdf
            else await asyncio.to_thread(monthly_book, report, mark)
        )
        return
    with await whole.parts(reading) as parts:
        if is_pdf:
            content.write(await drawn(await asyncio.to_thread(ledger_sheets, whole.rows(parts), mark)))
        else:
            await asyncio.to_thread(write_workbook, content, whole.rows(parts), mark)


JOBS = (
    TimedJob(journal.RECOMPUTE, journal.recompute),
    TimedJob(summing.SUM, summing.sum_up, every=timedelta(minutes=5)),
    SteppedJob(exporting.MAKE, steps.next_step, make, steps.begin),
    TimedJob(exporting.PRUNE, exporting.prune, every=timedelta(hours=1)),
)
"""All of them."""

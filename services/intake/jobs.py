"""What intake does by itself: what an earlier release computed is computed anew, and exports are made, then deleted."""

import asyncio
from datetime import timedelta

from services.intake.api.drawn import monthly_book, preview_sheets
from services.intake.api.printed import ledger_sheets
from services.intake.api.workbook import workbook
from services.intake.usecases import export_steps as steps
from services.intake.usecases import exporting, journal
from services.intake.usecases.export_steps import Failed, Found, Made, Part, Whole
from shared.house import TimedJob
from shared.jobs import SteppedJob, Write
from shared.papers.printing import drawn
from shared.refusals import Refusal
from shared.security.watermark import mark_of


async def make(step: Found | Part | Whole | Failed) -> Write:
    """Do what a step takes long for: lay out a file. What writes it down."""
    made = await _file(step) if isinstance(step, Whole) else step
    return lambda session: steps.write(session, made)


async def _file(whole: Whole) -> Made | Failed:
    export = whole.export
    try:
        content = await _laid_out(whole)
    except Refusal as refusal:
        return Failed(export.id, refusal.message)
    except Exception as error:
        return steps.given_up(export.id, error)
    title = "月度分析报告" if whole.report else "工作台账"
    return await asyncio.to_thread(Made.of, whole, f"{title}{export.read_at:%Y%m%d-%H%M}.{export.format}", content)


async def _laid_out(whole: Whole) -> bytes:
    """The file, with who has taken it out, and as of which instant, on every sheet."""
    mark = mark_of(whole.actor, whole.export.read_at)
    is_pdf = whole.export.format == exporting.PDF
    if whole.report is None:
        if is_pdf:
            return await drawn(await asyncio.to_thread(ledger_sheets, whole.rows(), mark))
        return await asyncio.to_thread(workbook, whole.rows(), mark)
    report = whole.report
    if is_pdf:
        return await drawn(preview_sheets(report, whole.office, mark))
    return await asyncio.to_thread(monthly_book, report, mark)


JOBS = (
    TimedJob(journal.RECOMPUTE, journal.recompute),
    SteppedJob(exporting.MAKE, steps.next_step, make, steps.begin),
    TimedJob(exporting.PRUNE, exporting.prune, every=timedelta(hours=1)),
)
"""All of them."""

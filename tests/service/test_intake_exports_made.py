"""Exports in the making: step by step, of one instant, by turns, and given up where they cannot be made."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from sqlalchemy import update

from services.intake.domain.annex import Cells
from services.intake.domain.row import ledger_row
from services.intake.tables import ExportFileRow, ExportPartRow, ExportRow
from services.intake.usecases import export_steps, exporting
from shared.settings import settings
from tests.support.exports import (
    EXPORTS,
    MAKE,
    MARK,
    PART,
    SUPERVISOR,
    asked,
    count,
    fetched,
    made,
    numbered,
    part,
    step,
)
from tests.support.intake import COORDINATOR, Intake, dispatched, intake_at_work


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


async def test_how_far_it_is_is_seen_while_it_is_made(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_steps, "PART", 1)
    monkeypatch.setattr(export_steps, "PIECE", 1000)
    for n in range(3):
        await intake.registered(f"WB-{n}")
    browser = await asked(intake)
    assert await step(intake)
    assert "0/3件" in (await browser.open(PART)).text
    assert await step(intake)
    page = (await browser.open(PART)).text
    assert '<progress max="3" value="1"' in page
    assert "1/3件" in page
    book = await fetched(intake, browser)
    assert numbered(book) == ["1", "2", "3"], "numbered on from part to part"
    assert await count(intake, ExportPartRow) == 0, "only the file is kept"
    assert await count(intake, ExportFileRow) == len(range(0, int(book.headers["content-length"]), 1000)) > 1


async def test_what_two_replicas_make_at_once_stands_there_once(intake: Intake) -> None:
    await intake.registered()
    browser = await asked(intake)
    for _ in range(3):
        writes = []
        for _ in range(2):
            async with intake.store.reading() as session:
                found = await MAKE.read(session)
            writes.append(await MAKE.make(found, intake.store.reading))
        for write in writes:
            await intake.do(write)
    assert "1件" in (await browser.open(EXPORTS)).text
    assert await count(intake, ExportFileRow) == 1
    assert numbered(await fetched(intake, browser)) == ["1"]


async def test_what_is_too_long_says_so_and_the_others_go_on(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YOUSU_EXPORT_MOST_ROWS", "1")
    settings.cache_clear()
    for n in range(2):
        await intake.registered(f"WB-{n}")
    browser = await asked(intake)
    other = await asked(intake, COORDINATOR, text="SQ-2026-0001")
    await made(intake)
    page = (await browser.open(EXPORTS)).text
    assert "未完成" in page
    assert "超过1件，一次导不出。请用受理日期分段导出。" in page
    assert (await fetched(intake, other)).status_code == 200


async def test_what_nobody_foresaw_is_told_in_words_and_holds_nobody_up(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    await intake.registered()
    browser = await asked(intake)
    with monkeypatch.context() as broken:
        broken.setattr("services.intake.jobs.write_workbook", lambda *_: 1 / 0)
        await made(intake)
    assert export_steps.WENT_WRONG in (await browser.open(EXPORTS)).text
    assert (await fetched(intake, await asked(intake, COORDINATOR))).status_code == 200


async def test_an_export_is_of_one_instant_however_long_it_takes(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_steps, "PART", 1)
    [_, two] = [(await intake.registered(f"WB-{n}"))["complaint_id"] for n in range(2)]
    browser = await asked(intake)
    for _ in range(2):
        await step(intake)
    intake.now("09-28 11:00")
    await intake.hear(dispatched(two, "09-28 10:30"))
    book = await fetched(intake, browser)
    assert numbered(book) == ["1", "2"]
    sheet = part(book.content, "xl/worksheets/sheet1.xml")
    assert "县自然资源局" not in sheet, "it was dispatched after the first part was read"
    assert MARK in sheet


async def test_as_of_a_day_the_limit_counts_the_rows_and_not_what_is_looked_at(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUSU_EXPORT_MOST_ROWS", "1")
    settings.cache_clear()
    for n in range(2):
        await intake.registered(f"WB-{n}")
    browser = await asked(intake, as_of="2026-09-28", text="SQ-2026-0001")
    assert numbered(await fetched(intake, browser)) == ["1"]
    assert '<span class="whole">1件</span>' in (await browser.open(EXPORTS)).text
    browser = await asked(intake, as_of="2026-09-28")
    await made(intake)
    assert "超过1件，一次导不出。" in (await browser.open(EXPORTS)).text


class Killed(BaseException):
    """The process that makes it dies."""


async def test_what_kills_whoever_makes_it_is_given_up_after_three_tries(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise Killed

    async def ten_minutes_later() -> None:
        await intake.do(lambda session: session.execute(update(ExportRow).values(taken_until=None)))

    monkeypatch.setattr("services.intake.jobs.write_workbook", die)
    await intake.registered()
    browser = await asked(intake)
    for _ in range(2):
        await step(intake)
    for _ in range(export_steps.MOST_TRIES):
        await ten_minutes_later()
        with pytest.raises(Killed):
            await step(intake)
        assert not await step(intake), "nobody else dies of it at the same time"
    other = await asked(intake, SUPERVISOR, "/intake/figures")
    assert (await fetched(intake, other)).status_code == 200, "it holds nobody up"
    await ten_minutes_later()
    await made(intake)
    assert export_steps.TOO_HEAVY in (await browser.open(EXPORTS)).text


async def test_who_asks_for_little_does_not_wait_for_a_long_one(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_steps, "PART", 1)
    for n in range(4):
        await intake.registered(f"WB-{n}")
    long = await asked(intake)
    for _ in range(3):
        await step(intake)
    short = await asked(intake, COORDINATOR, text="SQ-2026-0001")
    for _ in range(3):
        await step(intake)
    assert "下载工作台账" in (await short.open(EXPORTS)).text
    assert "2/4件" in (await long.open(EXPORTS)).text


async def test_what_takes_long_is_done_beside_the_loop(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[threading.Thread] = []

    def noted(what: Callable[..., Any]) -> Callable[..., Any]:
        def note(*given: Any) -> Any:
            seen.append(threading.current_thread())
            return what(*given)

        return note

    def rows(whole: export_steps.Whole, parts: IO[str]) -> Iterator[Cells]:
        seen.append(threading.current_thread())
        yield from opened(whole, parts)

    opened = export_steps.Whole.rows
    monkeypatch.setattr(export_steps.Whole, "rows", rows)
    monkeypatch.setattr("services.intake.usecases.ledger.ledger_row", noted(ledger_row))
    monkeypatch.setattr(exporting, "_opened", noted(exporting._opened))
    await intake.registered()
    assert (await fetched(intake, await asked(intake, as_of="2026-09-28"))).status_code == 200
    assert len(seen) == 3
    assert threading.main_thread() not in seen

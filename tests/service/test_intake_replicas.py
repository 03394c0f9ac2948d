"""Two replicas of intake on one PostgreSQL: what they do at once is done once, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.store.ledger import says
from services.intake.tables import ComplaintRow
from services.intake.usecases import exporting, journal, petitioning
from shared.db import lay_foundations
from shared.refusals import Refusal
from shared.settings import Settings
from tests.service.test_intake_figures import read
from tests.service.test_intake_reprints import AFTER_UPGRADING, department, names_after_upgrading
from tests.support.intake import CLERK, COUNTY, HELPER, TOWNSHIP, Intake, dispatched, intake_at_work, submission
from tests.support.kernel import until
from tests.support.ledgers import bytes_of, life


@pytest.fixture
async def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> AsyncIterator[list[Intake]]:
    async with AsyncExitStack() as both:
        yield [
            await both.enter_async_context(intake_at_work(tmp_path, monkeypatch, database_url=database_url))
            for _ in range(2)
        ]


async def test_numbers_have_no_gap_and_a_reference_is_one_complaint(two: list[Intake]) -> None:
    given = [submission(f"WB-{n % 30}", center=TOWNSHIP if n % 3 == 0 else COUNTY) for n in range(60)]
    answers = await asyncio.gather(*(two[n % 2].submit(each) for n, each in enumerate(given)))
    assert sorted(answer.status_code for answer in answers) == [200] * 30 + [201] * 30
    told = {answer.json()["number"] for answer in answers}
    assert told == {f"SQ-2026-{n:04}" for n in range(1, 21)} | {f"SQ-ZHIDIAN-2026-{n:04}" for n in range(1, 11)}


async def test_two_that_append_to_one_journal_leave_the_row_of_both(two: list[Intake]) -> None:
    one = await two[0].registered()
    events = life(one["complaint_id"])
    await asyncio.gather(*(two[n % 2].hear(event) for n, event in enumerate(events)))
    live = await bytes_of(two[0])
    assert "已清零销号".encode() in live
    await two[0].do(journal.recompute)
    assert await two[1].do(journal.rebuild) == (1, 0, None)
    two[1].now("12-31 09:00")
    assert await bytes_of(two[1], as_of="2026-12-31") == live


async def test_a_nudge_counts_for_whoever_is_given_the_complaint_at_that_moment(two: list[Intake]) -> None:
    one = await two[0].registered()
    await two[0].hear(*life(one["complaint_id"])[:2])
    again = dispatched(one["complaint_id"], "09-30 17:30", revision=6, lead=HELPER)
    two[1].now("09-30 17:40")
    nudging: list[asyncio.Task[None]] = []

    async def waits_or_is_done() -> bool:
        async with two[1].store.reading() as session:
            waiting = await session.scalar(sql("SELECT count(*) FROM pg_locks WHERE NOT granted"))
        return bool(waiting) or nudging[0].done()

    async def enter(session: AsyncSession) -> None:
        await journal.open_journals(session, [one["complaint_id"]], [again])
        nudge = two[1].do(lambda held: petitioning.nudge(held, one["number"], one["query_code"], "等急了。"))
        nudging.append(asyncio.create_task(nudge))
        await until(waits_or_is_done)
        journal.enter(session, one["complaint_id"], again)

    await two[0].do(enter)
    await nudging[0]
    await two[0].do(journal.recompute)
    assert await two[1].do(journal.rebuild) == (1, 0, None)


async def test_nobody_gets_more_exports_by_asking_at_once(two: list[Intake]) -> None:
    async def ask(n: int) -> str:
        return await two[n % 2].do(lambda session: exporting.ask(session, CLERK, exporting.LEDGER, exporting.XLSX, {}))

    answers = await asyncio.gather(*map(ask, range(5)), return_exceptions=True)
    assert sum(isinstance(answer, str) for answer in answers) == exporting.MOST_UNFINISHED
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {"too-many-exports"}


async def test_pages_and_workbook_are_the_same_on_postgresql(two: list[Intake]) -> None:
    one = await two[0].registered()
    assert (await two[1].page("/ledger")).status_code == 200
    assert (await two[1].page(f"/complaints/{one['complaint_id']}")).status_code == 200
    status = await two[1].ask("GET", f"complaints/{one['number']}", params={"code": one["query_code"]})
    assert status.json()["state"] == "已受理"


async def test_words_of_the_content_are_found_by_their_pairs_of_characters_however_rare(two: list[Intake]) -> None:
    contents = ("獬豸巷的水管坏了。", "獬巷的豸坏了。", "Wi-Fi 100% 不能用。", "窗口不给办。")
    lines = b"\n".join(orjson.dumps(submission(f"WB-{n}", content=content)) for n, content in enumerate(contents))
    assert (await two[0].submit(lines, kind="application/x-ndjson")).status_code == 200
    for text, found in (("獬豸", [0]), ("WI-fi 100%", [2]), ("0%", [2]), ("坏了", [0, 1]), ("豸獬", [])):
        rows = await two[1].ledger(text=text)
        assert [row["主要诉求"] for row in rows] == [contents[n] for n in found], text

    async with two[0].store.reading() as session:
        await session.execute(sql("SET enable_seqscan = off"))
        asked = select(ComplaintRow.id).where(says(session, "獬豸"))
        compiled = asked.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(await session.scalars(sql(f"EXPLAIN {compiled}")))
        await session.execute(sql("RESET enable_seqscan"))
    assert "complaints_by_words" in plan


async def test_a_reprint_is_the_same_on_postgresql_after_renaming_and_correcting(two: list[Intake]) -> None:
    one = (await two[0].registered(content="公积金提取被退回三次。"))["complaint_id"]
    await two[0].hear(*life(one))
    two[0].now("10-12 09:00")
    day = {"as_of": "2026-10-09"}
    month = {"from": "2026-09-01", "to": "2026-09-30"}

    async def printed() -> list[object]:
        return [await bytes_of(two[1], **day), await read(two[1], "rates", **month, **day, by="department")]

    async def said() -> object:
        return (await read(two[1], "topics", **month, **day))["topics"]["complaints"]

    first = await printed()
    assert "县自然资源局".encode() in await bytes_of(two[1], **day)
    given = {"content": "公交改线没有通知。", "reason": "诉求人来电更正。"}
    assert (await two[0].ask("POST", f"complaints/{one}/correct", CLERK, json=given)).status_code == 200
    await two[0].hear(department(2, "10-10 09:00", "县规划局"), department(2, "10-10 08:00", "县规划局"))
    assert await printed() == first
    assert await said() == 1


async def test_names_from_before_they_were_kept_are_taken_over_on_postgresql(database_url: str) -> None:
    await lay_foundations(database_url, "intake")
    assert await names_after_upgrading(Settings(database_url=database_url)) == AFTER_UPGRADING

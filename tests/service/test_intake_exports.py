"""Lists that are taken out of the house: made in the background, fetched by who asked, marked, logged, and deleted."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
from sqlalchemy import func, select

from services.intake.jobs import JOBS
from services.intake.tables import ExportFileRow, ExportPartRow, ExportRow
from services.intake.usecases import export_steps, exporting
from shared.audit import keeping
from shared.jobs import SteppedJob
from shared.security.roles import Actor, Role
from shared.settings import settings
from tests.support.browser import HOST, Browser
from tests.support.intake import (
    AUDITOR,
    CLERK,
    COORDINATOR,
    COUNTY,
    ORGANISATION,
    TOWNSHIP,
    Intake,
    intake_at_work,
)
from tests.support.papers import pdf_marks

EXPORTS, PART, LEDGER = "/intake/exports", "/intake/fragments/exports", "/intake/ledger"
SUPERVISOR = Actor("ji", "纪", Role.SUPERVISOR, COUNTY)
MARK = "王（wang） 2026-09-28 10:00"
[MAKE] = [job for job in JOBS if isinstance(job, SteppedJob)]


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


async def asked(intake: Intake, actor: Actor = CLERK, page: str = LEDGER, **given: str) -> Browser:
    """This one has pressed the button on a page; what stands there then is the list of exports."""
    browser = await Browser(intake).logged_in(actor)
    await browser.open(page)
    answer = await browser.send(EXPORTS, **{"format": "xlsx"} | given)
    assert answer.status_code == 200, answer.text
    return browser


async def step(intake: Intake) -> bool:
    """Let the job do one step; whether there is more."""
    intake.woken.discard(exporting.MAKE)
    await MAKE.on(intake.store)()
    return exporting.MAKE in intake.woken


async def made(intake: Intake) -> None:
    """Let it make all there is to make."""
    while await step(intake):
        pass


async def address(intake: Intake, browser: Browser) -> str:
    """Of the newest export that this one can fetch, once all is made."""
    await made(intake)
    [newest, *_] = re.findall(rf'href="({EXPORTS}/[^"]+)"', (await browser.open(EXPORTS)).text)
    return str(newest)


async def fetched(intake: Intake, browser: Browser) -> httpx.Response:
    """The same export as it is handed out."""
    return await browser.client.get(await address(intake, browser))


async def count(intake: Intake, kind: Any) -> int:
    async with intake.store.reading() as session:
        return await session.scalar(select(func.count()).select_from(kind)) or 0


def part(book: bytes, name: str) -> str:
    with ZipFile(BytesIO(book)) as file:
        return file.read(name).decode()


async def test_a_ledger_is_made_in_the_background_and_fetched_when_it_is_ready(intake: Intake) -> None:
    await intake.registered("WB-1")
    await intake.registered("WB-2", content="办证材料反复退回。", petitioner=ORGANISATION)
    browser = await asked(intake, text="材料", category="complaint")
    assert "已开始导出" in browser.page.text
    assert "等待导出" in browser.page.text
    assert f'hx-get="{PART}" hx-trigger="every 2s"' in browser.page.text
    assert "关键词：材料；诉求类别：投诉" in browser.page.text
    book = await fetched(intake, browser)
    assert "spreadsheetml" in book.headers["content-type"]
    assert "attachment; filename*=UTF-8''" in book.headers["content-disposition"]
    strings = part(book.content, "xl/sharedStrings.xml")
    assert "办证材料反复退回。" in strings
    assert "早就取消" not in strings
    assert "hx-get" not in (await browser.open(PART)).text, "nothing is waited for any more"


async def test_how_far_it_is_is_seen_while_it_is_made(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_steps, "CHUNK", 1)
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
    places = re.findall(r'<c r="A\d+" s="\d+"><v>(\d+)</v>', part(book.content, "xl/worksheets/sheet1.xml"))
    assert places == ["1", "2", "3"], "numbered on from part to part"
    assert await count(intake, ExportPartRow) == 0, "only the file is kept"


async def test_what_two_replicas_make_at_once_stands_there_once(intake: Intake) -> None:
    await intake.registered()
    browser = await asked(intake)
    for _ in range(3):
        writes = []
        for _ in range(2):
            async with intake.store.reading() as session:
                found = await MAKE.read(session)
            writes.append(await MAKE.make(found))
        for write in writes:
            await intake.do(write)
    assert "1件" in (await browser.open(EXPORTS)).text
    assert await count(intake, ExportFileRow) == 1
    sheet = part((await fetched(intake, browser)).content, "xl/worksheets/sheet1.xml")
    assert re.findall(r'<c r="A\d+" s="\d+"><v>(\d+)</v>', sheet) == ["1"]


async def test_an_export_says_who_has_taken_it_out_and_when_and_the_door_keeps_its_bytes(intake: Intake) -> None:
    await intake.registered()
    browser = await asked(intake)
    sheet = part((await fetched(intake, browser)).content, "xl/worksheets/sheet1.xml")
    assert f"<oddHeader>&amp;R{MARK}</oddHeader>" in sheet
    assert f"<oddFooter>&amp;L{MARK}&amp;R&amp;P / &amp;N</oddFooter>" in sheet
    doors = [await intake.ask("GET", "ledger.xlsx", actor) for actor in (CLERK, AUDITOR)]
    assert doors[0].content == doors[1].content, "the same question, whoever asks"
    assert "oddHeader" not in part(doors[0].content, "xl/worksheets/sheet1.xml")


async def test_a_printed_export_has_the_mark_behind_every_sheet(intake: Intake) -> None:
    for n in range(60):
        await intake.registered(f"WB-{n}")
    browser = await asked(intake, format="pdf")
    answer = await fetched(intake, browser)
    assert answer.headers["content-type"] == "application/pdf"
    marks = pdf_marks(answer.content)
    assert len(marks) > 1
    assert all("wang" in mark for mark in marks)
    door = await intake.ask("GET", "ledger.pdf", AUDITOR)
    assert not any(pdf_marks(door.content))


async def test_only_who_asked_fetches_it_and_only_with_the_place_of_then(intake: Intake) -> None:
    await intake.registered()
    browser = await asked(intake)
    own = await address(intake, browser)
    elsewhere = Actor(CLERK.id, CLERK.name, Role.CLERK, TOWNSHIP)
    for actor in (COORDINATOR, AUDITOR, elsewhere):
        other = await Browser(intake).logged_in(actor)
        page = await other.open(own)
        assert page.status_code == 404, actor
        assert "不是您导出的" in page.text
        assert own not in (await other.open(EXPORTS)).text
    assert (await Browser(intake).client.get(own)).headers["location"].startswith("/directory/login?next=")
    assert (await browser.client.get(own)).status_code == 200


async def test_it_is_kept_for_a_day_and_then_deleted(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    await intake.registered()
    kept = await asked(intake)
    await made(intake)
    await intake.do(exporting.prune)
    assert (await fetched(intake, kept)).status_code == 200
    monkeypatch.setenv("YOUSU_EXPORT_HOURS", "0")
    settings.cache_clear()
    late = await asked(intake, COORDINATOR)
    await made(intake)
    assert "还没有导出" in (await late.open(EXPORTS)).text
    await intake.do(exporting.prune)
    assert [await count(intake, kind) for kind in (ExportRow, ExportFileRow, ExportPartRow)] == [1, 1, 0]


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
        broken.setattr("services.intake.jobs.workbook", lambda *_: 1 / 0)
        await made(intake)
    assert export_steps.WENT_WRONG in (await browser.open(EXPORTS)).text
    assert (await fetched(intake, await asked(intake, COORDINATOR))).status_code == 200


async def test_asking_and_fetching_are_told_with_what_was_asked_for_and_no_name(intake: Intake) -> None:
    await intake.registered(content="孙巧玲的材料反复退回。")
    browser = await asked(intake, text="孙巧玲", state="registered")
    await fetched(intake, browser)
    await browser.open(PART)
    await keeping.collected(intake.store).write()
    lines = (await intake.ask("GET", "audit", AUDITOR, params={"action": "export"})).json()["lines"]
    told = [(line["door"], line["query"], bool(line["subject"])) for line in reversed(lines)]
    assert told == [
        ("POST /intake/exports", "kind=ledger、format=xlsx、text=孙**、state=registered", True),
        ("GET /intake/exports", None, False),
        ("GET /intake/exports", None, False),
        ("GET /intake/exports/{export_id}", "format=xlsx、text=孙**、state=registered", True),
    ]
    assert {line["actor"] for line in lines} == {"wang"}


async def test_who_reads_figures_alone_exports_those_alone(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    await intake.triaged(one)
    browser = await asked(intake, SUPERVISOR, "/intake/figures")
    assert "月份：2026-09" in browser.page.text
    book = await fetched(intake, browser)
    assert "各中心" in part(book.content, "xl/workbook.xml")
    assert "<oddHeader>&amp;R纪（ji） 2026-09-28 10:00</oddHeader>" in part(book.content, "xl/worksheets/sheet1.xml")
    browser.page = await browser.open("/intake/figures")
    answer = await browser.send(EXPORTS, kind="ledger")
    assert answer.status_code == 403
    assert "不能导出" in answer.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"text": "材"}, "关键词请填2到100个字。"), ({"from": "昨天"}, "日期请写作"), ({"format": "exe"}, "请")],
)
async def test_what_cannot_be_exported_is_refused_at_once(intake: Intake, wrong: dict[str, str], said: str) -> None:
    await intake.registered()
    browser = await Browser(intake).logged_in(CLERK)
    await browser.open(LEDGER)
    answer = await browser.send(EXPORTS, **{"format": "xlsx"} | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert await count(intake, ExportRow) == 0


async def test_nobody_has_more_than_a_few_made_at_once(intake: Intake) -> None:
    await intake.registered()
    browser = await Browser(intake).logged_in(CLERK)
    statuses = []
    for _ in range(exporting.MOST_UNFINISHED + 1):
        await browser.open(LEDGER)
        statuses.append((await browser.send(EXPORTS, format="xlsx")).status_code)
    assert statuses == [200] * exporting.MOST_UNFINISHED + [409]
    assert "请等其中一个完成后再导出" in browser.page.text


async def test_a_file_that_is_not_handed_out_is_explained_to_a_browser_and_to_programs(intake: Intake) -> None:
    await intake.registered()
    browser = Browser(intake)
    led = await browser.client.get("/intake/api/ledger.pdf?text=%E6%9D%90")
    assert led.headers["location"].startswith("/directory/login?next=%2Fintake%2Fapi%2Fledger.pdf")
    await browser.logged_in(CLERK)
    page = await browser.client.get("/intake/api/ledger.pdf?text=%E6%9D%90")
    assert (page.status_code, "<h1" in page.text) == (422, True)
    assert (await browser.client.get("/intake/api/ledger?text=%E6%9D%90")).json()["code"] == "invalid", "JSON as ever"
    program = await browser.client.get("/intake/api/ledger.pdf?text=%E6%9D%90", headers={"accept": "*/*"})
    assert program.json()["code"] == "invalid"
    assert (await browser.client.post(EXPORTS, data={}, headers={"origin": HOST})).status_code == 403

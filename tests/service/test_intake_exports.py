"""Lists that are taken out of the house: fetched by who asked, marked, logged, and deleted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from services.intake.tables import ExportFileRow, ExportPartRow, ExportRow
from services.intake.usecases import exporting
from shared.audit import keeping
from shared.security.roles import Actor, Role
from shared.settings import settings
from tests.support.browser import HOST, Browser
from tests.support.exports import (
    EXPORTS,
    LEDGER,
    MARK,
    PART,
    SUPERVISOR,
    address,
    asked,
    count,
    fetched,
    made,
    part,
    step,
)
from tests.support.intake import AUDITOR, CLERK, COORDINATOR, ORGANISATION, TOWNSHIP, Intake, intake_at_work
from tests.support.papers import pdf_marks


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


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
    sheet = part(book.content, "xl/worksheets/sheet1.xml")
    assert "办证材料反复退回。" in sheet, "each row is written away with its words, and none is held"
    assert "早就取消" not in sheet
    assert "hx-get" not in (await browser.open(PART)).text, "nothing is waited for any more"


async def test_an_export_says_who_has_taken_it_out_and_when_and_the_door_keeps_its_bytes(intake: Intake) -> None:
    await intake.registered()
    browser = await asked(intake)
    sheet = part((await fetched(intake, browser)).content, "xl/worksheets/sheet1.xml")
    assert f"<oddHeader>&amp;R{MARK}</oddHeader>" in sheet
    assert f"<oddFooter>&amp;L{MARK}&amp;R&amp;P / &amp;N</oddFooter>" in sheet
    doors = [await intake.ask("GET", "ledger.xlsx", actor) for actor in (CLERK, AUDITOR)]
    assert doors[0].content == doors[1].content, "the same question, whoever asks"
    assert "oddHeader" not in part(doors[0].content, "xl/worksheets/sheet1.xml")


async def test_what_a_person_takes_out_by_a_door_says_so_too(intake: Intake) -> None:
    await intake.registered()
    browser = await Browser(intake).logged_in(CLERK)
    for door in ("ledger.xlsx", "figures/monthly/2026/9/excel"):
        book = (await browser.client.get(f"/intake/api/{door}")).content
        assert f"<oddHeader>&amp;R{MARK}</oddHeader>" in part(book, "xl/worksheets/sheet1.xml"), door
    month = await browser.client.get("/intake/api/figures/monthly/2026/9/print")
    assert "wang" in pdf_marks(month.content)[0]


async def test_a_printed_export_has_the_mark_behind_every_sheet(intake: Intake) -> None:
    for n in range(25):
        await intake.registered(f"WB-{n}")
    browser = await asked(intake, format="pdf")
    answer = await fetched(intake, browser)
    assert answer.headers["content-type"] == "application/pdf"
    marks = pdf_marks(answer.content)
    assert len(marks) > 1
    assert all("wang" in mark for mark in marks)
    program = await intake.ask("GET", "ledger.pdf", AUDITOR)
    assert not any(pdf_marks(program.content))
    person = await browser.client.get("/intake/api/ledger.pdf")
    assert pdf_marks(person.content) == marks


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
    led = await Browser(intake).client.get(own, headers={"referer": HOST + EXPORTS})
    assert led.headers["location"] == "/directory/login?next=%2Fintake%2Fexports", "to a page, and no file"
    assert (await browser.client.get(own)).status_code == 200


async def test_wherever_an_export_stands_it_is_handed_out_or_it_is_said_why_not(intake: Intake) -> None:
    await intake.registered()
    browser = await asked(intake)
    await asked(intake)
    own = await address(intake, browser)
    answers = {"waiting": "not-ready", "working": "not-ready", "ready": None, "failed": "not-ready"}
    for state, code in answers.items():
        await intake.do(lambda session, state=state: session.execute(update(ExportRow).values(state=state)))
        answer = await browser.client.get(own, headers={"accept": "*/*"})
        assert (None if answer.is_success else answer.json()["code"]) == code, state
        assert answer.is_success or answer.json()["detail"].endswith("。")
    await intake.do(lambda session: session.execute(delete(ExportRow)))
    assert (await browser.client.get(own, headers={"accept": "*/*"})).json()["code"] == "no-such-export"


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
    [({"text": "材"}, "关键词请填2到100个字。"), ({"from": "昨天"}, "没有这个日期"), ({"format": "exe"}, "请")],
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
    for n in range(exporting.MOST_UNFINISHED + 1):
        await browser.open(LEDGER)
        statuses.append((await browser.send(EXPORTS, format=("xlsx", "pdf")[n % 2])).status_code)
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


async def test_of_what_somebody_has_exported_the_last_are_kept(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_KEPT", 1)
    await intake.registered()
    await address(intake, await asked(intake, COORDINATOR))
    for _ in range(3):
        await address(intake, await asked(intake))
    assert [await count(intake, kind) for kind in (ExportRow, ExportFileRow)] == [2, 2]


async def test_nothing_of_an_export_outlives_it_whoever_is_making_it(intake: Intake) -> None:
    await intake.registered()
    await address(intake, await asked(intake))
    await asked(intake)
    await step(intake)
    assert [await count(intake, kind) for kind in (ExportFileRow, ExportPartRow)] == [1, 1]
    await intake.do(lambda session: session.execute(delete(ExportRow)))
    assert [await count(intake, kind) for kind in (ExportFileRow, ExportPartRow)] == [0, 0]
    with pytest.raises(IntegrityError):
        async with intake.store.transaction() as session:
            session.add(ExportFileRow(export_id="gone", n=0, data="x"))

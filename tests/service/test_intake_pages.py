"""The pages of intake: the ledger as annex 3 has it, and the course of one complaint; no script in the pages."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.intake.app import service
from services.intake.domain.annex import HEADINGS
from services.intake.pages import ledger as ledger_pages
from shared.events.dispatch import EscalationSupervised
from shared.events.sla import ClockStarted
from shared.house import House
from shared.settings import Settings, settings
from tests.support.alone import at
from tests.support.browser import Browser
from tests.support.intake import (
    AUDITOR,
    CLERK,
    COUNTY,
    LEAD,
    TOWN_CLERK,
    TOWNSHIP,
    Intake,
    dispatched,
    intake_at_work,
)


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


async def test_an_empty_ledger_says_what_to_do_first(intake: Intake) -> None:
    page = await intake.page("/ledger")
    assert page.status_code == 200
    assert "还没有受理诉求" in page.text
    assert "第一步" in page.text


async def test_the_ledger_shows_its_columns_rows_and_figures(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    clock = {"at": at("09-28 10:10"), "center": COUNTY, "subject": one, "leg": 1, "provisional": False}
    await intake.hear(dispatched(one), ClockStarted(due_at=at("09-30 17:30"), **clock))
    intake.now("09-29 09:00")
    page = (await intake.page("/ledger")).text
    heads = re.findall(r"<th scope=\"col\">(.*?)</th>", page)
    assert tuple(head.replace("<wbr>", "") for head in heads) == HEADINGS
    assert f'href="/intake/complaints/{one}"' in page
    assert [*re.findall(r"<b>(.*?)</b>", page)] == ["1", "0", "1", "0", "—"]
    intake.now("10-08 09:00")
    assert [*re.findall(r"<b>(.*?)</b>", (await intake.page("/ledger")).text)] == ["0", "0", "0", "1", "—"]
    within = (await intake.page("/ledger", **{"from": "2026-09-01"})).text
    assert [*re.findall(r"<b>(.*?)</b>", within)] == ["1", "0", "0", "1", "—"]
    assert '<input type="hidden" name="from" value="2026-09-01">' in within, "what is exported is narrowed alike"


async def test_a_page_is_masked_and_whatever_was_said_stays_text(intake: Intake) -> None:
    hostile = "<script>alert(1)</script>{{ 7*7 }}\u201c孙巧玲\u201d 19900001001"
    one = (await intake.registered(content=hostile))["complaint_id"]
    for path in ("/ledger", f"/complaints/{one}"):
        page = await intake.page(path)
        assert page.status_code == 200
        assert re.findall(r"<script[^>]*>", page.text) == [
            '<script src="/static/htmx-2.0.11.min.js" defer>',
            '<script src="/static/yousu.js" defer>',
        ]
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page.text
        assert "孙巧玲" not in page.text
        assert "19900001001" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page.text)


async def test_a_long_text_keeps_its_row_low_and_can_be_scrolled_by_keyboard(intake: Intake) -> None:
    await intake.registered("WB-1", content="长" * 5_000)
    await intake.registered("WB-2", content="不长。")
    page = await intake.page("/ledger")
    assert page.text.count('<td class="said"><div tabindex="0">长') == 1
    assert '<td class="said"><div>不长。' in page.text


async def test_a_complaints_course_is_told_in_time_order(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    rung = EscalationSupervised(
        at=at("10-08 17:31"), center=COUNTY, subject=one, leg=1, round=1, fell_due_at=at("10-08 17:30"), to=[LEAD],
        level=COUNTY, requirement="明日下班前办结",
    )  # fmt: skip
    await intake.hear(rung, dispatched(one))
    page = (await intake.page(f"/complaints/{one}")).text
    assert re.findall(r"<strong>(.*?)</strong>", page) == ["登记受理", "分办", "督办"]
    assert "对象：县自然资源局；要求：明日下班前办结" in page


async def test_a_page_is_for_those_it_concerns(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    one = (await intake.registered())["complaint_id"]
    assert (await intake.page(f"/complaints/{one}", TOWN_CLERK)).status_code == 404
    assert (await intake.page("/ledger", CLERK, center=TOWNSHIP)).status_code == 403
    for day in ("昨天", "0001-01-01", "9999-12-31"):
        assert (await intake.page("/ledger", AUDITOR, **{"from": day})).status_code == 422
    assert (await intake.page("/ledger", None)).status_code == 401
    monkeypatch.setenv("YOUSU_SAMPLE", "true")
    settings.cache_clear()
    page = await intake.page("/ledger", None)
    assert page.status_code == 200
    assert 'href="/intake/api/ledger.xlsx"' in page.text, "nobody is there to wait for an export"
    assert "沈丘县政务服务中心“有诉即办”平台" in page.text


async def test_a_filter_that_finds_nothing_says_how_to_go_on(intake: Intake) -> None:
    await intake.registered()
    page = await intake.page("/ledger", to="2026-01-01")
    assert "没有符合条件的诉求" in page.text


async def test_what_a_page_asks_for_is_served_beside_it(tmp_path: Path) -> None:
    house = House(Settings(var=tmp_path), [service], {})
    transport = httpx.ASGITransport(app=house.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as client:
        for path in ("/static/yousu.css", "/static/icon.svg", "/static/yousu.js", "/static/htmx-2.0.11.min.js"):
            assert (await client.get(path)).status_code == 200
    await house.running["intake"].store.close()
    await house.sessions.close()


async def test_the_ledger_turns_its_pages_and_keeps_what_narrows_it_in_the_address(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_pages, "ON_A_PAGE", 2)
    for number in range(1, 4):
        await intake.registered(f"WB-{number}", content=f"第{number}件路灯坏了。")
    await intake.registered("WB-4", content="食堂没有开门。", category="opinion")
    browser = await Browser(intake).logged_in(CLERK)
    page = await browser.open("/intake/ledger?text=路灯&category=complaint&state=")
    assert [*re.findall(r"第(\d)件路灯", page.text)] == ["3", "2"]
    assert '<details class="more" open>' in page.text
    query = "?text=%E8%B7%AF%E7%81%AF&amp;category=complaint"
    assert browser.fields("/intake/exports")["text"] == "路灯"
    [following] = re.findall(r'href="([^"]+)" rel="next"', page.text)
    page = await browser.open(html.unescape(following))
    assert [*re.findall(r"第(\d)件路灯", page.text)] == ["1"]
    assert '<td class="place"><a href' in page.text
    assert f'href="/intake/ledger{query}">回到第一页' in page.text
    assert 'rel="next"' not in page.text


@pytest.mark.parametrize(
    "wrong", [{"state": "x"}, {"overdue": "maybe"}, {"text": "长" * 101}, {"text": "13800005521"}, {"rung": "<b>"}]
)
async def test_a_filter_that_cannot_be_is_refused(intake: Intake, wrong: dict[str, str]) -> None:
    assert (await intake.page("/ledger", AUDITOR, **wrong)).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("text=路", "关键词请填2到100个字。"),
        ("text=13800005521", "不能用电话或证件号码"),
        ("from=昨天", "没有这个日期，请核对，写成 2026-09-28 的样子。"),
        ("from=2026-09-02&to=2026-09-01", "。"),
        ("state=x", "不在可选范围内"),
    ],
)
async def test_a_refused_filter_stands_there_with_what_is_wrong_and_no_rows(
    intake: Intake, wrong: str, said: str
) -> None:
    await intake.registered(content="路灯坏了。")
    browser = await Browser(intake).logged_in(CLERK)
    page = await browser.open(f"/intake/ledger?{wrong}&triage=hard")
    assert page.status_code == 422
    [told] = re.findall(r'<div class="faults".*?</div>', page.text, re.DOTALL)
    assert said in told
    assert browser.fields("/intake/ledger")["triage"] == "hard", "the rest of the filter stands"
    assert "没有查询" in page.text
    assert "路灯坏了" not in page.text
    name, _, typed = wrong.partition("&")[0].partition("=")
    assert browser.fields("/intake/ledger")[name] == ("" if name == "state" else typed)


async def test_every_page_says_in_its_watermark_who_looks_and_when(intake: Intake) -> None:
    browser = await Browser(intake).logged_in(CLERK)
    page = (await browser.open("/intake/ledger")).text
    [mark] = re.findall(r'<svg class="watermark"[^>]* aria-hidden="true".*?</svg>', page)
    assert ">王（wang） 2026-09-28 10:00</text>" in mark
    assert "style=" not in mark
    assert "watermark" not in (await Browser(intake).open("/intake/file")).text

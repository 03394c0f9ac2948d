"""Figures on screen: the numbers of the JSON doors, ranked, with pictures beside them and ways to the ledger."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from shared.events.casebook import CasePublished
from shared.security.roles import Actor, Role
from tests.service.test_intake_figures import due, ended
from tests.support.alone import at
from tests.support.browser import Browser
from tests.support.intake import (
    ADMINISTRATOR,
    AUDITOR,
    CLERK,
    COORDINATOR,
    COUNTY,
    OFFICER,
    TOWN_CLERK,
    TOWNSHIP,
    Intake,
    dispatched,
    intake_at_work,
    replied,
)

SUPERVISOR = Actor("ji", "纪", Role.SUPERVISOR, COUNTY)
GOVERNMENT = Actor("zheng", "政", Role.GOVERNMENT, COUNTY)
PARTS = ("", "/months", "/equality", "/topics", "/gaming")


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


@pytest.mark.parametrize("part", PARTS)
async def test_figures_are_for_those_who_answer_for_them_and_say_when_there_are_none(intake: Intake, part: str) -> None:
    for actor in (CLERK, TOWN_CLERK, COORDINATOR, AUDITOR, SUPERVISOR, GOVERNMENT):
        page = await intake.page(f"/figures{part}", actor)
        assert page.status_code == 200, actor
        assert "2026年9月" in page.text
        assert "看上个月" in page.text
        assert 'href="/intake/figures" class="here"' in page.text
    for actor in (OFFICER, ADMINISTRATOR):
        assert (await intake.page(f"/figures{part}", actor)).status_code == 403
    assert (await intake.page(f"/figures{part}", None)).status_code == 401
    assert (await intake.page(f"/figures{part}", CLERK, center=TOWNSHIP)).status_code == 403
    assert (await intake.page(f"/figures{part}", CLERK, month="2026-13")).status_code == 422


async def test_the_month_is_told_in_rates_and_departments_are_ranked(intake: Intake) -> None:
    one = (await intake.registered("WB-1"))["complaint_id"]
    two = (await intake.registered("WB-2"))["complaint_id"]
    await intake.hear(
        dispatched(one),
        due(one, 1, "09-28 10:10", "09-29 17:30"),
        replied(one, "09-29 09:00", 3),
        ended(one, 4, "09-30 10:00"),
        dispatched(two),
        due(two, 1, "09-28 10:10", "09-29 17:30"),
    )
    intake.now("10-08 09:00")
    page = (await intake.page("/figures", AUDITOR, month="2026-09")).text
    assert "<b>50.0%</b>按时率（1/2）" in page
    assert '<rect class="bar-part" width="50.0" height="8"/>' in page
    assert "/intake/ledger?department=sq/zrzy&amp;from=2026-09-01&amp;to=2026-09-30" in page
    assert "中心管理机构" in page
    assert '<input type="hidden" name="month" value="2026-09">' in page, "the month is exported"
    assert "/intake/ledger?department" not in (await intake.page("/figures", SUPERVISOR, month="2026-09")).text
    compared = (await intake.page("/figures/equality", AUDITOR, month="2026-09")).text
    assert "少于5件，不显示</span> <small>（1件）</small>" in compared  # which ended
    assert "少于5件，不显示</span> <small>（2件）</small>" in compared  # which were due
    assert "县自然资源局" in (await intake.page("/figures/gaming", AUDITOR, month="2026-09")).text
    for number in range(3, 9):
        person = {"kind": "individual", "name": "周大勇", "phone": f"1991234500{number}"}
        said = f"<b>集资房办证被退回</b>第{number}次。"
        await intake.registered(f"WB-{number}", petitioner=person, content=said)
    page = (await intake.page("/figures/topics", AUDITOR)).text
    assert "集资房办证" in page
    assert "<b>集资房" not in page
    assert "/intake/ledger?text=SQ-2026-0003" in page


async def test_the_quarter_a_month_lies_in_is_drafted_for_an_editor(intake: Intake) -> None:
    page = (await intake.page("/figures/quarterly", GOVERNMENT)).text
    assert "2026年第3季度总结" in page
    assert "看上个月" in page
    receipt = await intake.registered("WB-1")
    one = receipt["complaint_id"]
    await intake.hear(
        dispatched(one), due(one, 1, "09-28 10:10", "09-29 17:30"), replied(one, "09-29 09:00", 3),
        ended(one, 4, "09-30 10:00"),
        CasePublished(
            at=at("09-30 11:00"), center=COUNTY, subject="case-1", title="证明取消", complaint_id=one, by="an"
        ),
    )  # fmt: skip
    intake.now("10-08 09:00")
    page = (await intake.page("/figures/quarterly", AUDITOR, month="2026-07")).text
    assert "本季度共受理诉求1件（上季度0件），分办1件" in page
    assert "请补充本季度的典型做法" in page
    assert "证明取消" in page
    assert f"/intake/ledger?text={receipt['number']}" in page
    assert "/intake/ledger?text" not in (await intake.page("/figures/quarterly", SUPERVISOR, month="2026-07")).text
    assert (await intake.page("/figures/quarterly", OFFICER)).status_code == 403


def charts(html: str) -> list[dict[str, Any]]:
    """What the pictures of a page are drawn from."""
    return [json.loads(unescape(given)) for given in re.findall(r"data-chart='([^']*)'", html)]


async def test_a_picture_is_drawn_from_the_numbers_of_the_table_beside_it_and_by_no_script_of_the_page(
    intake: Intake,
) -> None:
    one = (await intake.registered("WB-1"))["complaint_id"]
    await intake.registered("WB-2")
    await intake.hear(
        dispatched(one), due(one, 1, "09-28 10:10", "09-29 17:30"), replied(one, "09-29 09:00", 3),
        ended(one, 4, "09-30 10:00"),
    )  # fmt: skip
    intake.now("10-08 09:00")
    answer = await intake.page("/figures", AUDITOR, month="2026-09")
    rates, courts = charts(answer.text)
    assert rates["names"] == ["县自然资源局"]
    assert {"name": "按时率", "values": [100.0]} in rates["series"]
    assert courts["kind"] == "shares"
    assert len(courts["names"]) == len(courts["series"][0]["values"])
    assert re.findall(r"<script(?! src=)", answer.text) == []
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    page = (await intake.page("/figures/months", AUDITOR, month="2026-10")).text
    [months] = charts(page)
    assert months["names"][-2:] == ["2026-09", "2026-10"]
    assert [series["values"][-2:] for series in months["series"]] == [[2, 0], [1, 0]]
    assert re.search(r"2026-09</a></th>\s*<td class=\"number\">2</td>\s*<td class=\"number\">1</td>", page)


async def test_what_people_wrote_ends_no_attribute_of_a_picture(intake: Intake) -> None:
    for number in range(6):
        person = {"kind": "individual", "name": "周大勇", "phone": f"1991234500{number}"}
        said = f"集资房'\"><script>办证被退回第{number}次。"
        await intake.registered(f"WB-{number}", petitioner=person, content=said)
    page = (await intake.page("/figures/topics", AUDITOR)).text
    assert charts(page)[0]["series"][0]["values"][0] == 6
    assert "Macro" not in page
    assert re.findall(r"<script(?! src=)", page) == []


async def test_the_tables_of_a_month_are_handed_out_as_excel(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    await intake.hear(dispatched(one), due(one, 1, "09-28 10:10", "09-29 17:30"))
    intake.now("10-08 09:00")
    doors = [await intake.ask("GET", "figures/monthly/2026/9/excel", AUDITOR) for _ in range(2)]
    assert doors[0].content == doors[1].content
    with zipfile.ZipFile(io.BytesIO(doors[0].content)) as book:
        parts = ("sharedStrings", "worksheets/sheet1", "worksheets/sheet2")
        strings, sheet, departments = (book.read(f"xl/{part}.xml").decode() for part in parts)
    assert "县自然资源局" in strings
    assert "按时率" in strings
    assert '<c r="B2" s="2"><v>1</v></c>' in sheet, "a count is a number, to be summed"
    assert ('r="L1"' in sheet, 'r="L1"' in departments) == (True, False), "nobody registers at a department"
    assert 'fitToHeight="0" orientation="landscape"' in sheet, "all its columns are printed on one sheet"


@pytest.mark.parametrize("part", PARTS)
async def test_a_month_that_is_none_is_said_to_be_none_on_the_page(intake: Intake, part: str) -> None:
    browser = await Browser(intake).logged_in(CLERK)
    page = await browser.open(f"/intake/figures{part}?month=2026-13")
    assert page.status_code == 422
    assert "没有这个月份，请核对，写成 2026-09 的样子。" in page.text
    assert "没有统计" in page.text
    assert browser.fields(f"/intake/figures{part}")["month"] == "2026-13", "nothing that was typed is lost"

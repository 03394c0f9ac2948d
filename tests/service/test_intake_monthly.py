"""The monthly report is numbered once, when its month is over, and printed the same ever after (mechanism §9)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.security.roles import Actor, Role
from tests.service.test_intake_exports import asked, fetched
from tests.service.test_intake_reprints import center
from tests.support.browser import Browser
from tests.support.intake import (
    AUDITOR,
    CLERK,
    COORDINATOR,
    COUNTY,
    TOWNSHIP,
    Intake,
    dispatched,
    intake_at_work,
)
from tests.support.papers import pdf_marks, pdf_text

OF_TOWNSHIP = Actor("huang", "黄", Role.COORDINATOR, TOWNSHIP)
SEPTEMBER = "figures/monthly/2026/9"
EXPORTED = "导出月度分析报告（PDF，预览）"
PREVIEW, RUNNING = "（仅供预览，未编号）", "（本月尚未结束，仅供预览，未编号）"


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


async def printed(intake: Intake, actor: Actor = COORDINATOR, **params: str) -> bytes:
    answer = await intake.ask("GET", f"{SEPTEMBER}/print", actor, params=params)
    assert answer.status_code == 200, answer.text
    return answer.content


def text_of(content: bytes) -> str:
    return "".join(pdf_text(content))


async def numbered(intake: Intake, actor: Actor = COORDINATOR, **params: str) -> tuple[int, str]:
    """Status, and the number or the code of the refusal."""
    answer = await intake.ask("POST", f"{SEPTEMBER}/paper", actor, params=params)
    return answer.status_code, answer.json().get("number") or answer.json()["code"]


async def test_while_the_month_lasts_there_is_a_preview_that_says_so_and_no_number(intake: Intake) -> None:
    assert RUNNING in text_of(await printed(intake))
    intake.now("09-30 23:59")
    assert await numbered(intake) == (409, "month-not-over")
    as_of = await printed(intake, as_of="2026-09-29")
    assert RUNNING in text_of(as_of)
    intake.now("10-01 00:00")
    assert PREVIEW in text_of(await printed(intake))
    assert await printed(intake, as_of="2026-09-29") == as_of


async def test_it_is_exported_as_the_preview_it_is_with_the_mark_behind_every_sheet(intake: Intake) -> None:
    await intake.registered()
    browser = await asked(intake, COORDINATOR, "/intake/figures", format="pdf")
    content = (await fetched(intake, browser)).content
    assert all("li" in mark for mark in pdf_marks(content))
    assert RUNNING in "".join(pdf_text(content))


async def test_numbered_it_is_dated_and_signed_and_the_same_whatever_is_heard_of_the_month_since(
    intake: Intake,
) -> None:
    one = (await intake.registered())["complaint_id"]
    intake.now("10-08 09:00")
    assert await numbered(intake) == (201, "沈政月报〔2026〕1号")
    first = await printed(intake)
    for words in ("沈政月报〔2026〕1号签发人：李", "2026年9月", "2026年10月8日"):
        assert words in text_of(first)
    assert "预览" not in text_of(first)
    await intake.hear(dispatched(one, "09-28 10:10", 1))
    intake.now("10-20 09:00")
    report = await intake.ask("GET", SEPTEMBER, COORDINATOR)
    assert report.json()["now"]["dispatched"] == 1
    assert await printed(intake) == first
    assert await printed(intake, AUDITOR) == first
    assert await numbered(intake) == (409, "issued-already")
    assert PREVIEW in text_of(await printed(intake, as_of="2026-10-09"))


async def test_it_is_signed_by_the_office_as_it_is_called_on_the_day_of_signing(intake: Intake) -> None:
    await intake.hear(center(2, "10-05 09:00", COUNTY, "沈丘县政务服务大厅", parent=None))
    intake.now("10-08 09:00")
    assert "沈丘县政务服务中心2026年9月30日" in text_of(await printed(intake))
    await numbered(intake)
    assert "沈丘县政务服务大厅2026年10月8日" in text_of(await printed(intake))


async def test_a_center_numbers_its_own_report_and_no_part_of_one(intake: Intake) -> None:
    intake.now("10-08 09:00")
    assert await numbered(intake, CLERK) == (403, "not-allowed")
    for code in (COUNTY, TOWNSHIP):  # the county's without its townships; a township's
        assert await numbered(intake, center=code) == (403, "other-center")
    assert await numbered(intake, OF_TOWNSHIP) == (201, "纸店便月报〔2026〕1号")
    assert "纸店便月报〔2026〕1号" in text_of(await printed(intake, center=TOWNSHIP))
    assert await numbered(intake) == (201, "沈政月报〔2026〕1号")
    for actor, params in ((COORDINATOR, {"center": COUNTY}), (CLERK, {})):
        assert PREVIEW in text_of(await printed(intake, actor, **params))


async def test_it_is_numbered_on_the_page_by_whoever_may(intake: Intake) -> None:
    form, september = "/intake/figures/paper", "/intake/figures?month=2026-09"
    await intake.registered()
    office = await Browser(intake).logged_in(COORDINATOR)
    assert form not in (await office.open(september)).text
    intake.now("10-08 09:00")
    clerk = await Browser(intake).logged_in(CLERK)
    assert form not in (await clerk.open(september)).text
    assert EXPORTED in (await office.open(september)).text
    late = await Browser(intake).logged_in(COORDINATOR)
    await late.open(september)
    page = await office.send(form)
    assert "月度分析报告已编号：沈政月报〔2026〕1号" in page.text
    assert "打印月度分析报告（沈政月报〔2026〕1号）" in page.text
    assert form not in page.text
    assert EXPORTED not in page.text, "it is printed, not exported"
    [address] = re.findall(r'href="([^"]+/print)"', page.text)
    assert (await office.client.get(address)).content == await printed(intake), "without a watermark"
    page = await late.send(form)
    assert page.status_code == 409
    assert "这个月的分析报告已经编号" in page.text
    assert "2026年9月" in page.text


async def test_of_several_who_number_it_at_once_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    async with intake_at_work(tmp_path, monkeypatch, "10-08 09:00", database_url) as intake:
        found = await asyncio.gather(*(numbered(intake) for _ in range(4)))
        assert sorted(found) == [(201, "沈政月报〔2026〕1号"), *[(409, "issued-already")] * 3]

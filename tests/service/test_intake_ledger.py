"""The ledger (annex 3, mechanism §10): what its rows say, for whom, of which center and period, also in Excel."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import httpx
import orjson
import pytest

from services.intake.domain.annex import HEADINGS, TITLE
from shared.events.dispatch import OrderTransferred
from shared.security.roles import Actor, Role
from shared.settings import settings
from tests.support.alone import at
from tests.support.intake import (
    AUDITOR,
    CLERK,
    COORDINATOR,
    COUNTY,
    ELSEWHERE,
    ORGANISATION,
    TOWN_CLERK,
    TOWNSHIP,
    Intake,
    dispatched,
)
from tests.support.ledgers import intake, life

__all__ = ["intake"]


async def test_what_the_others_announce_becomes_a_row(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    await intake.triaged(one)
    await intake.hear(*life(one))
    [row] = await intake.ledger()
    assert list(row) == list(HEADINGS)
    assert row == {
        "序号": 1,
        "姓名或单位名称": "孙**",
        "单位联系人": "",
        "联系方式": "199****1001",
        "主要诉求": "窗口让我补一张早就取消的证明，孙**，电话199****1001。",
        "诉求类别": "投诉",
        "政务服务责任部门及牵头部门": "县自然资源局",
        "分办转办时间": "2026-09-28 10:10",
        "要求办理期限": "2026-10-08 17:30",
        "是否催办及时间": "是（2026-09-30 17:30）",
        "是否督办及时间": "否",
        "是否退回重办及时间": "否",
        "实际办结时间": "2026-10-08 10:00",
        "办理情况": "已清零销号：因电话199****1001核实，已办好。",
        "回访时间": "2026-10-09 09:00",
        "办理结果满意度": "满意",
        "备注": "未超期",
    }


async def test_a_transferred_complaint_stands_in_both_ledgers_and_once_in_the_countys(intake: Intake) -> None:
    one = (await intake.registered("WB-1", center=TOWNSHIP))["complaint_id"]
    await intake.registered("WB-2", center=COUNTY)
    moved = OrderTransferred(
        at=at("09-28 10:10"),
        center=TOWNSHIP,
        subject=one,
        revision=1,
        from_center=TOWNSHIP,
        to_center=COUNTY,
        by="zhao",
    )
    await intake.hear(moved, dispatched(one, "09-28 10:20", revision=2, center=TOWNSHIP))
    town, county = await intake.ledger(TOWN_CLERK), await intake.ledger(CLERK)
    assert [row["序号"] for row in county] == [1, 2]
    assert town[0]["备注"] == county[1]["备注"] == "未超期；由纸店镇中心转沈丘县政务服务中心办理"
    assert len(await intake.ledger(COORDINATOR)) == len(await intake.ledger()) == 2
    assert len(await intake.ledger(center=TOWNSHIP)) == 1
    assert await intake.ledger(center=ELSEWHERE) == []


async def test_a_ledger_is_asked_for_by_center_and_period(intake: Intake) -> None:
    for n, day in enumerate(("09-28", "09-29", "09-30"), 1):
        intake.now(f"{day} 23:59")
        await intake.registered(f"WB-{n}", content=f"第{n}件诉求。")

    async def asked(**params: str) -> list[tuple[int, str]]:
        return [(row["序号"], row["主要诉求"]) for row in await intake.ledger(**params)]

    assert await asked(**{"from": "2026-09-29"}) == [(1, "第2件诉求。"), (2, "第3件诉求。")]
    assert await asked(to="2026-09-28") == [(1, "第1件诉求。")]
    assert await asked(**{"from": "2026-09-29", "to": "2026-09-29"}) == [(1, "第2件诉求。")]
    assert await asked(**{"from": "2026-09-29", "as_of": "2026-09-29"}) == [(1, "第2件诉求。")]


@pytest.mark.parametrize(
    ("actor", "params", "status"),
    [
        (TOWN_CLERK, {"center": COUNTY}, 403),
        (CLERK, {"center": TOWNSHIP}, 403),
        (COORDINATOR, {"center": TOWNSHIP}, 200),
        (AUDITOR, {"center": "no-such"}, 404),
        (AUDITOR, {"from": "yesterday"}, 422),
        (AUDITOR, {"from": "0001-01-01"}, 422),
        (AUDITOR, {"as_of": "9999-12-31"}, 422),
        (AUDITOR, {"as_of": "2026-09-29"}, 422),  # tomorrow
        (AUDITOR, {"from": "2026-09-28", "as_of": "2026-09-27"}, 422),
        (AUDITOR, {"triage": "odd"}, 422),
        (AUDITOR, {"text": "19900001001"}, 422),
        (AUDITOR, {"from": "2026-09-30", "to": "2026-09-29"}, 422),
        (AUDITOR, {"center": "sq\x00"}, 422),
        (Actor("s", "纪", Role.SUPERVISOR, COUNTY), {}, 403),
        (None, {}, 401),
    ],
)
async def test_a_ledger_is_for_those_it_concerns(
    intake: Intake, actor: Actor | None, params: dict[str, str], status: int
) -> None:
    for path in ("ledger", "ledger.xlsx", "ledger/page"):
        assert (await intake.ask("GET", path, actor, params=params)).status_code == status


async def test_an_organisation_is_named_with_its_contact_person(intake: Intake) -> None:
    await intake.registered(petitioner=ORGANISATION, content="登记系统里没有对应条目。")
    [row] = await intake.ledger()
    assert (row["姓名或单位名称"], row["单位联系人"], row["联系方式"]) == (
        "沈丘县同心家电维修部",
        "王**",
        "0394-5****04",
    )


async def test_excel_is_the_same_ledger_with_the_same_bytes_each_time(intake: Intake) -> None:
    formula = '=HYPERLINK("http://x","点我")'
    person = {"kind": "organisation", "name": formula, "contact_person": "+1", "phone": "19900009029"}
    await intake.registered(petitioner=person, content=formula)
    books = [await intake.ask("GET", "ledger.xlsx", AUDITOR) for _ in range(2)]
    assert books[0].content == books[1].content
    assert {"spreadsheetml" in book.headers["content-type"] for book in books} == {True}
    sheet, strings, names = _parts(books[0])
    assert "<f>" not in sheet
    assert "工作台账" in names
    for text in (TITLE, *HEADINGS, "HYPERLINK", "注：1.“单位联系人”栏仅适用于反映人为单位的情形。"):
        assert text in strings


def _parts(book: httpx.Response) -> tuple[str, str, str]:
    with ZipFile(BytesIO(book.content)) as file:
        parts = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml")
        sheet, strings, names = (file.read(part).decode() for part in parts)
    return sheet, strings, names


async def test_the_ledger_of_sample_data_is_open_to_everyone_masked(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    await intake.registered()
    monkeypatch.setenv("YOUSU_SAMPLE", "true")
    settings.cache_clear()
    rows = orjson.loads((await intake.ask("GET", "ledger")).content)
    assert [row["姓名或单位名称"] for row in rows] == ["孙**"]
    assert (await intake.ask("POST", "ledger/rebuild", json={})).status_code == 401

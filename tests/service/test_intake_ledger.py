"""The ledger (annex 3, mechanism §10): heard once whatever happens, and live the same as rebuilt or as of any day."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import orjson
import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy import event as happening

from services.intake.domain.annex import HEADINGS, TITLE
from services.intake.tables import FigureRow, JournalRow, LedgerRow
from services.intake.usecases import journal
from shared.events import Event, casebook
from shared.events.dispatch import (
    EscalationUrged,
    Final,
    OrderChecked,
    OrderClosed,
    OrderFollowedUp,
    OrderTransferred,
    Satisfaction,
)
from shared.events.intake import Triage
from shared.events.sla import ClockStarted
from shared.messaging.tables import ParkedRow
from shared.security.roles import Actor, Role
from shared.settings import settings
from tests.support.alone import at
from tests.support.intake import (
    ADMINISTRATOR,
    AUDITOR,
    CLERK,
    COORDINATOR,
    COUNTY,
    ELSEWHERE,
    LEAD,
    ORGANISATION,
    TOWN_CLERK,
    TOWNSHIP,
    Intake,
    dispatched,
    intake_at_work,
    leg,
    replied,
)


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


def life(one: str, number: str = "SQ-2026-0001") -> list[Event]:
    """What others announce of it, from dispatch to its end on 9 October."""
    of = {"center": COUNTY, "subject": one, "by": "li"}
    end = {"triage": Triage.CANNOT, "redo": 0, "overdue": False, "problem": "", "result": "", "number": number}
    return [
        dispatched(one, revision=1),
        ClockStarted(
            at=at("09-28 10:10"), center=COUNTY, subject=one, leg=1, due_at=at("10-08 17:30"), provisional=False
        ),
        EscalationUrged(
            at=at("09-30 17:30"), center=COUNTY, subject=one, leg=1, round=1, to=[LEAD], level=COUNTY,
            fell_due_at=at("09-30 17:30"),
        ),
        replied(one, "10-08 10:00", 2, text="因电话19900001001核实，已办好。"),
        OrderChecked(at=at("10-08 11:00"), revision=3, passed=True, leg=1, round=1, **of),
        OrderFollowedUp(
            at=at("10-09 09:00"), revision=4, satisfaction=Satisfaction.SATISFIED, opinion="好", method="phone", **of
        ),
        OrderClosed(at=at("10-09 09:00"), revision=5, final=Final.ZEROED, **end, **of),
    ]  # fmt: skip


async def bytes_of(intake: Intake, **params: Any) -> bytes:
    answer = await intake.ask("GET", "ledger", AUDITOR, params=params)
    assert answer.status_code == 200, answer.text
    return answer.content


async def facts(intake: Intake) -> list[tuple[Any, ...]]:
    """Everything that is counted, and as long as it held."""
    columns = FigureRow.__table__.columns
    async with intake.store.reading() as session:
        return [tuple(row) for row in await session.execute(select(*columns).order_by(*list(columns)[:4]))]


async def journalled(intake: Intake) -> int:
    async with intake.store.reading() as session:
        return await session.scalar(select(func.count()).select_from(JournalRow)) or 0


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


@pytest.mark.parametrize("index", range(7))
async def test_each_event_is_heard_once_twice_and_after_a_failure_half_way(
    intake: Intake, monkeypatch: pytest.MonkeyPatch, index: int
) -> None:
    one = (await intake.registered())["complaint_id"]
    event = life(one)[index]
    with monkeypatch.context() as broken:
        broken.setattr(journal.store, "put", lambda *_: 1 / 0)
        await intake.hear(event)
    assert (await intake.parked(), await journalled(intake)) == (1, 1)
    await intake.do(_make_due)
    await intake.receiver.retry_due()
    once = await bytes_of(intake)
    assert (await intake.parked(), await journalled(intake)) == (0, 2)
    await intake.hear(event, event)
    assert await bytes_of(intake) == once
    assert await journalled(intake) == 2


async def _make_due(session: Any) -> None:
    await session.execute(update(ParkedRow).values(next_try_at=at("2020-01-01 00:00")))


async def test_an_event_of_an_unknown_complaint_waits(intake: Intake) -> None:
    await intake.hear(dispatched("01900000-0000-7000-8000-000000000000"))
    assert await intake.parked() == 1
    assert await journalled(intake) == 0


async def test_a_published_case_belongs_to_its_complaint_or_to_none(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    of = {"at": at("10-20 09:00"), "center": COUNTY, "title": "证明早已取消", "by": "an"}
    await intake.hear(
        casebook.CasePublished(subject="case-1", complaint_id=one, **of),
        casebook.CasePublished(subject="case-2", complaint_id=None, **of),
    )
    lines = (await intake.ask("GET", f"complaints/{one}/history", CLERK)).json()
    assert [line["what"] for line in lines] == ["登记受理", "已形成指导案例"]
    assert await intake.parked() == 0


@pytest.mark.parametrize("seed", range(4))
async def test_live_is_rebuilt_byte_for_byte_whatever_order_events_came_in(intake: Intake, seed: int) -> None:
    receipts = [await intake.registered(f"WB-{n}") for n in range(4)]
    events = [event for each in receipts for event in life(each["complaint_id"], each["number"])]
    chance = random.Random(seed)
    chance.shuffle(events)
    while events:
        size = chance.randint(1, 9)
        await intake.hear(*events[:size])
        events = events[size:]
    live = await bytes_of(intake)

    async def spoil(session: Any) -> None:
        await session.execute(update(LedgerRow).values(state="registered", due_at=None, data={}))
        await session.execute(update(FigureRow).values(center="", working=7, until=None))
        await session.execute(delete(FigureRow).where(FigureRow.counted == "due"))

    await intake.do(journal.recompute)  # what held between events of which the earlier was heard later
    kept = await facts(intake)
    assert await intake.do(journal.rebuild) == (4, 0, None)
    await intake.do(spoil)
    answer = await intake.ask("POST", "ledger/rebuild", ADMINISTRATOR, json={"limit": 3})
    assert answer.json() == {"rebuilt": 3, "changed": 3, "next": sorted(each["complaint_id"] for each in receipts)[2]}
    answer = await intake.ask(
        "POST", "ledger/rebuild", ADMINISTRATOR, json={"after": answer.json()["next"], "limit": 3}
    )
    assert answer.json() == {"rebuilt": 1, "changed": 1, "next": None}
    assert await facts(intake) == kept
    assert await bytes_of(intake) == live
    intake.now("10-31 09:00")
    assert await bytes_of(intake, as_of="2026-10-31") == await bytes_of(intake) == live


async def test_as_of_a_day_it_is_what_it_was_at_the_end_of_that_day(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    then: dict[str, bytes] = {"2026-09-27": b"[]"}
    by_day: dict[str, list[Event]] = {}
    for event in life(one):
        by_day.setdefault(event.at.date().isoformat(), []).append(event)
    for day, events in by_day.items():
        intake.now(f"{day} 18:00")
        await intake.hear(*events)
        given = {"petitioner": {"phone": f"199000{day[5:7]}{day[8:]}1"}, "reason": "换了号码"}
        answer = await intake.ask("POST", f"complaints/{one}/correct", CLERK, json=given)
        assert answer.status_code == 200, answer.text
        then[day] = await bytes_of(intake)
    intake.now("10-10 09:00")
    await intake.registered("WB-2")
    for day, content in then.items():
        assert await bytes_of(intake, as_of=day) == content
    assert len(set(then.values())) == 5


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


async def test_a_batch_takes_one_query_a_table_however_many_complaints_it_touches(intake: Intake) -> None:
    receipts = [await intake.registered(f"WB-{n}") for n in range(30)]
    events = [dispatched(each["complaint_id"], leg=leg()) for each in receipts]
    asked: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN") and "parked" not in statement:  # which is asked about once a second
            asked.append(statement.split()[0])

    happening.listen(intake.store.engine.sync_engine, "before_cursor_execute", note)
    try:
        await intake.hear(*events)
    finally:
        happening.remove(intake.store.engine.sync_engine, "before_cursor_execute", note)
    assert asked.count("SELECT") == 4  # complaints, journal, rows, facts
    assert asked.count("INSERT") == 3  # the claims, the journal, the facts
    assert asked.count("UPDATE") == 1


async def test_the_ledger_of_sample_data_is_open_to_everyone_masked(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    await intake.registered()
    monkeypatch.setenv("YOUSU_SAMPLE", "true")
    settings.cache_clear()
    rows = orjson.loads((await intake.ask("GET", "ledger")).content)
    assert [row["姓名或单位名称"] for row in rows] == ["孙**"]
    assert (await intake.ask("POST", "ledger/rebuild", json={})).status_code == 401

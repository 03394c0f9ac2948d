"""What is asked again as of a day that is over is the same, byte for byte, whatever happened since (mechanism §10)."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection

from services.intake.domain.names import Names
from services.intake.domain.topics import Said
from services.intake.store import figures, names
from services.intake.tables import Base
from shared import replica
from shared.db import Store
from shared.events.directory import CenterChanged, DepartmentChanged
from shared.events.dispatch import OrderChecked, OrderTransferred, Party
from shared.events.sla import ClockStarted
from shared.migrate import config_of, migrate
from shared.settings import Settings
from shared.workdays import Calendar
from tests.service.test_erasing import NAME, PHONE, ended, erase, filed
from tests.service.test_intake_figures import due, of, rate, read
from tests.support.alone import at
from tests.support.intake import (
    AUDITOR,
    CLERK,
    COUNTY,
    TOWN_CLERK,
    TOWNSHIP,
    Intake,
    dispatched,
    intake_at_work,
    replied,
)
from tests.support.papers import pdf_text

DEPARTMENT = "政务服务责任部门及牵头部门"
SEPTEMBER = {"from": "2026-09-01", "to": "2026-09-30"}


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


def department(revision: int, when: str, name: str, code: str = "zrzy") -> DepartmentChanged:
    """A department is called this from then on."""
    return DepartmentChanged(
        at=at(when), center=COUNTY, subject=f"{COUNTY}/{code}", revision=revision, code=code, name=name,
        short_name=name,
    )  # fmt: skip


def center(revision: int, when: str, code: str, name: str, parent: str | None = COUNTY) -> CenterChanged:
    """A center is called this from then on."""
    return CenterChanged(
        at=at(when), center=code, subject=code, revision=revision, name=name, parent=parent, area_code="0394",
        calendar=Calendar().to_facts(),
    )  # fmt: skip


async def called(intake: Intake, *days: str) -> list[str]:
    """What the one department in the ledger was called as of each day."""
    return [(await intake.ledger(as_of=f"2026-{day}"))[0][DEPARTMENT] for day in days]


RENAMED = (
    department(2, "10-08 09:00", "县自然资源和规划局"),
    department(3, "10-12 09:00", "县规划局"),
    department(3, "10-20 09:00", "县规划局"),  # told again
)


@pytest.mark.parametrize("order", list(itertools.permutations(RENAMED)))
async def test_a_department_is_called_what_it_was_called_that_day_in_whatever_order_its_names_were_heard(
    intake: Intake, order: tuple[DepartmentChanged, ...]
) -> None:
    await intake.hear(dispatched((await intake.registered())["complaint_id"]))
    intake.now("10-31 09:00")
    await intake.hear_each(*order)
    assert await called(intake, "09-28", "10-07", "10-08", "10-11", "10-12", "10-19") == [
        "县自然资源局", "县自然资源局", "县自然资源和规划局", "县自然资源和规划局", "县规划局", "县规划局",
    ]  # fmt: skip
    assert (await intake.ledger())[0][DEPARTMENT] == "县规划局"


async def test_who_was_first_told_of_later_has_been_called_so_from_the_beginning(intake: Intake) -> None:
    lead = Party(center=COUNTY, department="gjj")
    await intake.hear(dispatched((await intake.registered())["complaint_id"], lead=lead))
    intake.now("10-31 09:00")
    assert await called(intake, "09-28") == ["sq/gjj"]
    await intake.hear(department(4, "10-08 09:00", "公积金中心", "gjj"))
    assert await called(intake, "09-28", "10-08") == ["公积金中心"] * 2


async def test_ledger_and_figures_of_a_day_are_the_same_after_centers_and_departments_were_renamed(
    intake: Intake,
) -> None:
    one = (await intake.registered(center=TOWNSHIP))["complaint_id"]
    there = {"center": TOWNSHIP}
    await intake.hear(
        OrderTransferred(from_center=TOWNSHIP, to_center=COUNTY, **of(one, 1, "09-28 10:10") | there),
        dispatched(one, "09-28 10:20", 2, **there),
        due(one, 1, "09-28 10:20", "09-30 17:30"),
        replied(one, "09-30 17:00", 3),
        OrderChecked(passed=False, leg=1, round=1, **of(one, 4, "09-30 17:20") | there),
    )
    intake.now("10-31 10:00")
    as_of = {"as_of": "2026-09-30"}
    doors: list[tuple[str, dict[str, str]]] = [
        ("ledger", as_of),
        ("ledger.xlsx", as_of),
        ("ledger.pdf", as_of),
        ("figures/rates", SEPTEMBER | as_of | {"by": "department"}),
        ("figures/rates", SEPTEMBER | as_of | {"by": "center"}),
        ("figures/gaming", SEPTEMBER | as_of),
        ("figures/equality", SEPTEMBER | as_of),
        ("figures/monthly/2026/9", as_of),
        ("figures/monthly/2026/9/print", as_of),
        ("figures/monthly/2026/9/excel", as_of),
        ("figures/quarterly/2026/3", as_of),
    ]

    async def printed() -> dict[str, bytes]:
        answers = [await intake.ask("GET", door, AUDITOR, params=given) for door, given in doors]
        assert {answer.status_code for answer in answers} == {200}
        return {str(answer.url): answer.content for answer in answers}

    first = await printed()
    assert sum("县自然资源局".encode() in content for content in first.values()) >= 3
    assert sum("纸店镇中心".encode() in content for content in first.values()) >= 2
    await intake.hear(
        department(2, "10-08 09:00", "县规划局"),
        center(2, "10-08 09:00", TOWNSHIP, "纸店镇便民服务大厅"),
        center(2, "10-08 09:00", COUNTY, "沈丘县政务服务大厅", parent=None),
    )
    assert await printed() == first
    live = (await read(intake, "rates", **SEPTEMBER, by="department"))["parts"]
    assert {part["code"]: part["name"] for part in live}["sq/zrzy"] == "县规划局"
    assert (await intake.ledger())[0]["备注"].endswith("由纸店镇便民服务大厅转沈丘县政务服务大厅办理")


async def test_a_month_is_reported_as_of_its_last_day_and_says_so_and_one_that_lasts_as_of_now(intake: Intake) -> None:
    async def printed() -> bytes:
        return (await intake.ask("GET", "figures/monthly/2026/9/print", AUDITOR)).content

    async def told(month: int) -> tuple[str | None, datetime, int]:
        report = await read(intake, f"monthly/2026/{month}")
        return report["days"]["as_of"], datetime.fromisoformat(report["until"]), report["now"]["overdue"]

    one = (await intake.registered())["complaint_id"]
    await intake.hear(dispatched(one, "09-28 10:10", 1), due(one, 1, "09-28 10:10", "09-29 17:30"))
    await intake.hear(replied(one, "09-29 10:00", 2))
    intake.now("09-30 10:05")
    assert await told(9) == ("2026-09-30", at("09-30 10:05"), 0)
    text = "".join(pdf_text(await printed()))
    assert "数据截至2026年9月30日10时05分。" in text
    assert "沈丘县政务服务中心2026年9月30日" in text
    assert await told(12) == (None, at("09-30 10:05"), 0)

    intake.now("10-31 10:00")
    assert await told(9) == ("2026-09-30", at("2026-09-30 23:59:59.999999"), 0)
    first = await printed()
    assert "数据截至2026年9月30日24时。" in "".join(pdf_text(first))
    await intake.hear(OrderChecked(passed=False, leg=1, round=1, **of(one, 3, "10-09 09:00")))
    assert await printed() == first
    assert (await read(intake, "rates", **SEPTEMBER))["rates"]["on_time"] == rate(0, 1), "live it stands no more"
    assert "数据截至2026年9月30日24时。" in (await intake.page("/figures", month="2026-09")).text


async def test_as_of_a_day_that_is_not_over_nothing_is_late_that_is_due_later_that_day(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    await intake.hear(dispatched(one, "09-28 10:10", 1), due(one, 1, "09-28 10:10", "09-30 17:30"))
    today = {"as_of": "2026-09-30"}

    async def on_time() -> Any:
        return (await read(intake, "rates", **SEPTEMBER | today))["rates"]["on_time"]

    intake.now("09-30 10:00")
    assert [row["备注"] for row in await intake.ledger(**today)] == ["未超期"]
    assert await intake.ledger(**today, overdue="true") == []
    assert await on_time() == rate(0, 0)
    intake.now("10-08 10:00")
    assert [row["备注"] for row in await intake.ledger(**today)] == ["超期不足1个工作日"]
    assert await on_time() == rate(0, 1)


async def test_what_was_transferred_is_late_by_the_same_in_both_ledgers_before_any_rung_was_heard(
    intake: Intake,
) -> None:
    one = (await intake.registered(center=TOWNSHIP))["complaint_id"]
    there = {"center": TOWNSHIP}
    due_at = at("09-30 17:30")
    await intake.hear(
        OrderTransferred(from_center=TOWNSHIP, to_center=COUNTY, **of(one, 1, "09-28 10:10") | there),
        dispatched(one, "09-28 10:20", 2, **there),
        ClockStarted(at=at("09-28 10:20"), subject=one, leg=1, due_at=due_at, provisional=False, **there),
    )
    intake.now("10-09 09:00")
    live: dict[str, str] = {}
    for asked in (live, {"as_of": "2026-10-09"}):
        for who in (TOWN_CLERK, CLERK):
            [row] = await intake.ledger(who, **asked)
            assert row["备注"] == "超期2个工作日；由纸店镇中心转沈丘县政务服务中心办理"


async def test_hot_topics_are_counted_in_the_words_that_stood_there_that_day(intake: Intake) -> None:
    said = ["集资房办证被退回。"] * 4 + ["窗口让我补一张证明。"]
    for n, words in enumerate(said):
        person = {"kind": "individual", "name": "周春梅", "phone": f"1990000800{n}"}
        last = await intake.registered(f"WB-{n}", petitioner=person, content=words)
    days = {"from": "2026-09-28", "to": "2026-09-28"}

    async def correct(content: str) -> None:
        given = {"content": content, "reason": "诉求人来电更正。"}
        answer = await intake.ask("POST", f"complaints/{last['complaint_id']}/correct", CLERK, json=given)
        assert answer.status_code == 200, answer.text

    async def people(**asked: str) -> dict[str, int]:
        groups = (await read(intake, "topics", **days | asked))["topics"]["groups"]
        return {topic["words"]: topic["people"] for topic in groups}

    intake.now("09-28 15:00")
    await correct("集资房办证又被退回了。")
    await correct("集资房办证被退回五次。")
    intake.now("09-29 15:00")
    then = await people(as_of="2026-09-28")
    assert then["集资房办证"] == 5
    await correct("公交改线没有通知。")
    assert await people(as_of="2026-09-28") == then
    assert await people() == {}


async def test_who_was_erased_is_struck_out_of_the_words_of_any_day(intake: Intake) -> None:
    number, complaint_id = await filed(intake)
    intake.now("09-28 10:05")
    given = {"content": f"{NAME}的房产证还是办不下来。", "reason": "诉求人来电更正。"}
    await intake.ask("POST", f"complaints/{complaint_id}/correct", CLERK, json=given)
    begin, end = at("09-28 00:00"), at("09-29 00:00")

    async def said(instant: str) -> list[Said]:
        counting = figures.Counting([COUNTY], begin, end, at(instant))
        return await intake.do(lambda session: figures.said(session, counting, begin, end, 10))

    assert [each.text for each in await said("09-28 10:00")] == [f"我是{NAME}，电话{PHONE}，房产证办不下来。"]
    await ended(intake, complaint_id)
    intake.now("11-23 09:00")
    assert (await erase(intake, number))[0] == 200
    assert [each.text for each in await said("09-28 10:00")] == ["我是某某，电话〔电话已隐去〕，房产证办不下来。"]
    assert [each.text for each in await said("09-28 10:05")] == ["某某的房产证还是办不下来。"]


def upgraded(connection: Connection, to: str) -> None:
    command.upgrade(config_of("intake", Base.metadata, connection), to)


async def names_after_upgrading(given: Settings) -> list[Names]:
    """What a store knows at the beginning and at an instant, that had heard of a county before it kept names."""
    store = Store("intake", given)
    async with store.engine.connect() as connection:
        await connection.execution_options(yousu_reading=True)
        for to in ("kernel@head", "intake_0007"):
            await connection.run_sync(upgraded, to)
            await connection.commit()
    async with store.transaction() as session:
        said = {"name": "沈丘县自然资源局", "short_name": "自然资源局"}
        await replica.put(session, "department", "sq/zrzy", 3, said)
        await replica.put(session, "center", "sq", 2, {"name": "沈丘县政务服务中心"})
    await migrate(store, Base.metadata)
    async with store.transaction() as session:
        await names.keep(session, department(4, "10-08 09:00", "规划局"))
    async with store.reading() as session:
        found = [await names.at(session, at(when)) for when in ("2020-01-01 00:00", "10-08 09:00")]
    await store.close()
    return found


KNOWN = {"sq": "沈丘县政务服务中心"}
AFTER_UPGRADING = [Names(KNOWN, {"sq/zrzy": "自然资源局"}), Names(KNOWN, {"sq/zrzy": "规划局"})]


async def test_what_was_heard_before_names_were_kept_has_been_called_so_always(tmp_path: Path) -> None:
    assert await names_after_upgrading(Settings(var=tmp_path)) == AFTER_UPGRADING

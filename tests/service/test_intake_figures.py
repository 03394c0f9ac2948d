"""Intake's doors to figures: gaming, equality, topics, a quarter; who reads them, and what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.tables import FigureRow, LedgerRow
from services.intake.usecases import journal
from shared.events import casebook
from shared.events.dispatch import (
    Final,
    OrderChecked,
    OrderClosed,
    OrderFollowedUp,
    OrderReopened,
    OrderTransferred,
    RedoStarted,
    ReplyKind,
    Satisfaction,
)
from shared.events.intake import Triage
from shared.events.sla import ClockMoved, ClockStarted
from shared.migrate import config_of, migrate
from shared.security.roles import Actor, Role
from tests.support.alone import at
from tests.support.intake import (
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
    leg,
    replied,
)
from tests.support.papers import pdf_text

SUPERVISOR = Actor("ji", "纪", Role.SUPERVISOR, COUNTY)
GOVERNMENT = Actor("zheng", "政", Role.GOVERNMENT, COUNTY)
SEPTEMBER = {"from": "2026-09-01", "to": "2026-10-31"}


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


async def read(intake: Intake, door: str, who: Actor | None = AUDITOR, **given: Any) -> Any:
    answer = await intake.ask("GET", f"figures/{door}", who, params=given)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rate(hits: int, sample: int) -> dict[str, Any]:
    return {"hits": hits, "sample": sample, "percent": round(100 * hits / sample, 1) if sample else None}


def of(one: str, revision: int, when: str) -> dict[str, Any]:
    return {"at": at(when), "center": COUNTY, "subject": one, "revision": revision, "by": "li"}


def asked(one: str, revision: int, when: str, said: Satisfaction) -> OrderFollowedUp:
    return OrderFollowedUp(satisfaction=said, opinion="好", method="phone", **of(one, revision, when))


def ended(one: str, revision: int, when: str) -> OrderClosed:
    return OrderClosed(
        final=Final.ZEROED, number="", triage=Triage.CANNOT, redo=0, overdue=False, problem="", result="",
        **of(one, revision, when),
    )  # fmt: skip


def due(one: str, number: int, begun: str, until: str) -> ClockStarted:
    return ClockStarted(at=at(begun), center=COUNTY, subject=one, leg=number, due_at=at(until), provisional=False)


async def test_who_plays_with_the_clock_is_shown_with_the_complaints_to_look_at(intake: Intake) -> None:
    receipt = await intake.registered()
    one = receipt["complaint_id"]
    moved = {"center": COUNTY, "subject": one, "leg": 2, "provisional": False, "why": "extended"}
    await intake.hear(
        dispatched(one, "09-28 10:10", 1),
        due(one, 1, "09-28 10:10", "10-08 17:30"),
        replied(one, "10-08 17:00", 2, ReplyKind.REASONS),  # half an hour before it was due
        OrderChecked(passed=True, leg=1, round=1, **of(one, 3, "10-09 09:00")),
        asked(one, 4, "10-09 10:00", Satisfaction.DISSATISFIED),
        RedoStarted(round=2, leg=leg(2, when="10-09 10:00"), reason="没解决", **of(one, 5, "10-09 10:00")),
        due(one, 2, "10-09 10:00", "10-14 17:30"),
        ClockMoved(at=at("10-12 09:00"), revision=2, was=at("10-14 17:30"), due_at=at("10-15 17:30"), **moved),
        ClockMoved(at=at("10-14 09:00"), revision=3, was=at("10-15 17:30"), due_at=at("10-16 17:30"), **moved),
        replied(one, "10-15 09:00", 6, ReplyKind.PLAN, leg=2, round=2),
    )
    intake.now("10-31 10:00")
    told = await read(intake, "gaming", **SEPTEMBER)
    assert told["thresholds"] == {"just_before_minutes": 120, "extensions": 2, "plans": 2}
    [line] = told["departments"]
    assert (line["code"], line["name"]) == ("sq/zrzy", "县自然资源局")
    assert line["just_before"] == {"rate": rate(1, 2), "numbers": [receipt["number"]]}
    assert line["serial_extensions"] == {"rate": rate(1, 2), "numbers": [receipt["number"]]}
    assert line["serial_plans"] == {"rate": rate(0, 1), "numbers": []}
    [line] = (await read(intake, "gaming", just_before_minutes=29, extensions=3, plans=1, **SEPTEMBER))["departments"]
    found = [
        line[name]["rate"]["hits"] for name in ("just_before", "late_declines", "serial_extensions", "serial_plans")
    ]
    assert found == [0, 0, 0, 1]


async def test_a_date_once_missed_stays_missed_and_what_was_reopened_is_due_again(intake: Intake) -> None:
    late, again = [(await intake.registered(f"WB-{n}"))["complaint_id"] for n in range(2)]
    back = OrderChecked(passed=False, leg=1, round=2, **of(late, 3, "10-09 11:00"))
    told = {"leg": 1, "revision": 2, "provisional": False, "why": "returned"}
    await intake.hear(
        dispatched(late, "09-28 10:10", 1),
        due(late, 1, "09-28 10:10", "10-08 17:30"),
        replied(late, "10-09 10:00", 2),
        back,
        ClockMoved.follows(back, was=at("10-08 17:30"), due_at=at("10-10 17:30"), **told),
        replied(late, "10-10 10:00", 4, round=2),
    )
    await intake.hear(
        dispatched(again, "09-28 10:10", 1),
        due(again, 1, "09-28 10:10", "10-08 17:30"),
        ended(again, 2, "09-29 10:00").model_copy(update={"final": Final.WITHDRAWN}),
        OrderReopened(round=2, leg=leg(2, when="09-30 10:00"), words="又坏了", **of(again, 3, "09-30 10:00")),
        due(again, 2, "09-30 10:00", "10-10 17:30"),
    )
    intake.now("10-31 10:00")
    rates = (await read(intake, "rates", **SEPTEMBER))["rates"]
    assert (rates["response"], rates["on_time"]) == (rate(0, 2), rate(0, 2))
    assert (await read(intake, "monthly/2026/10"))["now"]["overdue"] == 2


async def test_the_office_of_each_center_answers_for_its_own_time(intake: Intake) -> None:
    one = (await intake.registered(center=TOWNSHIP))["complaint_id"]
    moved = OrderTransferred(from_center=TOWNSHIP, to_center=COUNTY, **of(one, 1, "09-28 11:00"))
    life = [moved, dispatched(one, "09-28 11:30", 2), replied(one, "09-28 11:40", 3), ended(one, 4, "09-28 12:00")]
    await intake.hear(*(event.model_copy(update={"center": TOWNSHIP}) for event in life))
    intake.now("10-31 10:00")
    lines = {line["code"]: line["now"]["handling"] for line in (await read(intake, "monthly/2026/9"))["centers"]}
    offices = {code: handling["courts"]["office"]["working"] // 60 for code, handling in lines.items()}
    assert offices == {TOWNSHIP: 60, COUNTY: 30 + 20}
    assert {code: handling["ended"] for code, handling in lines.items()} == {TOWNSHIP: 0, COUNTY: 1}
    own = await read(intake, "rates", TOWN_CLERK, **SEPTEMBER)
    assert own["handling"]["courts"]["office"]["working"] == 60 * 60


async def test_what_an_earlier_release_counted_otherwise_is_counted_anew(intake: Intake) -> None:
    sent, moved, kept = [
        (await intake.registered(f"WB-{n}", center=TOWNSHIP if n == 1 else COUNTY))["complaint_id"] for n in range(3)
    ]
    transferred = OrderTransferred(from_center=TOWNSHIP, to_center=COUNTY, **of(moved, 1, "09-28 11:00"))
    await intake.hear(dispatched(sent), transferred.model_copy(update={"center": TOWNSHIP}))

    def to_the_earlier(connection: Connection) -> None:
        config = config_of("intake", intake.service.metadata, connection)
        command.downgrade(config, "intake_0007")  # what came later made tables, which are not there yet
        command.stamp(config, "intake_0006")

    async def stale(session: AsyncSession) -> set[str]:
        return set(await session.scalars(select(LedgerRow.complaint_id).where(LedgerRow.stale)))

    async def wrong(session: AsyncSession) -> set[str]:
        return set(await session.scalars(select(FigureRow.complaint_id).where(FigureRow.department == "sq/zjj")))

    await intake.do(lambda session: session.execute(update(FigureRow).values(department="sq/zjj")))
    assert await intake.do(stale) == set()
    async with intake.store.engine.connect() as connection:
        await connection.run_sync(to_the_earlier)
        await connection.commit()
    await migrate(intake.store, intake.service.metadata)
    assert await intake.do(stale) == {sent, moved}
    await intake.do(journal.recompute)
    assert await intake.do(stale) == set()
    assert await intake.do(wrong) == {kept}


async def test_groups_are_compared_by_what_they_are_and_of_small_ones_only_the_sample_is_told(intake: Intake) -> None:
    for n in range(9):
        firm = {
            "kind": "organisation", "name": "沈丘县同心家电维修部", "contact_person": "王建国",
            "phone": f"1990000090{n}", "profile": {"size": "小微企业"},
        }  # fmt: skip
        one = (await intake.registered(f"WB-{n}", **({"petitioner": firm} if n < 5 else {})))["complaint_id"]
        said = Satisfaction.SATISFIED if n else Satisfaction.DISSATISFIED
        await intake.hear(
            dispatched(one, "09-28 10:00", 1),
            due(one, 1, "09-28 10:00", "09-28 12:00"),
            replied(one, "09-28 11:00" if n != 1 else "09-28 15:00", 2),
            asked(one, 3, "09-29 09:00", said),
            ended(one, 4, f"09-29 09:0{n}"),
        )
    intake.now("10-31 10:00")
    told = await read(intake, "equality", **SEPTEMBER)
    groups = {by: {group["code"]: group for group in found} for by, found in told["across"].items()}
    firms, people = groups["petitioner"]["organisation"], groups["petitioner"]["individual"]
    assert told["small"] == 5
    assert (firms["name"], people["name"]) == ("单位", "个人")
    assert firms["satisfaction"] == rate(4, 5)
    assert firms["overdue"] == rate(1, 5)
    # Two and three hours of the first day, and 30 minutes of the second; the third of five took two minutes more.
    assert firms["handling"] == {"seconds": (2 * 60 + 180 + 30 + 2) * 60, "sample": 5}
    few = {"hits": None, "sample": 4, "percent": None}
    assert (people["satisfaction"], people["overdue"]) == (few, few)
    assert people["handling"] == {"seconds": None, "sample": 4}
    assert groups["size"]["小微企业"]["satisfaction"] == rate(4, 5)
    assert groups["stage"][""]["name"] == "未填写"
    assert groups["channel"]["web"]["satisfaction"] == groups["center"]["sq"]["satisfaction"] == rate(8, 9)


async def test_what_many_complain_of_is_a_topic_and_a_name_is_none(intake: Intake) -> None:
    for n in range(6):
        person = {"kind": "individual", "name": "周春梅", "phone": f"1990000800{n}"}
        said = {"content": "公积金提取被退回三次，电话13800000000。", "service_item": "公积金提取"}
        await intake.registered(f"WB-{n}", petitioner=person, **said)
        await intake.registered(f"WC-{n}", content="垃圾清运没人管，赵铁柱。")
    told = await read(intake, "topics", **{"from": "2026-09-28", "to": "2026-09-28"})
    assert told["days_before"] == {"first": "2026-09-27", "last": "2026-09-27", "as_of": None}
    [item] = told["topics"]["items"]
    assert (item["words"], item["people"], item["before"], len(item["numbers"])) == ("公积金提取", 6, 0, 3)
    assert [topic["words"] for topic in told["topics"]["groups"]] == ["公积金提取", "退回"]
    assert told["topics"]["complaints"] == 12


async def test_a_month_is_printed_and_a_quarter_drafted_with_its_cases(intake: Intake) -> None:
    receipt = await intake.registered()
    one = receipt["complaint_id"]
    await intake.hear(
        dispatched(one, "09-28 10:10", 1),
        due(one, 1, "09-28 10:10", "09-30 17:30"),
        replied(one, "09-29 10:00", 2),
        asked(one, 3, "09-29 11:00", Satisfaction.SATISFIED),
        ended(one, 4, "09-29 11:00"),
        casebook.CasePublished(
            at=at("09-30 09:00"), center=COUNTY, subject="case-1", title="证明早已取消", complaint_id=one, by="an"
        ),
    )
    intake.now("10-31 10:00")
    report = await read(intake, "monthly/2026/9", as_of="2026-10-10")
    assert (report["now"]["registered"], report["now"]["closed"], report["before"]["registered"]) == (1, 1, 0)
    [line] = report["departments"]
    assert (line["rank"], line["now"]["rates"]["on_time"]) == (1, rate(1, 1))
    prints = [await intake.ask("GET", "figures/monthly/2026/9/print", AUDITOR) for _ in range(2)]
    assert prints[0].content == prints[1].content
    assert "按时率100.0%（1/1）" in "".join(pdf_text(prints[0].content))
    draft = await read(intake, "quarterly/2026/3")
    assert draft["title"] == "2026年第3季度“有诉即办”工作总结（草稿）"
    assert draft["sentences"][0] == "本季度共受理诉求1件（上季度0件），分办1件；办结1件，其中清零销号1件。"
    assert draft["cases"] == [{"title": "证明早已取消", "number": receipt["number"]}]


@pytest.mark.parametrize("who", [AUDITOR, SUPERVISOR, GOVERNMENT, COORDINATOR, CLERK, TOWN_CLERK])
async def test_figures_are_read_by_those_they_concern(intake: Intake, who: Actor) -> None:
    for door in ("rates", "equality", "gaming", "topics", "monthly/2026/9", "quarterly/2026/3"):
        assert await read(intake, door, who)


@pytest.mark.parametrize(
    ("who", "given", "code"),
    [
        (TOWN_CLERK, {"center": "sq"}, "other-center"),
        (AUDITOR, {"center": "no-such"}, "no-such-center center"),
        (AUDITOR, {"from": "2022-10-12", "to": "2022-10-11"}, "backwards from"),
        (AUDITOR, {"as_of": "2026-09-29"}, "not-yet as_of"),
        (AUDITOR, {"from": "2020-01-01", "to": "2022-01-01"}, "too-long from"),
        (AUDITOR, {"from": "2022-13-01"}, "invalid from"),
        (AUDITOR, {"by": "size"}, "invalid by"),
        (OFFICER, {}, "not-allowed"),
        (None, {}, "no-session"),
    ],
)
async def test_what_cannot_be_counted_is_refused(
    intake: Intake, who: Actor | None, given: dict[str, str], code: str
) -> None:
    problem = (await intake.ask("GET", "figures/rates", who, params=given)).json()
    faults = problem.get("errors", [])
    assert " ".join([problem["code"], *(fault["field"] for fault in faults)]) == code
    assert all(sentence.endswith("。") for sentence in (problem["detail"], *(fault["message"] for fault in faults)))

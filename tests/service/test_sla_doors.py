"""What sla answers at its doors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.sla.app import service
from shared.events.directory import CenterChanged
from shared.events.dispatch import (
    DeclineUpheld,
    EscalationSupervised,
    EscalationUrged,
    Leg,
    LimitRule,
    OrderChecked,
    OrderDispatched,
    OrderReplied,
    OrderTransferred,
    Party,
    RedoStarted,
    ReplyKind,
    Stage,
)
from shared.events.intake import Triage
from shared.security.roles import Actor, Role
from shared.workdays import Calendar
from tests.support.alone import Alone, at
from tests.support.browser import Browser

CLERK = Actor("wang", "王", Role.CLERK, "sq")
LEAD = Party(center="sq", department="zrzy")


@pytest.fixture
async def sla(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        await alone.knows("sq")
        yield alone


async def asked(sla: Alone, path: str, **params: Any) -> Any:
    answer = await sla.ask("GET", path, CLERK, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def dispatched() -> OrderDispatched:
    leg = Leg(
        number=1, stage=Stage.REPLY, round=1, starts_at=at("09-28 10:00"), rule=LimitRule.WORKING_DAYS,
        working_days=3, calendar="sq",
    )  # fmt: skip
    return OrderDispatched(
        at=at("09-28 10:00"), center="sq", subject="c-1", revision=1, handling_center="sq", lead=LEAD, leg=leg, by="k"
    )


async def test_an_orders_clocks_show_dates_and_rungs(sla: Alone) -> None:
    await sla.hear(dispatched())
    order = await asked(sla, "clocks/c-1")
    [leg] = order["legs"]
    assert order["complaint_id"] == "c-1"
    assert leg["due_at"] == "2026-10-08T17:30:00+08:00"
    assert (leg["next_rung"], leg["rung_at"]) == ("urged", "2026-09-30T17:30:00+08:00")
    assert (leg["state"], leg["urged_at"], leg["provisional"]) == ("running", None, False)


async def test_an_order_without_a_clock_is_not_found(sla: Alone) -> None:
    for path in ("clocks/c-2", "clocks/c-2/1/explain"):
        assert (await sla.ask("GET", path, CLERK)).status_code == 404
    await sla.hear(dispatched())
    assert (await sla.ask("GET", "clocks/c-1/2/explain", CLERK)).json()["detail"] == "这件诉求没有第2段计时。"


async def test_a_due_date_explains_itself_day_by_day(sla: Alone) -> None:
    await sla.hear(dispatched())
    why = await asked(sla, "clocks/c-1/1/explain")
    assert [day["date"] for day in why["trace"] if day["counts"]] == ["2026-09-29", "2026-09-30", "2026-10-08"]
    assert why["trace"][3] == {"date": "2026-10-01", "counts": False, "why": why["trace"][3]["why"]}
    assert why["notes"] == []


async def test_a_due_date_moved_by_a_return_says_so(sla: Alone) -> None:
    of_order = {"center": "sq", "subject": "c-1", "leg": 1, "by": "k"}
    reply = OrderReplied(
        at=at("09-30 10:00"), revision=2, reply_id="r", party=LEAD, is_lead=True, kind=ReplyKind.RESULT, text="办结",
        round=1, triage=Triage.CANNOT, **of_order,
    )  # fmt: skip
    check = OrderChecked(at=at("10-08 11:00"), revision=3, passed=False, reasons="不实", round=2, **of_order)
    await sla.hear(dispatched(), reply, check)
    why = await asked(sla, "clocks/c-1/1/explain")
    assert why["due_at"] == "2026-10-09T17:30:00+08:00"
    assert why["notes"] == ["质检退回重办：期限不早于退回后下一个工作日下班。"]
    page = (await (await Browser(sla).logged_in(CLERK)).open("/sla/clocks/c-1")).text
    assert "<dt>质检退回</dt><dd>2026-10-08 11:00</dd>" in page
    assert "按时答复" not in page, "an answer that was returned is none"
    assert 'href="/dispatch/orders/c-1"' in page, "one finds back"


async def test_the_calendar_answers_what_it_is_asked(sla: Alone) -> None:
    due = await asked(sla, "due", received="2026-09-28T10:00", working_days=3, center="sq")
    assert (due["due_at"], due["provisional"], len(due["trace"])) == ("2026-10-08T17:30:00+08:00", False, 11)
    due = await asked(sla, "due", received="2026-09-30T16:30:00+08:00", center="sq", rule="same_day")
    assert due["due_at"] == "2026-10-08T17:30:00+08:00"
    due = await asked(sla, "due", received="2026-09-28T10:00", center="sq", rule="committed", committed_on="2026-10-03")
    assert due["due_at"] == "2026-10-08T17:30:00+08:00"
    assert await asked(sla, "workday", center="sq", date="2026-09-30", after=2) == {"date": "2026-10-09"}
    assert await asked(sla, "workday", center="sq", date="2026-10-03", after=0) == {"date": "2026-10-03"}
    assert await asked(sla, "opening", center="sq", at="2026-10-03T10:00") == {"at": "2026-10-08T08:30:00+08:00"}
    later = await asked(sla, "add-minutes", center="sq", at="2026-09-30T17:58:00+08:00", minutes=5)
    assert later == {"at": "2026-10-08T08:33:00+08:00"}
    there = await asked(
        sla, "working-time", center="sq", working_days=1, office_minutes=90, **{"from": "2026-09-30T17:58"}
    )
    assert there == {"at": "2026-10-08T10:00:00+08:00"}


@pytest.mark.parametrize(
    ("path", "params", "fields"),
    [
        ("due", {"received": "1999-01-01T10:00", "working_days": "9999"}, ["received", "working_days"]),
        ("due", {"received": "0001-01-01T00:00:00+14:00"}, ["received"]),
        ("due", {"received": "9999-12-31T23:59:59-12:00"}, ["received"]),
        ("due", {"received": "早上", "rule": "soon"}, ["received", "rule"]),
        ("due", {"received": "2026-09-28T10:00", "rule": "committed"}, ["committed_on"]),
        ("due", {"received": "2026-09-28T10:00", "center": "sq\x00"}, ["center"]),
        ("workday", {"date": "2126-01-01", "after": "-1"}, ["date", "after"]),
        ("opening", {}, ["at"]),
        ("add-minutes", {"at": "2026-09-28T10:00", "minutes": "100001"}, ["minutes"]),
    ],
)
async def test_every_fault_in_a_question_is_named(sla: Alone, path: str, params: Any, fields: list[str]) -> None:
    answer = await sla.ask("GET", path, CLERK, params={"center": "sq"} | params)
    assert answer.status_code == 422, answer.text
    assert sorted(fault["field"] for fault in answer.json()["errors"]) == sorted(fields)


async def test_an_unknown_center_is_said_to_be_unknown(sla: Alone) -> None:
    answer = await sla.ask("GET", "opening", CLERK, params={"center": "xx", "at": "2026-09-28T10:00"})
    assert (answer.status_code, answer.json()["detail"]) == (404, "没有代码为“xx”的中心。")


@pytest.mark.parametrize(("actor", "status"), [(None, 401), (Actor("h", "热线", Role.CHANNEL), 403)])
async def test_only_staff_read_clocks(sla: Alone, actor: Actor | None, status: int) -> None:
    answer = await sla.ask("GET", "opening", actor, params={"center": "sq", "at": "2026-09-28T10:00"})
    assert answer.status_code == status


async def test_a_forecast_says_what_a_day_brings_if_nobody_answers(sla: Alone) -> None:
    sla.now("09-29 10:00")
    await sla.hear(dispatched())
    urged = await asked(sla, "forecast", on="2026-09-30")
    assert (urged["urged"], urged["supervised"], urged["reported"]) == (1, 0, 0)
    assert urged["orders"] == [{"complaint_id": "c-1", "leg": 1, "rung": "urged", "at": "2026-09-30T17:30:00+08:00"}]
    assert await asked(sla, "forecast", center="sq") == urged | {"center": "sq"}, "the next working day"
    supervised = await asked(sla, "forecast", on="2026-10-08")
    assert [order["rung"] for order in supervised["orders"]] == ["supervised"]
    reported = await asked(sla, "forecast", on="2026-10-09")
    assert [order["rung"] for order in reported["orders"]] == ["reported"]


@pytest.mark.parametrize("on", ["2026-09-28", "2026-12-01", "1999-01-01"])
async def test_a_forecast_of_the_past_or_of_far_away_is_refused(sla: Alone, on: str) -> None:
    sla.now("09-29 10:00")
    answer = await sla.ask("GET", "forecast", CLERK, params={"on": on})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "on")


OFFICER, CO_HANDLER = (Actor("o", "办", Role.OFFICER, "sq", code) for code in ("zrzy", "zjj"))
OTHER = Actor("x", "办", Role.OFFICER, "sq", "swj")
SUPERVISOR = Actor("j", "纪", Role.SUPERVISOR, "sq")
TOWN = {role: Actor("t", "镇", role, "sq-zhidian") for role in Role}
COUNTY = {role: Actor("c", "县", role, "sq") for role in Role}
CLOCKS = ("clocks/c-1", "clocks/c-1/1/explain")


async def reads(sla: Alone, actor: Actor) -> bool:
    """Whether this one reads the clocks of the order: at every door and page, or at none."""
    found = {(await sla.ask("GET", path, actor)).status_code for path in CLOCKS}
    browser = await Browser(sla).logged_in(actor)
    found |= {(await browser.open(f"/sla/{part}clocks/c-1")).status_code for part in ("", "fragments/")}
    assert found in ({200}, {404}, {403}), (actor, found)
    return found == {200}


async def test_an_orders_clocks_are_read_by_whom_it_concerns(sla: Alone) -> None:
    await sla.hear(township("sq-zhidian"))
    one = dispatched().model_copy(
        update={
            "center": "sq-zhidian",
            "handling_center": "sq-zhidian",
            "co_handlers": [Party(center="sq", department="zjj")],
        }
    )
    await sla.hear(one)
    for actor in (OFFICER, CO_HANDLER, COUNTY[Role.COORDINATOR], COUNTY[Role.HEAD], COUNTY[Role.AUDITOR]):
        assert await reads(sla, actor), actor
    for role in (Role.CLERK, Role.COORDINATOR, Role.HEAD):
        assert await reads(sla, TOWN[role]), role
    elsewhere = Actor("f", "付", Role.COORDINATOR, "sq-fujing")
    for actor in (OTHER, COUNTY[Role.CLERK], elsewhere, SUPERVISOR, COUNTY[Role.GOVERNMENT]):
        assert not await reads(sla, actor), actor
    for role in (Role.ADMINISTRATOR, Role.CASE_EDITOR, Role.CASE_APPROVER):
        assert not await reads(sla, COUNTY[role]), role


async def test_what_was_late_at_a_level_is_read_there(sla: Alone) -> None:
    await sla.hear(dispatched())
    of_order: dict[str, Any] = {"center": "sq", "subject": "c-1", "leg": 1, "round": 1, "to": [LEAD], "level": "sq"}
    urged = EscalationUrged(at=at("09-30 17:31"), fell_due_at=at("09-30 17:30"), **of_order)
    by_hand = EscalationSupervised(at=at("10-08 17:40"), **of_order)
    await sla.hear(urged, by_hand)
    assert not await reads(sla, SUPERVISOR), "the ladder tells inspection, not a word by hand"
    await sla.hear(EscalationSupervised(at=at("10-08 17:41"), fell_due_at=at("10-08 17:30"), **of_order))
    assert await reads(sla, SUPERVISOR)
    assert await reads(sla, COUNTY[Role.GOVERNMENT])
    assert not await reads(sla, TOWN[Role.SUPERVISOR])


async def test_who_is_no_longer_asked_reads_no_more(sla: Alone) -> None:
    await sla.hear(township("sq-zhidian"), dispatched())
    of_order: dict[str, Any] = {"center": "sq", "subject": "c-1", "by": "k"}
    await sla.hear(DeclineUpheld(at=at("09-28 11:00"), revision=2, party=LEAD, leg=1, reasons="同意", **of_order))
    assert not await reads(sla, OFFICER), "it is back for review"
    moved = {"from_center": "sq", "to_center": "sq-zhidian"}
    await sla.hear(OrderTransferred(at=at("09-28 11:30"), revision=3, **moved, **of_order))
    assert await reads(sla, TOWN[Role.COORDINATOR])
    again = dispatched().leg.model_copy(update={"number": 2, "starts_at": at("09-28 12:00")})
    other = Party(center="sq", department="swj")
    await sla.hear(
        OrderDispatched(
            at=at("09-28 12:00"), revision=4, handling_center="sq-zhidian", lead=other, leg=again, **of_order
        )
    )
    assert (await reads(sla, OTHER), await reads(sla, OFFICER)) == (True, False)
    redo = again.model_copy(update={"number": 3, "starts_at": at("10-09 12:00"), "round": 2})
    await sla.hear(RedoStarted(at=at("10-09 12:00"), revision=9, round=2, leg=redo, reason="没有解决", **of_order))
    assert await reads(sla, OTHER), "the same departments do it again"


async def test_a_center_that_has_handed_it_on_reads_on(sla: Alone) -> None:
    await sla.hear(township("sq-zhidian"), township("sq-fujing"), dispatched())
    of_order: dict[str, Any] = {"center": "sq", "subject": "c-1", "by": "k"}
    await sla.hear(DeclineUpheld(at=at("09-28 11:00"), revision=2, party=LEAD, leg=1, reasons="同意", **of_order))
    for revision, taker in enumerate(("sq-zhidian", "sq-fujing"), start=3):
        assert not await reads(sla, Actor("f", "付", Role.HEAD, taker)), "not before it has it"
        moved = {"from_center": "sq" if revision == 3 else "sq-zhidian", "to_center": taker}
        await sla.hear(OrderTransferred(at=at(f"09-28 11:3{revision}"), revision=revision, **moved, **of_order))
    for center in ("sq", "sq-zhidian", "sq-fujing"):
        for role in (Role.CLERK, Role.COORDINATOR, Role.HEAD):
            assert await reads(sla, Actor("f", "付", role, center)), (center, role)


def township(code: str) -> CenterChanged:
    return CenterChanged(
        at=at("01-01 00:00"), center=code, subject=code, revision=1, name=code, parent="sq", area_code="0394",
        calendar=Calendar().to_facts(),
    )  # fmt: skip

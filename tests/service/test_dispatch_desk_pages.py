"""The desks of the office: what waits for it, whom it calls, what is due; and to whom each desk opens."""

from __future__ import annotations

from datetime import datetime

import pytest

from services.dispatch.domain.office import Task
from services.dispatch.usecases import queueing
from shared import clock
from shared.events.intake import Triage
from shared.events.sla import ClockMoved, ClockStarted, Rung
from shared.security.roles import Actor, Role
from shared.settings import settings
from shared.web.tabs import TABS
from tests.support.alone import at
from tests.support.desks import one_of_each, reported
from tests.support.dispatch_pages import ZJJ, ZRZY, browser_of
from tests.support.dispatching import AUDITOR, CLERK, COORDINATOR, GOVERNMENT, HEAD, OF_TOWNSHIP, SUPERVISOR, Desk, desk

__all__ = ["desk"]


ADMINISTRATOR = Actor("admin", "管理员", Role.ADMINISTRATOR, "sq")
OFFICE, OFFICERS, OVERSIGHT = {COORDINATOR, HEAD}, {ZRZY}, {SUPERVISOR, GOVERNMENT}
EVERYONE = OFFICE | OFFICERS | OVERSIGHT | {CLERK, AUDITOR, ADMINISTRATOR}
MAY = {
    "desk": OFFICE,
    "calls": OFFICE,
    "forecast": OFFICE,
    "mine": OFFICERS,
    "supervised": OVERSIGHT,
}


@pytest.mark.parametrize("page", MAY)
async def test_each_desk_opens_to_its_roles_alone_and_says_what_to_do_first(desk: Desk, page: str) -> None:
    for actor in EVERYONE:
        browser = await browser_of(desk, actor)
        shown = await browser.open(f"/dispatch/{page}")
        assert shown.status_code == (200 if actor in MAY[page] else 403), actor
        assert ('class="empty"' in shown.text) is (actor in MAY[page] or shown.status_code == 403)
        tab = next(tab for tab in TABS if tab.key == page)
        assert (f'href="{tab.href}"' in shown.text) is (actor in MAY[page])


async def test_everything_that_waits_for_the_office_is_in_one_queue_with_counts_and_filters(desk: Desk) -> None:
    found = await one_of_each(desk)
    browser = await browser_of(desk, COORDINATOR)
    page = await browser.open("/dispatch/desk")
    order = [page.text.index(f'/orders/{found[kind]}"') for kind in ("dispatch", "check", "referral")]
    assert order == sorted(order), "half a day, a day, five days"
    for kind, complaint_id in found.items():
        if kind == "overrule":
            continue
        filtered = await browser.open(f"/dispatch/desk?kind={kind}")
        assert filtered.text.count("<tr>") == 2, kind
        assert f"/dispatch/orders/{complaint_id}" in filtered.text, kind
    assert "没有“协办超时”的待办" in (await browser.open("/dispatch/desk?kind=overrule")).text
    assert (await browser.open("/dispatch/desk?kind=nothing")).status_code == 422


async def test_the_queue_counts_by_the_inner_limits_that_are_set(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    order = await _only_entry(desk)
    assert order.due_at == at("11-23 15:30")
    monkeypatch.setenv("YOUSU_INNER_DISPATCH_MINUTES", "120")
    settings.cache_clear()
    assert (await _only_entry(desk)).due_at == at("11-23 11:00")
    monkeypatch.setenv("YOUSU_DISPATCHES_BEFORE_HEAD", "0")
    settings.cache_clear()
    assert (await _only_entry(desk)).task is Task.ADJUDICATE
    assert await desk.refused(complaint_id, "dispatch", lead="zrzy") == (403, "third-dispatch", [])


async def test_signing_is_due_by_the_inner_limit_that_is_set(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await reported(desk)
    assert (await _only_entry(desk)).due_at == at("11-25 17:30")
    monkeypatch.setenv("YOUSU_INNER_SIGN_WORKING_DAYS", "2")
    settings.cache_clear()
    entry = await _only_entry(desk)
    assert (entry.task, entry.due_at) == (Task.SIGN, at("11-26 17:30"))


async def _only_entry(desk: Desk) -> queueing.Entry:
    async with desk.store.reading() as session:
        (entry,) = (await queueing.queue(session, COORDINATOR, "sq", None, 1)).entries
    return entry


async def test_a_late_co_handler_is_listed_for_overruling(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy", co_handlers=["zjj"])
    due = at("11-30 17:30")
    await desk.hear(_clock(complaint_id, due, at("11-27 17:30")))
    browser = await browser_of(desk, COORDINATOR)
    assert "协办超时" not in (await browser.open("/dispatch/desk")).text.split("<table")[-1]
    desk.now("11-27 17:31")
    page = await browser.open("/dispatch/desk?kind=overrule")
    assert f"/dispatch/orders/{complaint_id}" in page.text
    await desk.act(complaint_id, "reply", ZJJ, kind="result", text="协办意见。")
    assert complaint_id not in (await browser.open("/dispatch/desk")).text


def _clock(complaint_id: str, due_at: datetime, co_handlers_due_at: datetime) -> ClockStarted:
    return ClockStarted(
        at=clock.now(), center="sq", subject=complaint_id, leg=1, due_at=due_at, provisional=False,
        co_handlers_due_at=co_handlers_due_at,
    )  # fmt: skip


async def test_a_long_queue_is_read_page_by_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.dispatch.usecases.queueing.A_PAGE", 2)
    found = [await desk.complaint(Triage.HARD) for _ in range(3)]
    browser = await browser_of(desk, COORDINATOR)
    seen = []
    for address in ("/dispatch/desk", "/dispatch/desk?page=2"):
        page = await browser.open(address)
        seen += [complaint_id for complaint_id in found if f"/dispatch/orders/{complaint_id}" in page.text]
    assert seen == found
    assert "下一页" not in page.text


async def test_the_countys_coordinator_looks_at_a_townships_queue_and_no_other_center_does(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD, "sq-zhidian")
    county = await browser_of(desk, COORDINATOR)
    assert complaint_id not in (await county.open("/dispatch/desk")).text
    assert complaint_id in (await county.open("/dispatch/desk?center=sq-zhidian")).text
    township = await browser_of(desk, OF_TOWNSHIP)
    assert complaint_id in (await township.open("/dispatch/desk")).text
    assert (await township.open("/dispatch/desk?center=sq-fujing")).status_code == 403


async def test_the_call_list_tells_what_part_of_the_day_to_try_next(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.GENERAL)
    await desk.hear(desk.settled(complaint_id))
    browser = await browser_of(desk, COORDINATOR)
    page = await browser.open("/dispatch/calls")
    assert "首次回访" in page.text
    assert "199****1234" in page.text
    for when in ("11-23 10:00", "11-24 15:00"):
        desk.now(when)
        await desk.act(complaint_id, "follow-up", satisfaction="unreachable", opinion="无人接听", method="phone")
    page = await browser.open("/dispatch/calls")
    assert "11-23 10:00" in page.text
    assert "请晚上再试（已2次、2天）" in page.text
    page = await browser.open(f"/dispatch/orders/{complaint_id}?do=follow-up")
    assert "本轮已回访2次未联系上（2天、2个时段）" in page.text


async def test_a_long_call_list_and_a_long_forecast_hide_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.dispatch.usecases.queueing.A_PAGE", 2)
    monkeypatch.setattr("services.dispatch.usecases.queueing.MOST_LEGS", 1)
    to_call = [await desk.complaint(Triage.GENERAL) for _ in range(3)]
    for complaint_id in to_call:
        await desk.hear(desk.settled(complaint_id))
    for _ in range(2):
        late = await desk.complaint(Triage.HARD)
        await desk.act(late, "dispatch", lead="zrzy")
        await desk.due_at(late, "11-23 12:00")
    desk.now("11-23 14:00")
    browser = await browser_of(desk, COORDINATOR)
    pages = [(await browser.open(f"/dispatch/calls?page={page}")).text for page in (1, 2)]
    seen = [[each in page for each in to_call] for page in pages]
    assert seen == [[True, True, False], [False, False, True]]
    assert ['rel="next"' in page for page in pages] == [True, False]
    assert (await browser.open("/dispatch/fragments/calls?page=2")).text.count("<tr>") == 2
    page = (await browser.open("/dispatch/forecast")).text
    assert "<b>2</b>已逾期未答复" in page
    assert "下面只列期限最早的1件" in page


async def test_the_forecast_names_what_the_next_working_day_brings(desk: Desk) -> None:
    found = {}
    for name, due in (("overdue", "11-23 12:00"), ("supervised", "11-24 17:30"), ("urged", "11-25 17:30")):
        found[name] = await desk.complaint(Triage.HARD)
        await desk.act(found[name], "dispatch", lead="zrzy")
        await desk.due_at(found[name], due)
    desk.now("11-23 14:00")
    await desk.hear(desk.due(found["overdue"], Rung.SUPERVISED, at("11-23 12:00")))
    browser = await browser_of(desk, COORDINATOR)
    page = await browser.open("/dispatch/forecast")
    tables = page.text.split("<table")[1:]
    captions = [table.split("</caption>")[0].split(">")[-1] for table in tables]
    day = "2026年11月24日 星期二 无人答复将"
    assert captions[1:] == [f"{day}通报", f"{day}督办", f"{day}催办"]
    for table, name in zip(tables, ("overdue", "overdue", "supervised", "urged"), strict=True):
        assert found[name] in table
    assert "自然资源局" in tables[0]


async def test_after_a_return_the_forecast_counts_from_there(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.CANNOT)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    due = await desk.due_at(complaint_id, "11-26 17:30")
    desk.now("11-26 16:00")
    await desk.act(complaint_id, "reply", ZRZY, kind="result", text="已办结。")
    desk.now("11-26 18:00")
    await desk.act(complaint_id, "check", passed=False, reasons="不够具体")
    moved = ClockMoved(
        at=clock.now(), center="sq", subject=complaint_id, leg=1, revision=2, was=due, due_at=at("11-27 17:30"),
        provisional=False, why="returned",
    )  # fmt: skip
    await desk.hear(moved)
    async with desk.store.reading() as session:
        outlook = await queueing.outlook(session, COORDINATOR)
    found = {rung: [dict(each.expected)[rung] for each in running] for rung, running in outlook.expected.items()}
    assert found == {Rung.URGED: [at("11-27 11:45")], Rung.SUPERVISED: [at("11-27 17:30")], Rung.REPORTED: []}


async def test_tabs_tell_how_much_waits_behind_them(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.REFUSED)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.due_at(complaint_id, "11-23 17:30")
    await desk.complaint(Triage.HARD)
    desk.now("11-24 09:00")
    for actor, counted in ((COORDINATOR, {"desk", "forecast"}), (ZRZY, {"mine"}), (ZJJ, set()), (SUPERVISOR, set())):
        page = await (await browser_of(desk, actor)).open("/dispatch/fragments/counts")
        assert page.status_code == 200
        found = {
            key
            for key in ("desk", "calls", "forecast", "mine")
            if f'id="count-{key}" hx-swap-oob="true"><b>1' in page.text
        }
        assert found == counted, actor


@pytest.mark.parametrize("part", ["desk", "calls", "forecast"])
async def test_what_a_desk_fetches_again_is_only_its_list(desk: Desk, part: str) -> None:
    browser = await browser_of(desk, COORDINATOR)
    page = await browser.open(f"/dispatch/fragments/{part}")
    assert page.status_code == 200
    assert "<html" not in page.text

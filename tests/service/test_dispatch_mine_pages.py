"""The desks of departments and of supervision: what they owe or must know, and nothing of the petitioner."""

from __future__ import annotations

import pytest

from shared.events.intake import Triage
from shared.security.roles import Actor, Role
from tests.support.desks import reported
from tests.support.dispatch_pages import ZRZY, browser_of
from tests.support.dispatching import GOVERNMENT, HEAD, OF_TOWNSHIP, SUPERVISOR, Desk, desk

__all__ = ["desk"]


SUPERVISOR_OF_TOWNSHIP = Actor("supervisor-sq-zhidian", "纪检", Role.SUPERVISOR, "sq-zhidian")


async def test_a_department_sees_its_own_part_with_what_is_left_of_its_time(desk: Desk) -> None:
    owed, answered, theirs = [await desk.complaint(Triage.REFUSED) for _ in range(3)]
    for complaint_id in (owed, answered):
        await desk.act(complaint_id, "dispatch", lead="zrzy")
        await desk.due_at(complaint_id, "11-23 17:30")
    await desk.act(theirs, "dispatch", lead="zjj")
    await desk.act(answered, "reply", ZRZY, kind="result", text="已办结。")
    browser = await browser_of(desk, ZRZY)
    page = await browser.open("/dispatch/mine")
    assert "今日17:30到期" in page.text
    assert "按时答复" in page.text
    assert theirs not in page.text
    assert "张" not in page.text.split("<main")[1], "a list shows no petitioner"
    page = await browser.open("/dispatch/mine?show=owed")
    assert (owed in page.text, answered in page.text) == (True, False)
    page = await browser.open("/dispatch/fragments/mine?show=answered")
    assert (owed in page.text, answered in page.text) == (False, True)


async def test_a_department_reads_a_long_list_page_by_page_and_its_figures_count_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.dispatch.usecases.queueing.A_PAGE", 2)
    found = {}
    for name, due in (("later", "11-25 17:30"), ("late", "11-23 08:00"), ("soon", "11-24 17:30")):
        found[name] = await desk.complaint(Triage.REFUSED)
        await desk.act(found[name], "dispatch", lead="zrzy")
        await desk.due_at(found[name], due)
    found["answered"] = await desk.complaint(Triage.REFUSED)
    await desk.act(found["answered"], "dispatch", lead="zjj", co_handlers=["zrzy"])
    await desk.act(found["answered"], "reply", ZRZY, kind="result", text="协办意见。")
    await desk.act(found["late"], "sign", ZRZY)
    browser = await browser_of(desk, ZRZY)
    pages = [(await browser.open(f"/dispatch/mine?page={page}")).text for page in (1, 2)]
    for page, names in zip(pages, (("late", "soon"), ("later", "answered")), strict=True):
        assert sorted(names, key=lambda name: page.index(found[name])) == list(names)
        assert page.count("<tr>") == 3
        for figure in ("<b>3</b>待答复", "<b>2</b>未签收", "<b>1</b>已逾期", "<b>1</b>已答复，未办结"):
            assert figure in page
    assert "回到第一页" in pages[1]
    answered = (await browser.open("/dispatch/mine?show=answered")).text
    assert [found[name] in answered for name in ("answered", "late")] == [True, False]
    assert "<b>3<" in (await browser.open("/dispatch/fragments/counts")).text
    assert "没有这样的工作单" in (await browser.open("/dispatch/mine?page=3")).text


async def test_a_township_dispatches_to_the_county_and_the_department_sees_it(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD, "sq-zhidian")
    await desk.act(complaint_id, "dispatch", OF_TOWNSHIP, lead="sq/zrzy")
    browser = await browser_of(desk, ZRZY)
    assert complaint_id in (await browser.open("/dispatch/mine")).text


async def test_supervision_sees_what_was_told_at_its_level_and_nothing_of_the_petitioner(desk: Desk) -> None:
    complaint_id = await reported(desk)
    await desk.act(complaint_id, "supervise", requirement="请今日答复。")
    for actor, sees in ((SUPERVISOR, True), (GOVERNMENT, True), (SUPERVISOR_OF_TOWNSHIP, False)):
        browser = await browser_of(desk, actor)
        page = await browser.open("/dispatch/supervised")
        assert ("自然资源局" in page.text) is sees
        assert ("请今日答复。" in page.text) is sees
        for secret in ("张", "1990000", "199****", "窗口不给办"):
            assert secret not in page.text.split("<main")[1]
    page = await (await browser_of(desk, SUPERVISOR)).open("/dispatch/supervised?rung=reported")
    assert page.text.count("<tr>") == 2


async def test_a_circular_that_was_issued_is_printed_there_and_at_no_other_level(desk: Desk) -> None:
    complaint_id = await reported(desk)
    answer = await desk.ask("POST", f"orders/{complaint_id}/papers/circular", HEAD, json={})
    paper = f"/dispatch/api/papers/{answer.json()['paper_id']}"
    for actor, status in ((SUPERVISOR, 200), (GOVERNMENT, 200), (SUPERVISOR_OF_TOWNSHIP, 404)):
        browser = await browser_of(desk, actor)
        page = await browser.open("/dispatch/supervised")
        assert (f"{paper}.pdf" in page.text) is (status == 200)
        assert (await browser.open(f"{paper}.docx")).status_code == status, actor


async def test_supervision_opens_an_order_of_its_level_and_sees_its_course_without_the_petitioner(desk: Desk) -> None:
    complaint_id = await reported(desk)
    answer = await desk.ask("POST", f"orders/{complaint_id}/papers/circular", HEAD, json={})
    browser = await browser_of(desk, SUPERVISOR)
    page = await browser.open(f"/dispatch/orders/{complaint_id}")
    assert page.status_code == 200
    assert "<strong>通报</strong>" in page.text
    assert answer.json()["number"] in page.text
    assert "诉求人信息不予显示" in page.text
    assert "?do=" not in page.text
    for secret in ("张", "19900001234", "纸店镇"):
        assert secret not in page.text.split("<main")[1]
    assert (
        await (await browser_of(desk, SUPERVISOR_OF_TOWNSHIP)).open(f"/dispatch/orders/{complaint_id}")
    ).status_code == 404

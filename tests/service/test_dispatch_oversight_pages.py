"""Inspection at its pages: a file by its number, who asked for which, clues; and the register of what was issued."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from shared.audit.tables import AuditRow
from shared.events.intake import Triage
from shared.security.roles import Actor, Role
from tests.support.browser import Browser, changes
from tests.support.desks import reported
from tests.support.dispatching import (
    AUDITOR,
    CLERK,
    COORDINATOR,
    GOVERNMENT,
    HEAD,
    OF_TOWNSHIP,
    SUPERVISOR,
    Desk,
    desk,
    officer,
)

__all__ = ["desk"]

ZRZY = officer("sq/zrzy")
SUPERVISOR_OF_TOWNSHIP = Actor("supervisor-sq-zhidian", "纪检", Role.SUPERVISOR, "sq-zhidian")
EVERYONE = (COORDINATOR, HEAD, ZRZY, SUPERVISOR, GOVERNMENT, CLERK, AUDITOR)
INSPECTIONS, CLUES, PAPERS = "/dispatch/inspections", "/dispatch/clues", "/dispatch/papers"
MAY = {
    INSPECTIONS: (SUPERVISOR, AUDITOR),
    CLUES: (COORDINATOR, HEAD, SUPERVISOR, AUDITOR),
    PAPERS: (COORDINATOR, HEAD),
}
KINDS = ("circular", "report", "copy")


async def at(desk: Desk, actor: Actor, path: str) -> Browser:
    browser = await Browser(desk).logged_in(actor)
    await browser.open(path)
    return browser


@pytest.mark.parametrize("path", MAY)
async def test_each_page_opens_to_its_roles_alone_and_says_what_comes_first(desk: Desk, path: str) -> None:
    for actor in EVERYONE:
        page = (await at(desk, actor, path)).page
        assert page.status_code == (200 if actor in MAY[path] else 403), actor
        assert 'class="empty"' in page.text


async def test_inspection_opens_one_file_by_its_number_for_a_reason_and_without_the_petitioner(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="sq/zrzy")
    number = (await desk.file(complaint_id))["number"]
    browser = await at(desk, SUPERVISOR, INSPECTIONS)
    page = await browser.send(INSPECTIONS, number=number, reason="")
    assert page.status_code == 422
    assert "调阅理由：必填，请填写。" in page.text
    page = await browser.send(INSPECTIONS, reason="核查群众反映的推诿问题。")
    assert page.status_code == 200
    assert f"<h1>{number}" in page.text
    assert changes(page.text) == set(), "it is read, and nothing is done to it"
    assert "各阶段期限" in page.text
    assert "/sla/" not in page.text, "nor does sla tell of the clocks of what was not late at this level"
    for secret in ("张三丰", "19900001234", "199****1234", "纸店镇"):
        assert secret not in page.text.split("<main")[1]
    for actor in (SUPERVISOR, AUDITOR):
        page = (await at(desk, actor, INSPECTIONS)).page
        assert number in page.text
        assert "核查群众反映的推诿问题。" in page.text
        assert changes(page.text) == ({INSPECTIONS} if actor is SUPERVISOR else set())
    async with desk.store.reading() as session:
        told = (await session.execute(select(AuditRow.subject, AuditRow.reason, AuditRow.result))).all()
    assert (number, "核查群众反映的推诿问题。", "allowed") in [tuple(row) for row in told]


async def test_a_number_mistyped_is_typed_again_and_another_level_s_file_stays_shut(desk: Desk) -> None:
    browser = await at(desk, SUPERVISOR, f"{INSPECTIONS}?number=SQ-2026-9999")
    page = await browser.send(INSPECTIONS, reason="核查。")
    assert page.status_code == 422
    assert "没有这个编号的工作单" in page.text
    assert browser.fields(INSPECTIONS)["reason"] == "核查。"
    number = (await desk.file(await desk.complaint(Triage.HARD)))["number"]
    browser = await at(desk, SUPERVISOR_OF_TOWNSHIP, INSPECTIONS)
    assert (await browser.send(INSPECTIONS, number=number, reason="核查。")).status_code == 403
    assert number not in (await browser.open(INSPECTIONS)).text


async def test_a_clue_is_read_by_whom_it_went_to_and_by_who_copied_it_without_the_petitioner(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    number = (await desk.file(complaint_id))["number"]
    given = {"text": "张三丰反映：窗口人员收取好处费，电话19900001234。"}
    assert (await desk.ask("POST", f"orders/{complaint_id}/clue", COORDINATOR, json=given)).status_code == 201
    for actor in (SUPERVISOR, COORDINATOR, AUDITOR):
        page = (await at(desk, actor, CLUES)).page
        assert "窗口人员收取好处费" in page.text
        assert "张三丰" not in page.text
        assert (f'href="/dispatch/orders/{complaint_id}"' in page.text) is (actor is not SUPERVISOR)
        assert (f'href="{INSPECTIONS}?number={number}"' in page.text) is (actor is SUPERVISOR)
    for actor in (SUPERVISOR_OF_TOWNSHIP, OF_TOWNSHIP):
        assert "窗口人员收取好处费" not in (await at(desk, actor, CLUES)).page.text


async def test_what_was_asked_for_is_read_page_by_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.dispatch.pages.inspections.A_PAGE", 2)
    number = (await desk.file(await desk.complaint(Triage.HARD)))["number"]
    for reason in ("第一次核查", "第二次核查", "第三次核查"):
        given = {"number": number, "reason": reason}
        assert (await desk.ask("POST", "inspections", SUPERVISOR, json=given)).status_code == 201
    browser = await at(desk, SUPERVISOR, INSPECTIONS)
    first = browser.page.text
    [following] = [part.split('"')[0] for part in first.split('href="')[1:] if "before=" in part.split('"')[0]]
    second = (await browser.open(following)).text
    assert [reason in first for reason in ("第三次核查", "第二次核查", "第一次核查")] == [True, True, False]
    assert "第一次核查" in second
    assert "回到第一页" in second


async def test_what_awaits_the_heads_signature_lies_on_the_desk_until_all_of_it_is_signed(desk: Desk) -> None:
    complaint_id = await reported(desk)
    signing = "/dispatch/desk?kind=sign"
    for actor in (COORDINATOR, HEAD):
        browser = await at(desk, actor, "/dispatch/desk")
        assert "签发通报 <b>1</b>" in browser.page.text
        assert f"/dispatch/orders/{complaint_id}" in (await browser.open(signing)).text
        counts = (await browser.open("/dispatch/fragments/counts")).text
        assert 'id="count-desk" hx-swap-oob="true"><b>1' in counts
    assert f"/dispatch/orders/{complaint_id}" not in (await at(desk, OF_TOWNSHIP, signing)).page.text
    for kind in KINDS:
        assert f"/dispatch/orders/{complaint_id}" in (await at(desk, HEAD, signing)).page.text, kind
        await desk.ask("POST", f"orders/{complaint_id}/papers/{kind}", HEAD, json={})
    assert "没有“签发通报”的待办" in (await at(desk, HEAD, signing)).page.text


async def test_what_a_center_has_issued_stands_in_its_register_to_be_printed_again(desk: Desk) -> None:
    complaint_id = await reported(desk)
    number = (await desk.file(complaint_id))["number"]
    issued = {}
    for kind in KINDS:
        issued[kind] = (await desk.ask("POST", f"orders/{complaint_id}/papers/{kind}", HEAD, json={})).json()
    browser = await at(desk, COORDINATOR, PAPERS)
    page = browser.page.text
    places = [page.index(issued[kind]["number"]) for kind in reversed(KINDS)]
    assert places == sorted(places), "the newest first"
    assert page.count(f">{number}</a>") == len(KINDS)
    for paper in issued.values():
        assert f'href="/dispatch/api/papers/{paper["paper_id"]}.pdf"' in page
    page = (await browser.open(f"{PAPERS}?kind=copy")).text
    assert (issued["copy"]["number"] in page, issued["report"]["number"] in page) == (True, False)
    assert "没有这样的文书" in (await browser.open(f"{PAPERS}?kind=referral")).text
    assert issued["copy"]["number"] not in (await at(desk, OF_TOWNSHIP, PAPERS)).page.text

"""An order's page: everything about it, who sees it, and by plain forms the way from dispatch to its end."""

from __future__ import annotations

import pytest

from shared.events.intake import Triage
from shared.security.roles import Actor, Role
from tests.support.browser import forms
from tests.support.dispatch_pages import ZRZY, browser_of, do, offered_on, path
from tests.support.dispatching import AUDITOR, CLERK, COORDINATOR, HEAD, OF_TOWNSHIP, SUPERVISOR, Desk, desk

__all__ = ["desk"]


OF_FUJING = Actor("coordinator-sq-fujing", "付井", Role.COORDINATOR, "sq-fujing")


async def test_a_whole_loop_is_closed_by_pages_alone(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.REFUSED)
    office, department = await browser_of(desk, COORDINATOR), await browser_of(desk, ZRZY)

    await office.open("/dispatch/desk")
    assert path(complaint_id) in office.page.text
    await office.open(path(complaint_id))
    page = await office.send(path(complaint_id, "dispatch"), lead="sq/zrzy", instructions="请当日办结。")
    assert "已分办，期限从现在起计算。" in page.text
    assert "部门办理中" in page.text

    await department.open("/dispatch/mine")
    assert "未签收" in department.page.text
    offered = (await department.open(path(complaint_id))).text
    assert offered.index(">签收</button>") < offered.index(">答复</a>"), "one signs before one answers"
    assert 'hx-post="/casebook/fragments/similar"' in offered, "cases of the same kind are sought at once"
    page = await department.send(path(complaint_id, "sign"))
    assert "已签收，请按期答复。" in page.text
    page = await department.send(path(complaint_id, "reply"), text="已经办结。")
    assert "答复已提交。" in page.text
    assert "待质检" in page.text

    await office.open(path(complaint_id))
    page = await office.send(path(complaint_id, "check"), passed="true")
    assert "待回访" in page.text
    await office.open("/dispatch/calls")
    assert "首次回访" in office.page.text
    page = await do(office, complaint_id, "follow-up", satisfaction="satisfied", opinion="满意", solved="true")
    assert "已清零销号" in page.text
    for line in ("分办", "签收", "答复：办理结果", "质检通过", "回访：满意"):
        assert f"<strong>{line}</strong>" in page.text
    assert "现在没有待办" in (await office.open("/dispatch/desk")).text


async def test_what_is_refused_is_said_in_chinese_and_nothing_typed_is_lost(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    office = await browser_of(desk, COORDINATOR)
    page = await do(
        office, complaint_id, "dispatch", lead="sq/zrzy", co_handlers=["sq/zjj", "sq/zrzy"], working_days="9",
        instructions="请会同办理。",
    )  # fmt: skip
    assert page.status_code == 422
    assert "牵头部门不能同时是协办部门" in page.text
    assert office.fields(path(complaint_id, "dispatch")) | {"token": ""} == {
        "token": "", "lead": "sq/zrzy", "co_handlers": ["sq/zjj", "sq/zrzy"], "working_days": "9",
        "instructions": "请会同办理。",
    }  # fmt: skip
    page = await office.send(path(complaint_id, "dispatch"), co_handlers=["sq/zjj"])
    assert "办理期限只能缩短，不能放宽" in page.text
    page = await office.send(path(complaint_id, "dispatch"), working_days="3")
    assert page.status_code == 200
    assert (await desk.file(complaint_id))["legs"][0]["working_days"] == 3


async def test_a_form_of_something_that_was_done_meanwhile_keeps_what_was_typed(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.REFUSED)
    office = await browser_of(desk, COORDINATOR)
    await office.open(f"{path(complaint_id)}?do=transfer")
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    page = await office.send(path(complaint_id, "transfer"), to_center="sq-fujing", reason="属于该镇。")
    assert page.status_code == 409
    assert "本件正由部门办理" in page.text
    assert office.fields(path(complaint_id, "transfer"))["reason"] == "属于该镇。"

    department = await browser_of(desk, ZRZY)
    await department.open(path(complaint_id))
    await desk.act(complaint_id, "sign", ZRZY)
    page = await department.send(path(complaint_id, "sign"))
    assert page.status_code == 409
    assert "本部门已经签收过了" in page.text


async def test_reasons_without_their_legal_basis_are_asked_for_at_the_field(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.CANNOT)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    department = await browser_of(desk, ZRZY)
    page = await do(department, complaint_id, "reply", text="不符合条件。")
    assert page.status_code == 422
    assert '<a href="#f-legal_basis">' not in page.text
    assert 'id="f-legal-basis-fault"' in page.text
    assert department.fields(path(complaint_id, "reply"))["text"] == "不符合条件。"
    page = await department.send(path(complaint_id, "reply"), legal_basis="《条例》第五条", remedy="可以申请复议。")
    assert "待质检" in page.text
    assert "救济途径：可以申请复议。" in page.text


OUT_OF_SCOPE = ["clue", "direct", "join", "refer", "study", "transfer", "withdraw"]
PENDING = ["clue", "dispatch", "join", "study", "transfer", "withdraw"]


@pytest.mark.parametrize(
    ("triage", "actor", "offered"),
    [
        (Triage.HARD, COORDINATOR, PENDING),
        (Triage.HARD, HEAD, PENDING),
        (Triage.OUT_OF_SCOPE, COORDINATOR, OUT_OF_SCOPE),
        (Triage.GENERAL, COORDINATOR, ["clue", "withdraw"]),
        (Triage.HARD, CLERK, []),
        (Triage.HARD, AUDITOR, []),
    ],
)
async def test_only_what_may_be_done_is_offered(desk: Desk, triage: Triage, actor: Actor, offered: list[str]) -> None:
    complaint_id = await desk.complaint(triage)
    browser = await browser_of(desk, actor)
    page = await browser.open(path(complaint_id))
    assert page.status_code == 200
    assert offered_on(page.text, complaint_id) == offered


async def test_nobody_is_offered_anything_about_a_complaint_about_himself(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD, about="金永强")
    browser = await browser_of(desk, COORDINATOR)
    assert offered_on((await browser.open(path(complaint_id))).text, complaint_id) == []


async def test_departments_and_centers_see_no_foreign_order(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD, "sq-zhidian")
    await desk.act(complaint_id, "dispatch", OF_TOWNSHIP, lead="zhfw")
    for actor, status in ((ZRZY, 404), (OF_FUJING, 403), (SUPERVISOR, 404), (COORDINATOR, 200)):
        browser = await browser_of(desk, actor)
        page = await browser.open(path(complaint_id))
        assert page.status_code == status, actor
        assert ("张" in page.text) is (status == 200)
    county = await browser_of(desk, COORDINATOR)
    assert offered_on((await county.open(path(complaint_id))).text, complaint_id) == [], "the county only looks on"
    token = forms(county.page.text)["/directory/logout"]["token"]
    answer = await county.client.post(path(complaint_id, "urge"), data={"token": token})
    assert answer.status_code == 403
    assert "这不是您所在中心的事项" in answer.text


async def test_a_department_sees_who_complains_while_it_is_open_and_not_in_confidence(desk: Desk) -> None:
    open_one = await desk.complaint(about="zrzy")
    confidential = await desk.complaint(about="zrzy", confidential=True)
    browser = await browser_of(desk, ZRZY)
    for complaint_id, shown in ((open_one, True), (confidential, False)):
        await desk.act(complaint_id, "dispatch", lead="zrzy")
        page = await browser.open(path(complaint_id))
        assert ("张**" in page.text) is shown
        assert "19900001234" not in page.text
    assert "请通过承办中心联系" in page.text
    await desk.act(open_one, "reply", ZRZY, kind="result", text="已办结。")
    await desk.act(open_one, "check", passed=True)
    await desk.act(open_one, "follow-up", satisfaction="satisfied", opinion="满意", method="phone")
    page = await browser.open(path(open_one))
    assert "张**" not in page.text
    assert "本件已经办结" in page.text


async def test_who_is_called_is_seen_in_the_clear_for_a_written_reason(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.GENERAL)
    await desk.hear(desk.settled(complaint_id))
    office = await browser_of(desk, COORDINATOR)
    await office.open(f"{path(complaint_id)}?do=reveal")
    page = await office.send(path(complaint_id, "reveal"))
    assert page.status_code == 422
    assert "19900001234" not in page.text
    page = await office.send(path(complaint_id, "reveal"), reason="电话回访")
    assert "19900001234" in page.text
    assert path(complaint_id, "follow-up") in forms(page.text), "and what was heard is written down there"


async def test_the_page_of_a_complaint_borrows_how_its_order_stands(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.REFUSED)
    browser = await browser_of(desk, CLERK)
    fragment = f"/dispatch/fragments/orders/{complaint_id}"
    page = await browser.open(fragment)
    assert "待审核分办" in page.text
    assert "<html" not in page.text
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.due_at(complaint_id, "11-23 17:30")
    page = await browser.open(fragment)
    assert "自然资源局" in page.text
    assert "今日17:30到期" in page.text
    assert (await (await browser_of(desk, OF_FUJING)).open(fragment)).status_code == 403

"""An order's page: everything about it, and by plain forms all that may be done to it."""

from __future__ import annotations

from typing import Any

import pytest

from shared.events.intake import Triage
from shared.events.sla import Rung
from shared.security.roles import Actor, Role
from tests.support.alone import at
from tests.support.browser import Browser, forms
from tests.support.dispatching import AUDITOR, CLERK, COORDINATOR, HEAD, OF_TOWNSHIP, Desk, desk, officer

__all__ = ["desk"]

ZRZY, ZJJ = officer("sq/zrzy"), officer("sq/zjj")
SUPERVISOR = Actor("supervisor-sq", "纪检", Role.SUPERVISOR, "sq")
OF_FUJING = Actor("coordinator-sq-fujing", "付井", Role.COORDINATOR, "sq-fujing")


def path(complaint_id: str, action: str = "") -> str:
    return f"/dispatch/orders/{complaint_id}" + (f"/{action}" if action else "")


async def browser_of(desk: Desk, actor: Actor) -> Browser:
    return await Browser(desk).logged_in(actor)


async def do(browser: Browser, complaint_id: str, action: str, **typed: Any) -> Any:
    """Open the form of this action on the order's page and send it."""
    await browser.open(f"{path(complaint_id)}?do={action}")
    return await browser.send(path(complaint_id, action), **typed)


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
    assert _offered(page.text, complaint_id) == offered


async def test_nobody_is_offered_anything_about_a_complaint_about_himself(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD, about="金永强")
    browser = await browser_of(desk, COORDINATOR)
    assert _offered((await browser.open(path(complaint_id))).text, complaint_id) == []


def _offered(html: str, complaint_id: str) -> list[str]:
    """What may be done to the order, as links and as buttons."""
    links = {line.split("?do=")[1].split("#")[0] for line in html.split('"') if f"{complaint_id}?do=" in line}
    buttons = {action.rsplit("/", 1)[1] for action in forms(html) if f"{complaint_id}/" in action}
    return sorted((links | buttons) - {"reveal"})


async def test_departments_and_centers_see_no_foreign_order(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD, "sq-zhidian")
    await desk.act(complaint_id, "dispatch", OF_TOWNSHIP, lead="zhfw")
    for actor, status in ((ZRZY, 404), (OF_FUJING, 403), (SUPERVISOR, 404), (COORDINATOR, 200)):
        browser = await browser_of(desk, actor)
        page = await browser.open(path(complaint_id))
        assert page.status_code == status, actor
        assert ("张" in page.text) is (status == 200)
    county = await browser_of(desk, COORDINATOR)
    assert _offered((await county.open(path(complaint_id))).text, complaint_id) == [], "the county only looks on"
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


async def test_a_decline_is_raised_and_decided_by_pages(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    department, office = await browser_of(desk, ZRZY), await browser_of(desk, COORDINATOR)
    page = await do(department, complaint_id, "decline", reason="不归本部门。", right_department="sq/zjj")
    assert "退单已提交" in page.text
    assert "decline" not in _offered(page.text, complaint_id)
    await office.open("/dispatch/desk?kind=decline")
    assert "自然资源局" in office.page.text
    await office.open(path(complaint_id))
    page = await office.send(path(complaint_id, "uphold"), reasons="同意。")
    assert page.status_code == 422, "yes or no must be said"
    assert office.fields(path(complaint_id, "uphold"))["reasons"] == "同意。"
    page = await office.send(path(complaint_id, "uphold"), uphold="true")
    assert "待审核分办" in page.text
    assert "退单部门认为应由其办理" in page.text
    await office.open(f"{path(complaint_id)}?do=dispatch&lead=sq/zjj")
    assert office.fields(path(complaint_id, "dispatch"))["lead"] == "sq/zjj", "chosen, but not sent by itself"
    assert (await desk.file(complaint_id))["lead"] is None


async def test_past_dispatches_of_the_same_item_are_shown_and_never_chosen(desk: Desk) -> None:
    for _ in range(2):
        past = await desk.complaint(Triage.HARD, service_item="不动产登记")
        await desk.act(past, "dispatch", lead="zrzy")
    complaint_id = await desk.complaint(Triage.HARD, service_item="不动产登记")
    office = await browser_of(desk, COORDINATOR)
    page = await office.open(path(complaint_id))
    assert "自然资源局</a>（同一事项近期分办过2件）" in page.text
    assert office.fields(path(complaint_id, "dispatch"))["lead"] == ""


async def test_a_conclusion_and_a_withdrawal_take_a_second_person(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.REFUSED)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.act(complaint_id, "reply", ZRZY, kind="result", text="已办结。")
    await desk.act(complaint_id, "check", passed=True)
    office, head = await browser_of(desk, COORDINATOR), await browser_of(desk, HEAD)
    page = await do(office, complaint_id, "follow-up", satisfaction="dissatisfied", opinion="不认可")
    assert page.status_code == 422
    assert "诉求人不满意，请选择" in page.text
    await office.send(path(complaint_id, "follow-up"), then="conclude")
    page = await do(office, complaint_id, "conclude", reasons="没有政策。", legal_basis="《条例》")
    assert "办结待审批" in page.text
    assert "approve" not in _offered(page.text, complaint_id)
    assert "审批办结" in (await head.open("/dispatch/desk?kind=approve")).text
    page = await do(head, complaint_id, "approve", approve="false", reasons="请再协调一次。")
    assert "拟不满意办结" in page.text
    await do(office, complaint_id, "withdraw", words="不用办了。")
    page = await do(head, complaint_id, "confirm", confirm="true", words="确实不用办了。")
    assert "诉求人撤回" in page.text


async def test_extension_consent_and_overruling_by_pages(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy", co_handlers=["zjj"])
    department, office = await browser_of(desk, ZRZY), await browser_of(desk, COORDINATOR)
    await do(department, complaint_id, "reply", kind="plan", text="分两步办理。", committed_on="2027-01-15")
    page = await do(office, complaint_id, "consent", approve="false")
    assert "不同意的应当写明理由" in page.text
    page = await office.send(path(complaint_id, "consent"), approve="true")
    assert "承诺日期的审定意见已记录。" in page.text
    page = await do(department, complaint_id, "extend", committed_on="2027-01-18", reason="材料未齐。")
    assert "延期申请已提交" in page.text
    page = await do(office, complaint_id, "grant", approve="true")
    assert "延期审核意见已记录。" in page.text
    page = await do(office, complaint_id, "overrule", departments=["sq/zjj"], reason="与其无关。")
    assert page.text.count("<strong>不再等待协办</strong>") == 1
    assert "与其无关。" in page.text
    assert "overrule" not in _offered(page.text, complaint_id)


async def test_studying_joining_referring_directing_and_reopening_by_pages(desk: Desk) -> None:
    office = await browser_of(desk, COORDINATOR)
    leading, joined = await desk.complaint(Triage.HARD), await desk.complaint(Triage.HARD)
    await desk.act(leading, "dispatch", lead="zrzy")
    number = (await desk.file(leading))["number"]
    page = await do(office, joined, "join", to="SQ-2026-none", reason="同一事项。")
    assert "没有这件诉求" in page.text
    page = await office.send(path(joined, "join"), to=number)
    assert f"本件并入 {number} 办理" in page.text
    page = await do(
        office, leading, "study", departments=["sq/zrzy", "sq/zjj"], held_at="2026-11-23T08:40", attendees="王、李",
        conclusion="由自然资源局牵头。",
    )  # fmt: skip
    assert "参加部门：自然资源局、住建局" in page.text

    referred, directed = await desk.complaint(Triage.OUT_OF_SCOPE), await desk.complaint(Triage.OUT_OF_SCOPE)
    page = await do(office, referred, "refer", unit="国网沈丘县供电公司", reason="属其职责。")
    assert "已函转，跟踪中" in page.text
    assert "函转函" in page.text
    page = await office.send(f"{path(referred)}/papers/referral")
    assert "函转函已签发" in page.text
    page = await do(office, referred, "refer", reason="请尽快回函。")
    assert page.status_code == 409
    assert "需要催问的请注明催问" in page.text
    desk.now("11-24 09:00")
    page = await office.send(path(referred, "refer"), chase="true")
    assert page.status_code == 200
    page = await do(office, referred, "recall")
    assert page.status_code == 422
    page = await office.send(path(referred, "recall"), reason="供电公司函复不属其职责。")
    assert "待审核分办" in page.text
    assert "<strong>收回函转</strong>" in page.text
    await do(office, referred, "refer", unit="国网沈丘县供电公司", reason="协商后再次函转。")
    page = await do(office, referred, "outcome", text="已经接电。")
    assert "待回访" in page.text
    await do(office, directed, "direct", channel="人民法院", reason="已进入诉讼。")
    page = await do(office, directed, "follow-up", satisfaction="satisfied", opinion="知道了")
    assert "已告知渠道，办结" in page.text
    page = await do(office, directed, "reopen", words="法院不受理。")
    assert "待审核分办" in page.text


async def test_urging_and_supervising_by_hand(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.REFUSED)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.due_at(complaint_id, "11-23 17:30")
    office = await browser_of(desk, COORDINATOR)
    page = await office.open(path(complaint_id))
    assert "今日17:30到期" in page.text
    assert "supervise" not in _offered(page.text, complaint_id)
    page = await office.send(path(complaint_id, "urge"))
    assert "催办（手动）" in page.text
    desk.now("11-24 09:00")
    page = await do(office, complaint_id, "supervise", requirement="请今日答复。")
    assert "督办要求：请今日答复。" in page.text
    assert "逾期1个工作日" in page.text


async def test_circulars_are_signed_by_the_head_alone(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.REFUSED)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.due_at(complaint_id, "11-23 17:30")
    desk.now("11-24 17:31")
    await desk.hear(desk.due(complaint_id, Rung.SUPERVISED, at("11-23 17:30")))
    await desk.hear(desk.due(complaint_id, Rung.REPORTED, at("11-24 17:30")))
    circular = f"{path(complaint_id)}/papers/circular"
    office, head = await browser_of(desk, COORDINATOR), await browser_of(desk, HEAD)
    assert circular not in forms((await office.open(path(complaint_id))).text)
    await head.open(path(complaint_id))
    page = await head.send(circular)
    assert "通报已签发：" in page.text
    assert circular not in forms(page.text)


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

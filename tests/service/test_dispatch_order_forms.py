"""What is done to an order beside the straight way, by plain forms on its page: each with what it asks for."""

from __future__ import annotations

import asyncio

from shared.events.dispatch import ClueCopied
from shared.events.intake import Triage
from tests.support.browser import HOST, forms
from tests.support.desks import reported
from tests.support.dispatch_pages import ZRZY, browser_of, do, offered_on, path
from tests.support.dispatching import COORDINATOR, HEAD, Desk, desk

__all__ = ["desk"]


async def test_a_decline_is_raised_and_decided_by_pages(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    department, office = await browser_of(desk, ZRZY), await browser_of(desk, COORDINATOR)
    page = await do(department, complaint_id, "decline", reason="不归本部门。", right_department="sq/zjj")
    assert "退单已提交" in page.text
    assert "decline" not in offered_on(page.text, complaint_id)
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
    assert "approve" not in offered_on(page.text, complaint_id)
    assert "审批办结" in (await head.open("/dispatch/desk?kind=approve")).text
    page = await do(head, complaint_id, "approve", approve="false", reasons="请再协调一次。")
    assert "拟不满意办结" in page.text
    await do(head, complaint_id, "conclude", reasons="没有政策。", legal_basis="《条例》")
    assert "您可以收回" in (await head.open(path(complaint_id))).text, "a center may have no other head"
    await do(head, complaint_id, "approve", approve="false", reasons="由综合协调提请。")
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
    assert "overrule" not in offered_on(page.text, complaint_id)


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


async def test_what_is_sent_twice_at_once_is_done_once(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    office = await browser_of(desk, COORDINATOR)
    clue, urge = path(complaint_id, "clue"), path(complaint_id, "urge")
    await office.open(f"{path(complaint_id)}?do=clue")
    given = office.fields(clue) | {"text": "另行收费。"}
    sent = [office.client.post(clue, data=given, headers={"origin": HOST}) for _ in range(3)]
    assert {(each.status_code, each.headers["location"]) for each in await asyncio.gather(*sent)} == {
        (303, path(complaint_id))
    }
    assert len(await desk.announced(ClueCopied)) == 1
    await office.open(path(complaint_id))
    told = [(await office.send(urge)).text.count("没有重复办理") for _ in range(2)]
    assert told == [0, 1]
    await do(office, complaint_id, "clue", text="另行收费。")
    assert len(await desk.announced(ClueCopied)) == 2, "on purpose: something else was done in between"
    other = await browser_of(desk, COORDINATOR)
    await other.open(path(complaint_id))
    assert "没有重复办理" not in (await other.send(urge)).text, "another session's is another"
    await do(office, complaint_id, "study", departments=["sq/zrzy"])
    again = await office.send(path(complaint_id, "study"))
    assert again.status_code == 422, "what was refused is refused again"


async def test_urging_and_supervising_by_hand(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.REFUSED)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.due_at(complaint_id, "11-23 17:30")
    office = await browser_of(desk, COORDINATOR)
    page = await office.open(path(complaint_id))
    assert "今日17:30到期" in page.text
    assert "supervise" not in offered_on(page.text, complaint_id)
    page = await office.send(path(complaint_id, "urge"))
    assert "催办（手动）" in page.text
    desk.now("11-24 09:00")
    page = await do(office, complaint_id, "supervise", requirement="请今日答复。")
    assert "督办要求：请今日答复。" in page.text
    assert "逾期1个工作日" in page.text


async def test_circulars_are_signed_by_the_head_alone(desk: Desk) -> None:
    complaint_id = await reported(desk)
    circular = f"{path(complaint_id)}/papers/circular"
    office, head = await browser_of(desk, COORDINATOR), await browser_of(desk, HEAD)
    assert circular not in forms((await office.open(path(complaint_id))).text)
    await head.open(path(complaint_id))
    page = await head.send(circular)
    assert "通报已签发：" in page.text
    assert circular not in forms(page.text)

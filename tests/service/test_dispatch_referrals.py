"""函转函: to another center, with the work order (Art. 7); and to a unit that is chased (Art. 6, mechanism §3)."""

from __future__ import annotations

from typing import Any

from shared.events.intake import Triage
from shared.security.roles import Actor, Role
from tests.support.browser import Browser
from tests.support.dispatching import COORDINATOR, OF_TOWNSHIP, Desk, desk
from tests.support.letters import county_by_name, issue, not_issued, papers_of, text_of

__all__ = ["desk"]

OF_FUJING = Actor("coordinator-sq-fujing", "于洋", Role.COORDINATOR, "sq-fujing")
UNIT = "沈丘县供电公司"


async def _occasions(desk: Desk, complaint_id: str, actor: Actor) -> list[str]:
    listed = (await desk.ask("GET", f"orders/{complaint_id}/papers", actor)).json()
    return [paper["occasion"] for paper in listed if paper["kind"] == "referral"]


async def test_a_transfer_goes_by_letter_with_its_work_order_signed_by_the_center_that_hands_over(desk: Desk) -> None:
    await county_by_name(desk)
    complaint_id = await desk.complaint(Triage.HARD, "sq-zhidian")
    await desk.act(complaint_id, "transfer", OF_TOWNSHIP, to_center="sq", reason="属县级事项。")
    assert (await papers_of(desk, complaint_id))["referral"]["issued"] is None
    assert await not_issued(desk, complaint_id, "referral", COORDINATOR) == (409, "nothing-to-issue")
    issued = await issue(desk, complaint_id, "referral", OF_TOWNSHIP)
    assert issued["number"].endswith("转函〔2026〕1号")
    number = (await desk.file(complaint_id))["number"].rpartition("-")[2]
    for form in ("pdf", "docx"):
        text = await text_of(desk, f"papers/{issued['paper_id']}.{form}")
        for words in (
            "关于函转“有诉即办”问题工作单的函", "沈丘县政务服务中心：", f"2026年第{number}号诉求（类别：投诉）",
            "应由你中心协调办理（属县级事项）", "第七条", f"附件：2026年第{number}号“有诉即办”问题工作单",
        ):  # fmt: skip
            assert words in text
        assert "张三丰" not in text
    (listed,) = (await desk.ask("GET", "papers", OF_TOWNSHIP)).json()
    assert listed["paper_id"] == issued["paper_id"]


async def test_a_center_that_hands_over_what_was_handed_to_it_signs_its_own_letter(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD, "sq-zhidian")
    await desk.act(complaint_id, "transfer", OF_TOWNSHIP, to_center="sq-fujing", reason="属该镇事项。")
    await desk.act(complaint_id, "transfer", OF_FUJING, to_center="sq", reason="属县级事项。")
    first, second = await _occasions(desk, complaint_id, OF_FUJING)
    theirs = await desk.ask("POST", f"orders/{complaint_id}/papers/referral", OF_FUJING, json={"occasion": first})
    assert (theirs.status_code, theirs.json()["code"]) == (409, "nothing-to-issue")
    issued = await issue(desk, complaint_id, "referral", OF_FUJING, occasion=second)
    text = await text_of(desk, f"papers/{issued['paper_id']}.docx", OF_FUJING)
    assert text.startswith("sq-fujing\n")
    assert "属县级事项" in text
    assert (await issue(desk, complaint_id, "referral", OF_TOWNSHIP))["number"].endswith("〔2026〕1号")


async def test_only_the_center_that_hands_over_is_offered_to_sign_on_the_page(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD, "sq-zhidian")
    path = f"/dispatch/orders/{complaint_id}"
    giver = await Browser(desk).logged_in(OF_TOWNSHIP)
    await giver.open(f"{path}?do=transfer")
    page = await giver.send(f"{path}/transfer", to_center="sq", reason="属县级事项。")
    assert "请签发函转函" in page.text
    taker = await Browser(desk).logged_in(COORDINATOR)
    page = await taker.open(path)
    assert "函转函" in page.text
    assert f'action="{path}/papers/referral"' not in page.text
    page = await giver.send(f"{path}/papers/referral")
    assert "函转函已签发" in page.text


async def _referred(desk: Desk, **given: Any) -> str:
    await county_by_name(desk)
    complaint_id = await desk.complaint(Triage.OUT_OF_SCOPE, **given)
    await desk.act(complaint_id, "refer", unit=UNIT, reason="属供电服务。")
    return complaint_id


async def test_a_chase_is_a_letter_of_its_own_that_names_the_first(desk: Desk) -> None:
    complaint_id = await _referred(desk)
    first = await issue(desk, complaint_id, "referral", COORDINATOR)
    desk.now("11-30 09:00")
    await desk.act(complaint_id, "refer", unit=UNIT, reason="诉求人多次来电。", chase=True)
    issued = await issue(desk, complaint_id, "referral", COORDINATOR)
    text = await text_of(desk, f"papers/{issued['paper_id']}.pdf")
    for words in (
        "关于催办“有诉即办”诉求函转事项的函", "沈丘县供电公司：", f"2026年11月23日以{first['number']}函转你单位",
        "尚未收到你单位的函复。现予催办，请抓紧依法依规处理", "有关说明：诉求人多次来电。",
    ):  # fmt: skip
        assert words in text
    assert "不属于本中心" not in text
    assert "张三丰" not in text


async def test_who_has_answered_is_not_told_that_he_has_not(desk: Desk) -> None:
    complaint_id = await _referred(desk)
    await desk.act(complaint_id, "outcome", text="已经接电。")
    said = {"satisfaction": "dissatisfied", "then": "redo", "opinion": "没有接电。", "method": "phone"}
    await desk.act(complaint_id, "follow-up", **said)
    desk.now("11-30 09:00")
    await desk.act(complaint_id, "refer", unit=UNIT, chase=True)
    desk.now("12-07 09:00")
    await desk.act(complaint_id, "refer", unit=UNIT, chase=True)
    _, again, chased = await _occasions(desk, complaint_id, COORDINATOR)
    draft = f"orders/{complaint_id}/papers/referral/draft.docx?occasion="
    text = await text_of(desk, draft + again)
    assert "2026年11月23日函转你单位" in text
    assert "你单位已函复处理情况，经回访，诉求人对处理结果不认可。请进一步依法依规处理" in text
    text = await text_of(desk, draft + chased)
    assert "2026年11月30日函转你单位" in text
    assert "尚未收到你单位的函复" in text


async def test_another_unit_gets_a_first_letter(desk: Desk) -> None:
    complaint_id = await _referred(desk)
    await desk.act(complaint_id, "refer", unit="沈丘县水利局", reason="供电公司称属水利部门。")
    _, other = await _occasions(desk, complaint_id, COORDINATOR)
    text = await text_of(desk, f"orders/{complaint_id}/papers/referral/draft.docx?occasion={other}")
    assert "沈丘县水利局：" in text
    assert "该诉求不属于本中心政务服务业务（供电公司称属水利部门）" in text


async def test_a_unit_asked_anew_after_the_referral_was_taken_back_gets_a_first_letter(desk: Desk) -> None:
    complaint_id = await _referred(desk)
    await desk.act(complaint_id, "recall", reason="误转。")
    desk.now("11-30 09:00")
    await desk.act(complaint_id, "refer", unit=UNIT, reason="核实后属供电公司。")
    _, anew = await _occasions(desk, complaint_id, COORDINATOR)
    text = await text_of(desk, f"orders/{complaint_id}/papers/referral/draft.docx?occasion={anew}")
    assert "该诉求不属于本中心政务服务业务（核实后属供电公司）" in text
    assert "催办" not in text

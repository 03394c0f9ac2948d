"""The window's desk in a browser without script: register, sort, settle, mend; nothing is lost, nothing doubled."""

from __future__ import annotations

import re
from typing import Any

import pytest

from shared.security.roles import Actor, Role
from tests.support.intake import ADMINISTRATOR, AUDITOR, CLERK, COORDINATOR, COUNTY, OFFICER, TOWN_CLERK, Intake
from tests.support.window import REGISTER, REJECTED, TODAY, TYPED, at, intake

__all__ = ["intake"]


async def test_a_complaint_is_registered_in_one_screen_and_its_code_told_at_the_window(intake: Intake) -> None:
    browser = await at(intake, CLERK)
    page = await browser.send(REGISTER, triage="hard", **TYPED)
    assert page.status_code == 200
    assert "已登记：SQ-2026-0001。" in page.text
    assert re.search(r"查询码 <b>[2-9A-Z]{8}</b>", page.text)
    assert "/work-order.pdf" in page.text
    assert "李**" in page.text
    assert "李秀英" not in page.text
    [row] = await intake.ledger()
    assert row["联系方式"] == "138****5521"
    of_another_center = await at(intake, AUDITOR, page.url.path)
    assert "查询码 <b>" not in of_another_center.page.text


async def test_a_double_click_is_one_complaint(intake: Intake) -> None:
    browser = await at(intake, CLERK)
    form = browser.page
    first = await browser.send(REGISTER, triage="general", result="已当场办理。", then="settle", **TYPED)
    browser.page = form
    second = await browser.send(REGISTER, triage="general", result="已当场办理。", then="settle", **TYPED)
    assert first.url == second.url
    assert len(await intake.ledger()) == 1


async def test_another_complaint_typed_into_a_used_form_is_not_lost(intake: Intake) -> None:
    browser = await at(intake, CLERK)
    form = browser.page
    await browser.send(REGISTER, **TYPED)
    browser.page = form
    other = TYPED | {"content": "另一件：老人食堂一直没有开门。"}
    page = await browser.send(REGISTER, **other)
    assert page.status_code == 409
    assert "已登记为 SQ-2026-0001" in page.text
    assert browser.fields(REGISTER)["content"] == other["content"]
    assert (await browser.send(REGISTER)).status_code == 200
    assert len(await intake.ledger()) == 2


async def test_every_fault_is_told_in_chinese_and_nothing_typed_is_lost_or_kept(intake: Intake) -> None:
    browser = await at(intake, CLERK)
    wrong: dict[str, Any] = {
        "petitioner.kind": "organisation",
        "petitioner.phone": "12",
        "content": '<b>"坏',
        "triage": "cannot",
        "remarks": "备注在",
        "reported_at": "2027-09-28T09:12",
    }
    page = await browser.send(REGISTER, **wrong)
    assert page.status_code == 422
    for fault in ("请填写姓名或单位名称", "请填写单位联系人", "联系电话不对", "诉求反映时间晚于现在"):
        assert fault in page.text
    held = browser.fields(REGISTER)
    assert {name: held[name] for name in wrong} == wrong
    assert '<b>"坏' not in page.text
    assert await intake.ledger() == []
    assert (await intake.ask("GET", "rejected", CLERK)).json() == []
    page = await browser.send(
        REGISTER, **TYPED | {"petitioner.contact_person": "王建国", "petitioner.name": "鑫源食品有限公司"}
    )
    assert page.url.path.startswith("/intake/complaints/")


async def test_what_is_settled_on_the_spot_says_how_and_is_general(intake: Intake) -> None:
    browser = await at(intake, CLERK)
    page = await browser.send(REGISTER, then="settle", **TYPED)
    assert page.status_code == 422
    assert "当场办结的，请填写办理结果。" in page.text
    page = await browser.send(REGISTER, then="settle", triage="hard", result="已当场出具证明。")
    assert page.status_code == 409
    assert "只有研判为“一般性”的诉求才能当场办结" in page.text
    assert browser.fields(REGISTER)["result"] == "已当场出具证明。"
    page = await browser.send(REGISTER, then="settle", triage="general")
    assert "已当场办结，待回访" in page.text


async def test_a_reference_that_the_house_did_not_sign_registers_nothing(intake: Intake) -> None:
    browser = await at(intake, CLERK)
    page = await browser.send(REGISTER, reference="WB-1", **TYPED)
    assert page.status_code == 409
    assert (await browser.send(REGISTER)).status_code == 200, "the form shown again carries a new one"


async def test_the_limit_of_what_is_sorted_so_explains_itself(intake: Intake) -> None:
    browser = await at(intake, CLERK)
    page = await browser.open("/intake/fragments/limit?triage=hard")
    assert "5个工作日" in page.text
    assert "2026年10月10日 星期六 17:30" in page.text
    assert "收到当日不计" in page.text
    assert "国庆节调休上班，计入" in page.text
    assert "当场办理" in (await browser.open("/intake/fragments/limit?triage=general")).text
    assert "选择研判分类后" in (await browser.open("/intake/fragments/limit")).text


async def test_possible_repeats_are_shown_by_phone_and_by_words_and_never_in_the_way(intake: Intake) -> None:
    said = "纸店镇卫生院旁边的路灯坏了三个月，一直没有人来修，晚上走路很不安全。"
    one = await intake.registered("WB-1", content=said)
    await intake.registered(
        "WB-2", content="完全不同的事情：医保报销材料退回来两次。", petitioner=_person("13912345678")
    )
    browser = await at(intake, CLERK)
    token = browser.fields(REGISTER)["token"]

    async def shown(**typed: str) -> set[str]:
        page = await browser.client.post("/intake/fragments/repeats", data=typed, headers={"x-yousu-token": token})
        assert page.status_code == 200
        assert "孙巧玲" not in page.text
        return set(re.findall(r">(SQ-[0-9-]+)<", page.text))

    assert await shown(**{"petitioner.phone": "139 1234 5678"}) == {"SQ-2026-0002"}
    assert await shown(content="路灯坏了三个月没有人来修，卫生院旁边晚上走路不安全") == {one["number"]}
    assert await shown(content="路灯") == set()
    intake.now("11-28 10:00")
    assert await shown(content=said) == set(), "older than thirty days"
    await browser.open(REGISTER)
    assert (await browser.send(REGISTER, **TYPED | {"content": said})).url.path.startswith("/intake/complaints/")


def _person(phone: str) -> dict[str, str]:
    return {"kind": "individual", "name": "周大勇", "phone": phone}


async def test_a_complaint_is_sorted_settled_and_corrected_on_its_page(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    path = f"/intake/complaints/{one}"
    browser = await at(intake, CLERK, path)
    page = await browser.send(f"{path}/triage")
    assert page.status_code == 422
    assert "必填，请填写。" in page.text
    page = await browser.send(f"{path}/triage", triage="general")
    assert "已研判为“一般性”。" in page.text
    page = await browser.send(f"{path}/triage", triage="hard")
    assert page.status_code == 409 or page.status_code == 422
    assert "更改研判类别要写明理由。" in page.text
    page = await browser.send(f"{path}/settle", result="已当场补正。")
    assert "已当场办结，接下来由管理机构回访。" in page.text
    assert f"{path}/triage" not in page.text
    await browser.open(f"{path}/correct")
    page = await browser.send(f"{path}/correct", content="更正后的内容在这里。")
    assert page.status_code == 422
    assert browser.fields(f"{path}/correct")["content"] == "更正后的内容在这里。"
    page = await browser.send(f"{path}/correct", reason="听错了")
    assert "更正后的内容在这里。" in page.text


async def test_today_lists_what_waits_to_be_sorted_and_what_came_in(intake: Intake) -> None:
    browser = await at(intake, CLERK, TODAY)
    assert "今天还没有登记诉求" in browser.page.text
    await intake.registered("WB-1")
    intake.now("09-29 09:00")
    two = (await intake.registered("WB-2"))["complaint_id"]
    await intake.triaged(two)
    page = (await browser.open(TODAY)).text
    assert "待研判（1件，先登记的在前）" in page
    assert "2026年9月29日 星期二登记（1件）" in page
    assert "孙巧玲" not in page
    fragment = (await browser.open("/intake/fragments/today")).text
    assert "待研判（1件，先登记的在前）" in fragment
    assert "<html" not in fragment
    counts = (await browser.open("/intake/fragments/counts")).text
    assert '<span class="count" id="count-today" hx-swap-oob="true"><b>1' in counts


async def test_the_petitioner_is_shown_in_the_clear_for_a_reason_only(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    path = f"/intake/complaints/{one}"
    browser = await at(intake, CLERK, path)
    assert "19900001001" not in browser.page.text
    page = await browser.send(f"{path}/reveal")
    assert page.status_code == 422
    assert "19900001001" not in page.text
    page = await browser.send(f"{path}/reveal", reason="电话核实")
    assert "19900001001" in page.text
    assert "诉求人（完整信息）" in page.text
    assert "19900001001" not in (await browser.open(path)).text


async def test_a_complaint_is_shown_to_those_within_reach_and_changed_by_its_window(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    path = f"/complaints/{one}"
    for actor, shown, corrected in (
        (CLERK, 200, 200), (COORDINATOR, 200, 200), (AUDITOR, 200, 403), (TOWN_CLERK, 404, 404), (OFFICER, 403, 403),
        (ADMINISTRATOR, 403, 403), (EDITOR, 403, 403), (GOVERNMENT, 403, 403),
    ):  # fmt: skip
        page = await intake.page(path, actor)
        assert (page.status_code, (await intake.page(f"{path}/correct", actor)).status_code) == (shown, corrected)
        assert (f'action="/intake{path}/triage"' in page.text) == (corrected == 200)
        assert (f"/notify/fragments/messages/{one}" in page.text) == (actor in (COORDINATOR, AUDITOR))
    page = (await intake.page(path, CLERK)).text
    assert 'hx-post="/casebook/fragments/similar"' in page
    assert "/dispatch/fragments/orders/" not in page, "its order opens when it is sorted"
    await intake.triaged(one)
    page = (await intake.page(path, CLERK)).text
    for part in ("/dispatch/fragments/orders/", "/sla/fragments/clocks/"):
        assert f'hx-get="{part}{one}"' in page
        assert f'href="{part.replace("/fragments", "")}{one}"' in page


EDITOR = Actor("bian", "编", Role.CASE_EDITOR, COUNTY)
GOVERNMENT = Actor("zheng", "政", Role.GOVERNMENT, COUNTY)


@pytest.mark.parametrize(
    ("path", "may"),
    [
        (REGISTER, {CLERK, TOWN_CLERK}),
        (TODAY, {CLERK, TOWN_CLERK, COORDINATOR}),
        (REJECTED, {CLERK, TOWN_CLERK}),
        ("/intake/ledger", {CLERK, TOWN_CLERK, COORDINATOR, AUDITOR}),
    ],
)
async def test_a_desk_is_for_those_who_work_there(intake: Intake, path: str, may: set[Actor]) -> None:
    for actor in (CLERK, TOWN_CLERK, COORDINATOR, AUDITOR, OFFICER, ADMINISTRATOR, EDITOR, GOVERNMENT):
        page = await intake.page(path.removeprefix("/intake"), actor)
        assert page.status_code == (200 if actor in may else 403), actor
        if actor in may:
            assert f'href="{path}" class="here"' in page.text

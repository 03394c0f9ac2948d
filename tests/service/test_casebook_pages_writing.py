"""A guidance case in a browser without script: written, struck, confirmed, decided on by others, made public."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.casebook.app import service
from shared.events.casebook import CaseApproved, CaseCited, CasePublished, CaseReplaced, CaseReturned, CaseSubmitted
from shared.security.roles import Actor
from tests.support.alone import Alone
from tests.support.browser import Browser, forms
from tests.support.casebook import (
    APPROVER,
    CLERK,
    COMPLAINT,
    EDITOR,
    SWJ,
    TOWNSHIP,
    WHOLE,
    ZRZY,
    approved,
    ask,
    confirmed,
    published,
    staffed,
    step,
    suggested,
    written,
)

WRITE = "/casebook/write"
PERSONAL = "我叫孙巧玲，电话19900001001，身份证411426199001011234，车牌豫P12345，家住槐店镇吉祥路14号。"


@pytest.fixture
async def casebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        await staffed(alone)
        yield alone


async def at(casebook: Alone, actor: Actor, path: str) -> Browser:
    """This one's browser, at this page."""
    browser = await Browser(casebook).logged_in(actor)
    await browser.open(path)
    return browser


async def on_case(casebook: Alone, actor: Actor, case_id: str, do: str, **typed: Any) -> Any:
    """Take a step at the case's page; the page it leads to."""
    browser = await at(casebook, actor, f"/casebook/cases/{case_id}?do={do}")
    return await browser.send(f"/casebook/cases/{case_id}/{do}", **typed)


async def test_what_is_personal_is_shown_struck_before_anything_is_kept(casebook: Alone) -> None:
    browser = await at(casebook, EDITOR, WRITE)
    page = await browser.send(WRITE, **WHOLE | {"problem": PERSONAL}, then="preview")
    assert page.status_code == 200
    for shown in ("<del", "19900001001", "〔电话已隐去〕", "〔车牌已隐去〕", "疑似，请核对", "脱敏预览（还没有保存）"):
        assert shown in page.text
    assert browser.fields(WRITE)["problem"] == PERSONAL
    assert (await browser.open("/casebook/drafts")).text.count("<tr>") == 0, "nothing is kept"


async def test_the_editor_keeps_what_is_nobody_s_and_strikes_what_was_missed(casebook: Alone) -> None:
    browser = await at(casebook, EDITOR, WRITE)
    typed = WHOLE | {"problem": "服务电话0394-5222222，李四不收。"}
    page = await browser.send(WRITE, **typed, then="preview")
    assert 'name="keep" value="0394-5222222"' in page.text
    page = await browser.send(WRITE, keep="0394-5222222", also="李四、王五", then="preview")
    assert 'value="0394-5222222" checked' in page.text
    assert "〔已隐去〕" in page.text
    page = await browser.send(WRITE)
    assert "已保存。请核对脱敏结果" in page.text
    case_id = page.url.path.rpartition("/")[2]
    kept = await ask(casebook, EDITOR, "GET", f"cases/{case_id}")
    assert kept["problem"] == "服务电话0394-5222222，〔已隐去〕不收。"
    assert "李四" not in page.text, "what was struck is gone, and shown masked"


async def test_what_is_missing_is_told_field_by_field_and_what_was_typed_stays(casebook: Alone) -> None:
    browser = await at(casebook, EDITOR, WRITE)
    page = await browser.send(WRITE, title="短", steps="一、受理", mechanism="", problem="")
    assert page.status_code == 422
    for fault in ("标题：太短，请补充。", "问题详情：必填，请填写。"):
        assert fault in page.text
    assert browser.fields(WRITE)["steps"] == "一、受理"
    page = await browser.send(WRITE, title="集资房办证", problem="老楼")
    assert "来自哪个诉求响应机制：请写明案例来源" in page.text
    page = await browser.send(WRITE, mechanism="县长信箱")
    assert "提交审核之前还需补全：处理方法、结论意见。" in page.text


async def test_a_case_is_drawn_from_a_complaint_without_what_is_personal_in_it(casebook: Alone) -> None:
    await casebook.hear(suggested())
    browser = await at(casebook, EDITOR, f"{WRITE}?complaint={COMPLAINT}")
    assert "199****1001" in browser.page.text
    assert "19900001001" not in browser.page.text
    assert browser.fields(WRITE)["conclusion"] == "容缺受理。"
    page = await browser.send(WRITE, method="容缺受理", steps="一、受理")
    assert "典型诉求 SQ-2026-0001" in page.text
    assert "待编写" in (await browser.open("/casebook/drafts")).text
    again = await browser.open(f"{WRITE}?complaint={COMPLAINT}")
    assert again.status_code == 409
    assert "这件诉求已经有一个案例" in again.text


async def test_a_case_goes_from_the_editor_to_the_public_by_two_people_and_every_department(casebook: Alone) -> None:
    browser = await at(casebook, EDITOR, WRITE)
    page = await browser.send(WRITE, **WHOLE, departments=["sq/zrzy", "sq/swj"])
    case_id = page.url.path.rpartition("/")[2]
    here = f"/casebook/cases/{case_id}"
    assert f"{here}?do=submit" not in page.text, "not before the striking is confirmed"
    page = await browser.send(f"{here}/confirm")
    assert "已确认脱敏" in page.text
    page = await browser.send(f"{here}/submit", remark="请审核")
    assert "已提交审核。" in page.text
    assert f"{here}/edit" not in page.text
    page = await on_case(casebook, APPROVER, case_id, "approve", remark="同意")
    assert "还缺自然资源局、税务局会签" in page.text
    assert f"{here}/publish" not in page.text
    for officer in (ZRZY, SWJ):
        signing = await at(casebook, officer, here)
        await signing.send(f"{here}/cosign")
    page = await on_case(casebook, APPROVER, case_id, "publish")
    assert "已发布，公众可以查阅。" in page.text
    assert [type(event) for event in await casebook.told()] == [CaseSubmitted, CaseApproved, CasePublished]
    public = await Browser(casebook).open(here)
    assert "联合发布：自然资源局、税务局" in public.text
    for inside in ("邓玉兰", "来源和办理经过", "/withdraw", "/edit"):
        assert inside not in public.text


async def test_a_return_needs_its_reason_and_the_editor_reads_it(casebook: Alone) -> None:
    case_id = await written(casebook)
    await confirmed(casebook, case_id)
    await step(casebook, EDITOR, case_id, "submit")
    page = await on_case(casebook, APPROVER, case_id, "return", remark="")
    assert page.status_code == 422
    assert "退回理由：必填，请填写。" in page.text
    page = await on_case(casebook, APPROVER, case_id, "return", remark="请补政策依据")
    assert "已退回编写人。" in page.text
    assert isinstance((await casebook.told())[-1], CaseReturned)
    assert "请补政策依据" in (await at(casebook, EDITOR, f"/casebook/cases/{case_id}")).page.text


async def test_what_is_not_whole_is_refused_naming_its_parts(casebook: Alone) -> None:
    case_id = await written(casebook, method="", steps="")
    await confirmed(casebook, case_id)
    page = await on_case(casebook, EDITOR, case_id, "submit")
    assert page.status_code == 422
    assert "提交审核前请补全：处理方法、处理步骤。" in page.text


async def test_whoever_wrote_a_case_approves_it_nowhere(casebook: Alone) -> None:
    case_id = await written(casebook)
    await confirmed(casebook, case_id)
    await step(casebook, EDITOR, case_id, "submit")
    turned = Actor(EDITOR.id, EDITOR.name, APPROVER.role, "sq")
    page = (await at(casebook, turned, f"/casebook/cases/{case_id}")).page
    assert "请由另一名审核人办理" in page.text
    assert f"/casebook/cases/{case_id}/approve" not in page.text


async def test_two_editors_do_not_write_over_each_other(casebook: Alone) -> None:
    case_id = await written(casebook)
    edit = f"/casebook/cases/{case_id}/edit"
    first, second = await at(casebook, EDITOR, edit), await at(casebook, EDITOR, edit)
    page = await first.send(edit, method="先到")
    assert "已保存" in page.text
    page = await second.send(edit, method="后到")
    assert page.status_code == 409
    assert "案例已被他人修改" in page.text
    assert second.fields(edit)["method"] == "后到", "what was typed stays"
    assert (await ask(casebook, EDITOR, "GET", f"cases/{case_id}"))["method"] == "先到"


async def test_a_public_case_is_revised_and_replaced_and_can_be_withdrawn(casebook: Alone) -> None:
    old = await published(casebook)
    browser = await at(casebook, EDITOR, f"/casebook/cases/{old}")
    page = await browser.send(f"/casebook/cases/{old}/revise")
    new = page.url.path.rpartition("/")[2]
    assert new != old
    assert "查看修订稿" in (await browser.open(f"/casebook/cases/{old}")).text
    await published(casebook, new)
    assert isinstance((await casebook.told())[-1], CaseReplaced)
    public = await Browser(casebook).open(f"/casebook/cases/{old}")
    assert f'<a href="/casebook/cases/{new}">查看新案例</a>' in public.text
    assert (await on_case(casebook, APPROVER, new, "withdraw", remark="")).status_code == 422
    page = await on_case(casebook, APPROVER, new, "withdraw", remark="政策已变")
    assert "已撤回，公众不能再查阅。" in page.text
    assert (await Browser(casebook).open(f"/casebook/cases/{new}")).status_code == 404


async def test_a_public_case_is_numbered_once_and_printed_by_anyone(casebook: Alone) -> None:
    case_id = await published(casebook)
    browser = await at(casebook, APPROVER, f"/casebook/cases/{case_id}")
    page = await browser.send(f"/casebook/cases/{case_id}/paper")
    assert "已编号印发：" in page.text
    assert f'/casebook/cases/{case_id}/paper"' not in page.text
    public = await Browser(casebook).open(f"/casebook/cases/{case_id}")
    assert "文号" in public.text
    assert (await Browser(casebook).client.get(f"/casebook/api/cases/{case_id}/paper.docx")).status_code == 200


async def test_a_case_that_is_not_public_is_seen_by_those_alone_who_have_to_do_with_it(casebook: Alone) -> None:
    draft, joint = await written(casebook), await approved(casebook, departments=["sq/zrzy"])
    seen = {EDITOR: (200, 200), APPROVER: (404, 200), ZRZY: (404, 200), SWJ: (404, 404), TOWNSHIP: (404, 404)}
    for actor, expected in seen.items():
        browser = await Browser(casebook).logged_in(actor)
        found = tuple([(await browser.open(f"/casebook/cases/{each}")).status_code for each in (draft, joint)])
        assert found == expected, actor
    assert (
        await (await Browser(casebook).logged_in(TOWNSHIP)).open(f"/casebook/cases/{draft}/edit")
    ).status_code == 404


@pytest.mark.parametrize("actor", [APPROVER, ZRZY, CLERK], ids=["approver", "officer", "clerk"])
async def test_who_does_not_write_cases_does_not_come_in_to_write(casebook: Alone, actor: Actor) -> None:
    case_id = await written(casebook)
    browser = await Browser(casebook).logged_in(actor)
    for path in (WRITE, f"/casebook/cases/{case_id}/edit"):
        assert (await browser.open(path)).status_code == 403, path


async def test_a_clerk_cites_a_case_on_the_complaint_he_came_from(casebook: Alone) -> None:
    case_id = await published(casebook)
    browser = await Browser(casebook).logged_in(CLERK)
    page = await browser.open(f"/casebook/cases?for={COMPLAINT}")
    assert f"/casebook/cases/{case_id}?for={COMPLAINT}" in page.text
    page = await browser.open(f"/casebook/cases/{case_id}?for={COMPLAINT}")
    cite = f"/casebook/cases/{case_id}/cite"
    assert forms(page.text)[cite]["complaint_id"] == COMPLAINT
    page = await browser.send(cite)
    assert page.url.path == f"/intake/complaints/{COMPLAINT}"
    assert isinstance((await casebook.told())[-1], CaseCited)
    of_public = await Browser(casebook).open(f"/casebook/cases/{case_id}?for={COMPLAINT}")
    assert cite not in of_public.text

"""A case's whole way: from a complaint that was typical to a member of the public who finds it (Art. 11)."""

from __future__ import annotations

from tests.browser.conftest import Guests
from tests.browser.person import PHONE
from tests.support.scene import Scene

TITLE = "摆摊证明在村里和镇里之间来回跑"
TOLD = "我叫任志远，电话19900008888，想在北杨集上摆摊修锁，村里让找镇里，镇里让找村里，一张证明跑了五趟。"
WRITTEN = {
    "title": TITLE,
    "method": "由县中心召集两级便民服务中心明确出具主体。",
    "steps": "一、核对事项清单；二、确定由镇便民服务中心出具；三、当场办结。",
    "also": "北杨集",
}


async def test_a_case_is_written_from_a_complaint_signed_by_two_and_found_by_the_public(
    guests: Guests, scene: Scene
) -> None:
    town = guests.town
    complaint_id = await town.complaint("refused", content=TOLD)
    await town.order(complaint_id, "dispatch", lead="zrzy")
    await town.replied(complaint_id, "result")
    await town.order(complaint_id, "check", passed=True)
    await town.followed_up(complaint_id, "satisfied", typical=True)
    number = (await town.file(complaint_id))["number"]

    editor = await guests.come("case-editor-sq")
    await editor.open("/casebook/drafts")
    await editor.follow(number)
    page = editor.page
    assert await page.locator("del.struck", has_text="任").count()
    assert not [personal for personal in ("任志远", "19900008888") if personal in await page.content()]
    await page.locator('[name="departments"][value="sq/zrzy"]').check()
    await editor.send("预览脱敏", WRITTEN)
    assert await page.locator("del.struck", has_text="北杨集").count()
    await editor.send("保存草稿")
    assert await page.locator("ins.instead").count()
    assert "北杨集" not in await page.content()
    await editor.send("确认脱敏")
    await editor.send("提交审核")
    here = page.url.removeprefix(await page.evaluate("location.origin"))

    approver = await guests.come("case-approver-sq")
    await approver.open("/casebook/approving")
    await approver.follow(TITLE)
    await approver.send("审核通过", {"remark": "可以发布。"})
    assert "会签后才能发布" in await approver.reads()
    assert await approver.page.get_by_role("button", name="发布").count() == 0

    officer = await guests.come("officer-zrzy")
    await officer.open("/casebook/cosigning")
    await officer.follow(TITLE)
    await officer.send("会签")

    anyone = await guests.come(screen=PHONE)
    assert await anyone.open(here) == 404
    await approver.open("/casebook/approving")
    await approver.follow(TITLE)
    await approver.send("发布")
    await anyone.open("/casebook/cases")
    await anyone.send("查找", {"q": "摆摊要开证明，村里镇里互相推"})
    await anyone.follow(TITLE)
    read = await anyone.reads()
    assert "联合发布：自然资源局" in read
    assert "由镇便民服务中心出具" in read
    assert not [personal for personal in ("任志远", "19900008888", "北杨集") if personal in read]

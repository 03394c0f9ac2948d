"""What the administrator keeps: who works here, which days count; and whoever lives by it sees it at once."""

from __future__ import annotations

from tests.browser.conftest import Guests
from tests.service.test_directory_calendars import NOTICE
from tests.support.scene import Scene

OWN = "Neuer-Mond-2026"
MEMBER = {"code": "wang-lei", "name": "王磊", "role": "officer", "center": "sq", "department": "sq/zrzy"}


async def test_a_new_member_logs_in_with_the_password_told_once_and_begins_with_an_own(
    guests: Guests, scene: Scene
) -> None:
    admin = await guests.come("admin")
    await admin.open("/directory/staff/new")
    await admin.send("新增", MEMBER)
    once = await admin.page.locator(".secret").inner_text()
    assert await admin.blemishes() == []
    await admin.follow("我已记下")
    assert once not in await admin.page.content()

    member = await guests.come()
    await member.open("/dispatch/mine")
    await member.send("登录", {"username": MEMBER["code"], "password": once})
    await member.send("更换密码", {"old": once, "new": OWN})
    await member.open("/directory/account")
    await member.send("开始设置")
    assert await member.blemishes() == []
    assert "Chrome（Linux）" in await member.reads()
    assert await member.page.get_by_role("img", name="二维码").locator("svg").is_visible()
    await member.open("/dispatch/mine")
    number = (await guests.town.file(scene["owed"]))["number"]
    await member.follow(number)
    await member.send("签收")
    coordinator = await guests.come("coordinator-sq")
    await coordinator.open(f"/dispatch/orders/{scene['owed']}")
    assert "王磊" in await coordinator.page.locator("tr", has_text="自然资源局").first.inner_text()
    await admin.page.reload()
    await admin.send("停用", {"reason": "调离"})
    await member.open("/dispatch/mine")
    assert "工作人员登录" in await member.page.locator("h1").inner_text()


async def test_a_notice_is_pasted_looked_at_and_confirmed_and_what_was_provisional_is_no_more(guests: Guests) -> None:
    town = guests.town
    complaint_id = await town.dispatched("hard")
    await town.replied(complaint_id, "plan", committed_on="2027-01-08")
    await town.order(complaint_id, "consent", approve=True)
    officer = await guests.come("officer-zrzy")
    await officer.open(f"/dispatch/orders/{complaint_id}")
    limits = officer.page.locator("table", has_text="各阶段期限")
    assert "2027-01-08 17:30 暂定" in await limits.inner_text()

    admin = await guests.come("admin")
    await admin.open("/directory/notices")
    await admin.send("读取并预览", {"text": NOTICE.replace("共3天", "共4天", 1)})
    assert "写着共4天" in await admin.page.locator("#faults").inner_text()
    await admin.send("读取并预览", {"text": NOTICE})
    assert "春节调休上班" in await admin.reads()
    assert await admin.blemishes() == []
    await officer.page.reload()
    assert "暂定" in await limits.inner_text()
    await admin.send("核对无误，确认载入")
    assert "秦晓东" in await admin.reads(), "who loaded it, by name"
    await officer.page.reload()
    assert "暂定" not in await limits.inner_text()
    clerk = await guests.come("clerk-sq")
    await clerk.open("/directory/calendar?month=2027-02")
    assert "春节放假" in await clerk.reads()

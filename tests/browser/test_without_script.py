"""Without script everything is there: the window, and what petitioners do by themselves."""

from __future__ import annotations

from typing import Any

from shared.security.keys import rating_links
from tests.browser.conftest import Guests
from tests.browser.person import PHONE
from tests.support.scene import Scene
from tests.support.uploads import picture

PICTURE = {"name": "窗口告知单.png", "mimeType": "image/png", "buffer": picture()}
PETITIONER: dict[str, Any] = {
    "petitioner.name": "朱亚楠",
    "petitioner.phone": "19900004444",
    "petitioner.address": "沈丘县槐店镇东关社区二组",
}


async def test_a_clerk_registers_and_settles_on_the_spot(guests: Guests) -> None:
    clerk = await guests.come("clerk-sq", script=False)
    await clerk.open("/intake/register")
    said = {"content": "想问清楚开小超市先办哪样证。", "category": "question", "triage": "general"}
    await clerk.send("登记并当场办结", PETITIONER | said)
    assert "请填写" in await clerk.page.locator("#faults").inner_text()
    await clerk.send("登记并当场办结", {"result": "当场讲明，随营业执照一并备案。"})
    number, _ = await clerk.page.locator(".slip b").all_inner_texts()
    assert "当场讲明" in await clerk.reads()
    await clerk.open("/intake/today")
    assert number in await clerk.reads()
    await clerk.follow(number)
    await clerk.follow("查看办理期限")
    assert "还没有计时" in await clerk.reads()


async def test_a_clerk_sorts_and_mends_what_channels_sent(guests: Guests, scene: Scene) -> None:
    clerk = await guests.come("clerk-sq", script=False)
    await clerk.open(f"/intake/complaints/{scene['unsorted']}")
    await clerk.send("确定研判", {"triage": "hard"})
    assert "很难办" in await clerk.reads()
    await clerk.open("/intake/rejected")
    await clerk.follow("改正并登记")
    await clerk.send("查看", {"reason": "与诉求人核实后改正"})
    await clerk.send("改正并登记", PETITIONER)
    assert "已登记" in await clerk.reads()


async def test_a_petitioner_files_on_a_phone_asks_how_it_stands_nudges_and_rates(guests: Guests) -> None:
    petitioner = await guests.come(script=False, screen=PHONE)
    await petitioner.open("/intake/file")
    content = "十二点到窗口说不办业务，电子屏上明明写着中午不打烊。"
    await petitioner.send("提交诉求", PETITIONER | {"content": content, "attachments": PICTURE})
    number, code = await petitioner.page.locator(".slip b").all_inner_texts()
    await petitioner.send("查看进度")
    assert "已受理" in await petitioner.reads()

    clerk = await guests.come("clerk-sq", script=False)
    await clerk.open("/intake/today")
    await clerk.follow(number)
    complaint_id = clerk.page.url.rpartition("/")[2]
    await clerk.send("确定研判", {"triage": "general"})
    await petitioner.open("/intake/status")
    await petitioner.send("查询", {"number": number, "code": code})
    await petitioner.send("催一催", {"words": "麻烦快一点。"})
    assert "已收到您的催办" in await petitioner.reads()
    await clerk.send("当场办结", {"result": "已安排专人值守。"})
    coordinator = await guests.come("coordinator-sq", script=False)
    await coordinator.open("/dispatch/calls")
    await coordinator.follow(number)
    await coordinator.send("回访", {"satisfaction": "satisfied", "solved": "true", "opinion": "好。"})
    [closing] = [each for each in await guests.town.messages(complaint_id) if each["template"] == "petitioner.closed"]
    await petitioner.open(f"/intake/ratings/{rating_links().of(complaint_id, closing['event_id'])}")
    await petitioner.send("提交评价", {"score": "5", "words": "办得快。"})
    assert "感谢您的评价" in await petitioner.reads()

    await petitioner.open("/intake/status")
    await petitioner.send("查询", {"number": number, "code": code})
    assert "已安排专人值守" in await petitioner.reads()
    await petitioner.send("申请重新办理", {"words": "第二天中午又没人。"})
    assert "已收到您的申请" in await petitioner.reads()


async def test_inspection_asks_for_a_file_and_a_head_reads_exports_and_replaces_a_template(
    guests: Guests, scene: Scene
) -> None:
    inspection = await guests.come("supervisor-sq", script=False)
    await inspection.open(f"/dispatch/inspections?number={scene['asked']}")
    await inspection.send("调阅", {"reason": "核查群众反映的推诿问题。"})
    assert "诉求人信息不予显示" in await inspection.reads()
    head = await guests.come("head-sq", script=False)
    await head.open("/notify/inbox?show=unread")
    await head.follow("待确认撤回")
    await head.follow("打开工作单")
    assert "确认撤回" in await head.reads()
    await head.open("/intake/ledger?state=closed")
    await head.send("导出 Excel")
    await head.follow("查看最新进度")
    assert "办理状态：已办结" in await head.reads()
    await head.open("/dispatch/paper-templates")
    await head.follow("更换")
    await head.send("上传并替换", {"file": PICTURE})
    assert await head.page.locator("#faults").count()


async def test_anyone_seeks_and_reads_cases(guests: Guests, scene: Scene) -> None:
    anyone = await guests.come(script=False, screen=PHONE)
    await anyone.open("/casebook/cases")
    await anyone.send("查找", {"q": "二手房过户交完税查不到"})
    title = await anyone.page.locator("tbody a").first.inner_text()
    await anyone.follow(title)
    assert title == await anyone.page.locator("h1").inner_text()

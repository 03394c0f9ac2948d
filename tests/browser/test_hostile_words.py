"""What people write stays words, on every page it comes to: nothing runs, nothing is fetched, nothing is computed."""

from __future__ import annotations

from urllib.parse import urlencode

from tests.browser.conftest import Guests
from tests.browser.person import PHONE
from tests.support.scene import Scene
from tests.support.town import HOTLINE

HOSTILE = (
    '"><script>alert(1)</script><img src="http://elsewhere.example/x.png" onerror="alert(2)">'
    '{{ 7*7 }}${7*7}<%= 7*7 %>=HYPERLINK("http://elsewhere.example","点我")\'; hx-get="/x"'
)
BRIEF = '<img src="http://elsewhere.example/y.png" onerror="alert(3)">'
"""Were any of it more than words, the page would ask elsewhere, or say that its policy forbids it: both fail a test."""


async def test_hostile_words_are_words_at_every_desk(guests: Guests) -> None:
    dialogs = []
    petitioner = await guests.come(screen=PHONE)
    await petitioner.open("/intake/file")
    person = {"petitioner.name": "<b>李四</b>", "petitioner.phone": "19900004646"}
    told = person | {"content": HOSTILE, "about": BRIEF, "service_item": BRIEF, "petitioner.address": BRIEF}
    await petitioner.send("提交诉求", told)
    number, code = await petitioner.page.locator(".slip b").all_inner_texts()
    await petitioner.send("查看进度")

    clerk = await guests.come("clerk-sq")
    coordinator = await guests.come("coordinator-sq")
    officer = await guests.come("officer-zrzy")
    for each in (petitioner, clerk, coordinator, officer):
        each.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    await clerk.open("/intake/today")
    assert HOSTILE[:40] in await clerk.reads()
    await clerk.follow(number)
    assert HOSTILE in await clerk.reads()
    await clerk.send("确定研判", {"triage": "refused"})
    await coordinator.open("/dispatch/desk")
    await coordinator.follow(number)
    assert HOSTILE in await coordinator.reads()
    await coordinator.send("分办", {"lead": "sq/zrzy", "instructions": HOSTILE})
    known = {"number": number, "code": code}
    await petitioner.open("/intake/status")
    await petitioner.send("查询", known)
    await petitioner.send("催一催", {"words": HOSTILE})
    await officer.open("/dispatch/mine")
    await officer.follow(number)
    await officer.send("答复", {"kind": "result", "text": HOSTILE})
    await coordinator.open("/dispatch/desk")
    await coordinator.follow(number)
    await coordinator.send("质检", {"passed": "true"})
    await coordinator.open("/intake/ledger")
    assert HOSTILE in await coordinator.reads()
    await petitioner.open("/intake/status")
    await petitioner.send("查询", known)
    assert HOSTILE[:40] in await petitioner.reads()
    assert dialogs == []


async def test_hostile_words_are_words_where_they_are_watched_over_and_looked_after(
    guests: Guests, scene: Scene
) -> None:
    town, dialogs = guests.town, []
    number = (await town.file(scene["owed"]))["number"]
    wrong = town.submission(petitioner={"kind": "individual", "name": BRIEF, "phone": BRIEF}, content=HOSTILE)
    assert (await town.ask(HOTLINE, "POST", "/intake/api/submissions", json=wrong)).status_code == 422
    head, inspection, clerk, admin = [
        await guests.come(name) for name in ("head-sq", "supervisor-sq", "clerk-sq", "admin")
    ]
    for each in (head, inspection, clerk, admin):
        each.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    await head.open(f"/dispatch/orders/{scene['owed']}?do=clue")
    await head.send("抄告线索", {"text": HOSTILE})
    await inspection.open("/dispatch/clues")
    assert HOSTILE in await inspection.reads()
    await inspection.open(f"/dispatch/inspections?number={number}")
    await inspection.send("调阅", {"reason": HOSTILE})
    await inspection.open("/dispatch/inspections")
    assert HOSTILE in await inspection.reads()
    await inspection.open("/notify/inbox")
    await inspection.follow("问题线索抄送")
    assert HOSTILE in await inspection.reads()
    await town.order(scene["pending"], "withdraw", words=HOSTILE)
    await head.open("/notify/inbox")
    await head.follow("待确认撤回")
    assert HOSTILE in await head.reads()
    await clerk.open("/intake/rejected")
    await clerk.follow("改正并登记")
    await clerk.send("查看", {"reason": HOSTILE})
    assert await clerk.page.locator('[name="petitioner.name"]').input_value() == BRIEF
    await town.complains(content=BRIEF)
    await clerk.open("/intake/ledger?" + urlencode({"text": BRIEF}))
    await clerk.send("导出 Excel")
    assert f"关键词：{BRIEF}" in await clerk.reads()
    await admin.open("/notify/templates/petitioner.closed")
    await admin.send("预览", {"title": BRIEF, "body": HOSTILE})
    assert await admin.page.locator('[name="body"]').input_value() == HOSTILE
    assert dialogs == []

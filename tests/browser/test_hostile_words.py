"""What people write stays words, on every page it comes to: nothing runs, nothing is fetched, nothing is computed."""

from __future__ import annotations

from tests.browser.conftest import Guests
from tests.browser.person import PHONE

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

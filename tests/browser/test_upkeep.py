"""What keeps a house going: what was not delivered, could not be taken, was sent wrongly, is printed together."""

from __future__ import annotations

import pytest

from deploy.papers.parts import document, paragraph, run
from services.notify.domain.means import CONNECTED, Means
from shared import clock
from shared.events.intake import ComplaintNudged
from shared.messaging.tables import ParkedRow
from tests.browser.conftest import Guests
from tests.support.gateway import Gateway
from tests.support.papers import pdf_text, word_text
from tests.support.scene import Scene
from tests.support.town import HOTLINE

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SAID = "本县工作单：{{ number }}，{{ name }}：{{ content }}由{{ departments }}在{{ due }}办结"
OWN = document("工作单", paragraph(run(SAID)), footer=paragraph(run("第页")))
REASON = {"reason": "已用电话告知。"}


async def test_what_reached_nobody_is_sent_again_in_the_words_that_were_looked_at_first(
    guests: Guests, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await guests.come("admin")
    await admin.open("/notify/templates/petitioner.registered")
    body = await admin.page.locator('[name="body"]').input_value()
    await admin.send("预览", {"body": f"沈丘县：{body}"})
    assert "沈丘县：" in await admin.page.locator(".quote").first.inner_text()
    await admin.send("保存")

    gateway = Gateway()
    receipt = await guests.town.complains()
    coordinator = await guests.come("coordinator-sq")
    await coordinator.open(f"/notify/messages?number={receipt['number']}&standing=unreached")
    await coordinator.press(coordinator.page.locator("tbody a").first)
    assert "请改用电话告知" in await coordinator.reads()
    monkeypatch.setitem(CONNECTED, Means.SMS, gateway)
    await coordinator.page.reload()
    await coordinator.send("重发", REASON)
    await coordinator.page.reload()
    assert "已送达" in await coordinator.page.locator("h1").inner_text()
    [letter] = gateway.delivered
    assert letter.text.startswith("沈丘县：")
    await admin.send("恢复")


async def test_what_could_not_be_taken_is_read_taken_at_last_or_given_up_for_a_reason(
    guests: Guests, scene: Scene
) -> None:
    words = "孩子开学要用，请快一点。"
    nudged = ComplaintNudged(at=clock.now(), center="sq", subject=scene["pending"], words=words, with_departments=False)
    parked = ParkedRow(
        event_id=nudged.event_id,
        kind=nudged.routing_key.rpartition(".")[0],
        body=nudged.to_wire(),
        error="no room on the disk",
        attempts=20,
        parked_at=clock.now(),
    )
    await guests.town.holds("dispatch", parked)
    await guests.town.takes("dispatch", b"nonsense")

    admin = await guests.come("admin")
    await admin.open("/dispatch/parked?show=dead")
    line = admin.page.locator("tr", has_text=nudged.event_id)
    assert "no room on the disk" in await line.inner_text()
    await admin.press(line.get_by_role("button", name="立即重试"))
    await admin.page.reload()
    assert await line.count() == 0
    coordinator = await guests.come("coordinator-sq")
    await coordinator.open(f"/dispatch/orders/{scene['pending']}")
    assert words in await coordinator.page.locator(".timeline").inner_text()

    await admin.follow("放弃")
    await admin.send("放弃", {"reason": "测试线路时误发的。"})
    assert "没有搁置的消息" in await admin.reads()
    auditor = await guests.come("auditor-sq")
    await auditor.open("/dispatch/audit")
    assert "测试线路时误发的" in await auditor.reads()


async def test_what_a_channel_sent_wrongly_is_mended_and_the_channel_gets_its_number(guests: Guests) -> None:
    town = guests.town
    said = {"kind": "individual", "name": "朱亚楠", "phone": "12"}
    wrong = town.submission(petitioner=said, reported_at="2026-11-16T07:00:00Z")
    assert (await town.ask(HOTLINE, "POST", "/intake/api/submissions", json=wrong)).status_code == 422
    clerk = await guests.come("clerk-sq")
    await clerk.open("/intake/rejected")
    await clerk.follow("改正并登记")
    assert "朱亚楠" not in await clerk.page.content()
    await clerk.send("查看", {"reason": "与诉求人核实后改正"})
    person = {"petitioner.phone": "19900004444", "petitioner.address": "沈丘县东关社区"}
    await clerk.send("改正并登记", person)
    number, *_ = (await clerk.page.locator("h1").inner_text()).split()
    assert "2026-11-16 15:00" in await clerk.reads()
    coordinator = await guests.come("coordinator-sq")
    await coordinator.open(f"/notify/messages?number={number}")
    assert f"来件{wrong['source_ref']}已登记，编号{number}" in await coordinator.reads()
    await clerk.open("/intake/rejected?show=mended")
    assert wrong["source_ref"] in await clerk.reads()


async def test_work_orders_are_printed_together(guests: Guests, scene: Scene) -> None:
    numbers = [(await guests.town.file(scene[name]))["number"] for name in ("pending", "owed")]
    clerk = await guests.come("clerk-sq")
    await clerk.open("/intake/today")
    for number in numbers:
        await clerk.page.get_by_label(f"打印{number}").check()
    pages = pdf_text(await clerk.fetch(clerk.page.get_by_role("button", name="批量打印工作单")))
    listed = reversed(numbers)
    assert [f"年第{number[-4:]}号" in page for number, page in zip(listed, pages, strict=True)] == [True, True]


async def test_a_head_has_a_template_replaced_and_work_orders_are_printed_with_it(guests: Guests, scene: Scene) -> None:
    head = await guests.come("head-sq")
    await head.open("/dispatch/paper-templates?kind=work-order")
    template = {"name": "工作单.docx", "mimeType": WORD, "buffer": OWN}
    await head.send("上传并替换", {"file": template | {"buffer": b"PK"}})
    assert await head.page.locator("#faults").count()
    await head.send("上传并替换", {"file": template})
    assert "本中心第1版" in await head.reads()
    coordinator = await guests.come("coordinator-sq")
    await coordinator.open(f"/dispatch/orders/{scene['pending']}")
    printed = coordinator.page.get_by_role("link", name="下载工作单")
    assert word_text(await coordinator.fetch(printed)).startswith("本县工作单：2026年第")
    await head.send("停用，改回原来的")
    assert not word_text(await coordinator.fetch(printed)).startswith("本县工作单")

"""Every page by itself: axe has nothing against it, a phone holds it, and an empty one says what to do first."""

from __future__ import annotations

from tests.browser.conftest import Guests
from tests.browser.every_page import EMPTY, looks
from tests.browser.person import PHONE, Person
from tests.support.scene import Scene


async def test_axe_finds_nothing_and_a_phone_holds_every_page(guests: Guests, scene: Scene) -> None:
    here: dict[str | None, Person] = {}
    found = {}
    for look in looks(scene):
        if look.username not in here:
            here[look.username] = await guests.come(look.username)
        person = here[look.username]
        status = await person.open(look.path)
        if status != 200 or (blemishes := await person.blemishes()):
            found[look] = status if status != 200 else blemishes
    assert found == {}


async def test_pages_that_answer_a_form_are_like_the_others(guests: Guests, scene: Scene) -> None:
    found = {}
    clerk = await guests.come("clerk-sq")
    await clerk.open("/intake/register")
    await clerk.send("登记并提交审核", {"petitioner.phone": "12"})
    assert await clerk.page.locator(".faults li").count() > 1
    found["refused"] = await clerk.blemishes()
    await clerk.open(f"/intake/complaints/{scene['late']}")
    await clerk.page.get_by_text("查看诉求人完整信息").click()
    await clerk.send("查看", {"reason": "电话回访"})
    assert "完整信息" in await clerk.reads()
    found["revealed"] = await clerk.blemishes()
    await clerk.open(f"/intake/rejected/{scene['rejected']}")
    await clerk.send("查看", {"reason": "与诉求人核实后改正"})
    found["to be mended"] = await clerk.blemishes()
    await clerk.open("/dispatch/mine")
    found["not for clerks"] = await clerk.blemishes()
    inspection = await guests.come("supervisor-sq")
    await inspection.open(f"/dispatch/inspections?number={scene['asked']}")
    await inspection.send("调阅", {"reason": "核查群众反映的推诿问题。"})
    assert "诉求人信息不予显示" in await inspection.reads()
    found["inspected"] = await inspection.blemishes()
    await guests.town.takes("sla", b"nonsense")
    admin = await guests.come("admin")
    await admin.open("/sla/parked")
    await admin.send("立即重试")
    assert "请先升级再重试" in await admin.reads()
    found["replayed in vain"] = await admin.blemishes()
    petitioner = await guests.come(screen=PHONE)
    await petitioner.open("/intake/file")
    person = {"petitioner.name": "朱亚楠", "petitioner.phone": "19900004444", "petitioner.address": "沈丘县东关社区"}
    await petitioner.send("提交诉求", person | {"content": "十二点到窗口说不办业务，电子屏上明明写着中午不打烊。"})
    assert "查询码" in await petitioner.reads()
    found["filed"] = await petitioner.blemishes()
    await petitioner.send("查看进度")
    found["status"] = await petitioner.blemishes()
    assert found == {page: [] for page in found}


async def test_an_empty_page_says_what_to_do_first(guests: Guests, scene: Scene) -> None:
    here: dict[str | None, Person] = {}
    for look in EMPTY:
        if look.username not in here:
            here[look.username] = await guests.come(look.username, screen=PHONE)
        person = here[look.username]
        await person.open(look.path)
        [words, *_] = [*await person.page.locator(".empty p").all_inner_texts(), "nothing"]
        assert words.endswith("。"), look
        assert await person.blemishes() == [], look

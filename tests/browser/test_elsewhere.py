"""What goes another way than to one department: to a unit outside, to another center, back, to several, at once."""

from __future__ import annotations

from tests.browser.conftest import Guests
from tests.browser.person import PHONE

UNIT = "沈丘县劳动保障监察大队"


async def test_a_referral_is_chased_until_the_unit_has_answered_and_the_petitioner_reads_it(guests: Guests) -> None:
    receipt = await guests.town.complains(content="工地欠了我三个月的工钱，问了几处都说不归他们管。")
    clerk = await guests.come("clerk-sq")
    await clerk.open("/intake/today")
    await clerk.follow(receipt["number"])
    await clerk.send("确定研判", {"triage": "out_of_scope"})

    coordinator = await guests.come("coordinator-sq")
    await coordinator.open("/dispatch/desk?kind=dispatch")
    await coordinator.follow(receipt["number"])
    await coordinator.send("函转", {"unit": UNIT, "reason": "属于劳动保障监察事项。"})
    await coordinator.open("/dispatch/desk?kind=referral")
    await coordinator.follow(receipt["number"])
    petitioner = await guests.come(screen=PHONE)
    known = {"number": receipt["number"], "code": receipt["query_code"]}
    await petitioner.open("/intake/status")
    await petitioner.send("查询", known)
    assert UNIT in await petitioner.reads()

    await coordinator.send("登记回函结果", {"text": "已责令工地三日内付清工钱。"})
    await coordinator.send("回访", {"satisfaction": "satisfied", "solved": "true", "opinion": "工钱拿到了。"})
    assert "函转办结" in await coordinator.page.locator("h1").inner_text()
    await petitioner.open("/intake/status")
    await petitioner.send("查询", known)
    assert "已责令工地三日内付清工钱" in await petitioner.reads()


async def test_another_center_takes_over_with_the_number_it_had(guests: Guests) -> None:
    town = guests.town
    complaint_id = await town.complaint("hard", content="村里修路占了我家的地，补偿款的名册上没有我。")
    number = (await town.file(complaint_id))["number"]
    coordinator = await guests.come("coordinator-sq")
    await coordinator.open("/dispatch/desk?kind=dispatch")
    await coordinator.follow(number)
    await coordinator.follow("转办其他中心")
    await coordinator.send("转办其他中心", {"to_center": "sq-zhidian", "reason": "由镇里核对名册。"})
    await coordinator.open("/dispatch/desk?kind=dispatch")
    assert number not in await coordinator.reads()

    township = await guests.come("coordinator-sq-zhidian")
    await township.open("/dispatch/desk")
    await township.follow(number)
    assert "由镇里核对名册" in await township.reads()
    await township.send("分办", {"lead": "sq-zhidian/zhfw"})
    assert "已分办" in await township.reads()
    await coordinator.open(f"/intake/ledger?text={number}")
    assert "纸店镇" in await coordinator.page.locator("tbody").inner_text()


async def test_a_decline_upheld_gives_the_next_department_its_own_limit_beside_the_first(guests: Guests) -> None:
    town = guests.town
    complaint_id = await town.dispatched("cannot", content="小区的燃气一直没有通，两个部门都说归对方管。")
    number = (await town.file(complaint_id))["number"]
    officer = await guests.come("officer-zrzy")
    await officer.open(f"/dispatch/orders/{complaint_id}?do=decline")
    await officer.send("退单", {"reason": "燃气属住建部门主管。", "right_department": "sq/zjj"})

    coordinator = await guests.come("coordinator-sq")
    await coordinator.open("/dispatch/desk?kind=decline")
    await coordinator.follow(number)
    assert "燃气属住建部门主管" in await coordinator.reads()
    await coordinator.send("审核退单", {"uphold": "true", "reasons": "同意。"})
    await coordinator.send("分办", {"lead": "sq/zjj"})
    await officer.open("/dispatch/mine")
    assert number not in await officer.reads()

    other = await guests.come("officer-zjj")
    await other.open("/dispatch/mine")
    await other.follow(number)
    assert "首次期限" not in await other.reads()


async def test_the_lead_waits_for_the_co_handler(guests: Guests) -> None:
    town = guests.town
    complaint_id = await town.dispatched("hard", "zjj", content="楼顶漏水，两家互相推。")
    lead, co_handler = await guests.come("officer-zrzy"), await guests.come("officer-zjj")
    here = f"/dispatch/orders/{complaint_id}"
    await lead.open(here)
    await lead.send("答复", {"kind": "result", "text": "防水已经重做。"})
    assert "住建局" in await lead.page.locator("#faults").inner_text()
    await co_handler.open("/dispatch/mine")
    await co_handler.follow((await town.file(complaint_id))["number"])
    await co_handler.send("答复", {"kind": "result", "text": "维修资金已经拨付。"})
    await lead.send("答复")
    assert "待质检" in await lead.page.locator("h1").inner_text()
    coordinator = await guests.come("coordinator-sq")
    await coordinator.open(here)
    read = await coordinator.page.locator(".timeline").inner_text()
    assert "防水已经重做" in read
    assert "维修资金已经拨付" in read


async def test_an_open_desk_shows_what_others_send_there_without_being_asked(guests: Guests) -> None:
    coordinator, clerk = await guests.come("coordinator-sq"), await guests.come("clerk-sq")
    await coordinator.open("/dispatch/desk?kind=dispatch")
    await clerk.open("/intake/today")
    petitioner = await guests.come(screen=PHONE)
    await petitioner.open("/intake/file")
    said = {"content": "窗口叫号机坏了半个月，排队靠抢。", "petitioner.address": "沈丘县东关社区"}
    await petitioner.send("提交诉求", said | {"petitioner.name": "海素娟", "petitioner.phone": "19900004747"})
    number = await petitioner.page.locator(".slip b").first.inner_text()
    link = clerk.page.get_by_role("link", name=number).first
    await link.wait_for()
    await clerk.press(link)
    await clerk.send("确定研判", {"triage": "refused"})
    await coordinator.page.get_by_role("link", name=number).first.wait_for()


async def test_a_form_is_sent_once_and_again_when_its_answer_is_no_longer_waited_for(guests: Guests) -> None:
    anyone = await guests.come()
    await anyone.page.clock.install()
    await anyone.open("/intake/status")
    form = anyone.page.locator("main form").first
    await form.evaluate(
        """(form) => {
            form.sent = 0;
            window.addEventListener("submit", (event) => {
                form.sent += !event.defaultPrevented;
                event.preventDefault();
            });
        }"""
    )
    click = """(form) => {
        form.dispatchEvent(new Event("submit", {bubbles: true, cancelable: true})); return form.sent;
    }"""
    assert [await form.evaluate(click) for _ in range(2)] == [1, 1]
    await anyone.page.clock.run_for(10_000)
    assert await form.evaluate(click) == 2

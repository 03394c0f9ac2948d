"""A complaint's whole way through the desks, each of its parties at a browser of its own."""

from __future__ import annotations

from tests.browser.conftest import Guests
from tests.browser.person import PHONE, Person
from tests.support.scene import Scene

REASONS = {"legal_basis": "《不动产登记暂行条例》第二十二条", "remedy": "可以向县人民政府申请行政复议。"}


async def registered(guests: Guests, triage: str, name: str) -> tuple[Person, str, str]:
    """A clerk takes in a complaint at the window; the clerk, still at its page, its number and its query code."""
    clerk = await guests.come("clerk-sq")
    await clerk.open("/intake/register")
    await clerk.send(
        "登记并提交审核",
        {
            "petitioner.name": name,
            "petitioner.phone": "19900004321",
            "petitioner.address": "沈丘县槐店镇吉祥路14号",
            "content": f"{name}：老小区的房产证一直办不下来，材料都交齐了，窗口还说要再等。",
            "triage": triage,
        },
    )
    number, code = await clerk.page.locator(".slip b").all_inner_texts()
    assert number in await clerk.page.locator("h1").inner_text()
    return clerk, number, code


async def dispatched(coordinator: Person, number: str) -> None:
    """The coordinator finds it on the desk, and names a department."""
    await coordinator.open("/dispatch/desk")
    await coordinator.follow(number)
    await coordinator.send("分办", {"lead": "sq/zrzy", "instructions": "请先与诉求人联系。"})
    assert "已分办" in await coordinator.reads()


async def found(officer: Person, number: str) -> None:
    """The officer finds it among the department's."""
    await officer.open("/dispatch/mine")
    await officer.follow(number)


async def followed_up(coordinator: Person, number: str, **heard: str) -> None:
    """The coordinator finds the petitioner in the call list, and writes down what was said."""
    await coordinator.open("/dispatch/calls")
    await coordinator.follow(number)
    await coordinator.send("回访", {"solved": "true", "opinion": "知道了，谢谢。"} | heard)
    assert "回访已记录" in await coordinator.reads()


async def test_from_the_window_to_zero_every_party_at_its_own_desk(guests: Guests) -> None:
    clerk, number, code = await registered(guests, "refused", "周春梅")
    coordinator = await guests.come("coordinator-sq")
    await dispatched(coordinator, number)

    officer = await guests.come("officer-zrzy")
    await found(officer, number)
    await officer.send("签收")
    assert "已签收" in await officer.reads()
    await officer.send("答复", {"kind": "result", "text": "已核实，当天予以登记并通知领证。"})
    assert "答复已提交" in await officer.reads()

    await coordinator.open("/dispatch/desk")
    await coordinator.follow(number)
    await coordinator.send("质检", {"passed": "true"})
    await followed_up(coordinator, number, satisfaction="satisfied")
    assert "已清零销号" in await coordinator.reads()

    await clerk.open(f"/intake/ledger?text={number}")
    assert "满意" in await clerk.reads()
    await clerk.page.locator("td.place a").click()
    await clerk.arrive()
    assert "已清零销号" in await clerk.page.locator("h1").inner_text()

    petitioner = await guests.come(screen=PHONE)
    await petitioner.open("/intake/status")
    await petitioner.send("查询", {"number": number, "code": code})
    assert "已清零销号" in await petitioner.reads()


async def test_a_reply_that_does_not_do_is_returned_and_given_again(guests: Guests) -> None:
    _, number, _ = await registered(guests, "cannot", "孙巧玲")
    coordinator = await guests.come("coordinator-sq")
    await dispatched(coordinator, number)
    officer = await guests.come("officer-zrzy")
    await found(officer, number)
    await officer.send("答复", {"kind": "reasons", "text": "不能办。"} | REASONS)

    await coordinator.open("/dispatch/desk")
    await coordinator.follow(number)
    await coordinator.send("质检", {"passed": "false"})
    assert "理由" in await coordinator.page.locator("#faults").inner_text()
    await coordinator.send("质检", {"reasons": "答复不够具体，请补充依据后重报。"})

    await found(officer, number)
    assert "答复不够具体" in await officer.reads()
    await officer.send("答复", {"kind": "reasons", "text": "该地块已纳入征收范围，登记依法暂停。"} | REASONS)
    await coordinator.open("/dispatch/desk")
    await coordinator.follow(number)
    await coordinator.send("质检", {"passed": "true"})
    await followed_up(coordinator, number, satisfaction="basically_satisfied")
    assert "已清零销号" in await coordinator.reads()


async def test_a_plan_gets_a_date_and_once_a_later_one(guests: Guests) -> None:
    _, number, _ = await registered(guests, "hard", "李国强")
    coordinator = await guests.come("coordinator-sq")
    await dispatched(coordinator, number)
    officer = await guests.come("officer-zrzy")
    town = guests.town
    await found(officer, number)
    await officer.send("答复", {"kind": "plan", "text": "分三步补办。", "committed_on": town.day("next Fri")})
    await officer.follow("申请延期")
    await officer.send("申请延期", {"committed_on": town.day("next next Tue"), "reason": "鉴定报告尚未出具。"})
    assert "延期申请已提交" in await officer.reads()

    await coordinator.open("/dispatch/desk?kind=extension")
    await coordinator.follow(number)
    assert "鉴定报告尚未出具" in await coordinator.reads()
    await coordinator.send("审核延期", {"approve": "true"})
    await found(officer, number)
    assert town.day("next next Tue") in await officer.reads()
    await officer.send("答复", {"kind": "result", "text": "房产证已经发放。"})
    assert "待质检" in await officer.page.locator("h1").inner_text()


async def test_two_people_conclude_what_the_petitioner_is_not_content_with(guests: Guests) -> None:
    _, number, _ = await registered(guests, "refused", "赵文斌")
    coordinator = await guests.come("coordinator-sq")
    await dispatched(coordinator, number)
    officer = await guests.come("officer-zrzy")
    await found(officer, number)
    await officer.send("答复", {"kind": "result", "text": "已按规定办理。"})
    await coordinator.open("/dispatch/desk")
    await coordinator.follow(number)
    await coordinator.send("质检", {"passed": "true"})
    unhappy = {"satisfaction": "dissatisfied", "solved": "false", "opinion": "还是没有解决。", "then": "conclude"}
    await followed_up(coordinator, number, **unhappy)
    await coordinator.send("提请不满意办结", {"reasons": "政策不允许。", "legal_basis": "《条例》第三条"})
    assert await coordinator.page.get_by_role("button", name="审批办结").count() == 0

    head = await guests.come("head-sq")
    await head.open("/dispatch/desk?kind=approve")
    await head.follow(number)
    assert "政策不允许" in await head.reads()
    await head.send("审批办结", {"approve": "true"})
    assert "不满意办结" in await head.page.locator("h1").inner_text()


async def test_a_ledger_is_exported_beside_other_work_and_fetched_when_it_is_ready(
    guests: Guests, scene: Scene
) -> None:
    clerk = await guests.come("clerk-sq")
    await clerk.open("/intake/ledger?state=closed")
    await clerk.send("导出 Excel")
    assert "办理状态：" in await clerk.reads()
    ready = clerk.page.get_by_role("link", name="下载工作台账").first
    await ready.wait_for()  # the page looks again by itself
    assert await clerk.blemishes() == []
    async with clerk.page.expect_download() as coming:
        await ready.click()
    assert (await coming.value).suggested_filename.endswith(".xlsx")

"""What is late, by hand and by the ladder: each step is seen at the desk of whoever has to do with it next (Art. 9)."""

from __future__ import annotations

from tests.browser.conftest import Guests
from tests.browser.person import Person
from tests.support.scene import Scene

REQUIREMENT = "请分管负责同志牵头，今天下班前给出结果。"


async def told(person: Person, title: str) -> None:
    """One's own newest message says this; reads it."""
    await person.open("/notify/inbox?show=unread")
    await person.follow(title)
    assert title in await person.page.locator("h1").inner_text()


async def test_who_is_urged_and_supervised_by_hand_reads_it_and_so_does_inspection(
    guests: Guests, scene: Scene
) -> None:
    coordinator = await guests.come("coordinator-sq")
    await coordinator.open(f"/dispatch/orders/{scene['late']}")
    number, *_ = (await coordinator.page.locator("h1").inner_text()).split()
    await coordinator.send("手动催办")
    assert "催办已发出" in await coordinator.reads()
    await coordinator.follow("手动督办")
    await coordinator.send("手动督办", {"requirement": REQUIREMENT})
    assert REQUIREMENT in await coordinator.reads()

    officer = await guests.come("officer-wjw")
    await told(officer, "督办")
    assert REQUIREMENT in await officer.reads()
    await officer.follow("打开工作单")
    assert REQUIREMENT in await officer.page.locator(".timeline").inner_text()

    inspection = await guests.come("supervisor-sq")
    await inspection.open("/dispatch/supervised?rung=supervised")
    [by_hand] = [
        line
        for line in await inspection.page.locator("tbody tr").all_inner_texts()
        if "手动" in line and number in line
    ]
    assert REQUIREMENT in by_hand


async def test_what_is_signed_of_a_reported_order_is_read_by_government_without_the_petitioner(
    guests: Guests, scene: Scene
) -> None:
    head = await guests.come("head-sq")
    await head.open("/dispatch/desk?kind=sign")
    await head.follow("SQ-")
    number, *_ = (await head.page.locator("h1").inner_text()).split()
    report = head.page.locator("tr", has_text="报告").filter(has_text="未签发")
    await head.press(report.get_by_role("button", name="签发"))
    [issued] = await head.page.locator("tr", has_text="报告").all_inner_texts()
    paper = issued.split()[1]

    government = await guests.come("government-sq")
    await government.open("/dispatch/supervised?rung=reported")
    line = government.page.locator("tr", has_text=number)
    assert paper in await line.inner_text()
    assert (await government.fetch(line.get_by_role("link", name=paper))).startswith(b"%PDF")
    await government.follow(number)
    assert "诉求人信息不予显示" in await government.reads()


async def test_inspection_gets_a_clue_asks_for_the_file_and_the_auditor_sees_why(guests: Guests, scene: Scene) -> None:
    coordinator = await guests.come("coordinator-sq")
    await coordinator.open(f"/dispatch/orders/{scene['pending']}")
    await coordinator.follow("抄告线索")
    await coordinator.send("抄告线索", {"text": "经办人要求到指定的打印店复印材料。"})
    assert "线索已抄告" in await coordinator.reads()

    inspection = await guests.come("supervisor-sq")
    await inspection.open("/dispatch/clues")
    assert "指定的打印店" in await inspection.reads()
    await inspection.press(inspection.page.locator("tbody").get_by_role("link", name="调阅").first)
    await inspection.send("调阅", {"reason": "核查指定打印店的问题。"})
    number, *_ = (await inspection.page.locator("h1").inner_text()).split()
    assert "诉求人信息不予显示" in await inspection.reads()

    auditor = await guests.come("auditor-sq")
    await auditor.open("/dispatch/inspections")
    [newest, *_] = await auditor.page.locator("tbody tr").all_inner_texts()
    assert number in newest
    assert "核查指定打印店的问题" in newest

"""A complaint is registered without a mouse, in one screen (Art. 5)."""

from __future__ import annotations

from playwright.async_api import Page

from tests.browser.conftest import Guests
from tests.browser.person import Person
from tests.support.uploads import picture

_FOCUSED = "() => document.activeElement.name || document.activeElement.textContent.trim()"
FARTHEST = 40
"""No field is more presses of Tab away than this."""


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until this field, or the button that says this, has the focus."""
    for _ in range(FARTHEST):
        if await page.evaluate(_FOCUSED) == name:
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {name}")


async def typed(page: Page, **fields: str) -> None:
    """Go to each field in turn and type."""
    for name, text in fields.items():
        await tab_to(page, name)
        await page.keyboard.type(text)


async def test_a_clerk_logs_in_registers_and_goes_on_to_the_next_by_keys_alone(guests: Guests) -> None:
    clerk = await guests.come()
    page = clerk.page
    await clerk.open("/")
    await page.keyboard.press("Tab")
    assert await page.evaluate(_FOCUSED) == "跳到正文", "past what every page has"
    await tab_to(page, "工作人员登录")
    await _entered(clerk)
    await typed(page, username="clerk-sq", password="yousu-sample")
    await _entered(clerk)

    assert await page.evaluate(_FOCUSED) == "petitioner.name", "where one begins to type"
    await page.keyboard.type("海素娟")
    await typed(page, **{"petitioner.phone": "19900004545", "content": "跑了三趟，窗口都说管这事的人下乡了。"})
    await tab_to(page, "category")
    await page.keyboard.press("ArrowRight")
    assert await page.locator('[name="category"]:checked').get_attribute("value") == "opinion"
    await tab_to(page, "triage")
    for _ in range(3):
        await page.keyboard.press("ArrowDown")
    assert await page.locator('[name="triage"]:checked').get_attribute("value") == "refused"
    await page.locator("#limit strong").wait_for()
    await tab_to(page, "attachments")
    assert "未选择文件" in await page.locator(".file-face").inner_text()
    await page.locator(":focus").set_input_files({"name": "收件单.png", "mimeType": "image/png", "buffer": picture()})
    assert "收件单.png" in await page.locator(".file-face").inner_text()
    await tab_to(page, "登记并提交审核")
    await _entered(clerk)

    assert "已登记" in await clerk.reads()
    await tab_to(page, "登记下一件")
    await _entered(clerk)
    assert await page.evaluate(_FOCUSED) == "petitioner.name"


async def _entered(person: Person) -> None:
    async with person.page.expect_navigation():
        await person.page.keyboard.press("Enter")
    await person.arrive()

"""Someone at a browser: what that one does there, and what the browser complained of meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response

from shared.web.browsers import COOKIE
from tests.support.town import Town

DESK, PHONE = (1366, 768), (390, 844)
"""The screens that pages are made for."""
NARROWEST = (320, 640)
"""A small phone, or a desk's page enlarged to four times its size."""
PATIENCE = 120_000
"""Milliseconds a page may take on a machine that others use as well."""
_NOTHING_UNDER_WAY = "() => !document.querySelector('.htmx-request')"
_SIDEWAYS = """() => {
  const goes = (e) => e.scrollWidth > e.clientWidth + 1;
  const scrolls = (e) => ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
  const found = [...document.querySelectorAll("body *")].filter(
    (e) => goes(e) && scrolls(e) && !e.querySelector("table:not(.cards)") && !e.closest("table")
      && e.tagName !== "TEXTAREA");
  if (goes(document.scrollingElement)) found.unshift(document.scrollingElement);
  return found.map((e) => `${e.tagName} ${e.className}: ${e.scrollWidth} > ${e.clientWidth}`);
}"""


class Person:
    """A member of the staff, logged in, or anyone. Whatever is done has reached everyone when it returns."""

    def __init__(self, town: Town, address: str, context: BrowserContext, page: Page, *, has_script: bool) -> None:
        self.town = town
        self.page = page
        self.faults: list[str] = []
        """What must not be seen on any page."""
        self._address = address
        self._context = context
        self._has_script = has_script
        context.set_default_timeout(PATIENCE)
        context.on("request", self._saw_request)
        context.on("response", self._saw_response)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.faults.append(f"{self.page.url}: {error.error}"))

    @classmethod
    async def come(
        cls,
        town: Town,
        address: str,
        browser: Browser,
        username: str | None = None,
        *,
        script: bool = True,
        screen: Sequence[int] = DESK,
    ) -> Person:
        """Let someone sit down before a browser of one's own; with a username, logged in."""
        context = await browser.new_context(
            java_script_enabled=script,
            viewport={"width": screen[0], "height": screen[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        if username:
            await context.add_cookies([{"name": COOKIE, "value": await town.doors.token(username), "url": address}])
        return cls(town, address, context, await context.new_page(), has_script=script)

    async def leave(self) -> None:
        """Close the browser."""
        await self._context.close()

    # What one does

    async def open(self, path: str) -> int:
        """Go to an address; the status of the page there, with all its parts."""
        answer = await self.page.goto(self._address + path)
        await self._arrived()
        assert answer
        return answer.status

    async def follow(self, words: str) -> None:
        """Click the link that says this, or begins so, and go where it leads."""
        link = self.page.get_by_role("link", name=words)
        async with self.page.expect_navigation():
            await link.first.click()
        await self._arrived()

    async def send(self, button: str, fields: Mapping[str, Any] | None = None) -> None:
        """Fill in the form with this button, press it, and go where it leads."""
        pressed = self.page.get_by_role("button", name=button, exact=True)
        form = self.page.locator("form").filter(has=pressed).first
        for name, value in (fields or {}).items():
            await _fill(form, name, value)
        await self.press(form.get_by_role("button", name=button, exact=True))

    async def press(self, button: Locator) -> None:
        """Press a button that leads on."""
        async with self.page.expect_navigation():
            await button.click()
        await self.arrive()

    async def fetch(self, clicked: Locator) -> bytes:
        """Click what leads to a file, in this window or in one of its own; the file."""
        async with self._context.expect_event("download") as coming:
            await clicked.click()
        file = await (await coming.value).path()
        return await asyncio.to_thread(file.read_bytes)

    async def arrive(self) -> None:
        """Wait until the page that is being led to is there, and everyone has heard what was done."""
        await self._arrived()
        await self.town.settle()

    # What one sees

    async def reads(self) -> str:
        """All that stands in the page's main part."""
        return await self.page.locator("main").inner_text()

    async def blemishes(self) -> list[str]:
        """What axe finds on the page, and what has to be pushed sideways where it is narrow; what stays a table may."""
        found = await Axe().run(self.page)
        blemishes = [
            f"{each['id']} ({each['help']}): {node['html'][:200]}"
            for each in found.response["violations"]
            for node in each["nodes"]
        ]
        was = self.page.viewport_size
        assert was
        await self.page.set_viewport_size({"width": NARROWEST[0], "height": NARROWEST[1]})
        blemishes += await self.page.evaluate(_SIDEWAYS)
        await self.page.set_viewport_size(was)
        return blemishes

    # How it is watched

    async def _arrived(self) -> None:
        await self.page.wait_for_load_state("load")
        if self._has_script:
            await self.page.wait_for_function(_NOTHING_UNDER_WAY)

    def _saw_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if f"{parts.scheme}://{parts.netloc}" != self._address and parts.scheme != "data":
            self.faults.append(f"{self.page.url} asks elsewhere: {request.url}")

    def _saw_response(self, response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and not response.request.is_navigation_request()):
            self.faults.append(f"{self.page.url}: {response.status} {response.request.method} {response.url}")

    def _heard(self, message: ConsoleMessage) -> None:
        # A refused form is an answer, which the browser tells as well; what parts of a page were refused is seen above.
        is_refusal = message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not is_refusal:
            self.faults.append(f"{self.page.url} says: {message.text}")


async def _fill(form: Locator, name: str, value: Any) -> None:
    fields = form.locator(f'[name="{name}"]')
    kind: Any = await fields.first.evaluate("(field) => field.type")
    if kind in ("radio", "checkbox"):
        wanted = "true" if value is True else value
        await form.locator(f'[name="{name}"][value="{wanted}"]').check()
    elif kind == "file":
        await fields.set_input_files(value)
    elif kind == "select-one":
        await fields.select_option(str(value))
    else:
        await fields.fill(str(value))

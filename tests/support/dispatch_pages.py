"""Dispatch's pages in a browser, and what an order's offers to be done."""

from __future__ import annotations

from typing import Any

from shared.security.roles import Actor
from tests.support.browser import Browser, forms
from tests.support.dispatching import Desk, officer

ZRZY, ZJJ = officer("sq/zrzy"), officer("sq/zjj")


def path(complaint_id: str, action: str = "") -> str:
    return f"/dispatch/orders/{complaint_id}" + (f"/{action}" if action else "")


async def browser_of(desk: Desk, actor: Actor) -> Browser:
    return await Browser(desk).logged_in(actor)


async def do(browser: Browser, complaint_id: str, action: str, **typed: Any) -> Any:
    """Open the form of this action on the order's page and send it."""
    await browser.open(f"{path(complaint_id)}?do={action}")
    return await browser.send(path(complaint_id, action), **typed)


def offered_on(html: str, complaint_id: str) -> list[str]:
    """What may be done to the order, as links and as buttons."""
    links = {line.split("?do=")[1].split("#")[0] for line in html.split('"') if f"{complaint_id}?do=" in line}
    buttons = {action.rsplit("/", 1)[1] for action in forms(html) if f"{complaint_id}/" in action}
    return sorted((links | buttons) - {"reveal"})

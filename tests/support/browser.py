"""A browser without script, for testing pages: it keeps cookies, follows where it is led, and sends the forms it sees.

browser = Browser(alone)                      # or several services, each under its prefix
await browser.logged_in(CLERK)
page = await browser.open("/intake/register")
page = await browser.send("/intake/register", **{"petitioner.name": "孙巧玲"})   # the form with this action
assert "已登记" in page.text
"""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount

from shared.security.roles import Actor
from shared.web.browsers import COOKIE
from shared.web.headers import Headers
from tests.support.alone import Alone

HOST = "http://yousu"


class Browser:
    """One person's browser, in front of these services."""

    def __init__(self, *services: Alone) -> None:
        mounts = [Mount(f"/{each.service.name}", each.app) for each in services]
        front = Starlette(routes=mounts, middleware=[Middleware(Headers, only_https=False)])
        transport = httpx.ASGITransport(app=front, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url=HOST, headers={"accept": "text/html"})
        self.sessions = services[0].sessions
        self.page = httpx.Response(204)
        """What it shows."""

    async def logged_in(self, actor: Actor) -> Browser:
        """Let this one have logged in here."""
        self.client.cookies.set(COOKIE, await self.sessions.open(actor), domain="yousu.local")
        return self

    async def open(self, path: str, **headers: str) -> httpx.Response:
        """Go to a page, and on to where it leads."""
        self.page = await self.client.get(path, headers=headers, follow_redirects=True)
        return self.page

    async def send(self, action: str, /, files: Any = None, **typed: Any) -> httpx.Response:
        """Send the form of this action on the page, as it stands there but for what is typed; and go where it leads.

        A list is several values of one field; None takes a value out.
        """
        fields = forms(self.page.text)[action] | typed
        data = {name: value for name, value in fields.items() if value is not None}
        self.page = await self.client.post(
            action, data=data, files=files, headers={"origin": HOST}, follow_redirects=True
        )
        return self.page

    def fields(self, action: str) -> dict[str, Any]:
        """What stands in the form of this action on the page."""
        return forms(self.page.text)[action]


EVERYWHERE = frozenset({"/directory/logout", "/directory/drill-clock"})
"""The forms of the frame: who has logged in may log out, and move a drill's clock."""


def changes(html: str) -> set[str]:
    """What a page's own forms would change, by their action."""
    reader = _Reader()
    reader.feed(html)
    return reader.posts - EVERYWHERE


def forms(html: str) -> dict[str, dict[str, Any]]:
    """The forms of a page by their action, each with what stands in it."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, Any]] = {}
        self.posts: set[str] = set()
        self._form: dict[str, Any] = {}
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name")
        if tag == "form":
            self._form = self.forms.setdefault(given.get("action") or "", {})
            if given.get("method") == "post":
                self.posts.add(given.get("action") or "")
        elif tag == "input" and name:
            self._take_input(name, given)
        elif tag == "textarea":
            self._area = name
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self._form):
            self._form[self._select] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self._form[self._area] = data.removeprefix("\n")

    def _take_input(self, name: str, given: Mapping[str, str | None]) -> None:
        kind = given.get("type") or "text"
        if kind == "checkbox" and "checked" in given:
            self._form[name] = [*self._form.get(name, []), given.get("value") or "on"]
        elif (kind == "radio" and "checked" in given) or kind not in ("checkbox", "radio", "file", "submit"):
            self._form[name] = given.get("value") or ""

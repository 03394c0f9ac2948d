"""Whoever reaches for what is not theirs, in the whole house: each is refused, and nothing has changed.

Beside these: forms from elsewhere and every door without login (tests/service/test_every_door, test_directory_login),
a rating link used twice (test_article_10_petitioner), formulas and templates in what is printed (test_intake_ledger,
test_dispatch_papers, test_paper_templates), scripts in what is shown (tests/browser/test_hostile_words).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from services.__main__ import service_of
from shared.settings import SERVICES
from shared.web.app import make_app
from shared.web.browsers import COOKIE
from shared.web.permit import doors_at, permit_of
from tests.support.browser import forms
from tests.support.town import ADMINISTRATOR, COORDINATOR, TOWNSHIP, Town
from tests.support.uploads import picture

LEDGERS = ("/intake/ledger", "/intake/api/ledger", "/intake/api/ledger/page", "/intake/api/ledger.xlsx")
READ, CHANGE = ("GET", "HEAD"), ("POST", "PUT", "DELETE")
WHOLE = {
    "reason": "核实情况。", "reasons": "理由充分。", "words": "不用办了。", "text": "已经办结。", "opinion": "满意。",
    "instructions": "尽快办理。", "requirement": "今日答复。", "attendees": "两局", "conclusion": "由牵头部门办理。",
    "lead": "swj", "unit": "沈丘县水利局", "channel": "人民法院", "to_center": TOWNSHIP, "departments": ["swj"],
    "kind": "result", "legal_basis": "《条例》", "method": "phone", "satisfaction": "satisfied", "then": "redo",
    "passed": True, "approve": True, "uphold": True, "confirm": True, "held_at": "2022-10-17T09:00:00+08:00",
    "to": "SQ-2022-0001", "committed_on": "2022-11-30",
}  # fmt: skip
"""A body with all that any door to an order asks for."""
NONE = "01990000-0000-7000-8000-000000000000"


def doors_of(service: str, *methods: str) -> Iterator[tuple[str, str]]:
    """Method and path of a service's doors."""
    built = service_of(service)
    for path, door in doors_at(make_app(service, built.title, built.routers).routes):
        assert permit_of(door)
        for method in sorted((door.methods or set()) & set(methods)):
            yield method, f"/{service}{path}"


def of_order(complaint_id: str, *methods: str) -> Iterator[tuple[str, str]]:
    """Every door to one order and its clocks: pages, parts of pages, papers, JSON."""
    standing = {"complaint_id": complaint_id, "kind": "reasons", "form": "docx", "enclosure_id": NONE, "leg": "1"}
    for service in ("dispatch", "sla"):
        for method, path in doors_of(service, *methods):
            if "{complaint_id" in path:
                yield method, re.sub(r"\{(\w+)(?::\w+)?\}", lambda part: standing[part[1]], path)


def browser_of(town: Town, **headers: str) -> httpx.AsyncClient:
    """A browser before the house that sends these headers."""
    transport = httpx.ASGITransport(app=town.app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://town", headers={"accept": "text/html", **headers})


def _sent(method: str, path: str) -> dict[str, Any]:
    """What goes to a door: JSON, or to a page what its form would send."""
    if method in READ:
        return {}
    if "/api/" in path:
        return {"json": WHOLE}
    files = {"attachments": ("图.png", picture(), "image/png")}
    return {
        "files": files,
        "data": {name: str(value).lower() if value is True else value for name, value in WHOLE.items()},
    }


@pytest.fixture
async def order(town: Town) -> str:
    """An order of the land office, which has not answered it."""
    return await town.dispatched("cannot", "zjj")


async def test_a_forged_cookie_opens_nothing_anywhere(town: Town) -> None:
    token = await town.doors.token(COORDINATOR)
    forged = ("ys_forged", token[:-1], token + "x", token.upper(), token[:-1] + chr(ord(token[-1]) ^ 1), "")
    for cookie in forged:
        async with browser_of(town, cookie=f"{COOKIE}={cookie}") as browser:
            for path in ("/intake/today", "/dispatch/desk", "/directory/account", "/casebook/audit"):
                answer = await browser.get(path)
                assert answer.headers.get("location", "").startswith("/directory/login?next="), (cookie, path)
            for service in SERVICES:
                answer = await browser.get(f"/{service}/api/audit", headers={"accept": "application/json"})
                assert answer.status_code == 401, (cookie, service)


async def test_a_session_that_has_ended_opens_nothing_anywhere(town: Town) -> None:
    login = {"username": ADMINISTRATOR, "password": "yousu-sample"}
    token = (await town.do(None, "/directory/api/login", **login))["token"]
    async with browser_of(town, cookie=f"{COOKIE}={token}") as browser:
        page = await browser.get("/directory/account")
        assert page.status_code == 200
        await browser.post("/directory/logout", data={"token": forms(page.text)["/directory/logout"]["token"]})
        assert (await browser.get("/directory/account")).status_code == 303
    async with browser_of(town, authorization=f"Bearer {token}") as anyone:
        assert (await anyone.get("/directory/api/parked")).status_code == 401


async def test_another_department_neither_sees_an_order_nor_does_anything_to_it(town: Town, order: str) -> None:
    before = await town.file(order)
    for method, path in of_order(order, *READ, *CHANGE):
        answer = await town.ask("officer-swj", method, path, **_sent(method, path))
        assert answer.status_code in (403, 404), (method, path, answer.text[:300])
        assert "跑了三趟" not in answer.text
    assert await town.file(order) == before


async def test_who_has_no_part_in_an_order_reads_no_clock_of_it(town: Town, order: str) -> None:
    paths = [path for method, path in of_order(order, "GET") if path.startswith("/sla/")]
    assert len(paths) == 4
    for path in paths:
        assert (await town.ask("officer-zrzy", "GET", path)).status_code == 200, path
        for who in (f"coordinator-{TOWNSHIP}", "supervisor-sq", "government-sq", "case-editor-sq", ADMINISTRATOR):
            assert (await town.ask(who, "GET", path)).status_code in (403, 404), (who, path)


async def test_another_center_does_nothing_to_an_order(town: Town, order: str) -> None:
    before = await town.file(order)
    for method, path in of_order(order, *CHANGE):
        for who in (f"coordinator-{TOWNSHIP}", f"head-{TOWNSHIP}"):
            answer = await town.ask(who, method, path, **_sent(method, path))
            assert answer.status_code in (403, 404), (who, method, path, answer.text[:300])
    assert await town.file(order) == before


@pytest.mark.parametrize("path", LEDGERS)
async def test_a_township_does_not_read_the_countys_ledger(town: Town, order: str, path: str) -> None:
    content = (await town.read(COORDINATOR, f"/intake/api/complaints/{order}"))["content"]
    for who in (f"clerk-{TOWNSHIP}", f"coordinator-{TOWNSHIP}", f"head-{TOWNSHIP}"):
        assert (await town.ask(who, "GET", path, params={"center": "sq"})).status_code == 403, who
        own = await town.ask(who, "GET", path)
        assert own.is_success
        assert content not in own.text


async def test_a_township_does_not_read_the_countys_complaint(town: Town, order: str) -> None:
    for path in ("", "/history", "/repeats"):
        answer = await town.ask(f"clerk-{TOWNSHIP}", "GET", f"/intake/api/complaints/{order}{path}")
        assert answer.status_code in (403, 404), path
    answer = await town.ask(f"clerk-{TOWNSHIP}", "GET", f"/intake/complaints/{order}")
    assert answer.status_code in (403, 404)

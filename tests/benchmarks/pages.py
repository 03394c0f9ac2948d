"""`pages`: how long the house takes for a page, with many closed complaints behind it.

Every page that is in the routes, and the parts that pages fetch, each asked for by someone who may, one at a time;
milliseconds until the whole answer is there. Baseline: the same in a house that is empty but for the same few things,
by turns.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import orjson

from deploy.county import SAMPLE_CASES
from deploy.servers import Servers
from shared.security.links import RatingLinks
from shared.web.browsers import COOKIE
from tests.benchmarks.driving import driven
from tests.benchmarks.history import history
from tests.benchmarks.house import PHONE_INDEX_KEY, TOGETHER, House, house_on
from tests.benchmarks.loops import SOURCE, Driver
from tests.benchmarks.size import Size
from tests.benchmarks.telling import median, say
from tests.support.pages import Look, keep_more, pages

GOAL_MS = 100
CASES = "/casebook/api/cases"


class Reader:
    """Looks at the pages of one house, and keeps how long each took."""

    def __init__(self, house: House, looks: list[Look]) -> None:
        self.looks = looks
        self.took: dict[Look, list[float]] = {look: [] for look in looks}
        self._house = house
        self._client = httpx.AsyncClient(base_url=house.origins["intake"], headers={"accept": "text/html"}, timeout=600)

    async def look(self, at: Look) -> None:
        """Once."""
        headers = {"cookie": f"__Host-{COOKIE}={await self._house.doors.token(at.username)}"} if at.username else {}
        began = time.perf_counter()
        answer = await self._client.get(at.path, headers=headers)
        took = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            raise AssertionError(f"{at}: {answer.status_code} {answer.text[:300]}")
        self.took[at].append(took)

    async def look_at_all(self) -> None:
        """Each page once."""
        for each in self.looks:
            await self.look(each)

    def medians(self) -> dict[Look, float]:
        """Of each page, without the first look, which finds nothing in memory."""
        return {look: median(took[1:]) for look, took in self.took.items()}

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()


async def furnished(driver: Driver) -> list[Look]:
    """Put a few things into the house, and name its pages with them."""
    doors, complaint_id = driver.house.doors, (await driver.open_one())[0]
    cases = orjson.loads(SAMPLE_CASES.read_bytes())
    await doors.call("POST", f"{CASES}/import", await doors.token("case-approver-sq"), json=cases)
    [case, *_] = await doors.call("GET", CASES)
    wrong: dict[str, Any] = {"source": SOURCE, "source_ref": complaint_id, "center": "sq", "content": ""}
    headers = {"Authorization": f"Bearer sample-{SOURCE}"}
    origin = driver.house.origins["intake"]
    answer = await doors.client.post(f"{origin}/intake/api/submissions", headers=headers, json=wrong)
    if answer.status_code != 422:
        raise AssertionError(answer.text)
    [rejected, *_] = await doors.call("GET", "/intake/api/rejected", await doors.token("clerk-sq"))
    editor = await doors.token("case-editor-sq")
    begun = {"title": "草稿", "problem": "还没有写完。", "mechanism": "热线"}
    draft = await doors.call("POST", CASES, editor, json=begun)
    messages, closed = await _messages(driver, complaint_id), await driver.close_one()
    closing = next(each for each in await _messages(driver, closed) if each["template"] == "petitioner.closed")
    standing = {
        "complaint_id": complaint_id,
        "case_id": case["id"],
        "/cases/{case_id}/edit": draft["id"],
        "message_id": messages[0]["id"],
        "told_id": next(each["id"] for each in messages if each["recipient"] == "coordinator@sq"),
        "rejected_id": rejected["id"],
        "link": RatingLinks(PHONE_INDEX_KEY.encode()).of(closed, closing["event_id"]),
    }
    return [*pages(standing | await keep_more(doors)), *_besides(complaint_id)]


async def _messages(driver: Driver, complaint_id: str) -> list[dict[str, Any]]:
    doors, path = driver.house.doors, f"/notify/api/messages?complaint_id={complaint_id}"
    found: dict[str, list[dict[str, Any]]] = await doors.call("GET", path, await doors.token("coordinator-sq"))
    return found["messages"]


def _besides(complaint_id: str) -> list[Look]:
    return [
        Look(f"/dispatch/orders/{complaint_id}", "officer-zrzy"),
        Look("/intake/ledger?state=closed", "clerk-sq"),
        Look("/intake/ledger?department=sq%2Fzrzy", "coordinator-sq"),
        Look("/intake/ledger?text=%E6%9D%90%E6%96%99", "coordinator-sq"),
        Look("/intake/fragments/counts", "coordinator-sq"),
        Look("/dispatch/fragments/counts", "coordinator-sq"),
        Look("/dispatch/fragments/counts", "officer-zrzy"),
        Look(f"/sla/fragments/clocks/{complaint_id}", "coordinator-sq"),
        Look(f"/notify/fragments/messages/{complaint_id}", "coordinator-sq"),
    ]


@asynccontextmanager
async def reader_on(servers: Servers, database: str | None) -> AsyncIterator[Reader]:
    """A reader of a house with something in it."""
    async with house_on(servers, TOGETHER, database) as house, driven(house) as driver:
        reader = Reader(house, await furnished(driver))
        try:
            yield reader
        finally:
            await reader.close()


async def run(servers: Servers, size: Size) -> dict[str, Any]:
    """The slowest page, those over the goal, and how many times as long as in the empty house the middle one took."""
    database = await history(servers, size.preloaded, f"history_{size.preloaded}")
    async with AsyncExitStack() as stack:
        full, empty = [await stack.enter_async_context(reader_on(servers, each)) for each in (database, None)]
        for _ in range(size.rounds + 1):
            await full.look_at_all()
            await empty.look_at_all()
        found, without = full.medians(), list(empty.medians().values())
    ratios = []
    for (look, ms), alone in zip(found.items(), without, strict=True):
        ratios.append(ms / alone)
        say(f"  {ms:6.1f} ms, empty {alone:6.1f} ms: {look.path} ({look.username or 'anyone'})")
    slowest = max(found, key=lambda look: found[look])
    over = sorted({look.path for look, ms in found.items() if ms > GOAL_MS})
    say(f"pages: slowest {found[slowest]:.0f} ms ({slowest.path}); over {GOAL_MS} ms: {', '.join(over) or 'none'}")
    return {
        "slowest_ms": round(found[slowest], 1),
        "slowest": slowest.path,
        "median_ms": round(median(list(found.values())), 1),
        "ratio": round(median(ratios), 2),
        "pages": len(found),
        "over_goal": over,
    }

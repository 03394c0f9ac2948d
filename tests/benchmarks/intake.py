"""`intake`: durable, acknowledged submissions a second at each door, beside django-helpdesk's ticket API.

HTTP single: each answered 201 after its commit. HTTP batch: lines of NDJSON, each answered. Bus: published with
confirms and counted when committed in intake, which is where HTTP answers; the rate until the channel has read its
feedback is told beside it. Both run as they are deployed: the house as six processes (all of them, so what intake
announces is heard by the others meanwhile), helpdesk behind gunicorn with a usual number of workers, its connections
kept. Both on the same PostgreSQL, which has every commit on the disk before it answers; the same client asks both.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import count

from deploy.servers import Servers
from shared.ids import new_id
from tests.benchmarks.client import Client
from tests.benchmarks.driving import driven
from tests.benchmarks.helpdesk import Helpdesk, helpdesk_on
from tests.benchmarks.house import House, house_on
from tests.benchmarks.loops import SOURCE, Driver, submission
from tests.benchmarks.machine import servers_cpu_seconds
from tests.benchmarks.size import Size
from tests.benchmarks.telling import median, say

_numbers = count(time.time_ns() % 10_000_000 * 10)
SUBMISSIONS = "/intake/api/submissions"
KEY = f"Bearer sample-{SOURCE}"


async def at_once(doings: int, in_flight: int, do: Callable[[], Awaitable[object]]) -> float:
    """Do something so often, so many at a time; how many a second."""
    left = iter(range(doings))
    began = time.perf_counter()

    async def keep_doing() -> None:
        for _ in left:
            await do()

    async with asyncio.TaskGroup() as group:
        for _ in range(in_flight):
            group.create_task(keep_doing())
    return doings / (time.perf_counter() - began)


class Doors:
    """The four ways in, each a rate."""

    def __init__(self, driver: Driver, helpdesk: Helpdesk, size: Size) -> None:
        self.driver = driver
        self.helpdesk = helpdesk
        self.size = size
        self._tickets = Client(helpdesk.origin)
        self.answered: list[float] = []
        """Submissions on the bus a second, until the feedback is read."""

    def _next(self) -> dict[str, object]:
        number = next(_numbers)
        return submission(f"I-{number}", number)

    async def single(self) -> float:
        """One submission a request."""
        return await at_once(
            self.size.submissions, self.size.in_flight, lambda: self.driver.intake.post(SUBMISSIONS, KEY, self._next())
        )

    async def batch(self) -> float:
        """Many lines a request."""
        lines = self.size.lines
        requests = max(2, self.size.submissions // lines)
        return lines * await at_once(requests, 2, lambda: self.driver.submit_lines(SUBMISSIONS, lines))

    async def bus(self) -> float:
        """Over the bus, until they are committed; beside it, until the channel has read all its answers."""
        since, began = new_id(), time.perf_counter()
        answers = asyncio.create_task(
            at_once(self.size.submissions, self.size.submissions, lambda: self.driver.submit_on_bus(self._next()))
        )
        await self.driver.watch.until_registered(self.size.submissions, since)
        rate = self.size.submissions / (time.perf_counter() - began)
        self.answered.append(await answers)
        return rate

    async def baseline(self) -> float:
        """Tickets through helpdesk's API."""
        return await at_once(
            max(20, self.size.submissions // 4),
            self.size.in_flight // 4,
            lambda: self._tickets.post("/api/tickets/", self.helpdesk.token, self.helpdesk.ticket(next(_numbers))),
        )


async def run(servers: Servers, size: Size) -> dict[str, float | int]:
    """Measure all, alternating; the ratios of the medians."""
    rates: dict[str, list[float]] = {"http": [], "batch": [], "bus": [], "helpdesk": []}
    cpu: dict[str, list[float]] = {"http": [], "bus": []}
    async with helpdesk_on(servers) as helpdesk, house_on(servers) as house, driven(house) as driver:
        doors = Doors(driver, helpdesk, size)
        since = new_id()
        for turn in range(size.rounds + 1):
            for name, door in {
                "http": doors.single,
                "batch": doors.batch,
                "bus": doors.bus,
                "helpdesk": doors.baseline,
            }.items():
                before = _used(house, servers)
                rate = await door()
                await driver.watch.until_quiet(since)
                if turn:  # the first warms up
                    rates[name].append(rate)
                    say(f"  {name}: {rate:.0f}/s")
                if turn and name in cpu:
                    cpu[name].append((_used(house, servers) - before) / size.submissions * 1000)
        registered = await driver.watch.registered(since)
        sent = (size.rounds + 1) * (2 * size.submissions + max(2, size.submissions // size.lines) * size.lines)
        tickets = await helpdesk.tickets()
        if registered != sent or tickets < max(20, size.submissions // 4) * (size.rounds + 1):
            raise AssertionError(f"sent {sent}, registered {registered}; {tickets} tickets")
    base = median(rates["helpdesk"])
    found: dict[str, float | int] = {f"{name}_per_s": round(median(each)) for name, each in rates.items()}
    found["feedback_per_s"] = round(median(doors.answered))
    found |= {f"{name}_cpu_ms": round(median(each), 1) for name, each in cpu.items()}
    say(f"intake: {found}")
    return found | {f"{name}_ratio": round(median(rates[name]) / base, 2) for name in ("http", "batch", "bus")}


def _used(house: House, servers: Servers) -> float:
    """Seconds of processor that the house and its servers have used so far."""
    return sum(house.cpu_seconds().values()) + sum(servers_cpu_seconds(servers).values())

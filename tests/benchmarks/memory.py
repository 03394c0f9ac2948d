"""`memory`: what each process holds after so many loops, and how much it grows; on servers, and embedded.

Baseline: the same process just started. Read all the while, at saturation; the slope is a line through the readings
after the warm-up, for caches and pools fill at first. It counts as growth when it is more than the readings scatter.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import count

from deploy.servers import Servers
from tests.benchmarks.client import Client, Refused
from tests.benchmarks.driving import driven
from tests.benchmarks.house import House, embedded_house, house_on
from tests.benchmarks.intake import at_once
from tests.benchmarks.loops import SOURCE, submission
from tests.benchmarks.size import Size
from tests.benchmarks.telling import say

EVENTS_A_LOOP = 8
EVERY = 2.0
"""Seconds between two readings."""
WARM_UP = 1 / 3
"""The share of the loops after which the line begins."""
EMBEDDED_SHARE = 5
"""Embedded, one loop for so many on servers."""
UNKNOWN = 404

Reading = tuple[int, float]
"""Events so far, and MB."""


def slope(readings: Sequence[Reading]) -> tuple[float, float]:
    """MB more for every 100,000 events, by least squares after the warm-up; and how far readings lie off the line."""
    last = readings[-1][0]
    late = [(events / 100_000, mb) for events, mb in readings if events >= last * WARM_UP]
    middle, mean = (sum(each) / len(late) for each in zip(*late, strict=True))
    spread = sum((events - middle) ** 2 for events, _ in late)
    rise = sum((events - middle) * (mb - mean) for events, mb in late) / spread if spread else 0.0
    off = sum((mb - mean - rise * (events - middle)) ** 2 for events, mb in late) / len(late)
    return rise, 2 * off**0.5


@asynccontextmanager
async def watched(house: House, loops: Callable[[], int]) -> AsyncIterator[dict[str, list[Reading]]]:
    """Read each process all the while, once at the beginning and once at the end."""
    readings: dict[str, list[Reading]] = {name: [] for name in house.processes}

    def look() -> None:
        for name, process in house.processes.items():
            readings[name].append((loops() * EVENTS_A_LOOP, process.resident_mb()))

    async def keep_looking() -> None:
        while True:
            look()
            await asyncio.sleep(EVERY)

    looking = asyncio.create_task(keep_looking())
    try:
        yield readings
        look()
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def on_servers(servers: Servers, size: Size) -> dict[str, list[Reading]]:
    """Readings of six processes while they close loops."""
    async with (
        house_on(servers) as house,
        driven(house) as driver,
        watched(house, lambda: driver.closed) as readings,
    ):
        await driver.run(size.memory_loops, size.in_flight)
    return readings


class Embedded:
    """Closes loops at the doors of an embedded house alone, there being no bus."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._client = Client(house.origins["intake"])
        self._numbers = count(1)
        self.closed = 0

    async def sign_in(self) -> None:
        """As everyone."""
        names = ("clerk-sq", "coordinator-sq", "officer-zrzy")
        self._clerk, self._coordinator, self._officer = [
            f"Bearer {await self._house.doors.token(name)}" for name in names
        ]

    async def close_one(self) -> None:
        """One loop; it is dispatched as soon as the order is there."""
        number = next(self._numbers)
        given = submission(f"M-{number}", number)
        answer = await self._client.ask_for("/intake/api/submissions", f"Bearer sample-{SOURCE}", given)
        complaint = answer["complaint_id"]
        await self._client.post(f"/intake/api/complaints/{complaint}/triage", self._clerk, {"triage": "refused"})
        while True:
            try:
                await self._order(complaint, "dispatch", self._coordinator, lead="zrzy")
                break
            except Refused as refused:
                if refused.status != UNKNOWN:
                    raise
            await asyncio.sleep(0.02)  # it is on its way from intake
        await self._order(complaint, "reply", self._officer, kind="result", text="已为申请人办结登记并发放证书。")
        await self._order(complaint, "check", self._coordinator, passed=True)
        heard = {"satisfaction": "satisfied", "opinion": "办好了。", "method": "phone", "solved": True}
        await self._order(complaint, "follow-up", self._coordinator, **heard)
        self.closed += 1

    async def _order(self, complaint: str, action: str, who: str, **given: object) -> None:
        await self._client.post(f"/dispatch/api/orders/{complaint}/{action}", who, given)


async def embedded(size: Size) -> dict[str, list[Reading]]:
    """Readings of the embedded house."""
    async with embedded_house() as house:
        loops = Embedded(house)
        await loops.sign_in()
        async with watched(house, lambda: loops.closed) as readings:
            await at_once(max(2, size.memory_loops // EMBEDDED_SHARE), 8, loops.close_one)
    return {"embedded": readings["all"]}


async def run(servers: Servers, size: Size) -> dict[str, dict[str, float]]:
    """By process: MB when started and at the end, MB more for every 100,000 events, and the scatter around that."""
    found = {}
    for name, readings in {**await on_servers(servers, size), **await embedded(size)}.items():
        grown, scatter = slope(readings)
        found[name] = {
            "started_mb": round(readings[0][1], 1),
            "mb": round(readings[-1][1], 1),
            "mb_per_100k_events": round(grown, 1),
            "noise_mb": round(scatter, 1),
        }
        tenths = [readings[round((len(readings) - 1) * tenth / 10)][1] for tenth in range(11)]
        say(f"  {name}: {found[name]} ({len(readings)} readings; by tenths {', '.join(f'{mb:.0f}' for mb in tenths)})")
    return found

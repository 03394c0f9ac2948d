"""`memory`: what each process holds after so many loops, and how much it grows; on servers, and embedded.

Baseline: the same process just started. The slope is a line through the second half of the readings: caches fill at
first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx

from deploy.servers import Servers
from services.cli.play.doors import Doors
from tests.benchmarks.house import House, embedded_house, house_on
from tests.benchmarks.intake import at_once
from tests.benchmarks.lifecycle import driven
from tests.benchmarks.loops import submission
from tests.benchmarks.size import Size
from tests.benchmarks.telling import say

READINGS = 10
EVENTS_A_LOOP = 8
EMBEDDED_SHARE = 10
"""Embedded, one loop for so many on servers."""


def slope(readings: Sequence[float], events: int) -> float:
    """MB more for every 100,000 events, by least squares over the second half of the readings, `events` apart."""
    late = readings[len(readings) // 2 :]
    middle, mean = (len(late) - 1) / 2, sum(late) / len(late)
    spread = sum((place - middle) ** 2 for place in range(len(late)))
    rise = sum((place - middle) * (value - mean) for place, value in enumerate(late))
    return rise / spread / events * 100_000


def _read(house: House) -> dict[str, float]:
    return {name: process.resident_mb() for name, process in house.processes.items()}


async def on_servers(servers: Servers, size: Size) -> dict[str, list[float]]:
    """Readings of six processes while they close loops."""
    async with house_on(servers) as house, driven(house) as driver:
        readings = [_read(house)]
        for _ in range(READINGS):
            await driver.run(max(1, size.memory_loops // READINGS), size.in_flight)
            readings.append(_read(house))
    return {name: [each[name] for each in readings] for name in readings[0]}


async def close_embedded(doors: Doors, number: int) -> None:
    """One loop at the doors alone, there being no bus; everyone waits until the order is there."""
    complaint = (await doors.submit(submission(f"M-{number}", number)))["complaint_id"]
    clerk, coordinator, officer = [
        await doors.token(f"{who}") for who in ("clerk-sq", "coordinator-sq", "officer-zrzy")
    ]
    await doors.complaint(complaint, "triage", clerk, triage="refused")
    url = f"{doors.origins['dispatch']}/dispatch/api/orders/{complaint}"
    known = httpx.codes.NOT_FOUND
    while known == httpx.codes.NOT_FOUND:  # it is on its way from intake
        await asyncio.sleep(0.02)
        known = (await doors.client.get(url, headers={"Authorization": f"Bearer {coordinator}"})).status_code
    await doors.order(complaint, "dispatch", coordinator, lead="zrzy")
    await doors.order(complaint, "reply", officer, kind="result", text="已为申请人办结登记并发放证书。")
    await doors.order(complaint, "check", coordinator, passed=True)
    heard: dict[str, Any] = {"satisfaction": "satisfied", "opinion": "办好了。", "method": "phone", "solved": True}
    await doors.order(complaint, "follow-up", coordinator, **heard)


async def embedded(size: Size) -> dict[str, list[float]]:
    """Readings of the embedded house."""
    numbers = iter(range(1, size.memory_loops + READINGS + 1))
    loops = max(1, size.memory_loops // READINGS // EMBEDDED_SHARE)
    async with embedded_house() as house:
        readings = [_read(house)]
        for _ in range(READINGS):
            await at_once(loops, 4, lambda: close_embedded(house.doors, next(numbers)))
            readings.append(_read(house))
    return {"embedded": [each["all"] for each in readings]}


async def run(servers: Servers, size: Size) -> dict[str, dict[str, float]]:
    """By process: MB when started, at the end, and MB more for every 100,000 events."""
    found = {}
    apart = max(1, size.memory_loops // READINGS) * EVENTS_A_LOOP
    embedded_apart = max(1, size.memory_loops // READINGS // EMBEDDED_SHARE) * EVENTS_A_LOOP
    for name, readings in {**await on_servers(servers, size), **await embedded(size)}.items():
        grown = slope(readings, embedded_apart if name == "embedded" else apart)
        found[name] = {
            "started_mb": round(readings[0], 1),
            "mb": round(readings[-1], 1),
            "mb_per_100k_events": round(grown, 1),
        }
        say(f"  {name}: {found[name]}")
    return found

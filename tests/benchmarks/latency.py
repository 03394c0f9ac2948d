"""`latency`: how long a party waits, at half the rate at which the house is saturated.

Dispatch: from the coordinator's call until the department has read its assignment. Feedback: from a submission on the
bus until the channel has read its answer. Loops begin at a fixed rate, whether earlier ones have ended or not, so that
a slow house does not slow its own clock. Baseline: the same two, one loop at a time, with nothing else going on. Beside
it at a quarter of that rate, which tells what waits for a processor from what waits for something else.
"""

from __future__ import annotations

import asyncio
import time

from deploy.servers import Servers
from tests.benchmarks.driving import driven
from tests.benchmarks.house import house_on
from tests.benchmarks.loops import Driver, Ways
from tests.benchmarks.size import Size
from tests.benchmarks.telling import median, percentile, say

ALONE = 20
NAMES = ("dispatch", "feedback")


async def at_rate(driver: Driver, per_second: float, seconds: float) -> None:
    """Begin loops at this rate for so long, and see them all closed."""
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(max(1, int(per_second * seconds))):
            await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            group.create_task(driver.close_one())


def told(driver: Driver) -> list[list[float]]:
    """Milliseconds measured since it was last asked: dispatch, then feedback."""
    found = [[seconds * 1000 for seconds in each] for each in (driver.to_department, driver.to_channel)]
    driver.to_department, driver.to_channel = [], []
    return found


def _keep(kept: list[list[float]], found: list[list[float]]) -> None:
    for each, now in zip(kept, found, strict=True):
        each += now


async def run(servers: Servers, size: Size) -> dict[str, float]:
    """Of both, and the worse of the two at half the rate of saturation, which is measured just before."""
    async with house_on(servers) as house, driven(house, Ways(submit="bus")) as driver:
        await driver.run(size.warm_up, size.in_flight)
        saturated = median([(await driver.run(size.loops, size.in_flight)).per_second for _ in range(size.rounds)])
        half: list[list[float]] = [[], []]
        quarter: list[list[float]] = [[], []]
        alone: list[list[float]] = [[], []]
        for _ in range(size.rounds):
            told(driver)
            for _ in range(ALONE // size.rounds):
                await driver.close_one()
            _keep(alone, told(driver))
            await at_rate(driver, saturated / 2, size.seconds_at_half / size.rounds)
            _keep(half, told(driver))
            await at_rate(driver, saturated / 4, size.seconds_at_half / size.rounds)
            _keep(quarter, told(driver))
        for name, at_half, by_itself in zip(NAMES, half, alone, strict=True):
            say(
                f"  {name}: p50 {median(at_half):.0f} ms, p99 {percentile(at_half, 99):.0f} ms at "
                f"{saturated / 2:.1f} loops/s; alone p50 {median(by_itself):.0f} ms ({len(at_half)} measured)"
            )
    found = {"at_per_s": round(saturated / 2, 1)}
    for name, each, by_itself in zip(NAMES, half, alone, strict=True):
        found |= {f"{name}_p50_ms": round(median(each), 1), f"{name}_p99_ms": round(percentile(each, 99), 1)}
        found |= {f"{name}_alone_ms": round(median(by_itself), 1)}
        found |= {f"{name}_ratio": round(median(each) / median(by_itself), 1)}
    found |= {f"{name}_quarter_ms": round(median(each), 1) for name, each in zip(NAMES, quarter, strict=True)}
    return found | {f"{which}_ms": max(found[f"{name}_{which}_ms"] for name in NAMES) for which in ("p50", "p99")}

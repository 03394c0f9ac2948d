"""`lifecycle`: whole closed loops a second, everything on this machine.

From submitting over HTTP to zeroed, with ledger and notifications, until the whole house is quiet: see `loops`. What is
told is the better of two arrangements, the services as six processes and as one.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from deploy.servers import Servers
from shared.ids import new_id
from tests.benchmarks.house import SEPARATE, TOGETHER, House, house_on, plain
from tests.benchmarks.load import Plan, load
from tests.benchmarks.loops import Driver, Run, Ways
from tests.benchmarks.machine import cpu_seconds_below
from tests.benchmarks.patterns import read_patterns
from tests.benchmarks.size import Size
from tests.benchmarks.telling import median, say, shares
from tests.benchmarks.watch import Watch

PATTERNS = 40
"""How many real loops the others are copied from."""
ARRANGEMENTS = {"six processes": SEPARATE, "one process": TOGETHER}


@dataclass(frozen=True)
class Measured:
    """One arrangement's runs."""

    name: str
    runs: list[Run]

    @property
    def per_second(self) -> float:
        """The median of the runs."""
        return median([run.per_second for run in self.runs])

    @property
    def events(self) -> float:
        """Events announced for one loop."""
        return round(self.runs[0].traffic.events / self.runs[0].loops, 2)

    @property
    def deliveries(self) -> float:
        """Deliveries of them taken for one loop."""
        return round(self.runs[0].traffic.deliveries / self.runs[0].loops, 2)


@asynccontextmanager
async def driven(house: House, ways: Ways | None = None) -> AsyncIterator[Driver]:
    """A driver for this house."""
    async with Watch(house.dsn) as watch, Driver(house, watch, ways) as driver:
        yield driver


async def measure(driver: Driver, servers: Servers, size: Size, name: str) -> Run:
    """Run the loops once, and say what they cost whom."""
    before = _servers_cpu(servers)
    run = await driver.run(size.loops, size.in_flight)
    server_cpu = {name: after - before[name] for name, after in _servers_cpu(servers).items()}
    say(f"  {name}: {run.per_second:.1f} loops/s; house {shares(run.house_cpu, run.loops)}")
    say(f"    servers {shares(server_cpu, run.loops)}; driver {shares({'driver': run.driver_cpu}, run.loops)}")
    if run.turned_away:
        say(f"    {run.turned_away} requests were answered 503 and asked again")
    return run


async def empty(servers: Servers, size: Size, arrangement: str) -> Measured:
    """In one arrangement, in an empty store."""
    async with house_on(servers, ARRANGEMENTS[arrangement]) as house, driven(house) as driver:
        await driver.run(size.warm_up, size.in_flight)
        return Measured(arrangement, [await measure(driver, servers, size, arrangement) for _ in range(size.rounds)])


async def preload(servers: Servers, size: Size, name: str) -> str:
    """A database with many closed complaints behind it; its URL."""
    database = await asyncio.to_thread(servers.new_database, name)
    async with house_on(servers, TOGETHER, database) as house, driven(house) as driver:
        since = new_id()
        await driver.run(PATTERNS, size.in_flight)
        patterns = await read_patterns(house.dsn, await driver.watch.closed(since))
    seconds = await load(plain(database), patterns, Plan(size.preloaded))
    say(f"  {size.preloaded} closed complaints loaded in {seconds:.0f} s")
    return database


async def beside(servers: Servers, size: Size, arrangement: str) -> tuple[Measured, Measured]:
    """A house with an empty store and one with many closed complaints, alternating."""
    name = f"bench_{os.getpid()}_preloaded"
    try:
        database = await preload(servers, size, name)
        async with AsyncExitStack() as stack:
            drivers = {}
            for key, given in (("empty", None), ("preloaded", database)):
                house = await stack.enter_async_context(house_on(servers, ARRANGEMENTS[arrangement], given))
                drivers[key] = await stack.enter_async_context(driven(house))
                await drivers[key].run(size.warm_up, size.in_flight)
            runs: dict[str, list[Run]] = {key: [] for key in drivers}
            for _ in range(size.rounds):
                for key, driver in drivers.items():
                    runs[key].append(await measure(driver, servers, size, key))
        return Measured("empty", runs["empty"]), Measured("preloaded", runs["preloaded"])
    finally:
        await asyncio.to_thread(servers.postgres.drop_database, name)


def _servers_cpu(servers: Servers) -> dict[str, float]:
    return {
        server.name: sum(cpu_seconds_below(process.pid) for process in server.record.processes.values())
        for server in servers.servers
    }


async def run(servers: Servers, size: Size) -> dict[str, float]:
    """Measure both arrangements, then the better one beside itself with many complaints behind it."""
    found = [await empty(servers, size, arrangement) for arrangement in ARRANGEMENTS]
    for each in found:
        say(f"{each.name}: {each.per_second:.1f} loops/s, {each.events} events, {each.deliveries} deliveries")
    best = max(found, key=lambda each: each.per_second)
    say(f"lifecycle: {best.per_second:.1f} closed loops/s as {best.name}")
    none, many = await beside(servers, size, best.name)
    say(f"empty {none.per_second:.1f} loops/s; with {size.preloaded} closed complaints {many.per_second:.1f}")
    return {
        "per_s": round(best.per_second, 1),
        "at_1m_ratio": round(many.per_second / none.per_second, 2),
        "events": best.events,
        "deliveries": best.deliveries,
    }

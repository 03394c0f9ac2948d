"""`lifecycle`: whole closed loops a second, everything on this machine.

From submitting over HTTP to zeroed, with ledger and notifications, until the whole house is quiet: see `loops`. What is
told is the better of two arrangements, the services as six processes and as one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from deploy.servers import Servers
from tests.benchmarks.house import SEPARATE, TOGETHER, House, house_on
from tests.benchmarks.loops import Driver, Run, Ways
from tests.benchmarks.machine import cpu_seconds_below
from tests.benchmarks.size import Size
from tests.benchmarks.telling import median, say, shares
from tests.benchmarks.watch import Watch

ARRANGEMENTS = {"six processes": SEPARATE, "one process": TOGETHER}


@dataclass(frozen=True)
class Measured:
    """One arrangement's runs."""

    arrangement: str
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


async def measure(servers: Servers, size: Size, arrangement: str, database: str | None = None) -> Measured:
    """Run the loops in one arrangement."""
    async with house_on(servers, ARRANGEMENTS[arrangement], database) as house, driven(house) as driver:
        await driver.run(size.warm_up, size.in_flight)
        runs = []
        for _ in range(size.rounds):
            before = _servers_cpu(servers)
            run = await driver.run(size.loops, size.in_flight)
            server_cpu = {name: after - before[name] for name, after in _servers_cpu(servers).items()}
            runs.append(run)
            say(f"  {arrangement}: {run.per_second:.1f} loops/s; house {shares(run.house_cpu, run.loops)}")
            say(f"    servers {shares(server_cpu, run.loops)}; driver {shares({'driver': run.driver_cpu}, run.loops)}")
    return Measured(arrangement, runs)


def _servers_cpu(servers: Servers) -> dict[str, float]:
    return {
        server.name: sum(cpu_seconds_below(process.pid) for process in server.record.processes.values())
        for server in servers.servers
    }


async def run(servers: Servers, size: Size) -> dict[str, float]:
    """Measure both arrangements; the better one's figures."""
    found = [await measure(servers, size, arrangement) for arrangement in ARRANGEMENTS]
    for each in found:
        say(f"{each.arrangement}: {each.per_second:.1f} loops/s, {each.events} events, {each.deliveries} deliveries")
    best = max(found, key=lambda each: each.per_second)
    say(f"lifecycle: {best.per_second:.1f} closed loops/s as {best.arrangement}")
    return {"per_s": round(best.per_second, 1), "events": best.events, "deliveries": best.deliveries}

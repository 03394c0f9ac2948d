"""`lifecycle`: whole closed loops a second, everything on this machine.

From submitting over HTTP to zeroed, with ledger and notifications, until the whole house is quiet: see `loops`. What is
told is the better of two arrangements, the services as six processes and as one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from deploy.servers import Servers
from tests.benchmarks.driving import driven
from tests.benchmarks.history import history
from tests.benchmarks.house import SEPARATE, TOGETHER, house_on
from tests.benchmarks.loops import Driver, Run
from tests.benchmarks.machine import servers_cpu_seconds
from tests.benchmarks.size import Size
from tests.benchmarks.telling import median, say, shares

ARRANGEMENTS = {"six processes": SEPARATE, "one process": TOGETHER}


@dataclass(frozen=True)
class Measured:
    """One house's runs."""

    name: str
    runs: list[Run] = field(default_factory=list)

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

    @property
    def cpu_ms(self) -> float:
        """Processor milliseconds of the house, for one loop."""
        return round(median([sum(run.house_cpu.values()) / run.loops * 1000 for run in self.runs]), 1)

    @property
    def servers_cpu_ms(self) -> float:
        """The same of RabbitMQ, PostgreSQL and Redis."""
        return round(median([sum(run.servers_cpu.values()) / run.loops * 1000 for run in self.runs]), 1)

    def told(self) -> str:
        """A line."""
        return (
            f"{self.name}: {self.per_second:.1f} loops/s, {self.events} events, {self.deliveries} deliveries; "
            f"{self.cpu_ms} ms cpu each in the house, {self.servers_cpu_ms} in the servers"
        )


@asynccontextmanager
async def driver_of(servers: Servers, size: Size, arrangement: str, database: str | None) -> AsyncIterator[Driver]:
    """A house and its driver, warmed up."""
    async with house_on(servers, ARRANGEMENTS[arrangement], database) as house, driven(house) as driver:
        await driver.run(size.warm_up, size.in_flight)
        yield driver


async def once(driver: Driver, servers: Servers, size: Size, into: Measured) -> None:
    """Run the loops once, and say what they cost whom."""
    before = servers_cpu_seconds(servers)
    run = await driver.run(size.loops, size.in_flight)
    for name, after in servers_cpu_seconds(servers).items():
        run.servers_cpu[name] = after - before[name]
    into.runs.append(run)
    say(f"  {into.name}: {run.per_second:.1f} loops/s; house {shares(run.house_cpu, run.loops)}")
    say(f"    servers {shares(run.servers_cpu, run.loops)}; driver {shares({'driver': run.driver_cpu}, run.loops)}")
    if run.turned_away:
        say(f"    {run.turned_away} requests were answered 503 and asked again")


async def alternating(
    servers: Servers, size: Size, houses: Sequence[tuple[str, str, str | None]]
) -> dict[str, Measured]:
    """Houses side by side: each its name, its arrangement and the database it has, measured by turns."""
    found = {name: Measured(name) for name, *_ in houses}
    async with AsyncExitStack() as stack:
        drivers = {
            name: await stack.enter_async_context(driver_of(servers, size, arrangement, database))
            for name, arrangement, database in houses
        }
        for _ in range(size.rounds):
            for name, driver in drivers.items():
                await once(driver, servers, size, found[name])
    for each in found.values():
        say(each.told())
    return found


async def run(servers: Servers, size: Size) -> dict[str, float | str]:
    """Measure both arrangements, then the better one beside itself with many complaints behind it."""
    found = await alternating(servers, size, [(name, name, None) for name in ARRANGEMENTS])
    best = max(found.values(), key=lambda each: each.per_second)
    figures: dict[str, float | str] = {
        "per_s": round(best.per_second, 1),
        "as": best.name,
        "events": best.events,
        "deliveries": best.deliveries,
        "cpu_ms": best.cpu_ms,
        "servers_cpu_ms": best.servers_cpu_ms,
    }
    say(f"lifecycle: {best.per_second:.1f} closed loops/s as {best.name}")
    database = await history(servers, size.preloaded, f"history_{size.preloaded}")
    two = await alternating(servers, size, [("empty", best.name, None), ("preloaded", best.name, database)])
    figures["at_1m_per_s"] = round(two["preloaded"].per_second, 1)
    figures["beside_1m_per_s"] = round(two["empty"].per_second, 1)
    turns = zip(two["preloaded"].runs, two["empty"].runs, strict=True)  # the machine is not the same from turn to turn
    figures["at_1m_ratio"] = round(median([loaded.per_second / empty.per_second for loaded, empty in turns]), 2)
    return figures

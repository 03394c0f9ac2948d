"""`sweep`: rungs of the ladder fired durably a second, however many clocks are open, and what finding them costs.

A rung has fired when dispatch has it in a committed row: sla finds the clock and asks, dispatch decides and records.
Baseline: `escalate_tickets` of django-helpdesk over as many open tickets, of which as many are due. What finding costs
is measured by itself: sla's own query and what it loads, in transactions that are undone, by turns among all clocks and
in a copy of the tables from when they were few.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.servers import Servers
from services.sla import store as sla
from shared.db import Store, lay_foundations, role_of
from shared.ids import new_id
from shared.settings import Settings
from shared.workdays import CHINA
from tests.benchmarks.driving import driven
from tests.benchmarks.helpdesk import Helpdesk, helpdesk_on
from tests.benchmarks.house import House, house_on
from tests.benchmarks.load import Plan, load
from tests.benchmarks.loops import Driver
from tests.benchmarks.patterns import Pattern, read_patterns
from tests.benchmarks.size import Size
from tests.benchmarks.telling import median, say

FOUND_AT_ONCE = 500
LOOKS = 20
ESCALATED = 1_000
"""Helpdesk escalates one ticket after the other: more of them take longer, and tell no more."""
FIRED_WITHIN = 600
NAMED_BEFORE = timedelta(seconds=2)
"""How long before their instant the clocks are given it: sla has to learn what is next."""
FEW = "sla_few"
"""The schema of the copy."""
_DUE = "UPDATE {schema}.clocks SET next_fire_at = {at}, rung_at = {at} WHERE {which}"


@dataclass
class Sweep:
    """A house full of open clocks, and helpdesk beside it."""

    house: House
    driver: Driver
    helpdesk: Helpdesk | None
    connection: asyncpg.Connection
    patterns: list[Pattern] = field(default_factory=list)
    copied: int = 0

    async def open_clocks(self, wanted: int) -> None:
        """Clocks that run and are not due for days, until there are so many; of orders that only sla needs to know."""
        columns = await self.connection.fetch(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'sla' AND table_name = 'clocks'"
        )
        own = ("complaint_id", "next_fire_at", "rung_at", "due_at")
        listed = ", ".join(f'"{row[0]}"' for row in columns if row[0] not in own)
        there = await self.connection.fetchval("SELECT count(*) FROM sla.clocks WHERE complaint_id LIKE 'open-%'")
        first, last = there + 1, wanted
        await self.connection.execute(
            f"INSERT INTO sla.orders (complaint_id) SELECT 'open-' || n FROM generate_series({first}, {last}) n"
        )
        await self.connection.execute(
            f"INSERT INTO sla.clocks (complaint_id, next_fire_at, rung_at, due_at, {listed}) "
            f"SELECT 'open-' || n, later.at, later.at, later.at + interval '1 day', {listed} "
            f"FROM generate_series({first}, {last}) n, "
            "LATERAL (SELECT now() + interval '2 days' + (n % 40000) * interval '1 minute' AS at) later, "
            "(SELECT * FROM sla.clocks WHERE next_rung = 'urged' LIMIT 1) one"
        )
        assert await self.connection.fetchval("SELECT count(*) FROM sla.clocks WHERE next_rung = 'urged'") >= wanted
        await self.connection.execute("VACUUM (ANALYZE) sla.clocks")

    async def fire(self, due: int) -> float:
        """Let so many clocks of whole orders fall due at one instant; rungs a second from there on."""
        await load(self.house.dsn, self.patterns, Plan(due, first=self.copied + 1, years=0))
        self.copied += due
        since, before = new_id(), await self._fired()
        declined = await self.driver.open_declined()
        instant = datetime.now(CHINA) + NAMED_BEFORE
        urged = f"next_rung = 'urged' AND complaint_id NOT LIKE 'open-%' AND complaint_id <> '{declined}'"
        status = await self.connection.execute(_DUE.format(schema="sla", at=f"'{instant.isoformat()}'", which=urged))
        expected = int(status.split()[-1])
        # sla looks what is next when a clock is lifted, and then sleeps until this instant.
        await self.driver.uphold(declined)
        await self._until_fired(before + expected)
        rate = expected / (datetime.now(CHINA) - instant).total_seconds()
        await self.driver.watch.until_quiet(since)
        # Gone when counted: the next round finds as many open as this one did.
        await self.connection.execute(
            "DELETE FROM sla.clocks WHERE next_rung = 'supervised' AND complaint_id NOT LIKE 'open-%'"
        )
        if (fired := await self._fired() - before) != expected or await self.driver.watch.parked():
            raise AssertionError(f"{expected} due, {fired} fired, {await self.driver.watch.parked()} parked")
        return rate

    async def _until_fired(self, rungs: int) -> None:
        async with asyncio.timeout(FIRED_WITHIN):
            while await self._fired() < rungs:  # noqa: ASYNC110 - in another process
                await asyncio.sleep(0.02)

    async def _fired(self) -> int:
        return int(await self.connection.fetchval("SELECT count(*) FROM dispatch.rungs"))

    async def keep_few(self) -> None:
        """Copy sla's clocks and their orders as they are now: what finding costs among all is held against these."""
        await lay_foundations(self.house.database_url, FEW)
        for table in ("orders", "clocks"):
            await self.connection.execute(f"CREATE TABLE {FEW}.{table} (LIKE sla.{table} INCLUDING ALL)")
            await self.connection.execute(f"INSERT INTO {FEW}.{table} SELECT * FROM sla.{table}")
            await self.connection.execute(f"ALTER TABLE {FEW}.{table} OWNER TO {role_of(FEW)}")
            await self.connection.execute(f"VACUUM (ANALYZE) {FEW}.{table}")

    async def finding(self, due: int) -> tuple[float, float]:
        """Milliseconds to find what is due among all clocks and among the few: medians, by turns, undone."""
        took: dict[str, list[float]] = {"sla": [], FEW: []}
        async with AsyncExitStack() as stack:
            sessions = {schema: await stack.enter_async_context(self._due_in(schema, due)) for schema in took}
            for _ in range(LOOKS):
                for schema, session in sessions.items():
                    session.expunge_all()
                    began = time.perf_counter()
                    found = await sla.clocks_to_fire(session, datetime.now(CHINA) - timedelta(seconds=1), FOUND_AT_ONCE)
                    took[schema].append((time.perf_counter() - began) * 1000)
                    assert len(found) == min(due, FOUND_AT_ONCE)
        await self.connection.execute("VACUUM sla.clocks")
        return median(took["sla"]), median(took[FEW])

    @asynccontextmanager
    async def _due_in(self, schema: str, due: int) -> AsyncIterator[AsyncSession]:
        """A session that sees so many clocks due, and nobody else does."""
        store = Store(schema, Settings(database_url=self.house.database_url))
        few = f"SELECT complaint_id FROM {schema}.clocks WHERE complaint_id LIKE 'open-%' LIMIT {due}"
        due_now = _DUE.format(schema=schema, at="now() - interval '1 minute'", which=f"complaint_id IN ({few})")
        try:
            async with store.sessions() as session:
                await session.execute(text(due_now))
                yield session
                await session.rollback()
        finally:
            await store.close()

    async def baseline(self, due: int) -> float:
        """Helpdesk's escalations a second."""
        assert self.helpdesk
        await self.helpdesk.let_fall_due(due)
        seconds, escalated = await self.helpdesk.escalate()
        assert escalated == due, (escalated, due)
        return due / seconds


async def run(servers: Servers, size: Size) -> dict[str, float]:
    """Measure at each number of open clocks, alternating."""
    rates: dict[tuple[int, int], list[float]] = {}
    base: dict[tuple[int, int], list[float]] = {}
    figures: dict[str, float] = {}
    async with helpdesk_on(servers) as helpdesk, house_on(servers) as house, driven(house) as driver:
        connection = await asyncpg.connect(house.dsn)
        sweep = Sweep(house, driver, helpdesk, connection)
        await helpdesk.submit_one()
        opened = [await driver.open_one() for _ in range(4)]
        await driver.watch.until_quiet(opened[0][0])
        sweep.patterns = await read_patterns(house.dsn, [complaint_id for complaint_id, _ in opened])
        for open_clocks in size.open_clocks:
            await sweep.open_clocks(open_clocks)
            await helpdesk.fill(open_clocks)
            if open_clocks == size.open_clocks[0]:
                await sweep.keep_few()
            finding, among_few = await sweep.finding(size.due_clocks[0])
            growth = finding / among_few
            figures |= {f"finding_ms_{open_clocks}": round(finding, 2), f"growth_{open_clocks}": round(growth, 2)}
            for due in size.due_clocks:
                for _ in range(size.rounds):
                    rates.setdefault((open_clocks, due), []).append(await sweep.fire(due))
                    base.setdefault((open_clocks, due), []).append(await sweep.baseline(min(due, ESCALATED)))
                ours, theirs = median(rates[open_clocks, due]), median(base[open_clocks, due])
                figures[f"per_s_{open_clocks}_{due}"] = round(ours)
                figures[f"helpdesk_per_s_{open_clocks}_{due}"] = round(theirs)
                say(f"  {open_clocks} open, {due} due: {ours:.0f} rungs/s; helpdesk {theirs:.0f}")
            say(f"  {open_clocks} open: what is due is found in {finding:.2f} ms; beside it among few {among_few:.2f}")
        await connection.close()
    return figures | {
        "per_s": round(ours),
        "helpdesk_per_s": round(theirs),
        "ratio": round(ours / theirs, 2),
        "growth_1m_vs_10k": round(growth, 2),
        "finding_ms": round(finding, 2),
        "finding_few_ms": round(among_few, 2),
    }

"""A fast, seeded loader: a house's database as it looks after so many closed complaints.

Others are copied from a few real ones (`patterns`), spread over the years before. What a service keeps for ever is
there for each; claims are there for a month and sent messages for a week, as `shared.messaging.outbox.prune` leaves
them: a house of that age has no others. An empty house is filled as a dump is restored, by one transaction a service:
its tables emptied in it, so that PostgreSQL may write rows frozen and, where `wal_level` is minimal, without its log;
indexes dropped first and built at the end.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import asyncpg

from shared.messaging.outbox import KEPT_CLAIMS, KEPT_SENT
from shared.settings import SERVICES
from shared.workdays import CHINA
from tests.benchmarks.gaps import Copy, Moved
from tests.benchmarks.patterns import KERNEL, Pattern, Table
from tests.benchmarks.telling import say
from tests.benchmarks.words import Words

YEARS = 5
AT_ONCE = 3_000
"""Complaints in one copying."""
BULK = 10_000
"""So many are loaded as a dump is; the house has to be empty."""
WEEK = 7

Rows = dict[Table, list[bytes]]
Planned = tuple[int, int]
"""How many days earlier than its pattern, and which pattern."""


@dataclass(frozen=True)
class Plan:
    """What to load: so many complaints, the first with this number, spread over so many years until today."""

    complaints: int
    first: int = 1
    years: float = YEARS
    seed: int = 1

    def drawn(self, patterns: Sequence[Pattern]) -> list[list[Planned]]:
        """Every complaint in the order of its day, a week in each list.

        In whole weeks, so that what was on a working day is so again, but for holidays; none ends after today.
        """
        chance, today, days = random.Random(self.seed), datetime.now(CHINA).date(), int(self.years * 365)
        found: list[tuple[date, int, int]] = []
        for n in range(self.complaints):
            place = chance.randrange(len(patterns))
            original = patterns[place].original
            earlier = (original.closed_on - today).days + (days - n * days // self.complaints)
            told = -(-earlier // WEEK) * WEEK if days else earlier
            found.append((original.registered_on - timedelta(told), place, told))
        found.sort()
        weeks = groupby(found, key=lambda each: each[0].toordinal() // WEEK)
        return [[(told, place) for _, place, told in week] for _, week in weeks]


async def load(dsn: str, patterns: Sequence[Pattern], plan: Plan) -> float:
    """Copy complaints into a house at rest; the seconds it took."""
    began = time.perf_counter()
    bulk = plan.complaints >= BULK
    tables = sorted({table for pattern in patterns for table in pattern.rows})
    schemas = [name for name in SERVICES if any(schema == name for schema, _ in tables)]
    given = await _given_numbers(dsn)
    async with asyncio.TaskGroup() as group:
        queues = {schema: asyncio.Queue[Rows | None](2) for schema in schemas}
        for schema, queue in queues.items():
            own = [table for table in tables if table[0] == schema]
            group.create_task(_fill(dsn, own, _until_none(queue), given if schema == "intake" else None, bulk=bulk))
        made, batches = 0, _rows(patterns, plan, given)
        while batch := await asyncio.to_thread(next, batches, None):
            done, rows = batch
            for schema, queue in queues.items():
                await queue.put({table: lines for table, lines in rows.items() if table[0] == schema})
            if done // 100_000 > made // 100_000:
                say(f"  {done} complaints made, {time.perf_counter() - began:.0f} s")
            made = done
        for queue in queues.values():
            await queue.put(None)
    return time.perf_counter() - began


async def _until_none(queue: asyncio.Queue[Rows | None]) -> AsyncIterator[Rows]:
    while (rows := await queue.get()) is not None:
        yield rows


def _rows(patterns: Sequence[Pattern], plan: Plan, given: Counter[tuple[str, int]]) -> Iterator[tuple[int, Rows]]:
    """The rows of all complaints, so many at a time, with how many have been made."""
    chance, n = random.Random(plan.seed), plan.first
    rows: Rows = {}
    for week in plan.drawn(patterns):
        dated = {}
        for told, place in week:
            original = patterns[place].original
            if (told, place) not in dated:
                moved, without = _moved(patterns[place], told)
                dated[told, place] = patterns[place].on(moved, without)
            pattern = dated[told, place]
            year = pattern.moved.registered_on.year
            given[original.center, year] += 1
            copy = Copy(n, given[original.center, year], year, pattern.complaint_id(n), Words.drawn(chance))
            for table, text in pattern.copied(copy):
                rows.setdefault(table, []).append(text)
            n += 1
            if (n - plan.first) % AT_ONCE == 0:
                yield n - plan.first, rows
                rows = {}
    yield n - plan.first, rows


def _moved(pattern: Pattern, told: int) -> tuple[Moved, list[str]]:
    """How its days move, and which tables have forgotten it."""
    original = pattern.original
    registered_on, closed_on = (day - timedelta(told) for day in (original.registered_on, original.closed_on))
    made, kept = (original.made_on - registered_on).days, (original.made_on - closed_on).days
    age = datetime.now(CHINA).date() - closed_on
    gone = [name for name, limit in zip(KERNEL, (KEPT_CLAIMS, KEPT_SENT), strict=True) if age > limit]
    return Moved(told, made, kept, registered_on), gone


async def _fill(
    dsn: str,
    tables: Sequence[Table],
    batches: AsyncIterator[Rows],
    given: Counter[tuple[str, int]] | None,
    *,
    bulk: bool,
) -> None:
    """One service's tables, in one transaction."""
    options = {"timezone": "UTC", "session_replication_role": "replica", "maintenance_work_mem": "256MB"}
    connection = await asyncpg.connect(dsn, server_settings=options)
    lasting = [f'"{schema}"."{table}"' for schema, table in tables if table not in KERNEL]
    try:
        async with connection.transaction():
            indexes = await _empty(connection, tables[0][0], lasting) if bulk and lasting else []
            async for rows in batches:
                for (schema, table), lines in rows.items():
                    await connection.copy_to_table(
                        table, schema_name=schema, source=_chunks(lines), freeze=bulk and table not in KERNEL
                    )
            if given is not None:
                await _keep_numbers(connection, given)
            for definition in indexes:
                await connection.execute(definition)
            for each in lasting:
                await connection.execute(f"ANALYZE {each}")
    finally:
        await connection.close()


async def _chunks(lines: Sequence[bytes]) -> AsyncIterator[bytes]:
    for first in range(0, len(lines), 500):
        yield b"".join(lines[first : first + 500])


async def _empty(connection: asyncpg.Connection[Any], schema: str, tables: Sequence[str]) -> list[str]:
    """Empty tables in which there is nothing; drop what no constraint needs, and return what builds it anew."""
    for table in tables:
        if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table})"):
            raise ValueError(f"{table} has rows: only an empty house is filled with so many")
    await connection.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
    found = await connection.fetch(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = $1 AND NOT EXISTS "
        "(SELECT FROM pg_constraint c WHERE c.conname = i.indexname AND c.connamespace = i.schemaname::regnamespace)"
        " AND format('%I.%I', i.schemaname, i.tablename) = ANY($2)",
        schema,
        [table.replace('"', "") for table in tables],
    )
    for name, _ in found:
        await connection.execute(f'DROP INDEX "{schema}"."{name}"')
    return [definition for _, definition in found]


async def _given_numbers(dsn: str) -> Counter[tuple[str, int]]:
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("SELECT center, year, n FROM intake.counters")
    finally:
        await connection.close()
    return Counter({(center, year): n for center, year, n in rows})


async def _keep_numbers(connection: asyncpg.Connection[Any], given: Counter[tuple[str, int]]) -> None:
    await connection.executemany(
        "INSERT INTO intake.counters (center, year, n) VALUES ($1, $2, $3) "
        "ON CONFLICT (center, year) DO UPDATE SET n = excluded.n",
        [(center, year, n) for (center, year), n in given.items()],
    )

"""A fast, seeded loader: a house's database as it looks after so many closed complaints.

A few complaints are driven through the house; then the others are copied from them (`patterns`), spread over the years
before. As in a house of that age, claims of a month and sent messages of a week are there, older ones are pruned. By
itself, for pages and trials: `python -m tests.benchmarks.loaded`.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg

from shared.messaging.outbox import KEPT_CLAIMS, KEPT_SENT
from shared.settings import SERVICES
from tests.benchmarks.patterns import Copy, Pattern, Table, keys
from tests.benchmarks.telling import say

YEARS = 5
AT_ONCE = 2_000
"""Complaints in one copying."""
BULK = 10_000
"""From so many on, indexes are dropped first and built anew at the end."""
_LINES = 3


@dataclass(frozen=True)
class Plan:
    """What to load: so many complaints, the first with this number, spread over so many years until today."""

    complaints: int
    first: int = 1
    years: float = YEARS
    seed: int = 1

    def days_ago(self, n: int) -> int:
        """When one of them was registered."""
        days = int(self.years * 365)
        return days - (n - self.first) * days // self.complaints


async def load(dsn: str, patterns: Sequence[Pattern], plan: Plan) -> float:
    """Copy complaints into a house at rest; the seconds it took."""
    began = time.perf_counter()
    connections = [
        await asyncpg.connect(
            dsn, server_settings={"timezone": "UTC", "session_replication_role": "replica", "synchronous_commit": "off"}
        )
        for _ in range(_LINES)
    ]
    try:
        indexes = await _drop_indexes(connections[0]) if plan.complaints >= BULK else []
        given = await _given_numbers(connections[0])
        end = plan.first + plan.complaints
        for first in range(plan.first, end, AT_ONCE):
            await _copy_in(connections, _rows(patterns, range(first, min(first + AT_ONCE, end)), plan, given))
            if (first - plan.first) % 100_000 == 0 and first > plan.first:
                say(f"  {first} complaints loaded, {time.perf_counter() - began:.0f} s")
        await _keep_numbers(connections[0], given)
        await asyncio.gather(*(_build(c, indexes[place::_LINES]) for place, c in enumerate(connections)))
        await connections[0].execute("VACUUM (ANALYZE)" if plan.complaints >= BULK else "ANALYZE")
    finally:
        for connection in connections:
            await connection.close()
    return time.perf_counter() - began


def _rows(patterns: Sequence[Pattern], some: range, plan: Plan, given: Counter[int]) -> dict[Table, list[bytes]]:
    chance = random.Random(f"{plan.seed}/{some.start}")
    own = keys()
    tables = sorted({table for pattern in patterns for table in pattern.rows})
    rows: dict[Table, list[bytes]] = {}
    for n in some:
        pattern, days_ago = chance.choice(patterns), plan.days_ago(n)
        day = pattern.registered_on - timedelta(days_ago)
        given[day.year] += 1
        copy = Copy(n, given[day.year], days_ago, day, *own)
        for table, text in pattern.copied(copy, [table for table in tables if _is_kept(table, days_ago)]).items():
            rows.setdefault(table, []).append(text)
    return rows


def _is_kept(table: Table, days_ago: int) -> bool:
    limit = {"inbox": KEPT_CLAIMS, "outbox": KEPT_SENT}.get(table[1])
    return limit is None or days_ago <= limit.days


async def _copy_in(connections: Sequence[asyncpg.Connection[Any]], rows: dict[Table, list[bytes]]) -> None:
    """All tables, the large first, over all connections."""
    waiting = sorted(rows, key=lambda table: sum(map(len, rows[table])))

    async def keep_copying(connection: asyncpg.Connection[Any]) -> None:
        while waiting:
            schema, table = waiting.pop()
            await connection.copy_to_table(table, schema_name=schema, source=_chunks(rows[schema, table]))

    await asyncio.gather(*map(keep_copying, connections))


async def _chunks(lines: Sequence[bytes]) -> Any:
    for first in range(0, len(lines), 200):
        yield b"".join(lines[first : first + 200])


async def _given_numbers(connection: asyncpg.Connection[Any]) -> Counter[int]:
    return Counter(dict(await connection.fetch("SELECT year, n FROM intake.counters WHERE center = 'sq'")))


async def _keep_numbers(connection: asyncpg.Connection[Any], given: Counter[int]) -> None:
    await connection.executemany(
        "INSERT INTO intake.counters (center, year, n) VALUES ('sq', $1, $2) "
        "ON CONFLICT (center, year) DO UPDATE SET n = excluded.n",
        list(given.items()),
    )


async def _drop_indexes(connection: asyncpg.Connection[Any]) -> list[str]:
    """Drop what no constraint needs; the statements that build it anew."""
    found = await connection.fetch(
        "SELECT i.schemaname, i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = ANY($1) AND NOT EXISTS "
        "(SELECT FROM pg_constraint c WHERE c.conname = i.indexname AND c.connamespace = i.schemaname::regnamespace)",
        list(SERVICES),
    )
    for schema, name, _ in found:
        await connection.execute(f'DROP INDEX "{schema}"."{name}"')
    return [definition for _, _, definition in found]


async def _build(connection: asyncpg.Connection[Any], indexes: Sequence[str]) -> None:
    for definition in indexes:
        await connection.execute(definition)

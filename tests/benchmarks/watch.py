"""Looking into the stores from outside, where that costs the house least: who waits for what, what is still under way.

Everything is counted from an identifier on: they sort by time, so that what lay there before costs nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

import asyncpg

from services.__main__ import consumer_of
from shared.messaging.topology import EVENTS, listeners
from shared.settings import SERVICES

GLANCE = 0.02
QUIET_WITHIN = 600
"""Seconds."""


@dataclass(frozen=True)
class Traffic:
    """What has travelled: events announced, deliveries of them taken, messages to partners."""

    events: int
    deliveries: int
    to_partners: int


class Watch:
    """A view of one house's database."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        heard = {name: list(consumer_of(name).handlers) for name in SERVICES}
        self._listeners = {kind: len(services) for kind, services in listeners(heard).items()}
        self._waiting: dict[str, tuple[Collection[str], asyncio.Future[None]]] = {}

    async def __aenter__(self) -> Self:
        self._pool = await asyncpg.create_pool(self._dsn, min_size=1, max_size=2)
        self._task = asyncio.create_task(self._keep_looking())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._pool.close()

    async def until_order(self, complaint_id: str, *states: str) -> None:
        """Wait until dispatch knows this order as one of these; one query looks after all who wait."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[complaint_id] = states, done
        await done

    async def _keep_looking(self) -> None:
        query = "SELECT complaint_id, state FROM dispatch.orders WHERE complaint_id = ANY($1)"
        while True:
            if self._waiting:
                for complaint_id, state in await self._pool.fetch(query, list(self._waiting)):
                    states, done = self._waiting[complaint_id]
                    if state in states:
                        del self._waiting[complaint_id]
                        done.set_result(None)
            await asyncio.sleep(GLANCE)

    async def until_quiet(self, since: str) -> Traffic:
        """Wait until everything announced since has been sent and taken by all who hear it."""
        async with asyncio.timeout(QUIET_WITHIN):
            while True:
                if not await self._unsent():
                    traffic, expected = await self._traffic(since)
                    if traffic.deliveries >= expected:
                        return traffic
                await asyncio.sleep(0.05)

    async def _unsent(self) -> bool:
        look = " OR ".join(f"EXISTS (SELECT FROM {name}.outbox WHERE sent_at IS NULL)" for name in SERVICES)
        return bool(await self._pool.fetchval(f"SELECT {look}"))

    async def _traffic(self, since: str) -> tuple[Traffic, int]:
        announced = " UNION ALL ".join(
            f"SELECT exchange, kind, count(*) FROM {name}.outbox WHERE message_id > $1 GROUP BY 1, 2"
            for name in SERVICES
        )
        taken = " + ".join(
            f"(SELECT count(*) FROM {name}.inbox WHERE event_id > $1 AND event_id < 'a' AND event_id NOT LIKE '%:%')"
            for name in SERVICES
        )
        rows = await self._pool.fetch(announced, since)
        events = [(kind, count) for exchange, kind, count in rows if exchange == EVENTS]
        deliveries = await self._pool.fetchval(f"SELECT {taken}", since)
        traffic = Traffic(
            sum(count for _, count in events),
            deliveries,
            sum(count for exchange, _, count in rows if exchange != EVENTS),
        )
        return traffic, sum(count * self._listeners.get(kind, 0) for kind, count in events)

    async def parked(self) -> int:
        """How many messages some service could not take."""
        return int(
            await self._pool.fetchval(f"SELECT {' + '.join(f'(SELECT count(*) FROM {n}.parked)' for n in SERVICES)}")
        )

    async def closed(self, since: str) -> list[str]:
        """The complaints since that are closed."""
        query = "SELECT complaint_id FROM dispatch.orders WHERE complaint_id > $1 AND final IS NOT NULL"
        return [complaint_id for (complaint_id,) in await self._pool.fetch(query, since)]

    async def registered(self, since: str) -> int:
        """How many complaints intake has registered since."""
        return int(await self._pool.fetchval("SELECT count(*) FROM intake.complaints WHERE id > $1", since))

    async def until_registered(self, complaints: int, since: str) -> None:
        """Wait until so many have been."""
        async with asyncio.timeout(QUIET_WITHIN):
            while await self.registered(since) < complaints:  # noqa: ASYNC110 - in another process
                await asyncio.sleep(GLANCE)

    async def fates(self, since: str) -> dict[str, int]:
        """How the orders since have ended, as dispatch knows it and as the county's ledger shows it."""
        query = """
            SELECT coalesce(o.final, o.state) || '/' || coalesce(l.final, l.state, 'not in the ledger'), count(*)
            FROM dispatch.orders o
            LEFT JOIN intake.ledger_rows l ON l.complaint_id = o.complaint_id AND l.shown_in = 'sq'
            WHERE o.complaint_id > $1 GROUP BY 1
        """
        return {str(row[0]): int(row[1]) for row in await self._pool.fetch(query, since)}

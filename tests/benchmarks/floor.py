"""`floor`: the same hops, rows and commits as one closed loop, by bare aio-pika and asyncpg: the limit.

What the house does by services, here a few lines do: each of a loop's messages is written to an outbox with its rows in
one commit, published with confirms, taken from a quorum queue with a claim and the listener's rows in one commit, and
acknowledged. Batched as the house may batch: what has arrived, up to so many, is one transaction; what is unsent, up to
so many, is published together. No models, no rules, no HTTP. How many rows go with each hop is read from a real loop.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import aio_pika
import asyncpg
from aio_pika.abc import AbstractIncomingMessage

from deploy.servers import Servers
from shared.ids import new_id
from shared.messaging.topology import QUEUE_ARGUMENTS
from tests.benchmarks.house import plain
from tests.benchmarks.lifecycle import driven, house_on
from tests.benchmarks.size import Size
from tests.benchmarks.telling import median, say

SERVICES = ("intake", "dispatch", "sla", "notify", "casebook")
BATCH, RELAYED = 100, 200
STATE = b"x" * 400
"""As long as a row of a service's own is on average."""
BODY = b"x" * 900
_numbers = count(1)

# What a closed loop is: who announces, and who hears it. The first two and the fourth are requests, as are the checks.
EVENTS = (
    ("intake", ("dispatch", "sla", "notify")),  # registered
    ("intake", ("dispatch", "sla", "notify")),  # triaged
    ("dispatch", ("intake", "sla", "notify")),  # dispatched
    ("sla", ("intake", "dispatch", "notify")),  # clock started
    ("dispatch", ("intake", "sla", "notify")),  # replied
    ("dispatch", ("intake", "sla", "notify")),  # checked
    ("dispatch", ("intake", "sla")),  # followed up
    ("dispatch", ("intake", "sla", "notify", "casebook")),  # closed
)
TO_PARTNERS = 6
STEPS = len(EVENTS)


async def _let_go(message: AbstractIncomingMessage) -> None:
    await message.ack()


@dataclass
class _Loop:
    heard: dict[int, int]
    done: asyncio.Future[None]


class Floor:
    """The bare loop in one process."""

    def __init__(self, pool: asyncpg.Pool[Any], channel: aio_pika.abc.AbstractChannel, name: str) -> None:
        self.pool = pool
        self.name = name
        self._exchange = channel.default_exchange
        self._channel = channel
        self._arrived: dict[str, asyncio.Queue[AbstractIncomingMessage]] = {each: asyncio.Queue() for each in SERVICES}
        self._unsent = {each: asyncio.Event() for each in SERVICES}
        self._loops: dict[str, _Loop] = {}
        self._asked: asyncio.Queue[tuple[str, int, asyncio.Future[None]]] = asyncio.Queue()

    async def lay(self) -> None:
        """Tables with the keys and indexes a service's kernel has, and one for everything else."""
        for each in SERVICES:
            await self.pool.execute(
                f"CREATE SCHEMA {each};"
                f"CREATE TABLE {each}.outbox (id text PRIMARY KEY, queue text[], body bytea, sent_at timestamptz);"
                f"CREATE INDEX ON {each}.outbox (id) WHERE sent_at IS NULL;"
                f"CREATE TABLE {each}.inbox (id text PRIMARY KEY, taken_at timestamptz DEFAULT now());"
                f"CREATE INDEX ON {each}.inbox (taken_at);"
                f"CREATE TABLE {each}.state (id text PRIMARY KEY, of text, data bytea);"
                f"CREATE INDEX ON {each}.state (of)"
            )
            await self._channel.declare_queue(self._queue(each), durable=True, arguments=dict(QUEUE_ARGUMENTS))
        await self._channel.declare_queue(self._queue("partner"), durable=True, arguments=dict(QUEUE_ARGUMENTS))

    def _queue(self, service: str) -> str:
        return f"{self.name}.{service}"

    async def announce(self, connection: Any, loops: list[tuple[str, int]]) -> None:
        """The rows of these loops' steps, and one message each, in the announcer's outbox."""
        by_service: dict[str, list[tuple[str, list[str], bytes]]] = {}
        for loop, step in loops:
            service, listeners = EVENTS[step]
            body = f"{loop} {step} ".encode() + BODY
            by_service.setdefault(service, []).append((new_id(), [self._queue(each) for each in listeners], body))
        for service, rows in by_service.items():
            await connection.copy_records_to_table(
                "outbox", schema_name=service, columns=("id", "queue", "body"), records=rows
            )
            self._unsent[service].set()

    async def request(self, loop: str, step: int) -> None:
        """One commit of its own, as a request has."""
        service, _ = EVENTS[step]
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(
                f"INSERT INTO {service}.state VALUES ($1, $2, $3), ($4, $2, $3)", new_id(), loop, STATE, new_id()
            )
            await self.announce(connection, [(loop, step)])
        self._unsent[service].set()

    async def relay(self, service: str) -> None:
        """Publish what is unsent, confirmed, then mark it."""
        while True:
            await self._unsent[service].wait()
            self._unsent[service].clear()
            while True:
                async with self.pool.acquire() as connection, connection.transaction():
                    rows = await connection.fetch(
                        f"SELECT id, queue, body FROM {service}.outbox WHERE sent_at IS NULL ORDER BY id "
                        f"LIMIT {RELAYED} FOR UPDATE SKIP LOCKED"
                    )
                    await asyncio.gather(*(self._publish(row, queue) for row in rows for queue in row["queue"]))
                    ids = [row["id"] for row in rows]
                    await connection.execute(f"UPDATE {service}.outbox SET sent_at = now() WHERE id = ANY($1)", ids)
                if len(rows) < RELAYED:
                    break

    async def _publish(self, row: Any, queue: str) -> None:
        persistent = aio_pika.DeliveryMode.PERSISTENT
        message = aio_pika.Message(row["body"], message_id=row["id"], delivery_mode=persistent)
        await self._exchange.publish(message, queue, mandatory=True)

    async def take(self, service: str) -> None:
        """Take what has arrived in one commit: claims, a row or two each, what follows from it; then acknowledge."""
        arrived = self._arrived[service]
        while True:
            batch = [await arrived.get()]
            while len(batch) < BATCH and not arrived.empty():
                batch.append(arrived.get_nowait())
            heard = [(loop, int(step)) for loop, step, _ in (message.body.split(b" ", 2) for message in batch)]
            async with self.pool.acquire() as connection, connection.transaction():
                claims = [message.message_id for message in batch]
                await connection.execute(
                    f"INSERT INTO {service}.inbox (id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING",
                    claims,
                )
                rows = [(new_id(), loop.decode(), STATE) for loop, _ in heard for _ in range(2)]
                await connection.copy_records_to_table("state", schema_name=service, records=rows)
                await connection.fetch(f"SELECT * FROM {service}.state WHERE of = ANY($1)", [r[1] for r in rows])
                if service == "sla" and (began := [(loop.decode(), 3) for loop, step in heard if step == 2]):
                    await self.announce(connection, began)
                if service == "notify":
                    await self._tell(connection, heard)
            self._unsent["sla"].set()
            self._unsent["notify"].set()
            for message in batch:
                await message.ack()
            for loop, step in heard:
                self._note(loop.decode(), step)

    async def _tell(self, connection: Any, heard: list[tuple[bytes, int]]) -> None:
        rows = [(new_id(), [self._queue("partner")], BODY) for _, step in heard if step != 1]
        await connection.copy_records_to_table(
            "outbox", schema_name="notify", columns=("id", "queue", "body"), records=rows
        )

    def _note(self, loop: str, step: int) -> None:
        held = self._loops[loop]
        held.heard[step] = held.heard.get(step, 0) + 1
        if held.heard[step] == len(EVENTS[step][1]) and not held.done.done():
            held.done.set_result(None)

    async def close_one(self) -> None:
        """One loop; each request waits for what it needs to have been heard."""
        loop = new_id()
        held = self._loops[loop] = _Loop({}, asyncio.get_running_loop().create_future())
        for step in range(STEPS):
            held.done = asyncio.get_running_loop().create_future()
            if step != 3:
                await self.request(loop, step)
            if held.heard.get(step, 0) < len(EVENTS[step][1]):
                await held.done
        del self._loops[loop]

    async def read(self, service: str) -> None:
        """Begin to read a queue."""
        await self._channel.set_qos(200)
        queue = await self._channel.get_queue(self._queue(service))
        if service == "partner":
            await queue.consume(_let_go)
        else:
            await queue.consume(self._arrived[service].put)


@asynccontextmanager
async def floor_on(servers: Servers) -> AsyncIterator[Floor]:
    """The bare loop on these servers, at work."""
    name = f"floor_{os.getpid()}_{next(_numbers)}"
    url = await asyncio.to_thread(servers.new_database, name)
    vhost = await asyncio.to_thread(servers.new_vhost, name)
    try:
        async with (
            asyncpg.create_pool(plain(url), min_size=10, max_size=40) as pool,
            await aio_pika.connect(vhost) as line,
        ):
            floor = Floor(pool, await line.channel(), name)
            await floor.lay()
            for each in (*SERVICES, "partner"):
                await floor.read(each)
            tasks = [asyncio.create_task(work(each)) for each in SERVICES for work in (floor.relay, floor.take)]
            yield floor
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        await asyncio.to_thread(servers.rabbitmq.drop_vhost, name)
        await asyncio.to_thread(servers.postgres.drop_database, name)


async def close(floor: Floor, loops: int, in_flight: int) -> float:
    """Loops a second."""
    left = iter(range(loops))
    began = time.perf_counter()

    async def keep_closing() -> None:
        for _ in left:
            await floor.close_one()

    async with asyncio.TaskGroup() as group:
        for _ in range(in_flight):
            group.create_task(keep_closing())
    return loops / (time.perf_counter() - began)


async def run(servers: Servers, size: Size) -> float:
    """The house's loops a second as a share of the bare loop's; alternating."""
    bare, ours = [], []
    async with floor_on(servers) as floor, house_on(servers) as house, driven(house) as driver:
        await close(floor, size.warm_up, size.in_flight)
        await driver.run(size.warm_up, size.in_flight)
        for _ in range(size.rounds):
            bare.append(await close(floor, size.loops, size.in_flight))
            ours.append((await driver.run(size.loops, size.in_flight)).per_second)
            say(f"  bare: {bare[-1]:.1f} loops/s; the house: {ours[-1]:.1f}")
    say(f"floor: the house {median(ours):.1f} loops/s, a bare loop {median(bare):.1f}")
    return round(median(ours) / median(bare), 2)

"""The bare loop's machinery, as plain as it can be: outbox, relay, inbox, and rows by COPY. See `floor`."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aio_pika
import asyncpg
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange, AbstractIncomingMessage

from shared.ids import new_id
from shared.messaging.topology import QUEUE_ARGUMENTS
from tests.benchmarks.hops import HEARD, HOPS, REPLY, Hop

SERVICES = ("intake", "dispatch", "sla", "notify")
PARTNER, REPLIED = "partner", "reply"
"""Who reads what notify sends; and a department's answer on the bus, which dispatch takes at a door."""
BATCH, RELAYED, HELD = 100, 200, 200
EXCHANGE = "floor"
PARENTS = ("complaints", "orders", "legs")
"""What others refer to is written first."""

_HEARD: dict[tuple[str, str], Hop] = {(hop.service, kind): hop for kind, hops in HEARD.items() for hop in hops}
_HEARD["dispatch", REPLIED] = REPLY
_TO_PARTNERS = tuple(kind for hop in HOPS if hop.service == "notify" for kind in hop.sent)
_KEY = {"complaints": "id"}
"""What names the complaint in intake's table of that name."""


class Loop:
    """One on its way: its rows, and what has been heard of it."""

    def __init__(self, complaint_id: str, rows: dict[tuple[str, str], list[bytes]]) -> None:
        self.complaint_id = complaint_id
        self.rows = rows
        self._heard: set[tuple[str, str]] = set()
        self._waiting: dict[tuple[str, str], asyncio.Future[None]] = {}
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._left = len(_HEARD) + len(_TO_PARTNERS)

    def hears(self, who: str, kind: str) -> None:
        """Note that somebody has heard something."""
        self._heard.add((who, kind))
        self._left -= 1
        if (waiting := self._waiting.pop((who, kind), None)) and not waiting.done():
            waiting.set_result(None)
        if not self._left:
            self._over.set_result(None)

    def fail(self, error: BaseException) -> None:
        """Whoever waits, waits in vain."""
        for waiting in (self._over, *self._waiting.values()):
            if not waiting.done():
                waiting.set_exception(error)

    async def heard(self, who: str, kind: str) -> None:
        """Wait until they have."""
        if (who, kind) not in self._heard:
            self._waiting[who, kind] = asyncio.get_running_loop().create_future()
            await self._waiting[who, kind]

    async def is_over(self) -> None:
        """Wait until everyone has heard everything."""
        await self._over

    def next_rows(self, service: str, table: str, wanted: int) -> list[bytes]:
        """The rows of a table that have not been written yet, in their order."""
        rows = self.rows[service, table]
        return [rows.pop(0) for _ in range(wanted)]


class Bare:
    """Everything between the loops and the servers."""

    def __init__(self, pool: asyncpg.Pool[Any], exchange: AbstractExchange, lengths: Mapping[str, int]) -> None:
        self.loops: dict[str, Loop] = {}
        self._pool = pool
        self._exchange = exchange
        self._lengths = lengths
        self._unsent = {service: asyncio.Event() for service in SERVICES}

    def fail_with(self, task: asyncio.Task[None]) -> None:
        """When a part of the machinery has broken, nobody waits for it."""
        if not task.cancelled() and (error := task.exception()):
            for loop in self.loops.values():
                loop.fail(error)

    async def request(self, loop: Loop, hop: Hop) -> None:
        """One commit of its own, as a request has."""
        async with self._pool.acquire() as connection, connection.transaction():
            await self._write(connection, [(loop, hop)])
        self._unsent[hop.service].set()

    async def reply(self, loop: Loop) -> None:
        """A department's answer on the bus."""
        await self._publish(new_id(), f"{loop.complaint_id} {REPLIED} ".encode() + b"x" * 200, REPLIED)

    async def relay(self, service: str) -> None:
        """Publish what is unsent, confirmed, then mark it."""
        unsent = (
            f"SELECT message_id, kind, body FROM {service}.outbox WHERE sent_at IS NULL ORDER BY message_id "
            f"LIMIT {RELAYED} FOR UPDATE SKIP LOCKED"
        )
        mark = f"UPDATE {service}.outbox SET sent_at = now() WHERE message_id = ANY($1)"
        while True:
            await self._unsent[service].wait()
            self._unsent[service].clear()
            async with self._pool.acquire() as connection, connection.transaction():
                rows = await connection.fetch(unsent)
                await asyncio.gather(*(self._publish(name, body, kind) for name, kind, body in rows))
                await connection.execute(mark, [row["message_id"] for row in rows])
            if len(rows) == RELAYED:
                self._unsent[service].set()

    async def _publish(self, message_id: str, body: bytes, kind: str) -> None:
        persistent = aio_pika.DeliveryMode.PERSISTENT
        message = aio_pika.Message(body, message_id=message_id, delivery_mode=persistent)
        await self._exchange.publish(message, kind, mandatory=True)

    async def take(self, service: str, arrived: asyncio.Queue[AbstractIncomingMessage]) -> None:
        """Take what has arrived in one commit: claims, rows, what follows from them; then acknowledge."""
        claim = (
            f"INSERT INTO {service}.inbox SELECT unnest($1::text[]), now() ON CONFLICT DO NOTHING RETURNING event_id"
        )
        while True:
            batch = [await arrived.get()]
            while len(batch) < BATCH and not arrived.empty():
                batch.append(arrived.get_nowait())
            heard = [message.body.decode().split(" ", 2)[:2] for message in batch]
            doing = [(self.loops[loop], _HEARD[service, kind]) for loop, kind in heard]
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.fetch(claim, [message.message_id for message in batch])
                await self._write(connection, doing)
            self._unsent[service].set()
            await batch[-1].ack(multiple=True)
            for loop, kind in heard:
                self.loops[loop].hears(service, kind)

    async def read_partner(self, message: AbstractIncomingMessage) -> None:
        """Whoever reads what notify sends."""
        await message.ack()
        loop, kind, _ = message.body.decode().split(" ", 2)
        self.loops[loop].hears(PARTNER, kind)

    async def _write(self, connection: Any, doing: Sequence[tuple[Loop, Hop]]) -> None:
        """The rows of these hops, all of one service: table by table."""
        service = doing[0][1].service
        rows: dict[str, list[bytes]] = {}
        changed: dict[str, list[str]] = {}
        sent = []
        for loop, hop in doing:
            for table, wanted in hop.written.items():
                rows.setdefault(table, []).extend(loop.next_rows(service, table, wanted))
            for table in hop.changed:
                changed.setdefault(table, []).append(loop.complaint_id)
            sent += [(loop.complaint_id, kind) for kind in hop.sent]
        for table in sorted(rows, key=_after_its_parents):
            await connection.copy_to_table(table, schema_name=service, source=_source(b"".join(rows[table])))
        for table, ids in changed.items():
            await self._change(connection, service, table, ids)
        if sent:
            await connection.executemany(
                f"INSERT INTO {service}.outbox (message_id, exchange, routing_key, kind, subject, body, made_at) "
                "VALUES ($1, 'floor', $2, $2, $3, $4, now())",
                [(new_id(), kind, loop, self._body(loop, kind)) for loop, kind in sent],
            )

    def _body(self, loop: str, kind: str) -> bytes:
        return f"{loop} {kind} ".encode().ljust(self._lengths[kind], b"x")

    async def _change(self, connection: Any, service: str, table: str, ids: list[str]) -> None:
        """One row of each of these, as often as it is named."""
        if table == "counters":
            await connection.execute("UPDATE intake.counters SET n = n + $1", len(ids))
            return
        key = _KEY.get(table, "complaint_id")
        change = (
            f"UPDATE {service}.{table} SET {key} = {key} WHERE ctid = ANY(ARRAY("
            f"SELECT DISTINCT ON ({key}) ctid FROM {service}.{table} WHERE {key} = ANY($1))) RETURNING *"
        )
        await connection.fetch(change, ids)


def _after_its_parents(table: str) -> int:
    return PARENTS.index(table) if table in PARENTS else len(PARENTS)


async def _source(text: bytes) -> AsyncIterator[bytes]:
    yield text


@asynccontextmanager
async def connected(dsn: str, line: AbstractConnection, lengths: Mapping[str, int]) -> AsyncIterator[Bare]:
    """The machinery at work: a queue for each service and one for the partners, bound to what they hear.

    Messages are as long as `lengths` says.
    """
    async with asyncpg.create_pool(dsn, min_size=10, max_size=40, server_settings={"timezone": "UTC"}) as pool:
        channel = await line.channel()
        exchange = await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.DIRECT, durable=True)
        work = Bare(pool, exchange, lengths)
        tasks = []
        for service in SERVICES:
            arrived: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
            kinds = [kind for who, kind in _HEARD if who == service]
            await _consume(await line.channel(), service, kinds, arrived.put)
            tasks += [asyncio.create_task(each) for each in (work.relay(service), work.take(service, arrived))]
        await _consume(await line.channel(), PARTNER, sorted(set(_TO_PARTNERS)), work.read_partner)
        for task in tasks:
            task.add_done_callback(work.fail_with)
        try:
            yield work
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _consume(channel: AbstractChannel, name: str, kinds: Sequence[str], take: Any) -> None:
    await channel.set_qos(HELD)
    queue = await channel.declare_queue(f"floor.{name}", durable=True, arguments=dict(QUEUE_ARGUMENTS))
    for kind in Counter(kinds):
        await queue.bind(EXCHANGE, kind)
    await queue.consume(take)

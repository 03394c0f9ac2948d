"""The rig's own ways to the broker, past all lines: partners' voices, partners' ears, and a witness of every event."""

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any

import aio_pika
import orjson
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue
from aio_pika.connection import Connection, make_url

from shared.messaging import topology
from shared.messaging.line import answered, within

WITNESS = "chaos.witness"
"""A durable classic queue: unlike a quorum queue it forgets, when killed, what was not sent as persistent."""
ANSWERS_WITHIN = 20.0
"""Seconds; a connection that has ended unnoticed never answers."""
PARTNERS = (
    *(f"feedback.{source}" for source in ("window", "hotline-12345", "governance-center", "web")),
    *(f"department.sq.{code}" for code in ("zrzy", "scjg", "zjj")),
    "supervision.sq",
    "government.sq",
)


@contextlib.asynccontextmanager
async def connected(url: str) -> AsyncIterator[Connection]:
    """A connection that does not mend itself: whoever uses it sees it break."""
    connection = Connection(make_url(url), client_properties={"connection_name": "chaos"})
    try:
        async with asyncio.timeout(10):
            await connection.connect()
        yield connection
    finally:
        await within(2, connection.close())


async def declare(url: str) -> None:
    """The witness, and the partners' queues that notify would open later."""
    async with connected(url) as connection:
        channel = await connection.channel()
        for name in topology.EXCHANGES:
            await channel.declare_exchange(name, aio_pika.ExchangeType.TOPIC, durable=True)
        for name in PARTNERS:
            queue = await channel.declare_queue(name, durable=True, arguments=dict(topology.QUEUE_ARGUMENTS))
            await queue.bind(topology.PARTNERS, name)
        await (await channel.declare_queue(WITNESS, durable=True)).bind(topology.EVENTS, "#")


async def waiting(channel: AbstractChannel, names: Iterable[str]) -> int:
    """How many messages lie in these queues."""
    queues = [await channel.declare_queue(name, passive=True) for name in names]
    return sum(queue.declaration_result.message_count or 0 for queue in queues)


class Voice:
    """Sends what partners send, until the broker has confirmed it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opening = asyncio.Lock()
        self._turns = asyncio.Semaphore(50)
        self._held: tuple[Connection, AbstractChannel] | None = None

    async def say(self, exchange: str, key: str, body: bytes, message_id: str | None = None) -> None:
        """Publish this, persistent and confirmed; tried again until it is."""
        message = aio_pika.Message(body, message_id=message_id, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        async with self._turns:
            while not await self._said(exchange, key, message):  # noqa: ASYNC110 - the broker sets no event of ours
                await asyncio.sleep(0.3)

    async def _said(self, exchange: str, key: str, message: aio_pika.Message) -> bool:
        held = None
        try:
            async with asyncio.timeout(10):
                with answered():
                    held = await self._open()
                    to = held[1].default_exchange
                    if exchange:
                        to = await held[1].get_exchange(exchange, ensure=False)
                    await to.publish(message, key, mandatory=True)
        except Exception:
            if held and held is self._held:
                await self.hang_up()
            return False
        return True

    async def hang_up(self) -> None:
        """Close; the next word opens it anew."""
        held, self._held = self._held, None
        if held:
            await within(2, held[0].close())

    async def _open(self) -> tuple[Connection, AbstractChannel]:
        async with self._opening:
            if self._held is None or self._held[1].is_closed:
                await self.hang_up()
                connection = Connection(make_url(self._url), client_properties={"connection_name": "chaos voice"})
                await connection.connect()
                self._held = connection, await connection.channel(on_return_raises=True)
            return self._held


class Ears:
    """Reads the partners' queues and the witness; remembers each message once, however often it is delivered."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.heard: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        """By queue, then by message id."""
        self.witnessed: set[str] = set()
        self.recent: deque[tuple[str, bytes]] = deque(maxlen=300)
        """The events witnessed last, each with its full type."""
        self.unrepeated: deque[tuple[str, bytes]] = deque(maxlen=1000)
        """Those that the echo has not said again yet."""
        self.witness_sleeps = False
        self.answers: dict[str, dict[str, Any]] = {}
        """What a channel was told about a message it sent over the bus, by that message's id."""
        self._awaited: dict[str, asyncio.Event] = {}

    async def news_of(self, complaint: str, patience: float) -> None:
        """Wait until something has happened to it, or so many seconds."""
        news = self._awaited[complaint] = asyncio.Event()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await news.wait()
        self._awaited.pop(complaint, None)

    async def listen(self) -> None:
        """Until cancelled; each time the connection breaks, on a new one."""
        while True:
            with contextlib.suppress(Exception):
                async with connected(self._url) as connection:
                    await self._read(connection)
            await asyncio.sleep(0.5)

    async def _read(self, connection: Connection) -> None:
        closed = asyncio.Event()
        connection.close_callbacks.add(lambda *_: closed.set())
        async with asyncio.timeout(ANSWERS_WITHIN):
            channel = await connection.channel()
            await channel.set_qos(prefetch_count=200)
        for name in PARTNERS:
            await self._attend(channel, name, self._partner(name))
        witness: tuple[AbstractQueue, str] | None = None
        while not closed.is_set():
            if self.witness_sleeps and witness:
                async with asyncio.timeout(ANSWERS_WITHIN):
                    await witness[0].cancel(witness[1])
                witness = None
            elif not self.witness_sleeps and witness is None:
                witness = await self._attend(channel, WITNESS, self._witness)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await closed.wait()

    async def _attend(
        self, channel: AbstractChannel, name: str, hear: Callable[[AbstractIncomingMessage], Awaitable[None]]
    ) -> tuple[AbstractQueue, str]:
        queue = await channel.get_queue(name, ensure=False)
        async with asyncio.timeout(ANSWERS_WITHIN):
            return queue, await queue.consume(hear)

    def _partner(self, name: str) -> Callable[[AbstractIncomingMessage], Awaitable[None]]:
        async def hear(message: AbstractIncomingMessage) -> None:
            body = orjson.loads(message.body)
            self.heard[name][str(message.message_id)] = body
            if body["type"] in ("complaint.registered", "complaint.rejected") and body["data"]["in_reply_to"]:
                self.answers[body["data"]["in_reply_to"]] = body
            await message.ack()

        return hear

    async def _witness(self, message: AbstractIncomingMessage) -> None:
        self.witnessed.add(str(message.message_id))
        self.recent.append((str(message.type), message.body))
        self.unrepeated.append((str(message.type), message.body))
        if news := self._awaited.get(str(message.correlation_id)):
            news.set()
        await message.ack()

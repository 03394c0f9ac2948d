"""A shop and a till joined by RabbitMQ, by transports that remember what they were delivered."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager

import aio_pika
import pytest
from faststream.rabbit import RabbitMessage

from shared.db import Store
from shared.events.base import Event
from shared.messaging import topology
from shared.messaging.consumer import Receiver
from shared.messaging.rabbit import RabbitTransport
from tests.support.kernel import NewStore, effects_of, until
from tests.support.shop import BasketOpened, ItemAdded

HEARD: Mapping[str, Iterable[type[Event]]] = {"till": (BasketOpened, ItemAdded)}
QUEUE = topology.queue_of("till")


class Watched(RabbitTransport):
    """A transport that remembers what it was delivered, with whether the broker calls it another try."""

    def __init__(self, url: str, receiver: Receiver | None, **size: int) -> None:
        super().__init__(url, {"till": receiver} if receiver else {}, **{"prefetch": 200, "batch": 100} | size)
        self.seen: list[tuple[str, bool]] = []
        for service in self._arrived:
            self._arrived[service] = _Noting(self.seen)


class _Noting(asyncio.Queue[RabbitMessage]):
    def __init__(self, seen: list[tuple[str, bool]]) -> None:
        super().__init__()
        self._seen = seen

    def put_nowait(self, item: RabbitMessage) -> None:
        self._seen.append((item.message_id, bool(item.raw_message.redelivered)))
        super().put_nowait(item)


Connect = Callable[..., Awaitable[Watched]]


@pytest.fixture
async def connect(amqp_url: str, new_store: NewStore) -> AsyncIterator[Connect]:
    """Starts transports; those still running are stopped at the end, before their stores are closed."""
    started: list[Watched] = []

    async def begin(
        receiver: Receiver | None = None, heard: Mapping[str, Iterable[type[Event]]] = HEARD, **size: int
    ) -> Watched:
        transport = Watched(amqp_url, receiver, **size)
        await transport.start(heard)
        started.append(transport)
        return transport

    yield begin
    for transport in started:
        await transport.stop()


@pytest.fixture
async def shop(new_store: NewStore) -> Store:
    return await new_store("shop")


@asynccontextmanager
async def at_the_queue(amqp_url: str) -> AsyncIterator[aio_pika.abc.AbstractQueue]:
    """The till's queue as a bystander sees it."""
    async with await aio_pika.connect(amqp_url) as connection:
        yield await (await connection.channel()).declare_queue(QUEUE, passive=True)


async def all_done(store: Store, events: Iterable[Event]) -> None:
    """Wait until each of these has taken effect; then none may have twice."""
    expected = {event.event_id: 1 for event in events}

    async def nothing_is_missing() -> bool:
        return expected.keys() <= (await effects_of(store)).keys()

    await until(nothing_is_missing)
    assert await effects_of(store) == expected

"""What tests of the kernel share: stores with the till's tables, bodies on the wire, and transports that misbehave."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from shared import clock, replica  # noqa: F401 - the replica's table is one of the kernel's
from shared.db import Store
from shared.events.base import Event
from shared.messaging import announce
from shared.messaging.consumer import Receiver
from shared.messaging.outbox import Transport
from shared.messaging.tables import KernelBase, OutboxRow, ParkedRow
from shared.workdays import CHINA
from tests.support.shop import BasketOpened, ItemAdded
from tests.support.till import Base, Basket, Effect

NOON = datetime(2026, 11, 23, 12, tzinfo=CHINA)

NewStore = Callable[[str], Awaitable[Store]]
"""Makes a store of this service, with the kernel's and the till's tables; two of one service share their data."""


TABLES = [table for base in (KernelBase, Base) for table in base.metadata.sorted_tables]
"""The kernel's and the till's; each after those it refers to."""


async def lay_tables(store: Store) -> None:
    """These tables, in an empty store."""
    async with store.engine.begin() as connection:
        await connection.run_sync(KernelBase.metadata.create_all)
        await connection.run_sync(Base.metadata.create_all)


def opened(basket: str = "b1", at: datetime = NOON) -> BasketOpened:
    """A basket was opened."""
    return BasketOpened(at=at, center="sq", subject=basket)


def added(basket: str = "b1", price: int = 1, at: datetime = NOON) -> ItemAdded:
    """Something was put into it; after its opening, because ids sort."""
    return ItemAdded(at=at, center="sq", subject=basket, price=price)


def on_the_wire(events: Iterable[Event]) -> list[bytes]:
    """The events as they travel."""
    return [event.to_wire() for event in events]


async def announce_all(store: Store, events: Iterable[Event]) -> None:
    """Announce these in one transaction."""
    async with store.transaction() as session:
        for event in events:
            announce(session, event)


async def effects_of(store: Store) -> dict[str, int]:
    """How many times each event took effect at the till."""
    async with store.reading() as session:
        counted = await session.execute(select(Effect.event_id, func.count().label("times")).group_by(Effect.event_id))
        return {row.event_id: row.times for row in counted}


async def totals_of(store: Store) -> dict[str, int]:
    """What each basket costs."""
    async with store.reading() as session:
        return {basket.id: basket.total for basket in await session.scalars(select(Basket))}


async def outbox_of(store: Store) -> Sequence[OutboxRow]:
    """Everything announced, in the order of its ids."""
    async with store.reading() as session:
        return (await session.scalars(select(OutboxRow).order_by(OutboxRow.message_id))).all()


async def unsent_in(store: Store) -> set[str]:
    """The ids of what still waits to be sent."""
    return {row.message_id for row in await outbox_of(store) if row.sent_at is None}


async def parked_in(store: Store) -> dict[str, ParkedRow]:
    """Everything parked or dead, by its name."""
    async with store.reading() as session:
        return {row.event_id: row for row in await session.scalars(select(ParkedRow))}


async def make_due(store: Store) -> None:
    """Let the pauses of everything that waits for another try be over."""
    over = clock.machine_now() - timedelta(seconds=1)
    async with store.transaction() as session:
        await session.execute(update(ParkedRow).where(ParkedRow.next_try_at.is_not(None)).values(next_try_at=over))
        await session.execute(update(OutboxRow).where(OutboxRow.not_before.is_not(None)).values(not_before=over))


def in_random_batches(bodies: Sequence[bytes], copies: int, seed: int) -> list[list[bytes]]:
    """Each body so many times, in any order, cut into batches of any size."""
    chance = random.Random(seed)
    left = [body for body in bodies for _ in range(copies)]
    chance.shuffle(left)
    batches = []
    while left:
        size = chance.randint(1, 20)
        batches.append(left[:size])
        left = left[size:]
    return batches


async def until(is_so: Callable[[], Awaitable[bool]], within: float = 60.0) -> None:
    """Wait for a fact; fails when it has not come true in time (seconds).

    What takes long is asked for less and less often: asking costs whoever is to make it true.
    """
    deadline, pause = time.monotonic() + within, 0.01
    while not await is_so():
        assert time.monotonic() < deadline, f"not so within {within} s"
        await asyncio.sleep(pause)
        pause = min(pause * 1.2, 0.25)


class Straight(Transport):
    """Hands messages to one receiver; remembers what it was given."""

    def __init__(self, receiver: Receiver | None = None) -> None:
        self.receiver = receiver
        self.published: list[str] = []

    async def publish(self, rows: Sequence[OutboxRow]) -> Mapping[str, str | None]:
        self.published += [row.message_id for row in rows]
        if self.receiver and rows:
            await self.receiver.take([row.body for row in rows])
        return {row.message_id: None for row in rows}


class DiesAfterPublishing(Straight):
    """The process ends when the messages are out and nobody has noted it."""

    async def publish(self, rows: Sequence[OutboxRow]) -> Mapping[str, str | None]:
        await super().publish(rows)
        raise asyncio.CancelledError


class Refuses(Straight):
    """Cannot route these kinds."""

    def __init__(self, *kinds: str) -> None:
        super().__init__()
        self.kinds = kinds

    async def publish(self, rows: Sequence[OutboxRow]) -> Mapping[str, str | None]:
        await super().publish([row for row in rows if row.kind not in self.kinds])
        return {row.message_id: "NO_ROUTE" if row.kind in self.kinds else None for row in rows}

"""Replicas that share a queue, an outbox or a moment: each event takes effect once, each message goes once."""

import asyncio
from collections.abc import Mapping, Sequence

from shared.db import Store
from shared.events.base import Event
from shared.messaging.consumer import Receiver
from shared.messaging.outbox import relay
from shared.messaging.rabbit import RabbitTransport
from shared.messaging.tables import OutboxRow
from tests.support.kernel import (
    NewStore,
    added,
    announce_all,
    effects_of,
    make_due,
    on_the_wire,
    opened,
    parked_in,
    totals_of,
    unsent_in,
    until,
)
from tests.support.till import Till
from tests.support.watched import Connect, all_done, at_the_queue, connect, shop

__all__ = ["connect", "shop"]


async def test_two_replicas_share_a_queue_and_each_effect_is_one(
    connect: Connect, shop: Store, new_store: NewStore, store: Store
) -> None:
    tills = [Till(), Till()]
    for till in tills:
        await connect(Receiver(till.consumer, await new_store("till")), prefetch=10, batch=5)
    transport = await connect()
    baskets = [f"b{n}" for n in range(10)]
    events: list[Event] = [opened(basket) for basket in baskets]
    events += [added(basket, price=1) for basket in baskets for _ in range(15)]
    await announce_all(shop, events)
    await relay(shop, Again(transport))
    await relay(shop, transport)

    async def is_settled() -> bool:
        await make_due(store)
        for till in tills:
            await Receiver(till.consumer, store).retry_due()
        return len(await effects_of(store)) == len(events)

    await until(is_settled)
    assert await effects_of(store) == {event.event_id: 1 for event in events}
    assert await totals_of(store) == dict.fromkeys(baskets, 15)
    assert all(till.batches for till in tills), "both took their share"


class Again:
    """Sends everything twice over, and then tells that nothing went."""

    def __init__(self, transport: RabbitTransport) -> None:
        self.transport = transport

    async def publish(self, rows: Sequence[OutboxRow]) -> Mapping[str, str | None]:
        for _ in range(2):
            await self.transport.publish(rows)
        return {}


async def test_two_replicas_meet_the_creator_and_the_early_event_at_the_same_moment(
    new_store: NewStore, store: Store
) -> None:
    tills = [Till(), Till()]
    one, other = [Receiver(till.consumer, await new_store("till")) for till in tills]
    events: list[Event] = []
    for n in range(25):
        basket, item = opened(f"b{n}"), added(f"b{n}", price=1)
        events += [basket, item]
        await asyncio.gather(one.take([basket.to_wire()]), other.take([item.to_wire()]))
    waiting = await parked_in(store)
    assert all(row.attempts <= 2 for row in waiting.values())
    await make_due(store)
    await asyncio.gather(one.retry_due(), other.retry_due())
    assert await effects_of(store) == {event.event_id: 1 for event in events}
    assert await parked_in(store) == {}


async def test_two_replicas_given_the_same_batches_do_each_event_once(new_store: NewStore, store: Store) -> None:
    receivers = [Receiver(Till().consumer, await new_store("till")) for _ in range(2)]
    baskets = [f"b{n}" for n in range(5)]
    events: list[Event] = [opened(basket) for basket in baskets]
    events += [added(basket, price=1) for basket in baskets for _ in range(5)]
    bodies = on_the_wire(events)
    await asyncio.gather(receivers[0].take(bodies), receivers[1].take(bodies[::-1]))
    assert await effects_of(store) == {event.event_id: 1 for event in events}
    assert await totals_of(store) == dict.fromkeys(baskets, 5)


async def test_two_relays_share_an_outbox_and_send_each_message_once(
    connect: Connect, new_store: NewStore, shop: Store, amqp_url: str
) -> None:
    other = await new_store("shop")
    transports = [await connect(), await connect()]
    baskets = [opened(f"b{n}") for n in range(600)]
    await announce_all(shop, baskets)
    await asyncio.gather(relay(shop, transports[0], limit=50), relay(other, transports[1], limit=50))
    await asyncio.gather(relay(shop, transports[0]), relay(other, transports[1]))
    assert await unsent_in(shop) == set()
    async with at_the_queue(amqp_url) as queue:
        assert queue.declaration_result.message_count == 600


async def test_a_relay_that_ends_while_it_publishes_leaves_the_rest_to_the_other(
    connect: Connect, new_store: NewStore, shop: Store, store: Store, receiver: Receiver
) -> None:
    other, transport = await new_store("shop"), await connect(receiver)
    events: list[Event] = [opened(), *(added(price=1) for _ in range(100))]
    await announce_all(shop, events)
    ending = asyncio.create_task(relay(shop, transport, limit=20))

    async def has_begun() -> bool:
        return bool(await effects_of(store))

    await until(has_begun)
    ending.cancel()
    await asyncio.gather(ending, return_exceptions=True)
    await relay(other, transport)
    assert await unsent_in(shop) == set()
    await all_done(store, events)
    assert await totals_of(store) == {"b1": 100}

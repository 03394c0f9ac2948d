"""Events through RabbitMQ and PostgreSQL: each arrives, and takes effect once, whatever dies on the way."""

import asyncio
from collections.abc import Sequence

import aio_pika
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.servers import Servers
from shared.db import Store
from shared.events.base import Event
from shared.messaging import topology
from shared.messaging.consumer import Receiver
from shared.messaging.outbox import relay
from shared.messaging.tables import OutboxRow
from tests.support.kernel import (
    NOON,
    added,
    announce_all,
    effects_of,
    make_due,
    opened,
    parked_in,
    totals_of,
    unsent_in,
    until,
)
from tests.support.shop import BasketOpened, BasketPaid
from tests.support.till import Till
from tests.support.watched import Connect, all_done, at_the_queue, connect, shop

__all__ = ["connect", "shop"]


async def test_what_was_announced_arrives_and_takes_effect_once(
    connect: Connect, shop: Store, store: Store, receiver: Receiver
) -> None:
    transport = await connect(receiver)
    basket = opened()
    events = [basket, *(added(price=1) for _ in range(250))]
    await announce_all(shop, events)
    await relay(shop, transport)
    await all_done(store, events)
    assert await totals_of(store) == {"b1": 250}
    assert await unsent_in(shop) == set()
    assert await parked_in(store) == {}


async def test_a_message_says_what_it_is_and_outlives_the_broker(connect: Connect, shop: Store, amqp_url: str) -> None:
    transport = await connect()
    event = opened()
    await announce_all(shop, [event])
    await relay(shop, transport)
    async with at_the_queue(amqp_url) as queue:
        message = await queue.get()
        assert message.body == event.to_wire()
        assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
        told = (message.message_id, message.type, message.correlation_id, message.content_type)
        assert told == (event.event_id, "basket.opened.v1", "b1", "application/cloudevents+json")
        assert (message.exchange, message.routing_key) == ("yousu.events", "basket.opened.v1.sq")
        await message.ack()


async def test_declaring_again_what_is_there_changes_nothing(connect: Connect) -> None:
    for _ in range(3):
        await connect()


async def test_what_has_no_queue_stays_while_the_others_go_and_arrives_once_when_there_is_one(
    connect: Connect, shop: Store, store: Store, receiver: Receiver
) -> None:
    transport = await connect(receiver, {"till": [BasketOpened]})
    basket, item, nobodys = opened(), added(price=7), BasketPaid(at=NOON, center="sq", subject="b1")
    await announce_all(shop, [nobodys, item, basket])
    await relay(shop, transport)
    assert await unsent_in(shop) == {item.event_id, nobodys.event_id}
    await all_done(store, [basket])
    await connect()  # another process, which knows more
    await make_due(shop)
    await relay(shop, transport)
    await relay(shop, transport)
    await all_done(store, [basket, item])
    assert await unsent_in(shop) == {nobodys.event_id}


async def test_an_exchange_that_is_gone_costs_only_what_was_meant_for_it(
    connect: Connect, shop: Store, store: Store, receiver: Receiver
) -> None:
    transport = await connect(receiver)
    basket = opened()
    async with shop.transaction() as session:
        at = basket.at
        session.add(
            OutboxRow(message_id="0", exchange="gone", routing_key="k", kind="k", subject="s", body=b"", made_at=at)
        )
    await announce_all(shop, [basket])

    await relay(shop, transport)  # together, so that both may fail
    for _ in range(2):
        await make_due(shop)
        await relay(shop, transport)
        assert await unsent_in(shop) == {"0"}
    await all_done(store, [basket])


async def test_bytes_that_are_no_event_are_parked_as_they_came_once_and_hold_up_nobody(
    connect: Connect, amqp_url: str, store: Store, receiver: Receiver
) -> None:
    await connect(receiver)
    basket = opened()
    async with await aio_pika.connect(amqp_url) as connection:
        events = await (await connection.channel()).get_exchange(topology.EVENTS)
        for body in (b"\xff\xfe no event", b"\xff\xfe no event", b"", basket.to_wire()):
            await events.publish(aio_pika.Message(body, content_type="text/plain"), basket.routing_key)
    await all_done(store, [basket])
    assert sorted(row.body for row in (await parked_in(store)).values()) == [b"", b"\xff\xfe no event"]


async def test_a_failing_event_is_parked_and_never_sent_back(
    connect: Connect, shop: Store, store: Store, receiver: Receiver, till: Till, amqp_url: str
) -> None:
    transport = await connect(receiver)
    basket, bad = opened(), added()
    till.fail_always(ValueError("no paper"), bad.event_id)
    await announce_all(shop, [basket, bad])
    await relay(shop, transport)

    async def is_parked() -> bool:
        return bad.event_id in await parked_in(store)

    await until(is_parked)
    await transport.stop()
    async with at_the_queue(amqp_url) as queue:
        assert queue.declaration_result.message_count == 0, "acknowledged"
    assert sorted(transport.seen) == sorted([(basket.event_id, False), (bad.event_id, False)])


async def test_with_its_connection_cut_the_batch_is_kept_and_not_sent_back(
    connect: Connect, shop: Store, store: Store, receiver: Receiver, till: Till, servers: Servers
) -> None:
    transport = await connect(receiver)
    cut: list[int] = []

    async def cut_connection(_: Event, session: AsyncSession) -> None:
        if len(cut) < 3:
            cut.append(await session.scalar(text("SELECT pg_backend_pid()")) or 0)
            await asyncio.to_thread(servers.postgres.query, f"SELECT pg_terminate_backend({cut[-1]})")

    till.interruption = cut_connection
    basket = opened()
    events = [basket, *(added(price=1) for _ in range(20))]
    await announce_all(shop, events)
    await relay(shop, transport)
    await all_done(store, events)
    assert len(cut) == 3
    assert await totals_of(store) == {"b1": 20}
    assert sorted(transport.seen) == sorted((event.event_id, False) for event in events), "delivered once each"
    assert await parked_in(store) == {}


async def test_killed_after_the_commit_and_before_the_acknowledgement_the_effect_stays_one(
    connect: Connect, shop: Store, store: Store, receiver: Receiver, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = await connect(receiver)
    events = [opened(), added(price=7)]
    died = asyncio.Event()
    take = receiver.take

    async def die(bodies: Sequence[bytes]) -> None:
        await take(bodies)
        died.set()
        raise asyncio.CancelledError

    monkeypatch.setattr(receiver, "take", die)
    await announce_all(shop, events)
    await relay(shop, dying)
    await died.wait()
    done = set(await effects_of(store))
    assert done
    await dying.stop()
    survivor = await connect(Receiver(till.consumer, store))
    await all_done(store, events)

    async def came_again() -> bool:
        return {event_id for event_id, again in survivor.seen if again} >= done

    await until(came_again)
    assert await effects_of(store) == {event.event_id: 1 for event in events}


async def test_stopped_half_way_what_was_in_hand_goes_to_the_next_process(
    connect: Connect, shop: Store, store: Store, receiver: Receiver, till: Till
) -> None:
    stopping = await connect(receiver)
    reached, never = asyncio.Event(), asyncio.Event()

    async def hang(_: Event, __: AsyncSession) -> None:
        reached.set()
        await never.wait()

    till.interruption = hang
    events = [opened(), added(price=7)]
    await announce_all(shop, events)
    await relay(shop, stopping)
    await reached.wait()
    await stopping.stop()
    assert receiver.in_hand == 0
    till.recover()
    await connect(Receiver(till.consumer, store))
    await all_done(store, events)

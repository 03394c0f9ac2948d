"""What was announced and committed goes out: once in the normal case, and never not at all."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from shared import clock
from shared.db import Store
from shared.ids import first_id
from shared.messaging import announce, outbox
from shared.messaging.consumer import Receiver
from shared.messaging.outbox import KEPT_CLAIMS, KEPT_SENT, RELAY, relay, unsent
from shared.messaging.tables import InboxRow, OutboxRow
from tests.support.kernel import (
    NOON,
    DiesAfterPublishing,
    NewStore,
    Refuses,
    Straight,
    added,
    announce_all,
    effects_of,
    make_due,
    opened,
    outbox_of,
    totals_of,
    unsent_in,
)
from tests.support.shop import BasketPaid


def paid() -> BasketPaid:
    return BasketPaid(at=NOON, center="sq", subject="b1")


class SendingPromises:
    """What the outbox and its relay do."""

    @pytest.fixture
    async def shop(self, new_store: NewStore) -> Store:
        return await new_store("shop")

    async def test_what_was_rolled_back_was_never_announced_and_wakes_nobody(self, shop: Store) -> None:
        woken: list[set[str]] = []
        shop.when_committed(woken.append)

        async def change_my_mind() -> None:
            async with shop.transaction() as session:
                announce(session, opened())
                await session.flush()
                raise ValueError("changed my mind")

        with pytest.raises(ValueError, match="changed my mind"):
            await change_my_mind()
        assert (woken, await unsent_in(shop)) == ([], set())
        await announce_all(shop, [opened()])
        assert woken == [{RELAY}]

    async def test_a_failing_commit_wakes_nobody(self, shop: Store) -> None:
        woken: list[set[str]] = []
        shop.when_committed(woken.append)
        event = opened()
        await announce_all(shop, [event])
        with pytest.raises(Exception, match=r"(?i)unique"):
            await announce_all(shop, [event])
        assert woken == [{RELAY}]

    async def test_the_relay_sends_each_message_once_and_all_in_one_go(self, shop: Store) -> None:
        events = [added() for _ in range(450)]
        await announce_all(shop, events)
        transport = Straight()
        await relay(shop, transport)
        await relay(shop, transport)
        assert transport.published == [event.event_id for event in events]
        assert await unsent_in(shop) == set()

    async def test_killed_between_publish_and_mark_the_next_relay_sends_again_and_the_effect_is_one(
        self, shop: Store, store: Store, receiver: Receiver
    ) -> None:
        events = [opened(), added(price=7)]
        await announce_all(shop, events)
        dying, next_one = DiesAfterPublishing(receiver), Straight(receiver)
        with pytest.raises(asyncio.CancelledError):
            await relay(shop, dying)
        assert await unsent_in(shop) == {event.event_id for event in events}
        await relay(shop, next_one)
        assert dying.published == next_one.published
        assert await unsent_in(shop) == set()
        assert await effects_of(store) == {event.event_id: 1 for event in events}
        assert await totals_of(store) == {"b1": 7}

    async def test_what_has_no_route_stays_and_the_others_go(self, shop: Store) -> None:
        stuck, free = paid(), opened()
        await announce_all(shop, [stuck, free])
        await relay(shop, Refuses("basket.paid.v1"))
        assert await unsent_in(shop) == {stuck.event_id}
        async with shop.reading() as session:
            count, since = await unsent(session)
        assert count == 1
        assert since is not None
        later = Straight()
        await relay(shop, later)
        assert later.published == [], "not before a pause"
        await make_due(shop)
        await relay(shop, later)
        assert later.published == [stuck.event_id]

    async def test_a_heap_of_what_has_no_route_holds_up_nobody(self, shop: Store) -> None:
        await announce_all(shop, [paid() for _ in range(250)])
        transport = Refuses("basket.paid.v1")
        await relay(shop, transport)
        await relay(shop, transport)
        free = opened()
        await announce_all(shop, [free])
        await make_due(shop)
        await relay(shop, transport)
        assert transport.published == [free.event_id]

    async def test_what_was_sent_long_ago_is_forgotten_and_what_was_not_is_not(self, shop: Store) -> None:
        await announce_all(shop, [opened(), opened()])
        await relay(shop, Straight())
        waiting = opened()
        await announce_all(shop, [waiting])
        first, second, _ = await outbox_of(shop)
        now = clock.machine_now()
        long_ago = now - KEPT_SENT - timedelta(minutes=1)
        async with shop.transaction() as session:
            await session.execute(
                update(OutboxRow)
                .where(OutboxRow.message_id == first.message_id)
                .values(message_id=first_id(long_ago), sent_at=long_ago)
            )
            await session.execute(
                update(OutboxRow).where(OutboxRow.message_id == waiting.event_id).values(made_at=now - 2 * KEPT_SENT)
            )
            session.add(InboxRow(event_id="old", taken_at=now - KEPT_CLAIMS - timedelta(minutes=1)))
            session.add(InboxRow(event_id="new", taken_at=now))
        await outbox.prune(shop)
        assert [row.message_id for row in await outbox_of(shop)] == [second.message_id, waiting.event_id]
        async with shop.reading() as session:
            assert await session.get(InboxRow, "old") is None
            assert await session.get(InboxRow, "new")

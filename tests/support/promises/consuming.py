"""Each event's effects happen once, whole, whatever arrives how often and in which order."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event as sql
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import Store
from shared.events.base import Event
from shared.messaging.consumer import RETRY, Receiver
from shared.messaging.outbox import RELAY
from shared.messaging.tables import InboxRow
from tests.support.kernel import (
    NOON,
    added,
    effects_of,
    in_random_batches,
    make_due,
    on_the_wire,
    opened,
    outbox_of,
    parked_in,
    totals_of,
    until,
)
from tests.support.shop import BasketPaid
from tests.support.till import Basket, Till


class ConsumingPromises:
    """What a receiver does with what has arrived."""

    async def test_an_event_has_its_effect_once(self, receiver: Receiver, store: Store) -> None:
        events = [opened(), added(price=7)]
        await receiver.take(on_the_wire(events))
        assert await effects_of(store) == {event.event_id: 1 for event in events}
        assert await totals_of(store) == {"b1": 7}
        assert [row.kind for row in await outbox_of(store)] == ["total.changed.v1"]

    async def test_an_event_delivered_twice_has_its_effect_once(self, receiver: Receiver, store: Store) -> None:
        bodies = on_the_wire([opened(), added(price=7)])
        await receiver.take(bodies + bodies)
        await receiver.take(bodies)
        assert set((await effects_of(store)).values()) == {1}
        assert await totals_of(store) == {"b1": 7}
        assert len(await outbox_of(store)) == 1

    @pytest.mark.parametrize("seed", range(4))
    async def test_shuffled_and_tripled_deliveries_add_up_the_same(
        self, receiver: Receiver, store: Store, seed: int
    ) -> None:
        baskets = [f"b{n}" for n in range(6)]
        events: list[Event] = [opened(basket) for basket in baskets]
        events += [added(basket, price) for basket in baskets for price in (1, 10, 100)]
        for batch in in_random_batches(on_the_wire(events), copies=3, seed=seed):
            await receiver.take(batch)
        assert await parked_in(store) == {}
        assert await effects_of(store) == {event.event_id: 1 for event in events}
        assert await totals_of(store) == dict.fromkeys(baskets, 111)
        assert len(await outbox_of(store)) == 18

    async def test_an_event_of_no_interest_is_taken_and_forgotten(self, receiver: Receiver, store: Store) -> None:
        event = BasketPaid(at=NOON, center="sq", subject="b1")
        await receiver.take([event.to_wire()])
        async with store.reading() as session:
            assert await session.get(InboxRow, event.event_id)
        assert await effects_of(store) == {}

    async def test_a_handler_failing_half_way_leaves_nothing_behind(
        self, receiver: Receiver, store: Store, till: Till
    ) -> None:
        basket, good, bad = opened(), added(price=1), added(price=10)
        till.fail_always(ValueError("no paper"), bad.event_id)
        await receiver.take(on_the_wire([basket, bad, good]))
        assert await totals_of(store) == {"b1": 1}
        assert bad.event_id not in await effects_of(store)
        assert len(await outbox_of(store)) == 1
        row = (await parked_in(store))[bad.event_id]
        assert (row.error, row.attempts, row.awaits, row.body) == ("ValueError: no paper", 1, None, bad.to_wire())

    async def test_what_failed_is_done_once_when_it_succeeds_at_last(
        self, receiver: Receiver, store: Store, till: Till
    ) -> None:
        bad = added(price=10)
        await receiver.take([opened().to_wire()])
        till.fail_always(ValueError("no paper"), bad.event_id)
        await receiver.take([bad.to_wire()])
        till.recover()
        await receiver.take([bad.to_wire()])
        assert await totals_of(store) == {"b1": 0}, "delivered again it stays parked: its retry is the job's"
        await make_due(store)
        await asyncio.gather(receiver.retry_due(), receiver.retry_due())
        await receiver.retry_due()
        assert await totals_of(store) == {"b1": 10}
        assert await parked_in(store) == {}

    @pytest.mark.parametrize("half_way", [True, False], ids=["half-way", "at the claim"])
    async def test_trouble_of_the_database_keeps_the_batch_and_parks_nothing(
        self, receiver: Receiver, store: Store, till: Till, half_way: bool
    ) -> None:
        events = [opened(), added(price=7)]
        if half_way:
            till.fail_once(ConnectionRefusedError("the database is away"))
        else:
            _fail_once_at(store, "INSERT INTO inbox")
        await receiver.take(on_the_wire(events))
        assert await totals_of(store) == {"b1": 7}
        assert await effects_of(store) == {event.event_id: 1 for event in events}
        assert await parked_in(store) == {}

    async def test_a_batch_in_hand_counts_until_it_is_done(self, receiver: Receiver, store: Store, till: Till) -> None:
        till.fail_always(ConnectionRefusedError("the database is away"))
        taking = asyncio.create_task(receiver.take(on_the_wire([opened(), added()])))

        async def was_tried_twice() -> bool:
            return len(till.batches) > 1

        await until(was_tried_twice)
        assert receiver.in_hand == 2
        till.recover()
        await taking
        assert receiver.in_hand == 0

    async def test_a_batch_cut_short_is_as_if_it_had_never_come(
        self, receiver: Receiver, store: Store, till: Till
    ) -> None:
        reached, never = asyncio.Event(), asyncio.Event()

        async def hang(_: Event, __: AsyncSession) -> None:
            reached.set()
            await never.wait()

        till.interruption = hang
        events = [opened(), added(price=7)]
        taking = asyncio.create_task(receiver.take(on_the_wire(events)))
        await reached.wait()
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)
        assert (receiver.in_hand, await effects_of(store), await parked_in(store)) == (0, {}, {})
        till.recover()
        await receiver.take(on_the_wire(events))
        assert await effects_of(store) == {event.event_id: 1 for event in events}

    async def test_the_relay_is_woken_by_what_was_announced_and_committed_only(
        self, receiver: Receiver, store: Store, till: Till
    ) -> None:
        woken: list[set[str]] = []
        store.when_committed(lambda jobs: woken.append(jobs) if jobs else None)
        await receiver.take([opened().to_wire()])
        bad = added()
        till.fail_always(ValueError("no paper"), bad.event_id)
        await receiver.take([bad.to_wire()])
        assert woken == [{RETRY}], "and the retry by what was parked"
        await receiver.take([added().to_wire()])
        assert woken == [{RETRY}, {RELAY}]

    async def test_a_batch_is_loaded_with_one_query_a_table(self, receiver: Receiver, store: Store, till: Till) -> None:
        baskets = [f"b{n}" for n in range(20)]
        await receiver.take(on_the_wire(opened(basket) for basket in baskets))
        statements: list[str] = []
        sql.listen(store.engine.sync_engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        await receiver.take(on_the_wire(added(basket) for basket in baskets))
        assert sum("FROM baskets" in statement for statement in statements) == 1
        assert len(till.batches) == 2

    async def test_what_an_event_of_the_batch_has_created_is_found_by_a_later_one(
        self, receiver: Receiver, store: Store, till: Till
    ) -> None:
        baskets = [f"b{n}" for n in range(10)]
        events: list[Event] = [opened(basket) for basket in baskets]
        events += [added(basket, 5, NOON + timedelta(seconds=1)) for basket in baskets]
        await receiver.take(on_the_wire(events))
        assert [len(batch) for batch in till.batches] == [20], "not taken apart and run one by one"
        assert await totals_of(store) == dict.fromkeys(baskets, 5)

    async def test_a_handler_reads_what_is_committed_and_what_its_batch_has_done(
        self, receiver: Receiver, store: Store, till: Till
    ) -> None:
        seen: list[int] = []

        async def look(_: Event, session: AsyncSession) -> None:
            seen.append(len((await session.scalars(select(Basket))).all()))

        till.interruption = look
        await receiver.take(on_the_wire([opened("b1"), opened("b2")]))
        assert seen == [1, 2]


def _fail_once_at(store: Store, beginning: str) -> None:
    """Let the next statement that begins so fail as if the database had gone away."""
    left = [beginning]

    def fail(_: Any, __: Any, statement: str, *___: Any) -> None:
        if left and statement.startswith(left[0]):
            left.clear()
            raise OperationalError(statement, {}, ConnectionError("gone"), connection_invalidated=True)

    sql.listen(store.engine.sync_engine, "before_cursor_execute", fail)

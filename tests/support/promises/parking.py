"""What cannot be done now is parked, never sent back: early events, failing handlers, bytes that are no event."""

import hashlib
from datetime import timedelta
from itertools import pairwise

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock
from shared.db import Store
from shared.events import Undecodable
from shared.messaging.consumer import ATTEMPTS, LONGEST_RETRY, Consumer, Receiver, Unknown, parked, replay
from tests.support.kernel import (
    NOON,
    added,
    effects_of,
    make_due,
    on_the_wire,
    opened,
    outbox_of,
    parked_in,
    totals_of,
)
from tests.support.shop import BasketOpened, BasketPaid, ItemAdded
from tests.support.till import Effect, Till


def tampered(**envelope: object) -> bytes:
    """An item added, with these attributes of its envelope."""
    return orjson.dumps({**orjson.loads(added().to_wire()), **envelope})


UNREADABLE = {
    "not JSON": b"\xff\xfe not json",
    "empty": b"",
    "a list": b"[]",
    "null": b"null",
    "deeply nested": b"[" * 100_000,
    "no type": orjson.dumps({"id": "1", "data": {}}),
    "an unknown type": tampered(type="yousu.basket.burnt.v1"),
    "a later version": tampered(type="yousu.item.added.v2"),
    "a type that is no text": tampered(type=["yousu.item.added.v1"]),
    "data of another shape": tampered(data={"price": "much"}),
    "data that is no object": tampered(data=[1]),
    "no data": tampered(data=None),
    "a time without zone": tampered(time="2026-11-23T12:00:00"),
    "a time before time": tampered(time="0001-01-01T00:00:00+14:00"),
    "a time after time": tampered(time="9999-12-31T23:59:59-12:00"),
    "an id that is no text": tampered(id=5),
    "a price beyond any integer": tampered(data={"price": float("1e300")}),
}

UNKEEPABLE = {
    "an id too long for any column": tampered(id="x" * 500),
    "an id with a NUL": tampered(id="a\0b"),
    "a subject too long for any column": tampered(subject="x" * 500),
    "a subject with a NUL": tampered(subject="a\0b"),
    "a price too big for the column": tampered(subject="b1", data={"price": 2**62}),
}


class ParkingPromises:
    """What a receiver does about what it cannot do now."""

    async def test_a_try_that_the_database_breaks_off_counts_for_none_and_it_waits_on_for_its_aggregate(
        self, receiver: Receiver, store: Store, till: Till
    ) -> None:
        early, creator = added(price=7), opened()
        await receiver.take([early.to_wire()])
        till.fail_once(ConnectionResetError(), early.event_id)
        await receiver.take([creator.to_wire()])
        row = (await parked_in(store))[early.event_id]
        assert (row.awaits, row.attempts) == ("b1", 1)
        await receiver.take([added(price=1).to_wire()])
        assert await parked_in(store) == {}
        assert await totals_of(store) == {"b1": 8}

    async def test_an_early_event_waits_for_its_aggregate_and_is_released_by_it(
        self, receiver: Receiver, store: Store
    ) -> None:
        early, creator = added(price=7), opened()
        await receiver.take([early.to_wire()])
        row = (await parked_in(store))[early.event_id]
        assert (row.awaits, row.attempts, row.kind) == ("b1", 1, "item.added.v1")
        await receiver.take([creator.to_wire()])
        assert await parked_in(store) == {}
        assert await effects_of(store) == {early.event_id: 1, creator.event_id: 1}
        assert await totals_of(store) == {"b1": 7}

    async def test_in_one_batch_the_wrong_order_does_not_matter(self, receiver: Receiver, store: Store) -> None:
        early, creator = added(price=7), opened(at=NOON + timedelta(seconds=1))
        await receiver.take(on_the_wire([early, creator]))
        assert await parked_in(store) == {}
        assert await effects_of(store) == {early.event_id: 1, creator.event_id: 1}

    async def test_everyone_who_waits_is_released_in_the_order_of_their_making(
        self, receiver: Receiver, store: Store
    ) -> None:
        early = [added(price=price) for price in (1, 2, 3)]
        for event in reversed(early):
            await receiver.take([event.to_wire()])
        await receiver.take([opened().to_wire()])
        totals = [orjson.loads(row.body)["data"]["total"] for row in await outbox_of(store)]
        assert totals == [1, 3, 6]

    async def test_what_was_released_releases_its_own_waiters(self, store: Store) -> None:
        chain = Consumer("till")
        known: set[str] = set()

        @chain.on(BasketPaid)
        async def know(event: BasketPaid, session: AsyncSession) -> None:
            known.add(event.subject)
            session.add(Effect(event_id=event.event_id))

        @chain.on(BasketOpened)
        async def open_at_a_known_place(event: BasketOpened, session: AsyncSession) -> None:
            if "place" not in known:
                raise Unknown("place")
            await know(event, session)

        @chain.on(ItemAdded)
        async def add(event: ItemAdded, session: AsyncSession) -> None:
            if event.subject not in known:
                raise Unknown(event.subject)
            session.add(Effect(event_id=event.event_id))

        receiver = Receiver(chain, store)
        item, basket = added("b1"), opened("b1")
        await receiver.take([item.to_wire()])
        await receiver.take([basket.to_wire()])
        place = BasketPaid(at=NOON, center="sq", subject="place")
        await receiver.take([place.to_wire()])
        assert await effects_of(store) == {event.event_id: 1 for event in (item, basket, place)}
        assert await parked_in(store) == {}

    async def test_a_release_cut_short_is_made_up_for_when_the_creator_comes_again(
        self, receiver: Receiver, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        early, creator = added(price=7), opened()
        await receiver.take([early.to_wire()])

        async def die(_: str) -> bool:
            raise KeyboardInterrupt

        with monkeypatch.context() as broken:
            broken.setattr(receiver, "retry", die)
            with pytest.raises(KeyboardInterrupt):
                await receiver.take([creator.to_wire()])
        assert await totals_of(store) == {"b1": 0}, "committed, never acknowledged: it comes again"
        await receiver.take([creator.to_wire()])
        assert await totals_of(store) == {"b1": 7}

    async def test_what_another_replica_has_just_parked_is_done_soon_by_that_one(
        self, receiver: Receiver, store: Store
    ) -> None:
        early, other = added(price=7), Receiver(receiver.consumer, store)
        await receiver.take([opened("b2").to_wire()])  # and nothing was seen to wait
        await other.take([early.to_wire()])
        await receiver.take([opened().to_wire()])
        await make_due(store)
        await other.retry_due()
        assert (await totals_of(store))["b1"] == 7
        assert await parked_in(store) == {}

    async def test_the_dead_are_released_too_when_what_they_waited_for_comes_at_last(
        self, receiver: Receiver, store: Store
    ) -> None:
        early = added(price=7)
        await receiver.take([early.to_wire()])
        await self._fail_until_dead(receiver, store)
        await receiver.take([opened().to_wire()])
        assert await totals_of(store) == {"b1": 7}

    async def test_a_failing_event_is_tried_more_and_more_rarely_and_then_is_dead(
        self, receiver: Receiver, store: Store, till: Till
    ) -> None:
        basket, bad = opened(), added()
        till.fail_always(ValueError("no paper"), bad.event_id)
        await receiver.take(on_the_wire([basket, bad]))
        pauses = await self._fail_until_dead(receiver, store)
        for wanted, (least, most) in zip([1, 4, 8, 16], pauses, strict=False):
            assert least <= wanted <= most
        assert all(least <= most for (least, _), (_, most) in pairwise(pauses)), "never a shorter one"
        least, most = pauses[-1]
        assert least <= LONGEST_RETRY.total_seconds() <= most
        assert (await parked_in(store))[bad.event_id].attempts == ATTEMPTS
        async with store.reading() as session:
            assert await parked(session) == (0, 1)

    async def _fail_until_dead(self, receiver: Receiver, store: Store) -> list[tuple[float, float]]:
        """Returns the seconds each pause has been at least and at most, as told from before and after it was set."""
        pauses: list[tuple[float, float]] = []
        [row] = (await parked_in(store)).values()
        before = row.parked_at - timedelta(seconds=0.1)  # written just after the pause was set
        for _ in range(ATTEMPTS):
            [row] = (await parked_in(store)).values()
            if row.next_try_at is None:
                return pauses
            after = clock.machine_now()
            pauses.append(((row.next_try_at - after).total_seconds(), (row.next_try_at - before).total_seconds()))
            await make_due(store)
            before = clock.machine_now()
            await receiver.retry_due()
        pytest.fail("it never died")

    async def test_the_dead_are_done_when_someone_replays_them(
        self, receiver: Receiver, store: Store, till: Till
    ) -> None:
        basket, bad = opened(), added(price=7)
        till.fail_always(ValueError("no paper"), bad.event_id)
        await receiver.take(on_the_wire([basket, bad]))
        await self._fail_until_dead(receiver, store)
        till.recover()
        await receiver.retry_due()
        assert await totals_of(store) == {"b1": 0}
        async with store.transaction() as session:
            assert await replay(session, bad.event_id)
            assert not await replay(session, "no such event")
        await receiver.retry_due()
        assert await totals_of(store) == {"b1": 7}

    async def test_all_that_is_due_gets_its_try(
        self, receiver: Receiver, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("shared.messaging.consumer.RETRIED_AT_ONCE", 5)
        early = [added("late", price=1) for _ in range(12)]
        await receiver.take(on_the_wire(early))
        await make_due(store)
        await receiver.retry_due()
        assert {row.attempts for row in (await parked_in(store)).values()} == {2}

    @pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
    async def test_bytes_that_are_no_event_are_parked_dead_once_as_they_came(
        self, receiver: Receiver, store: Store, body: bytes
    ) -> None:
        good = opened()
        await receiver.take([body, good.to_wire(), body])
        await receiver.take([body])
        [row] = (await parked_in(store)).values()
        assert (row.body, row.kind, row.next_try_at) == (body, "undecodable", None)
        assert row.event_id == hashlib.sha256(body).hexdigest()
        assert await effects_of(store) == {good.event_id: 1}

    async def test_bytes_that_are_no_event_are_dead_again_at_once_whoever_has_them_tried(
        self, receiver: Receiver, store: Store
    ) -> None:
        await receiver.take([b"nonsense"])
        [row] = (await parked_in(store)).values()
        async with store.transaction() as session:
            with pytest.raises(Undecodable):
                await replay(session, row.event_id)
            kept = await session.get_one(type(row), row.event_id)
            assert kept.next_try_at is None
            kept.next_try_at = clock.machine_now()  # as an older release let it be
        await receiver.retry_due()
        [again] = (await parked_in(store)).values()
        assert (again.next_try_at, again.error) == (None, row.error)

    @pytest.mark.parametrize("body", UNKEEPABLE.values(), ids=UNKEEPABLE.keys())
    async def test_an_event_that_no_column_can_hold_stops_nobody(
        self, receiver: Receiver, store: Store, body: bytes
    ) -> None:
        first, after = opened(), opened("b2")
        await receiver.take([first.to_wire(), body, body])
        await receiver.take([after.to_wire(), body])
        assert {first.event_id, after.event_id} <= set(await effects_of(store))
        rows = [row for row in (await parked_in(store)).values() if row.body == body]
        assert len(rows) <= 1

    async def test_an_error_no_column_can_hold_is_kept_all_the_same(
        self, receiver: Receiver, store: Store, till: Till
    ) -> None:
        basket, bad = opened(), added(price=7)
        till.fail_always(ValueError("\0 \ud800"), bad.event_id)
        await receiver.take(on_the_wire([basket, bad]))
        assert "ValueError" in (await parked_in(store))[bad.event_id].error

    async def test_a_parked_event_is_kept_as_it_came_with_what_we_do_not_know_of_it(
        self, receiver: Receiver, store: Store
    ) -> None:
        body = tampered(data={"price": 1, "currency": "CNY"}, subject="b9")
        await receiver.take([body])
        [row] = (await parked_in(store)).values()
        assert row.body == body

    async def test_what_was_unreadable_and_is_known_now_takes_effect_once(
        self, receiver: Receiver, store: Store
    ) -> None:
        event = opened()
        unknown_then = event.to_wire().replace(b"yousu.basket.opened.v1", b"yousu.basket.begun.v1")
        await receiver.take([unknown_then])
        [row] = (await parked_in(store)).values()
        async with store.transaction() as session:
            kept = await session.get_one(type(row), row.event_id)
            kept.body = event.to_wire()  # as if this version knew the type
            await replay(session, row.event_id)
        await receiver.take([event.to_wire()])  # and it was delivered again meanwhile
        await receiver.retry_due()
        assert await effects_of(store) == {event.event_id: 1}
        assert await parked_in(store) == {}

    async def test_trouble_that_does_not_pass_is_parked_in_the_end(
        self, receiver: Receiver, store: Store, till: Till, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("shared.messaging.taking.LONGEST_PAUSE", 0.01)
        basket, bad, good = opened(), added(price=7), added(price=1)
        till.fail_always(FileNotFoundError("no such template"), bad.event_id)
        await receiver.take(on_the_wire([basket, bad, good]))
        assert await totals_of(store) == {"b1": 1}
        assert set(await parked_in(store)) == {bad.event_id}

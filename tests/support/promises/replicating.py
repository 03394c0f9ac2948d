"""The replica of the directory: whatever order facts arrive in, the latest revision of each is what is read."""

from itertools import permutations
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from shared import replica
from shared.db import Store
from shared.events.directory import CenterChanged, ChannelChanged, DepartmentChanged, DirectoryFact, MemberChanged
from shared.messaging import Consumer, Unknown
from shared.messaging.consumer import Receiver
from shared.replica import Member
from shared.security.roles import Role
from shared.security.sessions import digest
from shared.workdays import Calendar
from tests.support.kernel import NOON, on_the_wire, opened, parked_in
from tests.support.shop import BasketOpened
from tests.support.till import Effect

CALENDAR = Calendar().to_facts()


def center(revision: int, name: str = "县中心", code: str = "sq", **more: Any) -> CenterChanged:
    facts = {"parent": None, "area_code": "0394", "calendar": CALENDAR} | more
    return CenterChanged(at=NOON, center=code, subject=code, revision=revision, name=name, **facts)


def member(revision: int, role: str, at: str = "sq", active: bool = True) -> MemberChanged:
    return MemberChanged(
        at=NOON, center=at, subject="zhang", revision=revision, name="张三", role=role, active=active, phone="1"
    )


class ReplicaPromises:
    """What every service knows of the directory."""

    @pytest.fixture
    def replicating(self, store: Store) -> Receiver:
        consumer = Consumer("till")
        replica.keep_replica(consumer)
        return Receiver(consumer, store)

    @pytest.mark.parametrize("order", list(permutations((1, 2, 3))), ids=str)
    @pytest.mark.parametrize("in_one_batch", [True, False], ids=["one batch", "one by one"])
    async def test_the_latest_revision_wins_in_any_order(
        self, replicating: Receiver, store: Store, order: tuple[int, ...], in_one_batch: bool
    ) -> None:
        bodies = on_the_wire(center(revision, f"第{revision}版") for revision in order)
        for batch in [bodies] if in_one_batch else [[body] for body in bodies]:
            await replicating.take(batch)
        async with store.reading() as session:
            assert await replica.center_name(session, "sq") == "第3版"

    async def test_the_same_revision_again_changes_nothing(self, replicating: Receiver, store: Store) -> None:
        await replicating.take(on_the_wire([center(2, "先到的"), center(2, "后到的")]))
        async with store.reading() as session:
            assert await replica.center_name(session, "sq") == "先到的"

    async def test_a_member_who_moved_is_found_at_the_new_place_only(self, replicating: Receiver, store: Store) -> None:
        await replicating.take(on_the_wire([member(2, "clerk", "sq-zhidian"), member(1, "clerk", "sq")]))
        async with store.reading() as session:
            assert await replica.members(session, Role.CLERK, "sq") == []
            assert await replica.members(session, Role.CLERK, "sq-zhidian") == [
                Member("zhang", "张三", Role.CLERK, "sq-zhidian", None, "1")
            ]

    async def test_who_left_is_no_longer_found(self, replicating: Receiver, store: Store) -> None:
        key = ChannelChanged(
            at=NOON, center="sq", subject="hotline", revision=1, name="热线", key_hash=digest("k"), active=False
        )
        department = DepartmentChanged(
            at=NOON, center="sq", subject="sq/zjj", revision=1, name="住建", short_name="住建", code="zjj", active=False
        )
        facts: list[DirectoryFact] = [member(1, "clerk", active=False), center(1, active=False), key, department]
        await replicating.take(on_the_wire(facts))
        async with store.reading() as session:
            assert await replica.members(session, Role.CLERK, "sq") == []
            assert await replica.center_codes(session) == {}
            assert await replica.channel_of_key(store, "k") is None
            assert not await replica.department_exists(session, "sq", "zjj")
            assert await replica.center_name(session, "sq") == "县中心", "old complaints still name it"

    async def test_an_event_of_a_center_unknown_yet_waits_for_the_directory(self, store: Store) -> None:
        consumer = Consumer("till")
        replica.keep_replica(consumer)

        @consumer.on(BasketOpened)
        async def count_days(event: BasketOpened, session: AsyncSession) -> None:
            await replica.calendar_of(session, event.center)
            session.add(Effect(event_id=event.event_id))

        receiver = Receiver(consumer, store)
        await receiver.take(on_the_wire([opened()]))
        assert [row.awaits for row in (await parked_in(store)).values()] == ["sq"]
        await receiver.take(on_the_wire([center(1)]))
        assert await parked_in(store) == {}

    async def test_a_fact_that_changes_within_a_batch_is_read_as_it_is_by_then(self, store: Store) -> None:
        consumer, read = Consumer("till"), []

        @consumer.on(CenterChanged)
        async def before(_: CenterChanged, session: AsyncSession) -> None:
            read.append(await replica.center_name(session, "sq"))

        replica.keep_replica(consumer)
        consumer.on(CenterChanged)(before)
        receiver = Receiver(consumer, store)
        await receiver.take(on_the_wire([center(1, "一"), center(2, "二"), center(3, "三")]))
        assert read == ["sq", "一", "一", "二", "二", "三"]

    async def test_an_unknown_center_has_no_calendar(self, store: Store) -> None:
        async with store.reading() as session:
            assert not await replica.knows_the_county(session)
            with pytest.raises(Unknown, match="sq is not known here yet"):
                await replica.calendar_of(session, "sq")

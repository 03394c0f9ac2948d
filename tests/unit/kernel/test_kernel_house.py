"""A whole process, embedded: SQLite, events within the process, jobs that wake each other."""

from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock
from shared.db import Store
from shared.settings import Settings
from tests.support.houses import Pair
from tests.support.kernel import (
    added,
    announce_all,
    effects_of,
    opened,
    outbox_of,
    parked_in,
    totals_of,
    unsent_in,
    until,
)
from tests.support.till import Basket


async def test_an_event_goes_round_the_house_and_then_all_is_quiet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Pair(Settings(var=tmp_path)).open(monkeypatch) as pair:
        shop, till = pair.store("shop"), pair.store("till")
        events = [opened(), *(added(price=n) for n in (1, 2, 3))]
        await announce_all(shop, events)
        await until(pair.is_quiet)
        assert await totals_of(till) == {"b1": 6}
        told = {row.message_id: 1 for row in await outbox_of(till)}
        assert len(told) == 3
        assert await effects_of(shop) == told
        facts = await pair.house.quiet()
        assert (facts.announced, facts.claimed) == ({"till": 4, "shop": 3}, {"till": 4, "shop": 3})


async def test_what_is_on_its_way_is_no_quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Pair(Settings(var=tmp_path)).open(monkeypatch) as pair:
        await until(pair.is_quiet)
        pair.till.fail_always(ConnectionRefusedError("the database is away"))
        await announce_all(pair.store("shop"), [opened()])

        async def was_tried() -> bool:
            return bool(pair.till.batches)

        await until(was_tried)
        assert not await pair.is_quiet()
        assert (await pair.house.quiet()).in_hand >= 1
        pair.till.recover()
        await until(pair.is_quiet)


async def test_what_is_parked_and_will_be_tried_again_is_no_quiet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Pair(Settings(var=tmp_path)).open(monkeypatch) as pair:
        early = added(price=7)
        await announce_all(pair.store("shop"), [early])

        async def is_parked() -> bool:
            return early.event_id in await parked_in(pair.store("till"))

        async def is_all_there_is() -> bool:
            return (await pair.house.quiet()).parked_live == 1

        await until(is_parked)
        await until(is_all_there_is)
        assert not await pair.is_quiet()
        await announce_all(pair.store("shop"), [opened()])
        await until(pair.is_quiet)
        assert await totals_of(pair.store("till")) == {"b1": 7}


async def test_what_was_announced_before_a_crash_goes_out_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = Pair(Settings(var=tmp_path))
    async with left.open(monkeypatch):
        await until(left.is_quiet)
        left.till.fail_always(ConnectionRefusedError("the database is away"))
        events = [opened(), added(price=7)]
        await announce_all(left.store("shop"), events)
    async with Pair(Settings(var=tmp_path)).open(monkeypatch) as pair:
        await until(pair.is_quiet)
        assert await effects_of(pair.store("till")) == {event.event_id: 1 for event in events}
        assert await unsent_in(pair.store("shop")) == set()


async def test_a_second_house_on_the_same_folder_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Pair(Settings(var=tmp_path)).open(monkeypatch):
        with pytest.raises(SystemExit, match="另一个有诉进程正在使用"):
            async with Pair(Settings(var=tmp_path)).open(monkeypatch):
                pytest.fail("it must not open")
    async with Pair(Settings(var=tmp_path)).open(monkeypatch):
        pass


async def test_ready_is_said_only_when_told_and_when_every_service_can_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def has_a_basket(session: AsyncSession) -> bool:
        return await session.scalar(select(Basket.id).limit(1)) is not None

    pair = Pair(Settings(var=tmp_path), ["till"], is_ready=has_a_basket)
    async with pair.open(monkeypatch), _client(pair) as client:
        assert (await client.get("/health/live")).json() == {"status": "live"}
        pair.house.ready.set()
        answer = await client.get("/health/ready")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        await _add_basket(pair.store("till"))
        assert (await client.get("/health/ready")).status_code == 200
        pair.house.ready.clear()
        assert (await client.get("/health/ready")).status_code == 503
        assert (await client.get("/health/quiet")).json() == {}, "no drill, no say"
        head = await client.head("/health/live")
        assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "17")
        assert (await client.head("/till/parked", headers={"accept": "text/html"})).status_code == 303


async def test_the_earliest_instant_of_all_services_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    early, late = (clock.machine_now() + timedelta(hours=hours) for hours in (1, 2))
    instants = cycle([late, early])

    async def next_fire(_: AsyncSession) -> datetime:
        return next(instants)

    pair = Pair(Settings(var=tmp_path), next_fire_at=next_fire)
    async with pair.open(monkeypatch):
        await until(pair.is_quiet)
        assert (await pair.house.quiet()).next_fire_at == early.isoformat()


def _client(pair: Pair) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(pair.house.app), base_url="http://house")


async def _add_basket(store: Store) -> None:
    async with store.transaction() as session:
        session.add(Basket(id="b1", total=0))

"""sla says when digests are due: once a working day, by whichever replica, and only where a clock runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import delete

from services.sla import usecases
from services.sla.app import service
from services.sla.tables import digests
from shared.events.dispatch import Leg, LimitRule, OrderDispatched, Party, Stage
from shared.events.sla import DigestDue
from tests.support.alone import Alone, at


@pytest.fixture
async def sla(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        await begun(alone)
        yield alone


async def begun(sla: Alone) -> None:
    sla.now("11-20 09:00")
    await sla.knows("sq", "sq-fujing")
    await sla.do(usecases.fire_due)


def dispatched() -> OrderDispatched:
    leg = Leg(
        number=1, stage=Stage.REPLY, round=1, starts_at=at("11-24 10:00"), rule=LimitRule.WORKING_DAYS,
        working_days=5, calendar="sq-fujing",
    )  # fmt: skip
    return OrderDispatched(
        at=at("11-24 10:00"), center="sq", subject="c-1", revision=1, handling_center="sq-fujing",
        lead=Party(center="sq", department="zrzy"), leg=leg, by="k",
    )  # fmt: skip


async def due(sla: Alone) -> list[tuple[str, list[str], bool]]:
    told = [event for event in await sla.told() if isinstance(event, DigestDue)]
    return [(event.subject, event.centers, event.week_since is not None) for event in told]


BOTH = ["sq", "sq-fujing"]


async def test_where_no_clock_runs_nobody_waits_for_a_digest(sla: Alone) -> None:
    assert await sla.do(usecases.fire_due) is None
    sla.now("11-24 10:00")
    await sla.hear(dispatched())
    assert await sla.do(usecases.fire_due) == at("11-25 08:30")


async def test_a_store_of_before_there_were_digests_plans_them_when_it_is_started(sla: Alone) -> None:
    await sla.do(lambda session: session.execute(delete(digests)))
    sla.now("11-24 10:00")
    await sla.hear(dispatched())
    await sla.do(usecases.plan_new_digests)
    assert await sla.do(usecases.fire_due) == at("11-25 08:30")
    await sla.do(usecases.plan_new_digests)
    sla.now("11-25 08:31")
    await sla.do(usecases.fire_due)
    assert (await due(sla))[-1] == ("2026-11-25", BOTH, True)


async def test_all_centers_whose_day_begins_together_are_due_at_once_and_once(sla: Alone) -> None:
    sla.now("11-24 10:00")
    await sla.do(usecases.fire_due)
    before = await due(sla)
    await sla.hear(dispatched())
    sla.now("11-25 08:31")
    for _ in range(2):
        await sla.do(usecases.fire_due)
    assert (await due(sla))[len(before) :] == [("2026-11-25", BOTH, False)]
    sla.now("11-28 10:00")
    await sla.do(usecases.fire_due)
    assert (await due(sla))[len(before) + 1 :] == [], "a Saturday, and what was missed is past"
    sla.now("11-30 08:31")
    await sla.do(usecases.fire_due)
    assert (await due(sla))[len(before) + 1 :] == [("2026-11-30", BOTH, True)]


async def test_what_has_begun_since_the_opening_waits_for_tomorrow(sla: Alone) -> None:
    sla.now("11-24 10:00")
    await sla.hear(dispatched())
    sla.now("11-24 10:01")
    await sla.do(usecases.fire_due)
    assert [told for told in await due(sla) if not told[2]] == []


async def test_a_county_that_wants_no_digest_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YOUSU_DAILY_DIGEST", "false")
    async with Alone.at_work(service, tmp_path, monkeypatch) as sla:
        await begun(sla)
        await sla.hear(dispatched())
        assert await sla.do(usecases.fire_due) == at("11-30 17:30")


async def test_of_two_replicas_one_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    async with AsyncExitStack() as both:
        first, second = [
            await both.enter_async_context(Alone.at_work(service, tmp_path, monkeypatch, database_url))
            for _ in range(2)
        ]
        await begun(first)
        await first.hear(dispatched())
        first.now("11-25 08:31")
        before = len(await due(first))
        await asyncio.gather(*(each.do(usecases.fire_due) for each in (first, second)))
        told = (await due(first))[before:]
        assert sorted(center for _, centers, _ in told for center in centers) == BOTH

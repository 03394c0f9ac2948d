"""Two replicas of sla on one PostgreSQL: what they do at once is done once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from services.sla import usecases
from services.sla.app import service
from services.sla.domain import State
from shared.events import Event
from shared.events.dispatch import Final, Leg, LimitRule, OrderClosed, OrderDispatched, Party, Stage
from shared.events.intake import ComplaintRegistered, ComplaintTriaged, Triage
from shared.events.sla import ReminderDue, RungDue
from shared.security.roles import Actor, Role
from tests.support.alone import Alone, at
from tests.support.examples import example

LEAD = Party(center="sq", department="zrzy")
AUDITOR = Actor("auditor-sq", "审计", Role.AUDITOR, "sq")


@pytest.fixture
async def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> AsyncIterator[list[Alone]]:
    async with AsyncExitStack() as both:
        replicas = [
            await both.enter_async_context(Alone.at_work(service, tmp_path, monkeypatch, database_url))
            for _ in range(2)
        ]
        await replicas[0].knows("sq")
        yield replicas


def dispatched(n: int) -> OrderDispatched:
    leg = Leg(
        number=1, stage=Stage.REPLY, round=1, starts_at=at("11-23 10:00"), rule=LimitRule.WORKING_DAYS,
        working_days=3, calendar="sq",
    )  # fmt: skip
    return OrderDispatched(
        at=at("11-23 10:00"),
        center="sq",
        subject=f"c-{n}",
        revision=1,
        handling_center="sq",
        lead=LEAD,
        leg=leg,
        by="k",
    )


def closed(n: int) -> OrderClosed:
    return OrderClosed(
        at=at("11-23 11:00"), center="sq", subject=f"c-{n}", revision=2, final=Final.WITHDRAWN, number="SQ-2026-0001",
        triage=Triage.HARD, redo=0, overdue=False, problem="问题", result="结果", by="k",
    )  # fmt: skip


async def test_a_rung_due_is_asked_about_once(two: list[Alone]) -> None:
    await two[0].hear(*(dispatched(n) for n in range(700)))
    two[0].now("11-26 10:00")
    await asyncio.gather(*(replica.do(usecases.fire_due) for replica in two))
    await asyncio.gather(*(replica.do(usecases.fire_due) for replica in two))
    asked = [event.subject for event in await two[0].told() if isinstance(event, RungDue)]
    assert sorted(asked) == sorted(f"c-{n}" for n in range(700))


async def test_an_order_opened_and_closed_at_once_is_closed(two: list[Alone]) -> None:
    opening: list[Event] = [dispatched(n) for n in range(100)]
    closing: list[Event] = [closed(n) for n in reversed(range(100))]
    await asyncio.gather(*(two[0].hear(event) for event in opening), *(two[1].hear(event) for event in closing))
    for n in range(100):
        async with two[0].store.reading() as session:
            order = await usecases.clocks_of(session, f"c-{n}")
            assert order.clocks[1].state is State.CLOSED


def example_of(kind: type[Event], when: str, n: int) -> Event:
    return example(kind, at=at(when), subject=f"c-{n}", event_id=f"{kind.type} {n}")


async def test_a_reminder_is_told_once_and_the_figures_count_it(two: list[Alone]) -> None:
    await two[0].hear(*(example_of(ComplaintRegistered, "11-23 09:00", n) for n in range(3)))
    await two[0].hear(example_of(ComplaintTriaged, "11-23 10:00", 0))
    two[0].now("11-23 11:01")
    await asyncio.gather(*(alone.do(usecases.fire_due) for alone in two))
    told = [event for event in await two[0].told() if isinstance(event, ReminderDue)]
    assert sorted(event.subject for event in told) == ["c-1", "c-2"]
    answer = await two[1].ask("GET", "inner-limits", AUDITOR, params={"center": "sq", "open": True})
    figures = {each["step"]: each for each in answer.json()["figures"]}
    assert [figures["triage"][name] for name in ("count", "open", "late")] == [3, 2, 2]

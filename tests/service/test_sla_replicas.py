"""Two replicas of sla on one PostgreSQL: what they do at once is done once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path

import pytest

from services.sla import store, usecases
from services.sla.app import service
from services.sla.domain import Clock, State
from shared.events import Event
from shared.events.dispatch import (
    EscalationUrged,
    Final,
    Leg,
    LimitRule,
    OrderChecked,
    OrderClosed,
    OrderDispatched,
    OrderReplied,
    Party,
    ReplyKind,
    Stage,
)
from shared.events.intake import ComplaintRegistered, ComplaintTriaged, Triage
from shared.events.sla import ClockMoved, ReminderDue, Rung, RungDue
from shared.security.roles import Actor, Role
from shared.workdays import Calendar, Override
from tests.support.alone import Alone, at, waited_for
from tests.support.examples import example

LEAD = Party(center="sq", department="zrzy")
AUDITOR = Actor("auditor-sq", "审计", Role.AUDITOR, "sq")
FLOOD = Calendar(overrides=(Override(date(2026, 11, 26), worked=False, reason="防汛"),))


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
            order = await store.order(session, f"c-{n}")
            assert order
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


async def heard_while_dates_are_counted_again(two: list[Alone], *events: Event) -> Clock:
    """The only order's clock; one replica had counted it again, and not yet committed, when the other heard these."""
    two[0].now("11-23 11:00")
    await two[0].hear(dispatched(0))
    await two[0].knows("sq", calendar=FLOOD, revision=2)
    async with two[0].store.transaction() as session:
        await usecases.recount(session)
        await session.flush()
        hearing = asyncio.create_task(two[1].hear(*events))
        await waited_for(session, hearing)
    await hearing
    async with two[0].store.reading() as session:
        order = await store.order(session, "c-0")
        assert order
        return order.clocks[1]


async def test_the_next_rung_is_that_of_the_date_counted_again_meanwhile(two: list[Alone]) -> None:
    urged = example(
        EscalationUrged, at=at("11-25 17:31"), subject="c-0", leg=1, fell_due_at=at("11-25 17:30"), to=[LEAD]
    )
    clock = await heard_while_dates_are_counted_again(two, urged)
    assert (clock.due_at, clock.urged_at) == (at("11-27 17:30"), at("11-25 17:31"))
    assert (clock.next_rung, clock.next_fire_at) == (Rung.SUPERVISED, at("11-27 17:30"))


async def test_a_date_that_moves_twice_at_once_is_told_twice_one_after_the_other(two: list[Alone]) -> None:
    given = {"subject": "c-0", "leg": 1}
    replied = example(
        OrderReplied, at=at("11-25 17:00"), event_id="replied", round=1, is_lead=True, kind=ReplyKind.RESULT,
        next_leg=None, **given,
    )  # fmt: skip
    returned = example(OrderChecked, at=at("11-27 09:00"), event_id="returned", round=2, passed=False, **given)
    clock = await heard_while_dates_are_counted_again(two, replied, returned)
    moves = [event for event in await two[0].told() if isinstance(event, ClockMoved)]
    assert [(moved.revision, moved.why, moved.due_at) for moved in moves] == [
        (2, "calendar", at("11-27 17:30")),
        (3, "returned", at("11-30 17:30")),
    ]
    assert (clock.revision, clock.due_at) == (3, at("11-30 17:30"))


async def test_what_is_due_of_an_order_that_is_in_hand_waits_until_it_is_put_down(two: list[Alone]) -> None:
    async def asked() -> list[str]:
        return sorted(event.subject for event in await two[0].told() if isinstance(event, RungDue | ReminderDue))

    await two[0].hear(dispatched(0), example_of(ComplaintRegistered, "11-23 09:00", 1))
    two[0].now("11-26 10:00")
    async with two[0].store.transaction() as session:
        await store.take_orders(session, ["c-0", "c-1"])
        await two[1].do(usecases.fire_due)
        assert await asked() == []
    await two[1].do(usecases.fire_due)
    assert await asked() == ["c-0", "c-1"]

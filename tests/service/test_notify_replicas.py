"""Two replicas of notify on one PostgreSQL: together they tell everything once, each message by one of them."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from services.notify import jobs
from services.notify.app import service
from services.notify.domain.means import CONNECTED, Letter, Means, Provider
from shared.events import Event
from shared.security.roles import Actor, Role
from tests.support.alone import Alone
from tests.support.told import EXPECTED, Story, let_know_departments, let_parked_finish, told

AUDITOR = Actor("auditor-sq", "审计", Role.AUDITOR, "sq")
STORIES = 6


@pytest.fixture
async def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> AsyncIterator[list[Alone]]:
    async with AsyncExitStack() as both:
        replicas = [
            await both.enter_async_context(Alone.at_work(service, tmp_path, monkeypatch, database_url))
            for _ in range(2)
        ]
        replicas[0].now("11-23 12:00")
        await replicas[0].knows("sq")
        await let_know_departments(replicas[0])
        yield replicas


class Slow(Provider):
    """Takes its time, and remembers what it was given."""

    def __init__(self) -> None:
        self.delivered: list[str] = []

    async def deliver(self, letters: Sequence[Letter]) -> Mapping[str, str | None]:
        await asyncio.sleep(0)
        self.delivered += [letter.message_id for letter in letters]
        return {letter.message_id: None for letter in letters}


async def hear_in_batches(notify: Alone, events: Sequence[Event]) -> None:
    for start in range(0, len(events), 15):
        await notify.hear(*events[start : start + 15])


async def test_what_reaches_either_in_any_order_and_twice_is_told_once(two: list[Alone]) -> None:
    stories = [Story(number=f"SQ-2026-{n:04}") for n in range(STORIES)]
    events = [event for story in stories for event in story.events] * 2
    random.Random(7).shuffle(events)
    middle = len(events) // 2
    await asyncio.gather(hear_in_batches(two[0], events[:middle]), hear_in_batches(two[1], events[middle:]))
    await let_parked_finish(two[0])
    assert await told(two[1]) == Counter({what: STORIES * times for what, times in EXPECTED.items()})
    answer = await two[0].ask("GET", "messages", AUDITOR, params={"complaint_id": stories[0].id})
    assert answer.json()["total"] == EXPECTED.total()


async def test_each_message_is_delivered_by_one_of_them(two: list[Alone], monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = Slow()
    monkeypatch.setitem(CONNECTED, Means.SMS, gateway)
    await two[0].hear(*(Story(number=f"SQ-2026-{n:04}").registered for n in range(130)))
    for _ in range(3):
        await asyncio.gather(*(replica.do(jobs.deliver) for replica in two))
    assert len(gateway.delivered) == len(set(gateway.delivered)) == 130

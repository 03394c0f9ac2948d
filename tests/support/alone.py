"""One service alone: a store in a folder of the test's own, its receiver, its jobs run by hand, its doors, a clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock, redis
from shared.db import Store, lay_foundations
from shared.events import Event, from_wire
from shared.events.directory import CenterChanged
from shared.house import Service
from shared.messaging.consumer import Receiver, parked
from shared.messaging.tables import OutboxRow
from shared.security.roles import Actor
from shared.security.sessions import Sessions
from shared.settings import Settings, settings
from shared.web.app import make_app
from shared.workdays import CHINA, Calendar
from tests.support import cheap
from tests.support.migrated import migrate

T = TypeVar("T")
_SOMEBODY_WAITS = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
)
"""Whether another transaction waits for the one that asks."""


def at(text: str) -> datetime:
    """`11-23 09:00` of 2026 in Shanghai; a whole date and time is taken as it stands."""
    return datetime.fromisoformat(text if text.count("-") > 1 else f"2026-{text}").replace(tzinfo=CHINA)


async def waited_for(session: AsyncSession, other: asyncio.Task[Any]) -> None:
    """Come to where the other, which has begun, waits for this transaction of PostgreSQL; it has to."""
    while not await session.scalar(_SOMEBODY_WAITS):
        assert not other.done(), "it has not waited for the other"


class Alone:
    """What a test does to the service: tells it events, asks at its doors, moves its clock, reads what it announced."""

    def __init__(self, service: Service, given: Settings) -> None:
        self.service = service
        self.store = Store(service.name, given)
        self.receiver = Receiver(service.consumer, self.store)
        self.sessions = Sessions(redis.connect(given), given)
        self.woken: set[str] = set()
        self.store.when_committed(self.woken.update, self.woken.update)
        self.app = make_app(service.name, service.title, service.routers, store=self.store, sessions=self.sessions)

    @classmethod
    @asynccontextmanager
    async def at_work(
        cls, service: Service, folder: Path, monkeypatch: pytest.MonkeyPatch, database_url: str | None = None
    ) -> AsyncIterator[Self]:
        """The service, migrated, with a drill clock in the folder; on PostgreSQL where a database is given."""
        monkeypatch.setenv("YOUSU_VAR", str(folder))
        monkeypatch.setenv("YOUSU_DRILL_CLOCK", str(folder / "clock.json"))
        cheap.without_threads(monkeypatch)
        settings.cache_clear()
        alone = cls(service, Settings(database_url=database_url))
        cheap.never_flushed(alone.store)
        try:
            if database_url:
                await lay_foundations(database_url, service.name)
            await migrate(alone.store, service.metadata)
            yield alone
        finally:
            await alone.store.close()
            await alone.sessions.close()
            settings.cache_clear()

    def now(self, text: str) -> datetime:
        """Let it be this time."""
        clock.set_drill(at(text))
        return at(text)

    async def hear(self, *events: Event) -> None:
        """Deliver these in one batch."""
        await self.receiver.take([event.to_wire() for event in events])

    async def hear_each(self, *events: Event) -> None:
        """Deliver these one by one."""
        for event in events:
            await self.hear(event)

    async def knows(self, *centers: str, calendar: Calendar | None = None, revision: int = 1) -> None:
        """Let it have heard of these centers."""
        facts = (calendar or Calendar()).to_facts()
        when = at("01-01 00:00")
        for center in centers:
            await self.hear(
                CenterChanged(
                    at=when, center=center, subject=center, revision=revision, name=center, parent=None,
                    area_code="0394", calendar=facts,
                )
            )  # fmt: skip

    async def do(self, what: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Run a use case or a job in a transaction of its own."""
        async with self.store.transaction() as session:
            return await what(session)

    async def told(self) -> list[Event]:
        """Everything announced so far, in order."""
        async with self.store.reading() as session:
            rows = await session.scalars(select(OutboxRow).order_by(OutboxRow.message_id))
            return [from_wire(row.body) for row in rows]

    async def parked(self) -> int:
        """How many events wait for another try."""
        async with self.store.reading() as session:
            return (await parked(session))[0]

    async def ask(self, method: str, path: str, actor: Actor | None = None, **given: Any) -> httpx.Response:
        """Knock at a door, logged in as this actor."""
        headers = {"authorization": f"Bearer {await self.sessions.open(actor)}"} if actor else {}
        headers |= given.pop("headers", {})
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://alone") as client:
            return await client.request(method, f"/api/{path}", headers=headers, **given)

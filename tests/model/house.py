"""intake, dispatch and sla at work together, as cheaply as can be, each with doors, store, handlers, outbox and inbox.

Whoever decides anything about a complaint is here; notify and casebook only hear of it, and the directory has told its
facts. No job runs by itself: `carry` and `until` say when. Every example begins in the house as it was at its opening.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.__main__ import build
from services.cli.play.playhouse import UNHURRIED
from services.sla.usecases import SWEEP
from shared import clock
from shared.events import Event
from shared.events.directory import CenterChanged, DepartmentChanged
from shared.house import House
from shared.messaging import outbox
from shared.messaging.tables import OutboxRow
from shared.migrate import migrate
from shared.security.keys import rating_links
from shared.security.roles import Actor, Role
from shared.settings import settings
from shared.workdays import CHINA, Calendar
from tests.model.days import OVERRIDES
from tests.model.people import CENTERS, COUNTY, NAMES, PETITIONER, UNITS, Who
from tests.support import cheap

SERVICES = ("intake", "dispatch", "sla")
TICK = timedelta(microseconds=1)
"""Past an instant at which an answer would still have been in time (mechanism §6)."""
OPENED = datetime(2015, 1, 1, 9, tzinfo=CHINA)


class ModelHouse:
    """The three services; the drill clock is theirs and the test's."""

    def __init__(self, house: House, client: httpx.AsyncClient) -> None:
        self._running, self._sessions, self._transport = house.running, house.sessions, house.transport
        self._client = client
        self._wished: dict[str, set[str]] = {name: set() for name in SERVICES}
        self._tokens: dict[Who, str] = {}
        self._at_opening: dict[str, sqlite3.Connection] = {}
        self.closings: dict[str, list[str]] = {}
        """By complaint: the event of each of its ends, of which a rating's link is made."""

    @classmethod
    @asynccontextmanager
    async def at_work(cls, folder: Path) -> AsyncIterator[ModelHouse]:
        """All three, migrated, in a county of a center and a township's."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("YOUSU_VAR", str(folder))
            patch.setenv("YOUSU_DRILL_CLOCK", str(folder / "clock.json"))
            patch.setenv("YOUSU_DAILY_DIGEST", "false")
            patch.setenv("YOUSU_PUBLIC_REQUESTS_PER_MINUTE", "1000000")  # all petitioners come from one address
            for name, most in UNHURRIED.items():
                patch.setenv(name, most)
            cheap.without_threads(patch)
            cheap.drill_in_memory(patch)
            settings.cache_clear()
            clock.set_drill(OPENED)
            house = build(settings(), SERVICES)
            transport = httpx.ASGITransport(app=house.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://model") as client:
                model_house = cls(house, client)
                await model_house._open(folder)
                yield model_house
            for running in house.running.values():
                await running.store.close()
            await house.sessions.close()
        settings.cache_clear()

    async def _open(self, folder: Path) -> None:
        for name, running in self._running.items():
            running.store.when_committed(self._wished[name].update, self._expect)
            cheap.never_flushed(running.store)
            await migrate(running.store, running.service.metadata)
            await running.receiver.take([fact.to_wire() for fact in _county()])
        await self.carry()
        for name in SERVICES:
            self._at_opening[name] = sqlite3.connect(":memory:")
            with sqlite3.connect(folder / f"{name}.sqlite3") as store:
                store.backup(self._at_opening[name])
        self._folder = folder

    def begin(self, instant: datetime) -> None:
        """Forget all that has happened since the opening, and let it be this time."""
        for name, kept in self._at_opening.items():
            store = sqlite3.connect(self._folder / f"{name}.sqlite3")
            store.execute("PRAGMA synchronous=OFF")
            kept.backup(store)
            store.close()
            self._wished[name].clear()
        self.closings.clear()
        clock.set_drill(instant)

    # Doors

    async def ask(self, who: Who, method: str, path: str, **given: Any) -> httpx.Response:
        """Knock at a door."""
        headers = {"authorization": f"Bearer {await self._token(who)}"} if who != PETITIONER else {}
        return await self._client.request(method, path, headers=headers, **given)

    async def _token(self, who: Who) -> str:
        if who not in self._tokens:
            actor = Actor(who.username, who.username, Role(who.role), who.center, who.department)
            self._tokens[who] = await self._sessions.open(actor)
        return self._tokens[who]

    def rating_link(self, complaint_id: str, ends_ago: int) -> str:
        """The link a petitioner was sent with the last end, or the one before; of none, one that opens nothing."""
        closings = self.closings.get(complaint_id, [])
        closing = closings[-1 - ends_ago] if ends_ago < len(closings) else "none"
        return rating_links().of(complaint_id, closing)

    # Events and time

    async def until(self, instant: datetime, unheard: str | None = None) -> None:
        """Let time pass; what falls due on the way happens. What this service has said is brought but then."""
        await self.carry(unheard)
        while (due := await self._next_due()) is not None and due < instant:
            clock.set_drill(due + TICK)
            self._wished["sla"].add(SWEEP)
            await self.carry(unheard)
        clock.set_drill(instant)
        if unheard:
            await self.carry()

    def has_to_say(self, *names: str) -> bool:
        """Whether one of these services has announced what nobody has heard yet."""
        return any(self._wished[name] for name in names)

    async def carry(self, unheard: str | None = None) -> None:
        """Bring everyone what was announced, and do what there is to do, until nobody has anything more to say.

        `unheard`: the service that is not brought to anybody.
        """
        names = [name for name in SERVICES if name != unheard]
        while wished := [(name, job) for name in names for job in sorted(self._wished[name])]:
            name, job = wished[0]
            self._wished[name].discard(job)
            await self._do(name, job)

    async def _do(self, name: str, job: str) -> None:
        running = self._running[name]
        if job == outbox.RELAY:
            await outbox.relay(running.store, self, failed=False)
            return
        [run] = [each.run for each in running.service.jobs if each.name == job]  # nothing is ever parked here
        async with running.store.transaction() as session:
            await run(session)

    async def publish(self, rows: Sequence[OutboxRow]) -> Mapping[str, str | None]:
        """Deliver, and note the ends."""
        for row in rows:
            if row.kind.startswith("order.closed."):
                self.closings.setdefault(row.subject, []).append(row.message_id)
        return await self._transport.publish(rows)

    def _expect(self, instants: Mapping[str, datetime]) -> None:
        if instants.get(SWEEP, clock.now()) < clock.now():
            self._wished["sla"].add(SWEEP)

    async def _next_due(self) -> datetime | None:
        running = self._running["sla"]
        assert running.service.next_fire_at
        async with running.store.reading() as session:
            return await running.service.next_fire_at(session)


def _county() -> list[Event]:
    facts: list[Event] = [
        CenterChanged(
            at=OPENED,
            center=code,
            subject=code,
            revision=1,
            name=NAMES[code],
            parent=None if code == COUNTY else COUNTY,
            area_code="0394",
            calendar=Calendar(overrides=OVERRIDES).to_facts(),
        )
        for code in CENTERS
    ]
    for subject, name in UNITS.items():
        center, code = subject.split("/")
        told = {"center": center, "subject": subject, "revision": 1, "name": name, "code": code, "short_name": name}
        facts.append(DepartmentChanged(at=OPENED, **told))
    return facts

"""A house of two services for testing the kernel only: the shop announces, the till adds up, the shop hears of it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock
from shared.db import Store
from shared.house import House, Service
from shared.messaging import Consumer
from shared.messaging.consumer import Receiver
from shared.settings import Settings
from tests.support.kernel import lay_tables
from tests.support.till import HEARD, Base, Effect, Till, TotalChanged


def _shop() -> Consumer:
    consumer = Consumer("shop")

    @consumer.on(TotalChanged)
    async def note_total(event: TotalChanged, session: AsyncSession) -> None:
        session.add(Effect(event_id=event.event_id))

    return consumer


class Pair:
    """One process with these services of the two, and where a test reaches into it."""

    def __init__(self, settings: Settings, names: Sequence[str] = ("shop", "till"), **more: Any) -> None:
        self.till = Till()
        consumers = {"shop": _shop(), "till": self.till.consumer}
        services = [Service(name, name, consumers[name], Base.metadata, (), **more) for name in names]
        self.house = House(settings, services, HEARD)

    def store(self, name: str) -> Store:
        """A service's store."""
        return self.house.running[name].store

    def receiver(self, name: str) -> Receiver:
        """A service's receiver."""
        return self.house.running[name].receiver

    @asynccontextmanager
    async def open(self, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator["Pair"]:
        """Run the process; its stores get their tables from the metadata, for there are no migrations of a till."""

        async def lay(store: Store, _: MetaData) -> None:
            await lay_tables(store)

        monkeypatch.setattr("shared.house.migrate", lay)
        async with self.house.app.router.lifespan_context(self.house.app):
            yield self

    async def is_quiet(self) -> bool:
        """Whether nothing is on its way in this process, and all that was sent has been taken."""
        return (await self.house.quiet()).is_quiet(clock.now())

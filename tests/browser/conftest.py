"""One house and one Chromium for the run; people come and go, and whatever their pages complain of fails the test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from playwright.async_api import Browser

from shared.workdays import CHINA
from tests.browser.chromium import chromium
from tests.browser.person import Person
from tests.support.scene import Scene
from tests.support.served import at_a_port
from tests.support.servers import require
from tests.support.town import Town

OPENED = datetime(2026, 11, 16, 9, tzinfo=CHINA)


class Guests:
    """Who is at a browser in a test: `await guests.come("clerk-sq")`."""

    def __init__(self, town: Town, address: str, browser: Browser) -> None:
        self.town = town
        self._at = (town, address, browser)
        self._here: list[Person] = []

    async def come(self, username: str | None = None, **how: Any) -> Person:
        """One more; see `Person.come`."""
        person = await Person.come(*self._at, username, **how)
        self._here.append(person)
        return person

    async def leave(self) -> list[str]:
        """All go; what their pages complained of."""
        for person in self._here:
            await person.leave()
        return [fault for person in self._here for fault in person.faults]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, for the whole run."""
    require("chromium", "fonts")
    async with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Town, str]]:
    """The sample county's house, and its address; closed before other tests begin, which have clocks of their own."""
    async with Town.at_work(tmp_path_factory.mktemp("house"), opened=OPENED) as town, at_a_port(town) as address:
        await town.new_week()
        yield town, address


@pytest.fixture(scope="package")
async def scene(served: tuple[Town, str]) -> Scene:
    """Something of each kind in the county."""
    return await Scene.set(served[0])


@pytest.fixture
async def guests(served: tuple[Town, str], browser: Browser) -> AsyncIterator[Guests]:
    """Whoever comes in this test."""
    guests = Guests(*served, browser)
    yield guests
    assert await guests.leave() == []

"""A driver for a house that runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.benchmarks.house import House
from tests.benchmarks.loops import Driver, Ways
from tests.benchmarks.watch import Watch


@asynccontextmanager
async def driven(house: House, ways: Ways | None = None) -> AsyncIterator[Driver]:
    """One that looks into its database and has signed in."""
    async with Watch(house.dsn) as watch, Driver(house, watch, ways) as driver:
        yield driver

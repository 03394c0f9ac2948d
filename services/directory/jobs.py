"""What directory does by itself: load the sample county, and move a drill's clock as fast as the house can follow."""

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from deploy.county import load_county
from services.directory import store
from services.directory.usecases import telling
from shared import clock, quiet
from shared.refusals import Invalid, NotPossible
from shared.settings import settings

if TYPE_CHECKING:
    from shared.house import House

DRILL_YEARS = range(2004, 2100)
"""The years whose working days can be told."""
AFTER = timedelta(microseconds=1)
"""A rung is decided just after its instant: an answer given at the instant itself is in time (mechanism §6)."""


async def load_sample(session: AsyncSession) -> None:
    """Fill an empty directory with the sample county, where samples are wanted."""
    if settings().sample and not await store.has_facts(session):
        await telling.load_county(session, load_county(), on_bus=not settings().embedded)


async def move_drill_clock(house: "House", to: datetime) -> datetime:
    """Move the drill clock, stopping just after every instant at which something falls due until all is quiet there."""
    if to.year not in DRILL_YEARS:
        raise Invalid("bad-drill-time", f"演练时间应在{DRILL_YEARS[0]}年至{DRILL_YEARS[-1]}年之间。")
    async with house.moving:
        if to < clock.now():
            raise NotPossible("clock-backwards", "演练时钟只能向前拨动。")
        due = await _until_quiet(house)
        while due and (stop := datetime.fromisoformat(due) + AFTER) <= to:
            clock.set_drill(max(stop, clock.now()))
            due = await _until_quiet(house)
        clock.set_drill(to)  # nothing falls due up to here: all stays quiet
    return to


async def _until_quiet(house: "House") -> str | None:
    """Wait until nothing is under way anywhere, seen twice the same; returns when something falls due next."""
    before = None
    while True:
        found = await house.all_quiet()
        if not found.is_quiet(clock.now()):
            before = None
            await asyncio.sleep(quiet.GLANCE)
        elif found == before:
            return found.next_fire_at
        else:
            before = found

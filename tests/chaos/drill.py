"""The drill clock as the rig moves it: on and on while things break, and never over an instant somebody waits for."""

import asyncio
import heapq
from datetime import datetime, time, timedelta
from pathlib import Path

from shared import clock
from shared.workdays import CHINA, Calendar

CALENDAR = Calendar()
"""The sample county's: no notices, no local days off."""
BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=CHINA)
WORKING_HOURS = (time(8, 30), time(10, 0), time(11, 30), time(14, 45), time(16, 0), time(17, 30), time(18, 40))
OFF = (time(10, 0),)
AFTER = timedelta(microseconds=1)


class Time:
    """The drill clock; `run` moves it until cancelled."""

    def __init__(self, file: Path, begin: datetime = BEGIN) -> None:
        self._file = file
        self._waited: list[datetime] = []
        self._moved = asyncio.Condition()
        self.now = begin
        self.stands = False
        """Whether it is held where it is."""

    async def reach(self, instant: datetime) -> None:
        """Wait until it is that late."""
        if instant > self.now:
            heapq.heappush(self._waited, instant)
        async with self._moved:
            await self._moved.wait_for(lambda: self.now >= instant)

    async def run(self, pause: float) -> None:
        """Move it on, with so many real seconds between two steps."""
        while True:
            await asyncio.sleep(pause)
            if not self.stands:
                await self.step()

    async def step(self) -> None:
        """On to the next hour of the office, or the first instant somebody waits for."""
        while self._waited and self._waited[0] <= self.now:
            heapq.heappop(self._waited)
        self.now = min([next_hour(self.now), *self._waited[:1]])
        clock.set_drill(self.now, self._file)
        async with self._moved:
            self._moved.notify_all()


def next_hour(at: datetime) -> datetime:
    """The office's next hour after this instant: several on a working day, one on a day off."""
    day = at.date()
    while True:
        for hour in WORKING_HOURS if CALENDAR.is_workday(day) else OFF:
            if (found := datetime.combine(day, hour, CHINA)) > at:
                return found
        day += timedelta(days=1)

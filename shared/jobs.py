"""The job runner: what a service does without being asked, each run in transactions of its own."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock
from shared.db import Store
from shared.logs import log

Again = datetime | timedelta | None
"""When there will be more to do, if that is known: at a business instant, or after so much real time."""
Run = Callable[[], Awaitable[Again]]
"""Does what there is to do, and says when there will be more."""

DRILL_GLANCE = 0.005
"""How often a drill's jobs look at its clock, in seconds, while it stands still."""
RUNNING_GLANCE = 0.25
"""How often while it runs, since it may be moved again."""
LONGEST_PAUSE = 5.0
LINGER = 0.005
"""Seconds before a job that was woken while it ran runs once more: what more comes by then is done with it."""

_log = log("jobs")


@dataclass
class Job:
    """One thing to do: when woken, when it said there would be more, and at least this often."""

    name: str
    run: Run
    every: timedelta
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    busy: bool = True
    next_at: datetime | None = None
    """The instant it has named."""


class Jobs:
    """The jobs of one service."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def add(self, name: str, run: Run, every: timedelta) -> None:
        """Name a job."""
        self._jobs[name] = Job(name, run, every)

    def wake(self, names: set[str]) -> None:
        """Run these now, or once more when they are just running."""
        for name in names & self._jobs.keys():
            self._jobs[name].bell.set()

    def expect(self, instants: Mapping[str, datetime]) -> None:
        """Each of these has something to do then: who has named no earlier instant runs, and names it."""
        for name in instants.keys() & self._jobs.keys():
            job = self._jobs[name]
            if job.busy or job.next_at is None or instants[name] < job.next_at:
                job.bell.set()

    @property
    def in_hand(self) -> int:
        """How many jobs are running or have been woken."""
        return sum(job.busy or job.bell.is_set() for job in self._jobs.values())

    def start(self) -> None:
        """Begin to run them all."""
        self._tasks = [asyncio.create_task(_keep_running(job), name=job.name) for job in self._jobs.values()]

    async def stop(self) -> None:
        """End them all; what was under way is rolled back."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def in_transaction(store: Store, run: Callable[[AsyncSession], Awaitable[datetime | None]]) -> Run:
    """A job that is one transaction of this store."""

    async def once() -> datetime | None:
        async with store.transaction() as session:
            return await run(session)

    return once


Write = Callable[[AsyncSession], Awaitable[None]]
"""Writes down what was made."""

Reading = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Opens a session to read with."""


@dataclass(frozen=True)
class SteppedJob:
    """A job of steps that may take long: what the next one needs is read, it is made, and one transaction writes it.

    Nothing is held meanwhile: whoever writes has to look whether another replica has made the same already.
    """

    name: str
    read: Callable[[AsyncSession], Awaitable[Any]]
    """None: there is nothing to do."""
    make: Callable[[Any, Reading], Awaitable[Write]]
    """It may read more on the way, by sessions of its own."""
    begin: Callable[[AsyncSession, Any], Awaitable[bool]] | None = None
    """Writes down that a step is about to be made, for the case that who makes it dies; False: it shall not be made."""
    every: timedelta = timedelta(seconds=30)

    def on(self, store: Store) -> Run:
        """The same for this store."""

        async def once() -> None:
            async with store.reading() as session:
                found = await self.read(session)
            if found is not None and await self._is_begun(store, found):
                write = await self.make(found, store.reading)
                async with store.transaction() as session:
                    await write(session)

        return always(once)

    async def _is_begun(self, store: Store, found: Any) -> bool:
        if self.begin is None:
            return True
        async with store.transaction() as session:
            return await self.begin(session, found)


def always(run: Callable[[], Awaitable[None]]) -> Run:
    """A job that knows no next instant."""

    async def once() -> None:
        await run()

    return once


async def _keep_running(job: Job) -> None:
    pause = 0.05
    while True:
        job.bell.clear()
        job.busy = True
        try:
            again = await job.run()
            pause = 0.05
        except Exception as error:
            _log.warning("failed", job=job.name, error=repr(error)[:300])
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            continue
        job.next_at = again if isinstance(again, datetime) else None
        job.busy = False
        if job.bell.is_set():
            await asyncio.sleep(LINGER)
        else:
            await _rest(job, min(again, job.every) if isinstance(again, timedelta) else job.every)


async def _rest(job: Job, longest: timedelta) -> None:
    until, next_at = time.monotonic() + longest.total_seconds(), job.next_at
    while not job.bell.is_set() and (left := until - time.monotonic()) > 0:
        if next_at is not None:
            ahead = (next_at - clock.now()).total_seconds()
            if ahead < 0:
                return
            # One microsecond past the instant: an answer given at the instant itself is in time (mechanism §6).
            left = min(left, DRILL_GLANCE if clock.stands_still() else ahead + 1e-6)
            left = min(left, RUNNING_GLANCE) if clock.is_drill() else left
        with suppress(TimeoutError):
            async with asyncio.timeout(left):
                await job.bell.wait()

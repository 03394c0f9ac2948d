"""Which fault strikes when: by the seed, one after the other, or several at once."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from tests.chaos.faults import ALL, Fault, Missed, NotHere, Scene
from tests.chaos.results import Outcome

Say = Callable[[str], None]
MENDED_WITHIN = 300.0
"""Seconds a fault has at most until it is mended; one that takes longer is a fault of the rig's."""


class Turns:
    """Faults that must be alone wait for the others to be over, and keep others waiting."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._striking = 0
        self._alone = asyncio.Lock()

    @asynccontextmanager
    async def taken(self, *, alone: bool) -> AsyncIterator[None]:
        """A turn."""
        async with self._alone:
            if alone:
                async with self._changed:
                    await self._changed.wait_for(lambda: not self._striking)
                yield
                return
            self._striking += 1
        try:
            yield
        finally:
            async with self._changed:
                self._striking -= 1
                self._changed.notify_all()


class Schedule:
    """Lets faults strike a scene, and keeps count of them."""

    def __init__(self, scene: Scene, seed: int, outcome: Outcome, say: Say) -> None:
        self._scene = scene
        self._seed = seed
        self._outcome = outcome
        self._say = say
        self._turns = Turns()

    async def suffer(self, seconds: float, faults: Sequence[Fault] = ALL, at_once: int = 1) -> None:
        """For so long; each stream of faults draws its own."""
        until = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            for number in range(at_once):
                group.create_task(self._stream(random.Random(f"{self._seed}.{number}"), until, faults))

    async def _stream(self, chance: random.Random, until: float, faults: Sequence[Fault]) -> None:
        while True:
            fault = chance.choices(faults, [each.share for each in faults])[0]
            async with self._turns.taken(alone=fault.alone):
                self._say(fault.name)
                await self.strike(fault)
            if time.monotonic() > until:
                return
            await asyncio.sleep(fault.settles * chance.uniform(0.5, 1.5))

    async def strike(self, fault: Fault) -> None:
        """Let one fault happen, from its beginning to its mending."""
        try:
            async with asyncio.timeout(MENDED_WITHIN):
                struck = await fault.strike(self._scene)
        except NotHere as reason:
            self._outcome.skipped[fault.name] = str(reason)
            return
        except Missed:
            self._outcome.missed[fault.name] = self._outcome.missed.get(fault.name, 0) + 1
            return
        self._outcome.faults += 1
        self._outcome.by_fault[fault.name] = self._outcome.by_fault.get(fault.name, 0) + 1
        for whom in struck or ():
            by_whom = self._outcome.struck.setdefault(fault.name, {})
            by_whom[whom] = by_whom.get(whom, 0) + 1

"""Redis dies or stands still: only work that needs a staff session stops, and says so."""

import asyncio

from tests.chaos.faults.doors import staff_are_told_so
from tests.chaos.faults.fault import Fault, Scene

SERVER = "redis"


async def kill(scene: Scene) -> None:
    """SIGKILL: it has forgotten every session when it comes back."""
    await scene.whole()
    await asyncio.to_thread(scene.servers.redis.kill)
    async with scene.away(SERVER, "killed"):
        await staff_are_told_so(scene)
        await scene.last(0.5, 2.0)
        await asyncio.to_thread(scene.servers.redis.restart)


async def stand_still(scene: Scene) -> None:
    """SIGSTOP."""
    await scene.whole()
    await asyncio.to_thread(scene.servers.redis.pause)
    async with scene.away(SERVER, "frozen"):
        await staff_are_told_so(scene)
        await scene.last(0.5, 3.0)
        await asyncio.to_thread(scene.servers.redis.resume)


FAULTS = (Fault("cache killed", kill, 2, alone=True), Fault("cache frozen", stand_still, 2, alone=True))

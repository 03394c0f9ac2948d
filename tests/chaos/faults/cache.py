"""Redis dies or stands still: only work that needs a staff session stops, and says so."""

import asyncio

from tests.chaos.faults.doors import staff_are_told_so
from tests.chaos.faults.fault import Fault, Scene

SERVER = "redis"
HEARS_WITHIN = 30.0
"""Seconds more, at most, that the outage lasts for what came on the bus in it to be answered."""


async def kill(scene: Scene) -> None:
    """SIGKILL: it has forgotten every session when it comes back."""
    await scene.whole()
    async with scene.away(SERVER, "killed"):
        await asyncio.to_thread(scene.servers.redis.kill)
        await _nobody_else_needs_it(scene)
        await scene.last(0.5, 2.0)
        await asyncio.to_thread(scene.servers.redis.restart)


async def stand_still(scene: Scene) -> None:
    """SIGSTOP."""
    await scene.whole()
    async with scene.away(SERVER, "frozen"):
        await asyncio.to_thread(scene.servers.redis.pause)
        await _nobody_else_needs_it(scene)
        await scene.last(0.5, 3.0)
        await asyncio.to_thread(scene.servers.redis.resume)


async def _nobody_else_needs_it(scene: Scene) -> None:
    """Staff are told so; what comes on the bus is registered, and its channel hears of it before Redis is back."""
    await staff_are_told_so(scene)
    if not await scene.crowd.is_answered(HEARS_WITHIN):
        scene.findings.append(f"without Redis a submission on the bus was not answered in {HEARS_WITHIN:.0f} s")


FAULTS = (Fault("cache killed", kill, 2, alone=True), Fault("cache frozen", stand_still, 2, alone=True))

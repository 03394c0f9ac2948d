"""Redis dies or stands still: only work that needs a staff session stops."""

import asyncio
import time

from tests.chaos.faults.fault import Fault, Scene


async def kill(scene: Scene) -> None:
    """SIGKILL: it has forgotten every session when it comes back."""
    await asyncio.to_thread(scene.servers.redis.kill)
    await _must_go_on(scene, "killed")
    await scene.last(0.5, 2.0)
    await asyncio.to_thread(scene.servers.redis.restart)


async def stand_still(scene: Scene) -> None:
    """SIGSTOP."""
    await asyncio.to_thread(scene.servers.redis.pause)
    await _must_go_on(scene, "frozen")
    await scene.last(0.5, 3.0)
    await asyncio.to_thread(scene.servers.redis.resume)


async def _must_go_on(scene: Scene, how: str) -> None:
    """What needs no session is answered as ever: a channel's submission, and how a complaint stands."""
    for method, path, secret in (
        ("POST", "/intake/api/submissions", "sample-web"),
        ("GET", "/intake/api/complaints/SQ-2020-0001?code=AAAAAA", None),
    ):
        begun = time.monotonic()
        answer = await scene.parties.once(method, path, secret, json={} if secret else None)
        if answer.status not in (404, 422):
            scene.findings.append(f"with Redis {how}, {path} answered {answer.status} {answer.code}")
        if (took := time.monotonic() - begun) > 5:
            scene.findings.append(f"with Redis {how}, {path} took {took:.1f} s")


FAULTS = (Fault("cache killed", kill, 4), Fault("cache frozen", stand_still, 4))

"""Processes that are killed, stand still, or are restarted one after the other."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg

from tests.chaos.faults.fault import Fault, Missed, Scene
from tests.chaos.house import REPLICAS

ANNOUNCING = ("intake", "dispatch", "sla", "notify")
"""The services that announce something all the time."""
HELD_WITHIN = 5.0
"""Seconds."""
LOOK = 0.05
_WAITS_TO_MARK = (
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = $1"
    " AND query LIKE 'UPDATE outbox SET sent_at%' AND datname = current_database())"
)


async def kill(scene: Scene) -> list[str]:
    """SIGKILL of one process; a supervisor starts it again."""
    process = scene.process()
    async with scene.holding(process):
        if not scene.house.is_alive(process):
            raise Missed
        await scene.house.kill(process)
        await scene.last(0.0, 1.5)
        await scene.house.spawn(process)
    return [process]


async def kill_both(scene: Scene) -> list[str]:
    """SIGKILL of all replicas of a service at once."""
    processes = _replicas(scene)
    async with scene.holding(*processes):
        if not all(map(scene.house.is_alive, processes)):
            raise Missed
        for process in processes:
            await scene.house.kill(process)
        await scene.last(0.5, 2.0)
        for process in processes:
            await scene.house.spawn(process)
    return processes


async def stop_short(scene: Scene) -> list[str]:
    """SIGSTOP of one process, whatever it holds, and SIGCONT later."""
    process = scene.process()
    async with scene.holding(process):
        if not scene.house.is_alive(process):
            raise Missed
        scene.house.stop_short(process)
        await scene.last(1.0, 5.0)
        scene.house.go_on(process)
    return [process]


async def hold_relay(scene: Scene) -> list[str]:
    """A relay held between publish and mark: it has published, and its outbox takes no change; it goes on, or dies.

    Meanwhile the outbox may be read and its rows locked, which is all a relay does before it marks.
    """
    service = scene.chance.choice(ANNOUNCING)
    processes = scene.house.processes_of(service)
    dies = scene.chance.random() < 0.5
    async with scene.holding(*processes):
        try:
            async with outbox_held(scene.house.database_url, service):
                await scene.last(0.1, 1.0)
                for process in processes if dies else ():
                    await scene.house.kill(process)
        finally:
            for process in processes if dies else ():
                await scene.house.revive(process)
    return processes


@contextlib.asynccontextmanager
async def outbox_held(url: str, service: str) -> AsyncIterator[None]:
    """Within, a relay of this service has published and cannot mark; raises `Missed` when none comes to that point."""
    try:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""), timeout=HELD_WITHIN)
        try:
            async with connection.transaction(), asyncio.timeout(HELD_WITHIN):
                await connection.execute(f"LOCK TABLE {service}.outbox IN SHARE MODE")
                while not await connection.fetchval(_WAITS_TO_MARK, f"yousu-{service}"):
                    await connection.execute(
                        "SELECT pg_stat_clear_snapshot()"
                    )  # else a transaction sees the same again
                    await asyncio.sleep(LOOK)
                yield
        finally:
            await connection.close(timeout=HELD_WITHIN)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        raise Missed from None


async def roll(scene: Scene) -> list[str]:
    """Every replica of a service is ended gently and started again, one after the other."""
    processes = _replicas(scene)
    async with scene.holding(*processes):
        for process in processes:
            await scene.house.restart(process)
            with contextlib.suppress(TimeoutError):
                await scene.house.until_answering(process, 30)
    return processes


def _replicas(scene: Scene) -> list[str]:
    return scene.house.processes_of(scene.chance.choice(list(REPLICAS)))


FAULTS = (
    Fault("process killed", kill, 24),
    Fault("all replicas killed", kill_both, 6),
    Fault("process stopped", stop_short, 14),
    Fault("relay held between publish and mark", hold_relay, 8),
    Fault("rolling restart", roll, 6),
)

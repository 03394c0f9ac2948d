"""Processes that are killed, stand still, or are restarted one after the other."""

import contextlib

from tests.chaos.faults.fault import Fault, Scene
from tests.chaos.house import REPLICAS


async def kill(scene: Scene) -> None:
    """SIGKILL of one process; a supervisor starts it again."""
    process = scene.process()
    async with scene.holding(process):
        await scene.house.kill(process)
        await scene.last(0.0, 1.5)
        await scene.house.spawn(process)


async def kill_both(scene: Scene) -> None:
    """SIGKILL of all replicas of a service at once."""
    processes = _replicas(scene)
    async with scene.holding(*processes):
        for process in processes:
            await scene.house.kill(process)
        await scene.last(0.5, 2.0)
        for process in processes:
            await scene.house.spawn(process)


async def stop_short(scene: Scene) -> None:
    """SIGSTOP of one process, whatever it holds, and SIGCONT later."""
    process = scene.process()
    async with scene.holding(process):
        scene.house.stop_short(process)
        await scene.last(1.0, 5.0)
        scene.house.go_on(process)


async def pause_relays(scene: Scene) -> None:
    """A relay held between publish and mark: all its service's outbox rows are locked while it publishes."""
    for process in scene.chance.sample(list(scene.house.ports), 3):
        async with scene.holding(process):
            for _ in range(3):  # at random moments, so that some fall between the two
                scene.house.stop_short(process)
                await scene.last(0.1, 0.5)
                scene.house.go_on(process)
                await scene.last(0.01, 0.1)


async def roll(scene: Scene) -> None:
    """Every replica of a service is ended gently and started again, one after the other."""
    processes = _replicas(scene)
    async with scene.holding(*processes):
        for process in processes:
            await scene.house.restart(process)
            with contextlib.suppress(TimeoutError):
                await scene.house.until_answering(process, 30)


def _replicas(scene: Scene) -> list[str]:
    return scene.house.processes_of(scene.chance.choice(list(REPLICAS)))


FAULTS = (
    Fault("process killed", kill, 24),
    Fault("all replicas killed", kill_both, 6),
    Fault("process stopped", stop_short, 14),
    Fault("relay paused", pause_relays, 8),
    Fault("rolling restart", roll, 6),
)

"""PostgreSQL turns its clients out, crashes, or has no room left."""

import asyncio

from tests.chaos.faults.doors import every_door_says_when_to_come_again
from tests.chaos.faults.fault import Fault, Missed, Scene
from tests.chaos.room import fill_up

SERVER = "database"
_OTHERS = "FROM pg_stat_activity WHERE application_name LIKE 'yousu-%'"


async def terminate(scene: Scene) -> None:
    """An administrator ends every backend of the house, or some of them."""
    some = "" if scene.chance.random() < 0.5 else " AND random() < 0.4"
    async with scene.away("its connections to the database", "ended"):
        ended = await asyncio.to_thread(
            scene.servers.postgres.query, f"SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) {_OTHERS}{some}"
        )
        if ended == "0":
            raise Missed


async def crash(scene: Scene) -> None:
    """`immediate`: it dies where it stands, and recovers from its log."""
    async with scene.away(SERVER, "crashed"):
        await asyncio.to_thread(scene.servers.postgres.restart, "immediate")


async def stay_away(scene: Scene) -> None:
    """Stopped for some seconds: every door says 503 and when to come again."""
    await scene.whole()
    async with scene.away(SERVER, "stopped"):
        await asyncio.to_thread(scene.servers.postgres.stop)
        await every_door_says_when_to_come_again(scene)
        await scene.last(1.0, 3.0)
        await asyncio.to_thread(scene.servers.postgres.restart)


async def run_out_of_room(scene: Scene) -> None:
    """The disk fills up while everyone writes, and is given room again."""
    async with scene.away(SERVER, "disk full"):
        await fill_up(scene)


FAULTS = (
    Fault("database's backends ended", terminate, 12),
    Fault("database crashed", crash, 3, settles=3, alone=True),
    Fault("database stopped", stay_away, 2, settles=3, alone=True),
    Fault("database's disk full", run_out_of_room, 3, settles=3, alone=True),
)

"""PostgreSQL turns its clients out, crashes, or has no room left."""

import asyncio
import time

from tests.chaos.faults.fault import Fault, Scene
from tests.chaos.room import fill_up

_OTHERS = "FROM pg_stat_activity WHERE application_name LIKE 'yousu-%'"


async def terminate(scene: Scene) -> None:
    """An administrator ends every backend of the house, or some of them."""
    some = "" if scene.chance.random() < 0.5 else " AND random() < 0.4"
    await asyncio.to_thread(scene.servers.postgres.query, f"SELECT count(pg_terminate_backend(pid)) {_OTHERS}{some}")


async def crash(scene: Scene) -> None:
    """`immediate`: it dies where it stands, and recovers from its log."""
    since = time.monotonic()
    await asyncio.to_thread(scene.servers.postgres.restart, "immediate")
    scene.outages.append(("postgres", since, time.monotonic()))


async def stay_away(scene: Scene) -> None:
    """Stopped for some seconds: every door says 503 and when to come again."""
    since = time.monotonic()
    await asyncio.to_thread(scene.servers.postgres.stop)
    begun = time.monotonic()
    answer = await scene.parties.once("POST", "/intake/api/submissions", "sample-web", json={})
    if answer.status not in (0, 503) or (answer.status == 503 and not answer.retry_after):
        scene.findings.append(f"without the database a submission was answered {answer.status} {answer.retry_after}")
    await scene.last(1.0, 3.0)
    scene.outages.append(("postgres", since, time.monotonic()))
    scene.outages.append(("postgres answered after", begun, time.monotonic()))
    await asyncio.to_thread(scene.servers.postgres.restart)


async def run_out_of_room(scene: Scene) -> None:
    """The disk fills up while everyone writes, and is given room again."""
    await fill_up(scene)


FAULTS = (
    Fault("database's backends ended", terminate, 12),
    Fault("database crashed", crash, 5, settles=3),
    Fault("database stopped", stay_away, 4, settles=3),
    Fault("database's disk full", run_out_of_room, 4, settles=3),
)

"""PostgreSQL's data on a small disk of its own, that can be filled up and given room again (a tmpfs; needs root)."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from deploy.servers.postgres import Postgres
from deploy.servers.state import ServersError
from tests.chaos.faults.fault import Missed, NotHere, Scene

SIZE = "3g"
PROBE = "chaos_probe"


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A small disk where the cluster will stand; whether this machine lets us have one."""
    home = folder / "postgres"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "tmpfs", str(home)], capture_output=True, check=False
    )
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", str(home)], check=False)


async def fill_up(scene: Scene) -> None:
    """Leave not a block free for a while; a database that died of it is started again when there is room."""
    postgres = scene.servers.postgres
    home = scene.servers.state.folder / "postgres"
    if not home.is_mount():
        raise NotHere("a disk can be filled up only where root may mount one")
    ballast = home / "ballast"
    await asyncio.to_thread(_fill, ballast)
    try:
        had_room = await asyncio.to_thread(_has_room, postgres)
        await scene.last(1.0, 3.0)
    finally:
        ballast.unlink()
    if not postgres.process.alive:
        await asyncio.to_thread(postgres.restart)
    await asyncio.to_thread(postgres.query, f"DROP TABLE IF EXISTS {PROBE}")
    if had_room:
        raise Missed


def _has_room(postgres: Postgres) -> bool:
    """Whether the database can still make a table that needs new blocks."""
    try:
        postgres.query(f"CREATE TABLE {PROBE} AS SELECT repeat('x', 2000) FROM generate_series(1, 100)")
    except ServersError:
        return False
    return True


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as out:
        for size in (1 << 24, 1 << 16, 4096):
            with contextlib.suppress(OSError):
                while os.write(out.fileno(), bytes(size)):
                    pass

"""A house to be measured: the services as they run in production, as one process or six, in a database of its own.

The clock is the machine's, the settings are the defaults; only the sample county's logins and keys are switched on, and
one driver may ask as much as a whole county.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx

from deploy.servers import Servers
from services.cli.play.doors import Doors
from services.cli.play.playhouse import UNHURRIED
from shared.ports import free_port
from shared.settings import SERVICES
from tests.benchmarks.machine import Process

SEAL_KEYS = "bench:ZGVtb25zdHJhdGlvbi1rZXktb2YtMzItYnl0ZXMtISE="
PHONE_INDEX_KEY = "aW5kZXgta2V5LW9mLTMyLWJ5dGVzLWZvci10cmlhbCE="
"""Keys everyone may know, so that a database loaded by one run opens in another."""
SEPARATE = tuple((name,) for name in SERVICES)
"""The services as six processes."""
TOGETHER = (SERVICES,)
"""All of them in one."""
READY_WITHIN = 600
STOPPED_WITHIN = 20
_numbers = count(1)


@dataclass
class House:
    """Its processes, and where they are found."""

    origins: dict[str, str]
    doors: Doors
    processes: dict[str, Process]
    amqp_url: str | None
    database_url: str | None
    folder: Path = field(default_factory=Path)

    @property
    def dsn(self) -> str:
        """The database, as asyncpg takes it."""
        assert self.database_url
        return plain(self.database_url)

    def cpu_seconds(self) -> dict[str, float]:
        """What each process has used so far."""
        return {name: process.cpu_seconds() for name, process in self.processes.items()}


def plain(url: str) -> str:
    """A database's URL without SQLAlchemy's name of the driver."""
    return url.replace("+asyncpg", "", 1)


@asynccontextmanager
async def house_on(
    servers: Servers, processes: Sequence[Sequence[str]] = SEPARATE, database: str | None = None
) -> AsyncIterator[House]:
    """A house on these servers, ready; in this database, which stays, or in a new one, which goes with it."""
    name = f"bench_{os.getpid()}_{next(_numbers)}"
    amqp_url = await asyncio.to_thread(servers.new_vhost, name)
    database_url = database or await asyncio.to_thread(servers.new_database, name)
    urls = {"YOUSU_AMQP_URL": amqp_url, "YOUSU_DATABASE_URL": database_url, "YOUSU_REDIS_URL": servers.redis_url}
    try:
        async with _started(processes, urls) as house:
            house.amqp_url, house.database_url = amqp_url, database_url
            yield house
    finally:
        await asyncio.to_thread(servers.rabbitmq.drop_vhost, name)
        if database is None:
            await asyncio.to_thread(servers.postgres.drop_database, name)


@asynccontextmanager
async def embedded_house() -> AsyncIterator[House]:
    """A house as it comes: one process, SQLite, no servers."""
    async with _started(TOGETHER, {}) as house:
        yield house


@asynccontextmanager
async def _started(processes: Sequence[Sequence[str]], urls: dict[str, str]) -> AsyncIterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="yousu-bench-"))
    ports = {group[0] if len(group) == 1 else "all": free_port() for group in processes}
    groups = dict(zip(ports, processes, strict=True))
    origins = {service: f"http://127.0.0.1:{ports[name]}" for name, group in groups.items() for service in group}
    house = House(origins, Doors(origins), {}, None, None, folder)
    running: list[asyncio.subprocess.Process] = []
    try:
        for name, group in groups.items():
            with (folder / f"{name}.log").open("wb") as log:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "services", *group),
                    env=_environment(folder, ports[name]) | urls,
                    stdout=log,
                    stderr=log,
                )
            running.append(process)
            house.processes[name] = Process(process.pid)
        await _until_ready(set(origins.values()), running, folder)
        yield house
    finally:
        await house.doors.client.aclose()
        await _stop(running)
        shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path, port: int) -> dict[str, str]:
    own = {
        "YOUSU_VAR": str(folder / "var"),
        "YOUSU_PORT": str(port),
        "YOUSU_SAMPLE": "true",
        "YOUSU_DAILY_DIGEST": "false",
        "YOUSU_SEAL_KEYS": SEAL_KEYS,
        "YOUSU_PHONE_INDEX_KEY": PHONE_INDEX_KEY,
        **UNHURRIED,
    }
    return {name: value for name, value in os.environ.items() if not name.startswith("YOUSU_")} | own


async def _until_ready(origins: set[str], running: list[asyncio.subprocess.Process], folder: Path) -> None:
    async with httpx.AsyncClient(timeout=10) as client, asyncio.timeout(READY_WITHIN):
        waiting = set(origins)
        while waiting:
            if any(process.returncode is not None for process in running):
                raise RuntimeError(_logs(folder))
            for origin in sorted(waiting):
                try:
                    if (await client.get(f"{origin}/health/ready")).is_success:
                        waiting.discard(origin)
                except httpx.TransportError:
                    pass
            await asyncio.sleep(0.1)


def _logs(folder: Path) -> str:
    return "\n".join(log.read_text()[-2000:] for log in sorted(folder.glob("*.log")))


async def _stop(running: list[asyncio.subprocess.Process]) -> None:
    for process in running:
        if process.returncode is None:
            process.terminate()
    for process in running:
        try:
            async with asyncio.timeout(STOPPED_WITHIN):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

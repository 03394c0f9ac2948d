"""A house of the play's own: fresh stores, a drill clock, one process or several, and none left behind."""

import asyncio
import os
import secrets
import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import aio_pika
import httpx
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from services.cli.play.doors import Doors
from shared import clock
from shared.messaging.topology import queue_of
from shared.ports import free_port
from shared.settings import SERVICES, Settings

START_WITHIN = 240
"""Seconds a process may take until it is ready."""
UNHURRIED = dict.fromkeys(("YOUSU_STAFF_REQUESTS_PER_MINUTE", "YOUSU_CHANNEL_REQUESTS_PER_MINUTE"), "1000000")
"""One driver does in a minute what a county's staff and channels do in weeks."""


class NotStarted(RuntimeError):
    """A process ended, or was not ready in time; with the end of its log."""


class Playhouse:
    """Start with `async with Playhouse(settings, begin, processes=…) as house`, then play through `house.doors`.

    Each process is known by what it runs: `all`, or a service's name.
    """

    def __init__(
        self,
        given: Settings,
        begin: datetime,
        *,
        processes: bool = False,
        keep: bool = False,
    ) -> None:
        self._given = given
        self._keep = keep
        self._begin = begin
        self.folder = Path(tempfile.mkdtemp(prefix="yousu-play-"))
        named = self.separately() if processes else {"all": SERVICES}
        self._groups = {group: (names, free_port()) for group, names in named.items()}
        self.running: dict[str, asyncio.subprocess.Process] = {}
        self._database: str | None = None
        self.doors = Doors(
            {name: f"http://127.0.0.1:{port}" for names, port in self._groups.values() for name in names}
        )

    def separately(self) -> dict[str, tuple[str, ...]]:
        """The processes, and what each runs, when they are several."""
        return {name: (name,) for name in SERVICES}

    async def __aenter__(self) -> Self:
        clock.set_drill(self._begin, self.clock_file)
        if self._given.amqp_url:
            await _must_be_unused(self._given.amqp_url)
        if self._given.database_url:
            self._database = await _new_database(self._given.database_url)
        try:
            await asyncio.gather(*(self.start(group) for group in self._groups))
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    @property
    def clock_file(self) -> Path:
        """Where its drill clock stands."""
        return self.folder / "clock.json"

    @property
    def ports(self) -> dict[str, int]:
        """Where each of the processes listens."""
        return {group: port for group, (_, port) in self._groups.items()}

    async def start(self, group: str) -> None:
        """Start one of the processes and wait until it is ready."""
        await self._until_ready(group, await self.spawn(group), self.ports[group])

    async def spawn(self, group: str) -> asyncio.subprocess.Process:
        """Start one of the processes, ready or not."""
        names, _ = self._groups[group]
        log = (self.folder / f"{group}.log").open("ab")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services", *names, env=self.environment_of(group), stdout=log, stderr=log
        )
        log.close()
        self.running[group] = process
        return process

    def environment_of(self, group: str) -> dict[str, str]:
        """What one of the processes is told."""
        peers = ",".join(f"http://127.0.0.1:{port}" for _, port in self._groups.values())
        own = {
            "YOUSU_VAR": str(self.folder / "var"),
            "YOUSU_DRILL_CLOCK": str(self.clock_file),
            "YOUSU_SAMPLE": "true",
            **UNHURRIED,
            "YOUSU_PORT": str(self.ports[group]),
            "YOUSU_PEERS": peers if len(self._groups) > 1 else "",
        }
        servers = {
            "YOUSU_AMQP_URL": self._given.amqp_url,
            "YOUSU_DATABASE_URL": self._database,
            "YOUSU_REDIS_URL": self._given.redis_url,
        }
        return os.environ | own | {name: url for name, url in servers.items() if url}

    async def _until_ready(self, group: str, process: asyncio.subprocess.Process, port: int) -> None:
        try:
            client = self.doors.client  # one for all: to make one takes a while, and keeps this loop from all else
            async with asyncio.timeout(START_WITHIN):
                while process.returncode is None:
                    try:
                        answer = await client.get(f"http://127.0.0.1:{port}/health/live")
                        if answer.is_success and await self._knows_the_county(client, group, port):
                            return
                    except httpx.TransportError:
                        pass
                    await asyncio.sleep(0.05)
        except TimeoutError:
            pass
        log = (self.folder / f"{group}.log").read_text(errors="replace")
        raise NotStarted(f"{group} 没有启动成功：\n{log[-3000:]}")

    async def _knows_the_county(self, client: httpx.AsyncClient, group: str, port: int) -> bool:
        # Directory tells the others what there is as they come; it need not wait for itself.
        return group.startswith("directory") or (await client.get(f"http://127.0.0.1:{port}/health/ready")).is_success

    async def _close(self) -> None:
        await self.doors.client.aclose()
        for process in self.running.values():
            if process.returncode is None:
                process.terminate()
        for process in self.running.values():
            try:
                async with asyncio.timeout(15):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()
        if self._keep:
            print(f"kept: {self.folder} {self._database or ''}", file=sys.stderr)
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._database and self._given.database_url:
            await _drop_database(self._given.database_url, self._database)


async def _must_be_unused(amqp_url: str) -> None:
    """Refuse a broker whose service queues are read, or hold what somebody still has to hear."""
    connection = await aio_pika.connect(amqp_url)
    async with connection:
        for service in SERVICES:
            channel = await connection.channel()
            try:
                queue = await channel.declare_queue(queue_of(service), passive=True)
            except aio_pika.exceptions.ChannelNotFoundEntity:
                continue
            found = queue.declaration_result
            if found.consumer_count or found.message_count:
                in_use = f"{found.consumer_count} 个读者、{found.message_count} 条消息"
                raise NotStarted(f"RabbitMQ 的 {queue.name} 正在使用（{in_use}）；请换一个空的虚拟主机再演练。")


async def _administer(url: str, statement: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


async def _new_database(url: str) -> str:
    name = f"yousu_play_{secrets.token_hex(6)}"
    await _administer(url, f"CREATE DATABASE {name}")
    return make_url(url).set(database=name).render_as_string(hide_password=False)


async def _drop_database(url: str, database: str) -> None:
    await _administer(url, f"DROP DATABASE IF EXISTS {make_url(database).database} WITH (FORCE)")

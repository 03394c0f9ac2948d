"""The house under test: nine processes, each with lines of its own to its servers and from its visitors."""

import asyncio
import contextlib
import secrets
import signal
import time
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from sqlalchemy import make_url

from deploy.servers import Servers
from services.cli.play.playhouse import NotStarted, Playhouse
from shared.quiet import Quiet, ask
from shared.settings import SERVICES, Settings
from tests.chaos.asking import Client
from tests.chaos.endings import Ended
from tests.chaos.lines import Line
from tests.chaos.nursery import Child, Nursery
from tests.chaos.outages import Outage

REPLICAS = {"intake": 2, "dispatch": 2, "sla": 2}
STARTS = 5
"""How often a process is started at most, until it is ready."""
SERVERS = ("amqp", "database", "redis")


class House(Playhouse):
    """A play's house whose processes can be killed, stopped, and cut off from what they lean on."""

    def __init__(self, servers: Servers, begin: datetime, *, mutant: str | None = None) -> None:
        self.servers = servers
        self.mutant = mutant
        self.amqp_url = servers.new_vhost(f"chaos-{secrets.token_hex(4)}")
        """A virtual host of this house's own: one before it may have left messages."""
        given = Settings(amqp_url=self.amqp_url, database_url=servers.database_url, redis_url=servers.redis_url)
        super().__init__(given, begin, processes=True)
        self.lines: dict[tuple[str, str], Line] = {}
        """By process and server."""
        self.visits: dict[str, Line] = {}
        """By process: the line its visitors come on."""
        self._births: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.began: dict[str, float] = {}
        """When each process was last started (monotonic)."""
        self.endings: list[Ended] = []
        """Of processes that nobody had ended."""
        self._stopped: set[str] = set()
        self._nursery = Nursery()
        self._client = Client(patience=2)

    def separately(self) -> dict[str, tuple[str, ...]]:
        """A process for each service, and so many replicas of some: `sla`, `sla.2`."""
        numbered = [(name, number) for name in SERVICES for number in range(1, REPLICAS.get(name, 1) + 1)]
        return {name if number == 1 else f"{name}.{number}": (name,) for name, number in numbered}

    async def __aenter__(self) -> Self:
        urls = {"amqp": self.amqp_url, "database": self.servers.database_url, "redis": self.servers.redis_url}
        for process, port in self.ports.items():
            for server, url in urls.items():
                there = make_url(url)
                assert there.host
                assert there.port
                self.lines[process, server] = await Line(there.host, there.port).open()
            self.visits[process] = await Line("127.0.0.1", port).open()
        await self._nursery.__aenter__()
        return await super().__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in list(self._stopped):
            self.go_on(process)
        await super().__aexit__(kind, error, trace)
        await self._nursery.__aexit__(kind, error, trace)
        self._client.close()
        for line in (*self.lines.values(), *self.visits.values()):
            await line.close()

    def environment_of(self, group: str) -> dict[str, str]:
        """Its servers stand at the ends of its own lines."""
        environment = super().environment_of(group)
        for server in SERVERS:
            name = f"YOUSU_{server.upper()}_URL"
            line = self.lines[group, server]
            url = make_url(environment[name]).set(host="127.0.0.1", port=line.port_here)
            environment[name] = url.render_as_string(hide_password=False)
        return environment | {"CHAOS_MUTANT": self.mutant or "", "YOUSU_LOG_LEVEL": "WARNING"}

    async def start(self, group: str) -> None:
        """Start it, and anew when it ended by itself, as a supervisor would: its servers may be slow to answer."""
        for _ in range(STARTS - 1):
            with contextlib.suppress(NotStarted):
                return await super().start(group)
        return await super().start(group)

    async def spawn(self, group: str) -> Child:
        """Start it, and note when; and that it had ended by itself, if it had. Who finds it being started waits."""
        async with self._births[group]:
            before = self.running.get(group)
            if isinstance(before, Child):
                if before.returncode is None:
                    return before
                self.endings.append(Ended(group, before.returncode, self.began[group], before.ended_at))
            self.began[group] = time.monotonic()
            names, _ = self._groups[group]
            log = self.folder / f"{group}.log"
            self.running[group] = child = await self._nursery.bear(names, self.environment_of(group), log)
            return child

    @property
    def database_url(self) -> str:
        """The house's database, past all lines."""
        assert self._database
        return self._database

    def processes_of(self, service: str) -> list[str]:
        """The replicas of a service."""
        return [process for process in self.ports if process.partition(".")[0] == service]

    def doors_of(self, service: str) -> list[int]:
        """The ports at which visitors find a service's replicas."""
        return [self.visits[process].port_here for process in self.processes_of(service)]

    async def kill(self, process: str) -> None:
        """SIGKILL, as a crash would."""
        running = self.running.pop(process)
        running.kill()
        await running.wait()

    def is_alive(self, process: str) -> bool:
        """Whether it runs; one that has ended by itself is soon started again."""
        running = self.running.get(process)
        return running is not None and running.returncode is None

    def stop_short(self, process: str) -> None:
        """SIGSTOP: it stands still in the middle of whatever it does."""
        self._stopped.add(process)
        self.running[process].send_signal(signal.SIGSTOP)

    def go_on(self, process: str) -> None:
        """SIGCONT."""
        self._stopped.discard(process)
        with contextlib.suppress(ProcessLookupError):
            self.running[process].send_signal(signal.SIGCONT)

    async def restart(self, process: str) -> None:
        """End it gently and start it again, as a rolling restart does."""
        running = self.running.pop(process)
        running.terminate()
        try:
            async with asyncio.timeout(20):
                await running.wait()
        except TimeoutError:
            running.kill()
            await running.wait()
        await self.spawn(process)

    async def is_answering(self, process: str, path: str = "/health/live") -> bool:
        """Whether it answers a visitor, and with a yes."""
        reply = await self._client.ask(self.ports[process], "GET", path, {})
        return reply is not None and reply.status == 200

    async def until_answering(self, process: str, within: float) -> None:
        """Wait until it answers; raises TimeoutError."""
        async with asyncio.timeout(within):
            while not await self.is_answering(process):  # noqa: ASYNC110 - another process sets no event of ours
                await asyncio.sleep(0.1)

    async def until_whole(self, within: float = 240) -> None:
        """Wait until every process is ready, its servers there; one that has ended is started again."""
        async with asyncio.timeout(within):
            for process in self.ports:
                while not await self.is_answering(process, "/health/ready"):
                    await self.revive(process)
                    await asyncio.sleep(0.1)

    async def revive(self, process: str) -> bool:
        """Start it when it has ended, as a supervisor would; whether it had."""
        if self.is_alive(process):
            return False
        await self.spawn(process)
        return True

    async def quiet(self, client: httpx.AsyncClient) -> Quiet:
        """What is under way anywhere, asked past all lines."""
        return await ask(client, [f"http://127.0.0.1:{port}" for port in self.ports.values()])

    def mend(self) -> None:
        """All lines are well again."""
        for line in (*self.lines.values(), *self.visits.values()):
            line.mend()

    def cut_off(self) -> list[Outage]:
        """When each process was without one of its servers since something was done to the line between them."""
        return [
            Outage(f"its line to {server}", since, until, how, process)
            for (process, server), line in self.lines.items()
            for since, until, how in line.harms
        ]

    def said(self) -> list[Path]:
        """Each process's log."""
        return [path for process in self.ports if (path := self.folder / f"{process}.log").exists()]


def service_of(process: str) -> str:
    """The service a process runs."""
    name = process.partition(".")[0]
    assert name in SERVICES
    return name

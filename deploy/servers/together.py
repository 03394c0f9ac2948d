"""RabbitMQ, PostgreSQL and Redis together: private, beside whatever else runs here, gone when their owner is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from deploy.servers.debian import missing, packages
from deploy.servers.postgres import Postgres
from deploy.servers.rabbitmq import RabbitMQ
from deploy.servers.redis import Redis
from deploy.servers.server import Server
from deploy.servers.state import ServersError, State

NAMES = ("rabbitmq", "postgres", "redis")
_PROJECT = Path(__file__).resolve().parents[2]


class Servers:
    """A set of private servers in one folder.

    As a context manager it starts them and stops them. A watchdog stops them too when this process is killed;
    `guarded=False` leaves them running on their own, for `stop --folder`. Without a folder a temporary one is made,
    and goes with them.
    """

    rabbitmq_class: ClassVar[type[RabbitMQ]] = RabbitMQ

    def __init__(self, folder: Path | None = None, only: Iterable[str] = NAMES, *, guarded: bool = True) -> None:
        self.only = tuple(name for name in NAMES if name in set(only))
        if unknown := set(only) - set(NAMES):
            raise ValueError(f"no such server: {', '.join(sorted(unknown))}")
        self._folder = folder
        self._guarded = guarded
        self._state: State | None = None
        self._watchdog: subprocess.Popen[bytes] | None = None

    @classmethod
    def attach(cls, file: Path) -> Self:
        """The servers that another process started; `file` is their servers.json, or its folder."""
        state = State(file if file.is_dir() else file.parent)
        found = cls(state.folder, state.read())
        found._use(state)
        return found

    def _use(self, state: State) -> None:
        self._state = state
        self.rabbitmq = self.rabbitmq_class(state)
        self.postgres = Postgres(state)
        self.redis = Redis(state)

    @property
    def state(self) -> State:
        """Their folder's servers.json; ServersError before they were started."""
        if self._state is None:
            raise ServersError("the servers were not started")
        return self._state

    @property
    def servers(self) -> list[Server]:
        """Those that are part of this set."""
        every: list[Server] = [self.rabbitmq, self.postgres, self.redis]
        return [server for server in every if server.name in self.only]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Self:
        """Starts them and waits until each answers; ServersError, with nothing left behind, when one does not."""
        if absent := [name for name in missing() if name in self.only]:
            raise ServersError(f"not on this machine: {', '.join(absent)} (Debian: {' '.join(packages(absent))})")
        self._use(self._open_folder())
        records = self.state.read().items()
        if alive := [name for name, record in records if any(process.alive for process in record.processes.values())]:
            raise ServersError(f"already running in {self.state.folder}: {', '.join(alive)}")
        if self._guarded:
            self._watchdog = self._post_watchdog()
        try:
            for server in self.servers:
                server.launch()
            for server in self.servers:
                server.wait()
            if "postgres" in self.only and not self.postgres.query("SELECT 1 FROM pg_database WHERE datname='yousu'"):
                self.postgres.new_database("yousu")
        except BaseException:
            self.stop()
            raise
        return self

    def _open_folder(self) -> State:
        """The folder; others may pass through it, as PostgreSQL's user must, but not look around."""
        if self._folder is None:
            state = State(Path(tempfile.mkdtemp(prefix="yousu-servers-")), temporary=True)
            state.folder.chmod(0o711)
            return state
        self._folder.mkdir(parents=True, exist_ok=True)
        return State(self._folder)

    def _post_watchdog(self) -> subprocess.Popen[bytes]:
        """A process that sees its input end when we do, however that happens."""
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "deploy.servers.watchdog", str(self.state.folder)],
            cwd=_PROJECT,
            env={"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(_PROJECT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stop(self) -> None:
        """Stops exactly what was started here, and removes the folder if it was a temporary one."""
        temporary = self.state.temporary
        for server in self.servers:
            server.stop(at_once=temporary)
        if temporary:
            shutil.rmtree(self.state.folder, ignore_errors=True)
        if self._watchdog is not None:
            self._watchdog.communicate()  # closes its input: there is nothing left for it to do
            self._watchdog = None

    def _part(self, name: str, server: Server) -> str:
        if name not in self.only:
            raise ServersError(f"{name} is not one of these servers")
        return server.url

    @property
    def amqp_url(self) -> str:
        """The node's first virtual host, as an administrator."""
        return self._part("rabbitmq", self.rabbitmq)

    @property
    def database_url(self) -> str:
        """The database `yousu`, as superuser, for SQLAlchemy with asyncpg."""
        return self._part("postgres", self.postgres)

    @property
    def redis_url(self) -> str:
        """Redis' database 0."""
        return self._part("redis", self.redis)

    def new_database(self, name: str, *, template: str = "template1") -> str:
        """A fresh PostgreSQL database, or a copy of `template`; its URL."""
        return self.postgres.new_database(name, template=template)

    def new_vhost(self, name: str) -> str:
        """A fresh virtual host in RabbitMQ; its URL."""
        return self.rabbitmq.new_vhost(name)

    def environment(self) -> dict[str, str]:
        """What a command needs in its environment to use them, and to find servers.json."""
        urls = {"rabbitmq": "YOUSU_AMQP_URL", "postgres": "YOUSU_DATABASE_URL", "redis": "YOUSU_REDIS_URL"}
        named = {urls[server.name]: server.url for server in self.servers}
        return {**named, "YOUSU_TEST_SERVERS": str(self.state.file)}

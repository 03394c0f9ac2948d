"""A PostgreSQL cluster of our own: 127.0.0.1 and a socket in its folder; what is committed is on disk (fsync)."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
from pathlib import Path
from typing import ClassVar, Literal

from deploy.servers.server import Server, ask, program
from deploy.servers.state import Record, ServersError

_USER = "yousu"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "300",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_min_messages": "warning",
}
Mode = Literal["smart", "fast", "immediate"]
_MODES: dict[Mode, signal.Signals] = {
    "smart": signal.SIGTERM,
    "fast": signal.SIGINT,
    "immediate": signal.SIGQUIT,
}


def _programs() -> list[Path]:
    """Debian's folders of PostgreSQL's programs, newest first."""
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdecimal()]
    return sorted(versions, key=lambda path: int(path.parent.name), reverse=True)


def _unprivileged() -> str | None:
    """The user it runs as when we are root (it refuses root); None: as ourselves."""
    return "postgres" if os.geteuid() == 0 else None


def installed() -> bool:
    """Whether PostgreSQL's server is here, and as root a user to run it."""
    if user := _unprivileged():
        try:
            pwd.getpwnam(user)
        except KeyError:
            return False
    return all(program(name, *_programs()) for name in ("initdb", "postgres", "psql"))


class Postgres(Server):
    """The private cluster; its superuser is `yousu` with a random password (scram)."""

    name: ClassVar[str] = "postgres"
    port_names: ClassVar[tuple[str, ...]] = ("sql",)
    gently: ClassVar[signal.Signals] = signal.SIGINT
    at_once: ClassVar[signal.Signals] = signal.SIGQUIT  # a kill would leave shared memory behind

    @property
    def _data(self) -> Path:
        return self.home / "data"

    @property
    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}

    def prepare(self, record: Record) -> str:
        """Makes the cluster, once."""
        if not self._data.exists():
            self._make_cluster(record.secret)
        return f"postgresql+asyncpg://{_USER}:{record.secret}@127.0.0.1:{record.ports['sql']}/{_USER}"

    def _make_cluster(self, secret: str) -> None:
        user = _unprivileged()
        password = self.home / "password"
        password.write_text(secret)
        password.chmod(0o600)
        if user:
            for path in (self.home, password):
                shutil.chown(path, user, user)
        command = [
            str(program("initdb", *_programs())),
            f"--pgdata={self._data}",
            f"--username={_USER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",  # a crash of the machine leaves nothing here worth having
        ]
        try:
            ask(command, self._environment, seconds=120, user=user)
        except ServersError:
            shutil.rmtree(self._data, ignore_errors=True)
            raise
        finally:
            password.unlink(missing_ok=True)

    def spawn_all(self) -> None:
        """Starts the postmaster."""
        settings = {**_SETTINGS, "port": str(self.record.ports["sql"]), "unix_socket_directories": str(self.home)}
        command = [str(program("postgres", *_programs())), "-D", str(self._data)]
        for key, value in settings.items():
            command += ["-c", f"{key}={value}"]
        self.spawn(self.name, command, self._environment, user=_unprivileged())

    def answers(self) -> bool:
        """Whether it answers a query."""
        try:
            return self.query("SELECT 1") == "1"
        except ServersError:
            return False

    def query(self, statement: str) -> str:
        """Runs one statement as superuser in the database `postgres`, outside a transaction; rows as bare text."""
        record = self.record
        command = [str(program("psql", *_programs())), "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statement]
        where = {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(record.ports["sql"]),
            "PGUSER": _USER,
            "PGPASSWORD": record.secret,
            "PGDATABASE": "postgres",
            "PGCONNECT_TIMEOUT": "2",
        }
        return ask(command, {**self._environment, **where})

    def new_database(self, name: str, *, template: str = "template1") -> str:
        """An empty database, or a copy of `template`; its URL."""
        for given in (name, template):
            if not _NAME.fullmatch(given):
                raise ValueError(f"not a name for a database: {given!r}")
        self.query(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return f"{self.url.rpartition('/')[0]}/{name}"

    def drop_database(self, name: str) -> None:
        """Removes a database if it is there; its connections are closed."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name for a database: {name!r}")
        self.query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def restart(self, mode: Mode = "fast") -> None:
        """Restarts it: `smart` waits for clients, `fast` turns them out, `immediate` crashes and recovers."""
        self.process.send(_MODES[mode])
        self.wait_until_dead(60)
        super().restart()

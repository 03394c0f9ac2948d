"""A Redis of our own: 127.0.0.1, with a password, keeping nothing on disk."""

from __future__ import annotations

import os
from typing import ClassVar

from deploy.servers.server import Server, ask, program
from deploy.servers.state import Record, ServersError

_DATABASES = 64


def installed() -> bool:
    """Whether Redis and its command are here."""
    return all((program("redis-server"), program("redis-cli")))


class Redis(Server):
    """The private Redis; a restart or a kill forgets everything, as a cache may."""

    name: ClassVar[str] = "redis"
    port_names: ClassVar[tuple[str, ...]] = ("redis",)

    def prepare(self, record: Record) -> str:
        """Writes its configuration."""
        config = self.home / "redis.conf"
        config.touch(mode=0o600)
        config.write_text(
            f"bind 127.0.0.1\nport {record.ports['redis']}\nrequirepass {record.secret}\n"
            f'databases {_DATABASES}\nsave ""\nappendonly no\ndaemonize no\ndir "{self.home}"\n'
        )
        return f"redis://:{record.secret}@127.0.0.1:{record.ports['redis']}/0"

    def spawn_all(self) -> None:
        """Starts it."""
        command = [program("redis-server") or "redis-server", self.home / "redis.conf"]
        self.spawn(self.name, command, {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"})

    def answers(self) -> bool:
        """Whether it says PONG."""
        try:
            return self.command("PING") == "PONG"
        except ServersError:
            return False

    def command(self, *words: str, database: int = 0) -> str:
        """Sends one command; the answer as text."""
        record = self.record
        where = ("-h", "127.0.0.1", "-p", str(record.ports["redis"]), "-n", str(database), "-e")
        environment = {"PATH": os.defpath, "REDISCLI_AUTH": record.secret}
        return ask([program("redis-cli") or "redis-cli", *where, *words], environment, seconds=5)

    def new_database(self, number: int) -> str:
        """Empties one of the 64 numbered databases; its URL."""
        if not 0 <= number < _DATABASES:
            raise ValueError(f"Redis has databases 0 to {_DATABASES - 1} here, not {number}")
        self.command("FLUSHDB", database=number)
        return f"{self.url.rpartition('/')[0]}/{number}"

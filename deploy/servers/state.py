"""DIR/servers.json: what runs in a folder, so that another process can reach it, restart it and stop it."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from deploy.servers.processes import Process


class ServersError(RuntimeError):
    """A server could not be had, did not start, or refused what was asked of it; the message says which and why."""


@dataclass
class Record:
    """One server: where it answers, its password, and the processes that are it."""

    url: str = ""
    secret: str = field(default_factory=lambda: secrets.token_hex(16))
    ports: dict[str, int] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)

    @property
    def alive(self) -> bool:
        """Whether all its processes run."""
        return bool(self.processes) and all(process.alive for process in self.processes.values())


class State:
    """The file; readable by its owner only, for it holds the passwords."""

    def __init__(self, folder: Path, *, temporary: bool = False) -> None:
        self.folder = folder.resolve()
        self.file = self.folder / "servers.json"
        self._temporary = temporary

    def read(self) -> dict[str, Record]:
        """All records by the server's name; empty when nothing was ever started here."""
        try:
            kept = json.loads(self.file.read_text())
        except FileNotFoundError:
            return {}
        self._temporary = kept["temporary"]
        return {
            name: Record(
                url=one["url"],
                secret=one["secret"],
                ports=one["ports"],
                processes={label: Process(**process) for label, process in one["processes"].items()},
            )
            for name, one in kept["servers"].items()
        }

    @property
    def temporary(self) -> bool:
        """Whether the folder is ours and goes when the servers stop."""
        self.read()
        return self._temporary

    @contextmanager
    def change(self, name: str) -> Iterator[Record]:
        """One server's record, to be changed by one process at a time and written as a whole."""
        with (self.folder / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            records = self.read()
            record = records.setdefault(name, Record())
            yield record
            self._write(records)

    def _write(self, records: dict[str, Record]) -> None:
        kept = {"temporary": self._temporary, "servers": {name: asdict(record) for name, record in records.items()}}
        draft = self.file.with_suffix(".draft")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(kept, out, indent=2)
        draft.replace(self.file)

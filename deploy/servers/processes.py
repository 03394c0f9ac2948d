"""Processes, known by pid and birth: a pid alone may belong to somebody else by now (Linux, /proc)."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat after the name: state, parent, …; None when there is no such process."""
    try:
        return (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


@dataclass(frozen=True, slots=True)
class Process:
    """One process; `started` is its birth in clock ticks since boot."""

    pid: int
    started: int

    @classmethod
    def of(cls, pid: int) -> Process:
        """The process that has this pid now; ProcessLookupError when none has."""
        fields = _stat(pid)
        if fields is None:
            raise ProcessLookupError(pid)
        return cls(pid, int(fields[19]))

    @property
    def alive(self) -> bool:
        """Whether it still runs; a zombie nobody has reaped yet does not."""
        fields = _stat(self.pid)
        return fields is not None and int(fields[19]) == self.started and fields[0] not in "ZX"

    def send(self, number: signal.Signals) -> None:
        """Sends a signal to this very process; nothing happens when it is gone."""
        if self.alive:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def family(self) -> list[Process]:
        """This process and everything it has begotten, itself first."""
        children: dict[int, list[int]] = {}
        for entry in _PROC.iterdir():
            fields = _stat(int(entry.name)) if entry.name.isdecimal() else None
            if fields is not None:
                children.setdefault(int(fields[1]), []).append(int(entry.name))
        found, next_up = [self], list(children.get(self.pid, []))
        while next_up:
            pid = next_up.pop()
            with suppress(ProcessLookupError):
                found.append(Process.of(pid))
            next_up += children.get(pid, [])
        return found


def living_in(home: Path) -> list[Process]:
    """The processes, as far as we may look into them, that were started with this folder as their HOME."""
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                if f"HOME={home}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(Process.of(int(entry.name)))
    return found


def wait_until_gone(processes: Iterable[Process], seconds: float) -> list[Process]:
    """Waits for these processes to end; returns those that still run when the time is up."""
    left, deadline = list(processes), time.monotonic() + seconds
    while left := [process for process in left if process.alive]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    return left


def end(process: Process, how: signal.Signals, patience: float) -> None:
    """Ends a process and all it has begotten: asks it with `how`, kills what is left after `patience` seconds."""
    if not process.alive:
        return
    family = process.family()
    process.send(how)
    for member in family:
        member.send(signal.SIGCONT)  # a paused one would never hear it
    for member in wait_until_gone(family, patience):
        member.send(signal.SIGKILL)
    wait_until_gone(family, 10)

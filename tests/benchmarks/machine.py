"""What the machine says of a process: how much of it the process has used."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from deploy.servers import Servers

_TICKS = os.sysconf("SC_CLK_TCK")
_AFTER_NAME = 2  # fields before the ones that may be counted: the name may hold spaces


@dataclass(frozen=True)
class Process:
    """One process, by its id."""

    pid: int

    def cpu_seconds(self, *, with_ended: bool = False) -> float:
        """Processor time it has used so far, its own and the kernel's for it; 0 when it is gone.

        `with_ended`: and what those have used that it has started and that have ended.
        """
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        last = 17 if with_ended else 15
        return sum(int(ticks) for ticks in fields[13 - _AFTER_NAME : last - _AFTER_NAME]) / _TICKS

    def resident_mb(self) -> float:
        """Memory it holds, in MB; 0 when it is gone."""
        try:
            lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        except OSError:
            return 0.0
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def own_cpu_seconds() -> float:
    """What this process itself has used: the price of driving."""
    spent = os.times()
    return spent.user + spent.system


def cpu_seconds_below(pid: int) -> float:
    """What a process and everything it has started have used, ended or not; for servers that are many processes."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found, waiting = 0.0, [pid]
    while waiting:
        each = waiting.pop()
        found += Process(each).cpu_seconds(with_ended=True)
        waiting += children.get(each, [])
    return found


def servers_cpu_seconds(servers: Servers) -> dict[str, float]:
    """What RabbitMQ, PostgreSQL and Redis have used so far."""
    return {
        server.name: sum(cpu_seconds_below(process.pid) for process in server.record.processes.values())
        for server in servers.servers
    }

"""What every private server has: its own folder, ports and processes; a beginning, faults to order, and an end."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from deploy.servers.processes import Process, end, wait_until_gone
from deploy.servers.state import Record, ServersError, State
from shared.ports import free_port

_TAKEN = re.compile(rb"eaddrinuse|address already in use", re.IGNORECASE)
_BESIDE_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")


def program(name: str, *more: Path) -> Path | None:
    """Where a program is: in one of the folders named, on the PATH, or where Debian puts it."""
    path = os.pathsep.join([*map(str, more), os.environ.get("PATH", ""), *_BESIDE_PATH])
    found = shutil.which(name, path=path)
    return Path(found) if found else None


def ask(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    *,
    words: str = "",
    seconds: float = 30,
    user: str | None = None,
) -> str:
    """Runs a short command to its end; what it printed, ServersError when it fails or takes too long."""
    try:
        done = subprocess.run(  # noqa: S603
            command,
            cwd="/",
            env=dict(environment),
            input=words,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )
    except subprocess.TimeoutExpired as late:
        raise ServersError(f"{Path(command[0]).name}: no answer within {seconds:.0f} s") from late
    if done.returncode != 0:
        raise ServersError(f"{Path(command[0]).name}: {done.stdout}{done.stderr}".strip())
    return done.stdout.strip()


class Server(ABC):
    """One private server. Calls block; from a coroutine use `asyncio.to_thread`."""

    name: ClassVar[str]
    port_names: ClassVar[tuple[str, ...]]
    gently: ClassVar[signal.Signals] = signal.SIGTERM
    at_once: ClassVar[signal.Signals] = signal.SIGKILL
    answers_within: ClassVar[float] = 90.0

    def __init__(self, state: State) -> None:
        self.state = state
        self.home = state.folder / self.name
        self._children: list[subprocess.Popen[bytes]] = []
        self._logged: dict[str, int] = {}

    @abstractmethod
    def prepare(self, record: Record) -> str:
        """Writes configuration and first data for these ports and this secret; returns the URL."""

    @abstractmethod
    def spawn_all(self) -> None:
        """Starts the processes, the one named as the server last."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it answers a real question now."""

    @property
    def record(self) -> Record:
        """What servers.json says of it now; ServersError when it was never started."""
        try:
            return self.state.read()[self.name]
        except KeyError:
            raise ServersError(f"{self.name} was not started in {self.state.folder}") from None

    @property
    def url(self) -> str:
        """Where clients find it."""
        return self.record.url

    @property
    def process(self) -> Process:
        """The server's own process, as far as servers.json knows."""
        return self.record.processes[self.name]

    def launch(self) -> None:
        """Begins to start it, on fresh ports where the former ones are taken; does not wait."""
        self.home.mkdir(mode=0o700, exist_ok=True)
        with self.state.change(self.name) as record:
            record.processes.clear()
            record.ports = {name: free_port() for name in self.port_names}
            record.url = self.prepare(record)
        self.spawn_all()

    def wait(self) -> None:
        """Until it answers; starts it anew when somebody took one of its ports in between."""
        for last in (False, False, True):
            if self._answered():
                return
            if last or not self._port_was_taken():
                break
            self.stop(at_once=True)
            self.launch()
        self.stop(at_once=True)
        raise ServersError(f"{self.name} did not start; the end of its log:\n{self._log_tail()}")

    def _answered(self) -> bool:
        deadline = time.monotonic() + self.answers_within
        while time.monotonic() < deadline:
            if not self._alive():
                return False
            if self.answers():
                return True
            time.sleep(0.03)
        return False

    def _alive(self) -> bool:
        self._reap()
        return self.record.alive

    def _reap(self) -> None:
        self._children = [child for child in self._children if child.poll() is None]

    def spawn(
        self, label: str, command: Sequence[str | Path], environment: Mapping[str, str], *, user: str | None = None
    ) -> None:
        """Starts one process in a session of its own, its output in a log file, and notes it in servers.json."""
        path = self.home / f"{label}.log"
        with path.open("ab") as log:
            self._logged[label] = log.tell()
            child = subprocess.Popen(  # noqa: S603
                command,
                cwd=self.home,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=user,
                group=user,
                extra_groups=[] if user else None,
            )
        self._children.append(child)
        with self.state.change(self.name) as record:
            record.processes[label] = Process.of(child.pid)

    def _output(self, label: str) -> bytes:
        with (self.home / f"{label}.log").open("rb") as log:
            log.seek(self._logged.get(label, 0))
            return log.read()

    def _port_was_taken(self) -> bool:
        return any(_TAKEN.search(self._output(label)) for label in self._logged)

    def _log_tail(self) -> str:
        lines = [line for label in self._logged for line in self._output(label).decode(errors="replace").splitlines()]
        return "\n".join(lines[-25:])

    def stop(self, *, at_once: bool = False) -> None:
        """Ends it and everything it began: gently, or at once when its data is not wanted any more."""
        how = self.at_once if at_once else self.gently
        for process in reversed(self.state.read().get(self.name, Record()).processes.values()):
            end(process, how, patience=20)
        for child in self._children:
            child.wait()
        self._children.clear()

    def kill(self) -> None:
        """Kills it as a crash would; its data stays as it lies."""
        end(self.process, signal.SIGKILL, patience=10)
        self._reap()

    def restart(self) -> None:
        """Starts it again on its own ports and data, after ending gently what still runs; waits until it answers."""
        self.stop()
        self.spawn_all()
        if not self._answered():
            raise ServersError(f"{self.name} did not come back; the end of its log:\n{self._log_tail()}")

    def pause(self) -> None:
        """Freezes it: connections stay open, nothing answers."""
        for member in self.process.family():
            member.send(signal.SIGSTOP)

    def resume(self) -> None:
        """Lets a frozen one go on."""
        for member in self.process.family():
            member.send(signal.SIGCONT)

    def wait_until_dead(self, seconds: float) -> bool:
        """Waits for its process to end by itself; whether it has."""
        gone = not wait_until_gone([self.process], seconds)
        self._reap()
        return gone

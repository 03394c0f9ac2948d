"""Where the house's processes are born: one that has loaded the product once, and forks for each that is to run it.

Processes are killed and started by the thousand; loading the product takes far longer than all else that a start needs.
"""

import asyncio
import contextlib
import ctypes
import gc
import json
import os
import selectors
import signal
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


class Child:
    """A process that was born there; to its owner what `asyncio.subprocess.Process` is."""

    def __init__(self, nursery: "Nursery", pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.ended = asyncio.Event()
        self.ended_at = 0.0
        """When that was heard of (monotonic)."""
        self._nursery = nursery

    async def wait(self) -> int:
        """Until it has ended; with what."""
        await self.ended.wait()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, signal: int) -> None:
        """Its parent sends it, who knows whether it still is the same process."""
        self._nursery.tell({"signal": int(signal), "pid": self.pid})

    def terminate(self) -> None:
        """SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)


class Nursery:
    """`async with Nursery() as nursery`; whatever was born there ends with it."""

    def __init__(self) -> None:
        self._births: asyncio.Queue[Child] = asyncio.Queue()
        self._children: dict[int, Child] = {}
        self._bearing = asyncio.Lock()

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.chaos.nursery"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        await self._process.wait()
        await self._listening

    async def bear(self, names: Iterable[str], environment: Mapping[str, str], log: Path) -> Child:
        """A process that runs these services."""
        async with self._bearing:
            self.tell({"names": list(names), "environment": dict(environment), "log": str(log)})
            return await self._births.get()  # which may have ended meanwhile

    def tell(self, order: dict[str, Any]) -> None:
        """Have this done."""
        assert self._process.stdin
        with contextlib.suppress(RuntimeError, OSError):  # it is gone, and everyone with it
            self._process.stdin.write(json.dumps(order).encode() + b"\n")

    async def _listen(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            match json.loads(line):
                case {"born": pid}:
                    self._children[pid] = child = Child(self, pid)
                    self._births.put_nowait(child)
                case {"ended": pid, "with": code}:
                    child = self._children.pop(pid)
                    child.returncode, child.ended_at = code, time.monotonic()
                    child.ended.set()


def nurse() -> dict[str, Any] | None:
    """Bear whom it is told to; returns in each child with what it is to do, and in the parent when all is over."""
    ear, mouth = os.pipe()
    for end in (ear, mouth):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    living: set[int] = set()
    with selectors.DefaultSelector() as selector:
        selector.register(0, selectors.EVENT_READ)
        selector.register(ear, selectors.EVENT_READ)
        heard = b""
        while True:
            ready = {key.fd for key, _ in selector.select()}
            if ear in ready:
                os.read(ear, 4096)
                _bury(living)
            if 0 not in ready:
                continue
            if not (chunk := os.read(0, 1 << 16)):
                return None
            *orders, heard = (heard + chunk).split(b"\n")
            for order in map(json.loads, orders):
                if "signal" in order:
                    if order["pid"] in living:
                        os.kill(order["pid"], order["signal"])
                elif pid := os.fork():
                    living.add(pid)
                    _say({"born": pid})
                else:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    os.close(ear)
                    os.close(mouth)
                    return dict(order)


def _bury(living: set[int]) -> None:
    for pid in list(living):
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            living.discard(pid)
            _say({"ended": pid, "with": os.waitstatus_to_exitcode(status)})


def _say(what: dict[str, Any]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


def live(order: dict[str, Any]) -> None:
    """What a child does: it becomes a process of the house, the product as it is or one of its mutants."""
    from services.__main__ import main
    from tests.chaos.mutants import weaken

    os.setsid()  # as a supervisor would start it: what is typed at the rig is not for it
    _die_with_parent()
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for here, there in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(here, there)
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["services", *order["names"]]
    weaken(os.environ.get("CHAOS_MUTANT", ""))
    main()


def _die_with_parent() -> None:
    """Whatever becomes of the rig, nothing of it is left."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)


if __name__ == "__main__":
    import asyncpg  # noqa: F401 - which the product loads with its first connection
    import uvloop  # noqa: F401

    from services.__main__ import build, consumer_of, service_of  # noqa: F401
    from shared.settings import SERVICES

    _die_with_parent()
    for service in SERVICES:
        service_of(service)
    gc.freeze()
    if given := nurse():
        live(given)

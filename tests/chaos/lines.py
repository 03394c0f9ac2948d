"""Lines between one process and one server, on which the rig does harm: cut, late, silent, or robbed of an answer."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Self, cast

Wants = Callable[[bytes], bool]
"""Whether this is the request whose answer is to be lost."""


class Line:
    """A TCP line; `Line(host, port)` leads there once opened, and answers at `port_here`."""

    def __init__(self, host: str, port: int) -> None:
        self.there = host, port
        self.open_pairs: set[_Pair] = set()
        self._server: asyncio.Server | None = None
        self.is_cut = False
        self.is_silent = False
        """Half-open: connections stand and nothing passes, either way."""
        self.delay = 0.0
        """Seconds by which everything is late, each way."""
        self.loses_answer_to: Wants | None = None
        """The next request this is true of reaches the server, and its answer nobody; the connection then breaks."""
        self.answers_lost = 0
        self.met = 0
        """How often somebody met with harm here: a connection broken or refused, a word swallowed or late."""
        self.harms: list[tuple[float, float, str]] = []
        """From when to when (monotonic) connections here were broken or of no use, and why; once it is mended."""
        self._harm: tuple[float, str] | None = None

    async def open(self) -> Self:
        """Begin to listen, on a port of its own."""
        self._server = await asyncio.get_running_loop().create_server(lambda: _Pair(self).here, "127.0.0.1", 0)
        return self

    @property
    def port_here(self) -> int:
        """Where to connect to."""
        assert self._server
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        """Stop listening, and break what is open."""
        if self._server:
            self._server.close()
        self.break_all()

    def cut(self) -> None:
        """Break every connection, and refuse new ones until mended."""
        self._harm = self._harm or (time.monotonic(), "cut")
        self.is_cut = True
        self.met += len(self.open_pairs)
        self.break_all()

    def fall_silent(self) -> None:
        """Swallow everything until mended."""
        self._harm = self._harm or (time.monotonic(), "half-open")
        self.is_silent = True

    def mend(self) -> None:
        """All is well again; connections from which something was swallowed break, as they can never be whole."""
        self.is_cut = self.is_silent = False
        self.delay = 0.0
        self.loses_answer_to = None
        if self._harm:
            since, how = self._harm
            self.harms.append((since, time.monotonic(), how))
            self._harm = None
        for pair in list(self.open_pairs):
            if pair.has_lost:
                pair.abort()

    def break_all(self) -> None:
        """Break every connection."""
        for pair in list(self.open_pairs):
            pair.abort()


class _Pair:
    """A connection from here, and the one that carries it on."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.has_lost = False
        self.answer_is_lost = False
        self.here, self.there = _End(self, asks=True), _End(self, asks=False)
        self._joining: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Somebody has called."""
        self.line.open_pairs.add(self)
        if self.line.is_cut:
            self.line.met += 1
            self.abort()
            return
        self._joining = asyncio.create_task(self._join())

    async def _join(self) -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: self.there, *self.line.there)
        except OSError:
            self.abort()

    @property
    def is_open(self) -> bool:
        """Whether neither end has closed."""
        return self in self.line.open_pairs

    def passes(self, chunk: bytes, *, asks: bool) -> bool:
        """Whether this gets through."""
        line = self.line
        if line.is_silent:
            line.met += 1
            self.has_lost = True
            return False
        if asks and line.loses_answer_to and line.loses_answer_to(chunk):
            line.loses_answer_to = None
            self.answer_is_lost = self.has_lost = True
        elif not asks and self.answer_is_lost:
            line.answers_lost += 1
            now = time.monotonic()
            line.harms.append((now, now, "broken instead of an answer"))
            self.abort()
            return False
        return True

    def end(self) -> None:
        """One end has closed: what is under way still arrives, and no more."""
        self.line.open_pairs.discard(self)
        for end in (self.here, self.there):
            end.finish()

    def abort(self) -> None:
        """Break it."""
        self.line.open_pairs.discard(self)
        for end in (self.here, self.there):
            end.abort()


class _End(asyncio.Protocol):
    def __init__(self, pair: _Pair, *, asks: bool) -> None:
        self._pair = pair
        self._asks = asks
        self._early: list[bytes] = []
        self._late: deque[bytes] = deque()
        self._last = 0.0
        self.transport: asyncio.Transport | None = None

    @property
    def _other(self) -> "_End":
        return self._pair.there if self._asks else self._pair.here

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        if self._asks:
            self._pair.begin()
        elif self._pair.is_open:
            self._other.joined()
        else:  # broken meanwhile
            self.abort()

    def joined(self) -> None:
        """The other end is there; what has come before that goes on."""
        early, self._early = self._early, []
        for chunk in early:
            self.data_received(chunk)

    def data_received(self, chunk: bytes) -> None:
        if self._other.transport is None:
            self._early.append(chunk)
            return
        delay, loop = self._pair.line.delay, asyncio.get_running_loop()
        if not (delay or self._late):
            self._carry(chunk)
            return
        self._pair.line.met += bool(delay)
        self._late.append(chunk)
        self._last = max(loop.time() + delay, self._last)
        loop.call_at(self._last, lambda: self._carry(self._late.popleft()))

    def _carry(self, chunk: bytes) -> None:
        to = self._other.transport
        if to and not to.is_closing() and self._pair.passes(chunk, asks=self._asks):
            to.write(chunk)

    def connection_lost(self, exc: Exception | None) -> None:
        self._pair.end()

    def pause_writing(self) -> None:
        self._other.hold()

    def resume_writing(self) -> None:
        self._other.go_on()

    def hold(self) -> None:
        """Take nothing more for now."""
        if self.transport and not self.transport.is_closing():
            self.transport.pause_reading()

    def go_on(self) -> None:
        """Take more."""
        if self.transport and not self.transport.is_closing():
            self.transport.resume_reading()

    def finish(self) -> None:
        if self.transport:
            self.transport.close()

    def abort(self) -> None:
        if self.transport:
            self.transport.abort()

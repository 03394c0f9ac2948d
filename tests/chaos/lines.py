"""Lines between one process and one server, on which the rig does harm: cut, late, silent, or robbed of an answer."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Self

BUFFER = 1 << 16

Wants = Callable[[bytes], bool]
"""Whether this is the request whose answer is to be lost."""


class Line:
    """A TCP line; `Line(host, port)` leads there once opened, and answers at `port_here`."""

    def __init__(self, host: str, port: int) -> None:
        self._there = host, port
        self._server: asyncio.Server | None = None
        self._open: set[_Connection] = set()
        self.is_cut = False
        self.is_silent = False
        """Half-open: connections stand and nothing passes, either way."""
        self.delay = 0.0
        """Seconds by which everything is late, each way."""
        self.loses_answer_to: Wants | None = None
        """The next request this is true of reaches the server, and its answer nobody; the connection then breaks."""
        self.answers_lost = 0

    async def open(self) -> Self:
        """Begin to listen, on a port of its own."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
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
        self.is_cut = True
        self.break_all()

    def fall_silent(self) -> None:
        """Swallow everything until mended."""
        self.is_silent = True

    def mend(self) -> None:
        """All is well again; connections from which something was swallowed break, as they can never be whole."""
        self.is_cut = self.is_silent = False
        self.delay = 0.0
        self.loses_answer_to = None
        for connection in list(self._open):
            if connection.has_lost:
                connection.abort()

    def break_all(self) -> None:
        """Break every connection."""
        for connection in list(self._open):
            connection.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_cut:
            writer.transport.abort()
            return
        try:
            there = await asyncio.open_connection(*self._there)
        except OSError:
            writer.transport.abort()
            return
        connection = _Connection(self, writer, there[1])
        self._open.add(connection)
        try:
            await asyncio.gather(connection.pump(reader, there[1], True), connection.pump(there[0], writer, False))
        finally:
            connection.abort()
            self._open.discard(connection)


class _Connection:
    def __init__(self, line: Line, *ends: asyncio.StreamWriter) -> None:
        self._line = line
        self._ends = ends
        self.has_lost = False
        self._answer_is_lost = False

    def abort(self) -> None:
        for end in self._ends:
            end.transport.abort()

    async def pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, is_request: bool) -> None:
        """Carry what comes, one way, until either end breaks."""
        line = self._line
        with contextlib.suppress(OSError, RuntimeError):  # the latter is what uvloop says of a closed transport
            while chunk := await source.read(BUFFER):
                if line.delay:
                    await asyncio.sleep(line.delay)
                if line.is_silent:
                    self.has_lost = True
                    continue
                if is_request and line.loses_answer_to and line.loses_answer_to(chunk):
                    line.loses_answer_to = None
                    self._answer_is_lost = self.has_lost = True
                elif not is_request and self._answer_is_lost:
                    line.answers_lost += 1
                    break
                sink.write(chunk)
                await sink.drain()
        self.abort()

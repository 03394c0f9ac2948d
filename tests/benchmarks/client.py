"""An HTTP client that costs next to nothing: JSON over kept connections, one request at a time on each."""

from __future__ import annotations

import asyncio
from typing import Any, cast
from urllib.parse import urlsplit

import orjson

JSON = "application/json"
BUSY = 503
COME_AGAIN = 0.5
"""Seconds."""
_LENGTH = b"content-length:"


class Refused(RuntimeError):
    """A door answered with something else than success."""

    def __init__(self, what: str, status: int, body: bytes) -> None:
        super().__init__(f"{what}: {status} {body[:600].decode(errors='replace')}")
        self.status = status


class _Line(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self._held = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.transport = None
        if self._answer and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError("closed"))

    def data_received(self, data: bytes) -> None:
        self._held += data
        head, blank, body = self._held.partition(b"\r\n\r\n")
        if not blank:
            return
        lower = head.lower()
        start = lower.find(_LENGTH)
        length = int(lower[start + len(_LENGTH) :].split(b"\r\n", 1)[0]) if start >= 0 else 0
        if len(body) >= length and self._answer and not self._answer.done():
            self._held = b""
            self._answer.set_result((int(head[9:12]), body))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        assert self.transport
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._answer


class Client:
    """Asks one origin; as many connections as there are requests at once."""

    def __init__(self, origin: str) -> None:
        parts = urlsplit(origin)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._idle: list[_Line] = []
        self.turned_away = 0
        """How often an answer was 503, and the same was asked again."""

    async def post(self, path: str, secret: str, given: Any, kind: str = JSON) -> bytes:
        """The answer's body; raises `Refused`. Who is turned away for want of room comes again, as people do."""
        while True:
            try:
                return await self._post(path, secret, given, kind)
            except Refused as refused:
                if refused.status != BUSY:
                    raise
            self.turned_away += 1
            await asyncio.sleep(COME_AGAIN)

    async def ask_for(self, path: str, secret: str, given: Any) -> dict[str, Any]:
        """The same; the answer as JSON says it."""
        return cast(dict[str, Any], orjson.loads(await self.post(path, secret, given)))

    async def _post(self, path: str, secret: str, given: Any, kind: str) -> bytes:
        body = given if isinstance(given, bytes) else orjson.dumps(given)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nAuthorization: {secret}\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        line = await self._line()
        status, answer = await line.ask(head.encode() + body)
        if line.transport:
            self._idle.append(line)
        if not 200 <= status < 300:
            raise Refused(f"POST {path}", status, answer)
        return answer

    async def _line(self) -> _Line:
        while self._idle:
            if (line := self._idle.pop()).transport:
                return line
        _, line = await asyncio.get_running_loop().create_connection(_Line, self._host, self._port)
        return line

    def close(self) -> None:
        """Hang up."""
        for line in self._idle:
            if line.transport:
                line.transport.close()
        self._idle.clear()

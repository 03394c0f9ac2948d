"""A small HTTP client: the parties ask many thousand times, and share the machine with the house they ask."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Reply:
    """What came back; the headers' names in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """Keeps connections; asks each question once."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._idle: dict[int, list[Connection]] = defaultdict(list)

    async def ask(
        self, port: int, method: str, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> Reply | None:
        """The answer of whoever listens at this port of this machine; None where none came in time."""
        connection: Connection | None = None
        try:
            async with asyncio.timeout(self._patience):
                connection = await self._connection(port)
                connection[1].write(_head(method, path, headers, body) + (body or b""))
                reply = await _read(connection[0])
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            if connection:
                connection[1].transport.abort()
            return None
        except BaseException:
            if connection:
                connection[1].transport.abort()
            raise
        self._idle[port].append(connection)
        return reply

    async def _connection(self, port: int) -> Connection:
        while idle := self._idle[port]:
            reader, writer = idle.pop()
            if not (reader.at_eof() or writer.is_closing()):
                return reader, writer
        return await asyncio.open_connection("127.0.0.1", port)

    def close(self) -> None:
        """Close all connections."""
        for idle in self._idle.values():
            for _, writer in idle:
                writer.transport.abort()


def _head(method: str, path: str, headers: dict[str, str], body: bytes | None) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    elif method == "POST":
        lines.append("Content-Length: 0")
    return "\r\n".join([*lines, "", ""]).encode()


async def _read(reader: asyncio.StreamReader) -> Reply:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Reply(int(head[0].split()[1]), headers, body)

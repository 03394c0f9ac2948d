"""A browser's stream of server-sent events, read as it comes; `httpx` would wait for its end.

async with listening(desk.app, token, "/fragments/live") as stream:
    assert await stream.next() == LOOK
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from shared.web.browsers import COOKIE

LONGEST = 10.0
"""Seconds until a test is told that nothing came."""


class Stream:
    """What came so far."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.gone = asyncio.Event()
        self._came: asyncio.Queue[str | None] = asyncio.Queue()

    async def next(self) -> str | None:
        """What comes next; None at the end."""
        async with asyncio.timeout(LONGEST):
            return await self._came.get()

    async def take(self, message: dict[str, Any]) -> None:
        """Take one message of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        if body := message.get("body"):
            self._came.put_nowait(body.decode())
        if not message.get("more_body"):
            self._came.put_nowait(None)


@asynccontextmanager
async def listening(
    app: FastAPI, token: str, path: str, query: str = "", accept: str = "text/event-stream"
) -> AsyncIterator[Stream]:
    """Ask for a stream with this session's cookie, and go away at the end."""
    stream, asked = Stream(), asyncio.Event()
    headers = {"accept": accept, "cookie": f"{COOKIE}={token}", "host": "yousu"}

    async def receive() -> dict[str, Any]:
        if not asked.is_set():
            asked.set()
            return {"type": "http.request", "body": b"", "more_body": False}
        await stream.gone.wait()
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("yousu", 80),
    }
    answering = asyncio.create_task(app(scope, receive, stream.take))  # type: ignore[arg-type]
    try:
        yield stream
    finally:
        stream.gone.set()
        await answering

"""A town's house at a port of this machine, in this process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from tests.support.town import Town


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them to whoever runs the tests."""
        yield


@asynccontextmanager
async def at_a_port(town: Town) -> AsyncIterator[str]:
    """Serve the town's house in this process; yields its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = _Server(uvicorn.Config(town.app, lifespan="off", log_level="warning", access_log=False))
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield address
    finally:
        server.should_exit = server.force_exit = True
        await serving

"""A line to the broker to publish on: opened when it is asked for, and anew when it broke or fell silent.

To mend a broken connection, as aio-pika offers, can wait for ever for a broker that has come back from a crash and does
not answer everything yet.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.connection import Connection, make_url
from pamqp.common import FieldTable

OPEN_WITHIN = 10.0
CLOSE_WITHIN = 2.0
"""Seconds."""

Held = tuple[AbstractConnection, AbstractChannel]


class Line:
    """One connection at a time, with one channel that confirms what is published and gives back what has no route."""

    def __init__(self, url: str, prepare: Callable[[AbstractConnection], Awaitable[None]]) -> None:
        self._url = url
        self._prepare = prepare
        self._opening = asyncio.Lock()
        self._held: Held | None = None

    async def open(self) -> Held:
        """The line as it is, or a new one, prepared; raises while there is no broker, or none that answers."""
        async with self._opening:
            if self._held is None or self._held[1].is_closed:
                await self.hang_up()
                self._held = await self._connect()
            return self._held

    async def hang_up(self, silent: Held | None = None) -> None:
        """Close it, or only if it is still this silent one; the next who asks gets a new one."""
        if self._held is None or (silent and silent is not self._held):
            return
        (connection, _), self._held = self._held, None
        await within(CLOSE_WITHIN, connection.close(ConnectionError("hung up")))

    async def _connect(self) -> Held:
        name: FieldTable = {"connection_name": "yousu relay"}
        connection = Connection(make_url(self._url), client_properties=name)
        try:
            async with asyncio.timeout(OPEN_WITHIN):
                with answered():
                    await connection.connect()
                    await self._prepare(connection)
                    return connection, await connection.channel(on_return_raises=True)
        except BaseException:
            await within(CLOSE_WITHIN, connection.close())
            raise


@contextmanager
def answered() -> Iterator[None]:
    """A connection that ends may cancel who waits for it; only who was told to end may take that for his own end."""
    try:
        yield
    except asyncio.CancelledError:
        if (task := asyncio.current_task()) and task.cancelling():
            raise
        raise ConnectionError("the connection has ended") from None


async def within(seconds: float, closing: Awaitable[object]) -> None:
    """Wait so long for something to close; what is still open then, or broken, is left alone."""
    with suppress(Exception):
        async with asyncio.timeout(seconds):
            with answered():
                await closing

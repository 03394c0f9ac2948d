"""The doors on the bus: queues on which outsiders hand messages in, taken with the same promises as events.

An outsider's message is no event: whoever it concerns reads it, and answers what is wrong with it. It is known again by
its message id, or else by its bytes, and by who sent it: the routing key, which the broker lets nobody else write.
"""

import base64
import hashlib
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock
from shared.db import Store, is_passing, wake
from shared.logs import log
from shared.messaging.consumer import FIRST_RETRY, RETRY, Receiver, Unknown
from shared.messaging.tables import ParkedRow
from shared.messaging.taking import Taker, dead
from shared.security.keys import sealer

MOST_ID = 80
"""The longest name or reference that a store keeps."""

_log = log("doors")


@dataclass(frozen=True)
class Arrival:
    """What an outsider has sent, as it came."""

    body: bytes
    routing_key: str
    message_id: str | None = None

    @property
    def reference(self) -> str:
        """What an answer refers to: the message id, else (also for one that no store takes) the body's SHA-256."""
        if self.message_id and _fits(self.message_id):
            return self.message_id
        return hashlib.sha256(self.body).hexdigest()

    @property
    def name(self) -> str:
        """What it is claimed under: its sender and reference; with a colon, which no event id has."""
        name = f"{self.routing_key}:{self.reference}"
        return name if _fits(name) else f"door:{hashlib.sha256(name.encode(errors='replace')).hexdigest()}"


@dataclass(frozen=True)
class Door:
    """A queue a service reads outsiders' messages from, and what it does about what has arrived there."""

    queue: str
    exchange: str
    binding: str
    handle: Callable[[Sequence[Arrival], AsyncSession], Awaitable[None]]


def alone(session: AsyncSession) -> AbstractAsyncContextManager[object]:
    """What is done within is undone by itself when it raises; what else has arrived stands."""
    return session.begin_nested()


class DoorReceiver(Taker[Arrival]):
    """Takes what has arrived at one door; what it parks, the service's receiver tries again."""

    def __init__(self, door: Door, receiver: Receiver, store: Store) -> None:
        super().__init__(receiver.service, store)
        self.door = door
        self._receiver = receiver
        receiver.doors[door.queue] = self._again

    async def _take(self, messages: Sequence[Arrival], patient: bool) -> None:
        arrived = {arrival.name: arrival for arrival in messages}
        try:
            await self._handle(arrived)
        except Exception as error:
            if patient and is_passing(error):
                raise
            for name, arrival in arrived.items():
                await self._take_one(name, arrival, patient)

    async def _take_one(self, name: str, arrival: Arrival, patient: bool) -> None:
        try:
            await self._handle({name: arrival})
        except Exception as error:
            if patient and is_passing(error):
                raise
            await self._park(name, arrival, error)

    async def _handle(self, arrived: dict[str, Arrival]) -> None:
        async with self.store.transaction() as session:
            fresh = await self._claim(session, list(arrived))
            if taken := [arrival for name, arrival in arrived.items() if name in fresh]:
                await self.door.handle(taken, session)

    async def _park(self, name: str, arrival: Arrival, error: Exception) -> None:
        """Dead, with its raw bytes sealed, since a petitioner may be in them.

        What only came before its sender is known here waits for that.
        """
        _log.error("parked", queue=self.door.queue, id=name, error=repr(error)[:300])
        async with self.store.transaction() as session:
            if not await self._claim(session, [name]):
                return
            sealed = sealer().seal(base64.b64encode(arrival.body).decode(), about=name).encode()
            row = dead(name, _kind(self.door.queue, arrival.routing_key), sealed, error)
            if isinstance(error, Unknown):
                row.awaits, row.next_try_at = error.aggregate, clock.machine_now() + FIRST_RETRY
                wake(session, RETRY)
            session.add(row)
        self._receiver.parked_at = time.monotonic()

    async def _again(self, row: ParkedRow, session: AsyncSession) -> None:
        _, _, routing_key = row.kind.partition(" ")
        sender, _, message_id = row.event_id.partition(":")
        body = base64.b64decode(sealer().open(row.body.decode(), about=row.event_id))
        await self.door.handle([Arrival(body, routing_key, message_id if sender == routing_key else None)], session)


def _kind(queue: str, routing_key: str) -> str:
    kind = f"{queue} {routing_key}"
    return kind if _fits(kind) else f"{queue} "  # no sender of ours: it stays dead


def _fits(text: str) -> bool:
    return len(text) <= MOST_ID and text.isascii() and text.isprintable()

"""The consumer: each event's effects happen once, in one transaction with the claim that says so.

Three kinds of failure. Trouble of the database: keep the batch, try again, acknowledge nothing. A handler that raises,
or does not know the aggregate yet: park the event and go on. Bytes that are no event: park them dead, as they came.
"""

import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.event import listen
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock
from shared.among import among, texts_named
from shared.db import Store, is_passing, wake
from shared.events import Event, Undecodable, from_wire
from shared.events.base import happened
from shared.logs import log
from shared.messaging.tables import ParkedRow
from shared.messaging.taking import UNDECODABLE, Taker, told

E = TypeVar("E", bound=Event)
Handler = Callable[[E, AsyncSession], Awaitable[None]]
Loader = Callable[[Sequence[Event], AsyncSession], Awaitable[None]]
Again = Callable[[ParkedRow, AsyncSession], Awaitable[None]]

RETRY = "retry parked"
"""The name of the job that does."""
FIRST_RETRY = timedelta(seconds=1)
LONGEST_RETRY = timedelta(hours=1)
SOON = timedelta(seconds=5)
"""After a try that the database has broken off."""
ATTEMPTS = 24
RETRIED_AT_ONCE = 100

_ANY_WAITS = select(ParkedRow.event_id).where(ParkedRow.awaits.is_not(None)).limit(1)
_WAITING = (
    select(ParkedRow.event_id).where(among(ParkedRow.awaits, texts_named("aggregates"))).order_by(ParkedRow.event_id)
)

_log = log("consumer")


class Unknown(Exception):
    """The aggregate an event speaks of is not known here yet; the event that creates it will release this one."""

    def __init__(self, aggregate: str) -> None:
        super().__init__(f"{aggregate} is not known here yet")
        self.aggregate = aggregate


class Consumer:
    """What a service does about the events it hears: `@consumer.on(ComplaintRegistered)` above each handler.

    `finds_pending`: its handlers never ask the store for what an earlier event of their batch may have added.
    """

    def __init__(self, service: str, *, finds_pending: bool = False) -> None:
        self.service = service
        self.finds_pending = finds_pending
        self.handlers: dict[type[Event], list[Handler[Event]]] = {}
        self.loaders: list[Loader] = []

    def on(self, event: type[E]) -> Callable[[Handler[E]], Handler[E]]:
        """Run this handler once for each such event; all of a service's handlers of one event share a transaction."""
        if event.publisher == self.service:
            raise TypeError(f"{self.service} does in its own transaction what it would hear from itself: {event.type}")

        def add(handler: Handler[E]) -> Handler[E]:
            self.handlers.setdefault(event, []).append(handler)  # type: ignore[arg-type]
            return handler

        return add

    def before_each_batch(self, loader: Loader) -> Loader:
        """Run this before the handlers of a batch, to load the aggregates they will ask for with one query a table."""
        self.loaders.append(loader)
        return loader

    async def handle(self, events: Sequence[Event], session: AsyncSession) -> None:
        """Run every handler of every event, in order, in this session; one flush at the end.

        And, unless the handlers find what is pending, one before an event whose aggregate an earlier event may have
        created: `session.get` finds no pending row.
        """
        held: list[object] = []  # a session forgets an unchanged row that nobody else holds, and would load it again
        for change in ("loaded_as_persistent", "pending_to_persistent"):
            listen(session.sync_session, change, lambda _, row: held.append(row))
        for loader in self.loaders:
            await loader(events, session)
        unflushed: set[str] = set()
        for event in events:
            if event.subject in unflushed and not self.finds_pending:
                await session.flush()
                unflushed.clear()
            unflushed.add(event.subject)
            for handler in self.handlers.get(type(event), ()):
                await handler(event, session)
        await session.flush()


class Receiver(Taker[bytes]):
    """Takes the events that have arrived for one service, durably."""

    def __init__(self, consumer: Consumer, store: Store) -> None:
        super().__init__(consumer.service, store)
        self.consumer = consumer
        self.doors: dict[str, Again] = {}
        """What tries a parked message of a door again, by the door's queue."""
        self.parked_at = 0.0
        """When something was last parked here, on the monotonic clock."""
        self._none_waited_at = -FIRST_RETRY.total_seconds()
        """When nothing was last seen to wait for an aggregate, on the same."""

    async def _take(self, messages: Sequence[bytes], patient: bool) -> None:
        arrived: dict[str, tuple[Event, bytes]] = {}
        for body in messages:
            try:
                event = from_wire(body)
            except Undecodable as error:
                await self._park_bytes(body, error)
            else:
                arrived[event.event_id] = event, body
        batch = sorted(arrived.values(), key=lambda pair: happened(pair[0].at, pair[0].event_id))
        try:
            await self._handle([event for event, _ in batch])
        except Exception as error:
            if patient and is_passing(error):
                raise
            for event, body in batch:
                await self._take_one(event, body, patient)

    async def _take_one(self, event: Event, body: bytes, patient: bool) -> None:
        try:
            await self._handle([event])
        except Exception as error:
            if patient and is_passing(error):
                raise
            try:
                await self._park(event, body, error)
            except Exception as unkeepable:  # an id or a subject that no column holds
                if is_passing(unkeepable):
                    raise
                await self._park_bytes(body, unkeepable)

    async def _handle(self, events: Sequence[Event]) -> None:
        if not events:
            return
        async with self.store.transaction() as session:
            fresh = await self._claim(session, [event.event_id for event in events])
            if taken := [event for event in events if event.event_id in fresh]:
                await self.consumer.handle(taken, session)
        await self._release({event.subject for event in events})

    async def _release(self, aggregates: Collection[str]) -> None:
        """Retry what waits for these.

        After the commit, so that what another replica has parked meanwhile is seen; and for events delivered again too,
        so that a crash in between is made up for. Not asked anew for a second when nothing waited: what another replica
        has parked since, it tries again itself by then.
        """
        asked = time.monotonic()
        if self._none_waited_at > self.parked_at and asked - self._none_waited_at < FIRST_RETRY.total_seconds():
            return
        async with self.store.reading() as session:
            if await session.scalar(_ANY_WAITS) is None:
                self._none_waited_at = asked
                return
            event_ids = (await session.scalars(_WAITING, {"aggregates": aggregates})).all()
        for event_id in event_ids:
            await self.retry(event_id)

    async def _park(self, event: Event, body: bytes, error: Exception) -> None:
        _log.warning(
            "parked", service=self.consumer.service, kind=event.full_type(), id=event.event_id, error=repr(error)[:300]
        )
        async with self.store.transaction() as session:
            if not await self._claim(session, [event.event_id]):
                return
            session.add(
                ParkedRow(
                    event_id=event.event_id,
                    kind=event.full_type(),
                    body=body,
                    error=told(error),
                    attempts=1,
                    awaits=error.aggregate if isinstance(error, Unknown) else None,
                    next_try_at=clock.machine_now() + FIRST_RETRY,
                    parked_at=clock.machine_now(),
                )
            )
            wake(session, RETRY)
        self.parked_at = time.monotonic()

    async def retry(self, event_id: str) -> bool:
        """Try a parked event again. True when it is done; another failure is noted, and after many it is dead."""
        try:
            async with self.store.transaction() as session:
                # Not skipped when locked: a try under way in another replica may have begun before the aggregate came.
                row = await session.get(ParkedRow, event_id, with_for_update=True)
                if row is None:
                    return False
                released = await self._again(row, session)
        except Exception as error:
            await self._failed_again(event_id, error)  # raises too while the database is away: nothing is counted then
            return False
        await self._release(released)
        return True

    async def _again(self, row: ParkedRow, session: AsyncSession) -> set[str]:
        """Handle what was parked; returns the aggregates that others may have waited for."""
        await session.delete(row)
        if at_door := self.doors.get(row.kind.partition(" ")[0]):
            await at_door(row, session)
            return set()
        event = from_wire(row.body)
        # Bytes nobody could read were claimed by their digest; the event in them may have been taken since.
        if event.event_id == row.event_id or await self._claim(session, [event.event_id]):
            await self.consumer.handle([event], session)
        return {event.subject}

    async def _failed_again(self, event_id: str, error: Exception) -> None:
        async with self.store.transaction() as session:
            row = await session.get(ParkedRow, event_id, with_for_update=True)
            if row is None:
                return
            row.error = told(error)
            if is_passing(error):  # that was no try of the event: it waits on for whatever it has waited for
                row.next_try_at = clock.machine_now() + SOON
                wake(session, RETRY)
                return
            row.attempts += 1
            row.awaits = error.aggregate if isinstance(error, Unknown) else None
            pause = min(FIRST_RETRY * 2 ** min(row.attempts, 16), LONGEST_RETRY)
            is_over = row.attempts >= ATTEMPTS or _stays_unread(row, error)
            row.next_try_at = None if is_over else clock.machine_now() + pause
            wake(session, RETRY)
        self.parked_at = time.monotonic()

    async def retry_due(self) -> timedelta | None:
        """Try again what has waited long enough; a job of every service. Says after how long there will be more."""
        while True:
            async with self.store.reading() as session:
                waiting = await session.execute(
                    select(ParkedRow.event_id, ParkedRow.next_try_at)
                    .where(ParkedRow.next_try_at.is_not(None))
                    .order_by(ParkedRow.next_try_at, ParkedRow.event_id)
                    .limit(RETRIED_AT_ONCE)
                )
                found = waiting.all()
            now = clock.machine_now()
            due = [event_id for event_id, at in found if at and at <= now]
            for event_id in due:
                await self.retry(event_id)
            if not due:
                return found[0][1] - now if found and found[0][1] else None


def _stays_unread(row: ParkedRow, error: Exception) -> bool:
    """Bytes that nobody could read or keep are not tried again and again: no time makes an event of them."""
    return row.kind == UNDECODABLE and not isinstance(error, Unknown) and not is_passing(error)


async def parked(session: AsyncSession) -> tuple[int, int]:
    """How many events wait parked for another try, and how many are dead."""
    live = func.count(ParkedRow.next_try_at)
    waiting, dead = (await session.execute(select(live, func.count() - live).select_from(ParkedRow))).one()
    return waiting, dead


async def replay(session: AsyncSession, event_id: str) -> bool:
    """Give a parked or dead event another try soon. False when there is none of this id.

    Raises `Undecodable`, and leaves it as it is, while this release does not know what it is either.
    """
    row = await session.get(ParkedRow, event_id)
    if row is None:
        return False
    if row.kind == UNDECODABLE:
        from_wire(row.body)
    row.next_try_at, row.attempts = clock.machine_now(), 0
    wake(session, RETRY)
    return True


async def give_up(session: AsyncSession, event_id: str) -> str | None:
    """Take a parked or dead event away for good; it stays claimed, so that it is not taken when it comes again.

    Of what kind it was; None when there is none of this id.
    """
    row = await session.get(ParkedRow, event_id, with_for_update=True)
    if row is None:
        return None
    await session.delete(row)
    return row.kind

"""The RabbitMQ transport: FastStream reads the services' queues, aio-pika publishes, each on a connection of its own.

(On one shared connection a broker that blocks publishers, for memory or disk, stops the consuming as well.)
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from faststream import AckPolicy
from faststream.rabbit import Channel, RabbitBroker, RabbitMessage, RabbitQueue
from faststream.rabbit.schemas.queue import QueueType

from shared.events import CONTENT_TYPE, Event
from shared.logs import log
from shared.messaging import topology
from shared.messaging.consumer import Receiver
from shared.messaging.doors import Arrival, Door, DoorReceiver
from shared.messaging.line import CLOSE_WITHIN, OPEN_WITHIN, Line, answered, within
from shared.messaging.tables import OutboxRow

CONFIRM_WITHIN = 10.0
"""Seconds a publish or an acknowledgement may take; what took longer may still arrive, and comes again."""
PAUSE = 1.0
"""Seconds between two tries to read again."""
LINGER = 0.005
"""Seconds in which more may come to what is taken together, while much is coming."""
SILENT = "not confirmed in time"

Take = Callable[[Sequence[RabbitMessage]], Awaitable[None]]

_log = log("rabbit")


class RabbitTransport:
    """This process's way to and from the broker."""

    def __init__(
        self,
        url: str,
        receivers: Mapping[str, Receiver],
        doors: Sequence[DoorReceiver] = (),
        *,
        prefetch: int,
        batch: int,
    ) -> None:
        self._url = url
        self._prefetch = prefetch
        self._batch = batch
        self._takers: dict[str, Take] = {topology.queue_of(name): _bodies(each) for name, each in receivers.items()}
        self._takers |= {each.door.queue: _arrivals(each) for each in doors}
        self._arrived: dict[str, asyncio.Queue[RabbitMessage]] = {queue: asyncio.Queue() for queue in self._takers}
        self._heard: Mapping[str, Iterable[type[Event]]] = {}
        self._doors: Sequence[Door] = ()
        self._tasks: list[asyncio.Task[None]] = []
        self._line = Line(url, self._declare)
        self._partners: set[str] = set()

    async def start(self, heard: Mapping[str, Iterable[type[Event]]], doors: Iterable[Door] = ()) -> None:
        """Connect, see to it that every service's queue is there (also those of other processes), and begin to read."""
        self._heard, self._doors = heard, tuple(doors)
        await self._line.open()
        self._tasks = [asyncio.create_task(self._serve(queue), name=queue) for queue in self._takers]
        if self._takers:
            self._tasks.append(asyncio.create_task(self._keep_reading(), name="reading"))

    async def stop(self) -> None:
        """Stop reading, give back what is in hand, and disconnect."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._line.hang_up()

    @property
    def in_hand(self) -> int:
        """Messages that have arrived and are not yet being taken."""
        return sum(queue.qsize() for queue in self._arrived.values())

    async def publish(self, rows: Sequence[OutboxRow]) -> Mapping[str, str | None]:
        """Return what the broker has confirmed as written to every queue it is bound for, and what not.

        Raises while there is no broker to ask.
        """
        outcomes = await self._publish_together([row for row in rows if row.not_before is None])
        for row in rows:
            if SILENT in outcomes.values():
                break  # what is not told of is tried again
            if row.not_before is not None:
                # A message that closes the channel takes down what is under way with it. It has failed before, then.
                outcomes |= await self._publish_together([row])
        return outcomes

    async def _publish_together(self, rows: Sequence[OutboxRow]) -> dict[str, str | None]:
        if not rows:
            return {}
        line = await self._line.open()
        outcomes = await asyncio.gather(*(self._publish(row, line[1]) for row in rows))
        if SILENT in outcomes:
            await self._line.hang_up(line)
        return {row.message_id: outcome for row, outcome in zip(rows, outcomes, strict=True)}

    async def _declare(self, connection: AbstractConnection) -> None:
        self._partners.clear()  # whoever has restarted the broker may have begun it anew
        await declare(connection, self._heard, self._doors)

    async def _publish(self, row: OutboxRow, channel: AbstractChannel) -> str | None:
        message = aio_pika.Message(
            row.body,
            content_type=CONTENT_TYPE,
            message_id=row.message_id,
            type=row.kind,
            correlation_id=row.subject,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        try:
            async with asyncio.timeout(CONFIRM_WITHIN):
                with answered():
                    if row.exchange == topology.PARTNERS:
                        await self.open_partners([row.routing_key])
                    exchange = await channel.get_exchange(row.exchange, ensure=False)
                    await exchange.publish(message, row.routing_key, mandatory=True)
        except TimeoutError:
            return SILENT
        except Exception as error:
            self._partners.discard(row.routing_key)  # perhaps someone has removed its queue
            return repr(error)[:300] or type(error).__name__
        return None

    async def open_partners(self, names: Collection[str]) -> None:
        """See to it that these partners have their queues."""
        connection, _ = await self._line.open()
        if missing := set(names) - self._partners:
            async with connection.channel() as channel:
                for name in sorted(missing):
                    queue = await channel.declare_queue(name, durable=True, arguments=dict(topology.QUEUE_ARGUMENTS))
                    await queue.bind(topology.PARTNERS, name)
            self._partners |= missing

    async def _keep_reading(self) -> None:
        """Read every queue until cancelled; each time the connection breaks, on a new one."""
        while True:
            try:
                await self._line.open()  # then there is a broker, and it has the queues
                await self._read_until_it_breaks()
            except Exception as error:
                _log.warning("not reading", error=repr(error)[:300])
            await asyncio.sleep(PAUSE)

    async def _read_until_it_breaks(self) -> None:
        closed = asyncio.Event()
        broker = RabbitBroker(
            self._url,
            timeout=OPEN_WITHIN,
            logger=logging.getLogger("yousu.broker"),  # FastStream's own has a handler, and two lines a message
            apply_types=False,
            on_close=[lambda *_: closed.set()],
        )
        for queue in self._takers:
            self._subscribe(broker, queue)
        connection = await broker.connect()
        try:
            async with asyncio.timeout(OPEN_WITHIN):
                with answered():
                    await broker.start()
            await closed.wait()
        finally:
            await within(CLOSE_WITHIN, broker.stop())
            await within(CLOSE_WITHIN, connection.close())

    def _subscribe(self, broker: RabbitBroker, name: str) -> None:
        queue = RabbitQueue(name, queue_type=QueueType.QUORUM, durable=True, declare=False)

        async def whole(message: RabbitMessage) -> RabbitMessage:
            return message  # undecodable bytes are ours to park, and the acknowledgement is ours to give

        # On a channel of its own, where what was delivered before a message can be acknowledged together with it.
        channel = Channel(prefetch_count=self._prefetch)

        @broker.subscriber(
            queue, channel=channel, ack_policy=AckPolicy.MANUAL, decoder=whole, no_reply=True, title=queue.name
        )
        async def arrive(message: RabbitMessage) -> None:
            self._arrived[name].put_nowait(message)

        del arrive

    async def _serve(self, queue: str) -> None:
        """Take what has arrived into one transaction, then acknowledge it."""
        arrived, take = self._arrived[queue], self._takers[queue]
        many = False
        while True:
            batch = [await arrived.get()]
            if many:
                await asyncio.sleep(LINGER)
            while len(batch) < self._batch and not arrived.empty():
                batch.append(arrived.get_nowait())
            many = len(batch) > 1
            await take(batch)
            try:
                async with asyncio.timeout(CONFIRM_WITHIN):
                    with answered():
                        # All that came on its channel before it has been taken, too: earlier, or in this batch.
                        await batch[-1].raw_message.ack(multiple=True)
            except Exception:  # its connection is gone: they come again, and the inbox knows them
                _log.info("unacknowledged", queue=queue, messages=len(batch))


def _bodies(receiver: Receiver) -> Take:
    async def take(messages: Sequence[RabbitMessage]) -> None:
        await receiver.take([message.body for message in messages])

    return take


def _arrivals(receiver: DoorReceiver) -> Take:
    async def take(messages: Sequence[RabbitMessage]) -> None:
        # The raw message: FastStream makes up an id for one that has none.
        raw = [message.raw_message for message in messages]
        await receiver.take([Arrival(each.body, each.routing_key or "", each.message_id) for each in raw])

    return take


async def declare(
    connection: AbstractConnection, heard: Mapping[str, Iterable[type[Event]]], doors: Iterable[Door] = ()
) -> None:
    """Declare exchanges, service queues and bindings; what is there already, and the same, stays as it is."""
    channel = await connection.channel()
    try:
        dead = await channel.declare_exchange(topology.DEAD, aio_pika.ExchangeType.FANOUT, durable=True)
        dead_queue = await channel.declare_queue(topology.DEAD, durable=True, arguments={"x-queue-type": "quorum"})
        await dead_queue.bind(dead)
        for name in topology.EXCHANGES:
            await channel.declare_exchange(name, aio_pika.ExchangeType.TOPIC, durable=True)
        for service, events in heard.items():
            queue = await channel.declare_queue(
                topology.queue_of(service), durable=True, arguments=dict(topology.QUEUE_ARGUMENTS)
            )
            for event in events:
                await queue.bind(topology.EVENTS, topology.binding_of(event))
        for door in doors:
            queue = await channel.declare_queue(door.queue, durable=True, arguments=dict(topology.QUEUE_ARGUMENTS))
            await queue.bind(door.exchange, door.binding)
    finally:
        await channel.close()

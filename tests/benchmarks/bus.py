"""The bus as partners use it: a channel hands over and reads its feedback, a department reads its queue and answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

import aio_pika
import orjson
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aio_pika.exceptions import ChannelInvalidStateError, ChannelNotFoundEntity, ConnectionClosed

from shared.messaging import topology

HELD = 400
"""How many messages a partner takes in hand; it acknowledges half of them at once."""

OPENED_WITHIN = 60
"""Seconds until a partner's queue must be there."""

Told = Callable[[dict[str, Any]], None]


class Partners:
    """Connections to a house's bus, one to write on and one to read on."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def __aenter__(self) -> Self:
        self._reading = await aio_pika.connect(self._url)
        self._writing = await aio_pika.connect(self._url)
        channel = await self._writing.channel(publisher_confirms=True)
        self._exchanges = {
            name: await channel.get_exchange(name, ensure=False) for name in (topology.CHANNELS, topology.DEPARTMENTS)
        }
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._reading.close()
        await self._writing.close()

    async def read(self, queue: str, told: Told) -> None:
        """Hand every message that comes there to `told`; acknowledged many at a time, or when it has been quiet."""
        channel = await self._channel_of(queue)
        await channel.set_qos(HELD)
        held: list[AbstractIncomingMessage] = []

        async def let_go() -> None:
            if held and not channel.is_closed:
                last = held[-1]
                held.clear()
                with suppress(ChannelInvalidStateError, ConnectionClosed):  # hung up meanwhile
                    await last.ack(multiple=True)

        async def take(message: AbstractIncomingMessage) -> None:
            told(orjson.loads(message.body))
            held.append(message)
            if len(held) == 1:
                asyncio.get_running_loop().call_later(0.25, lambda: asyncio.ensure_future(let_go()))
            if len(held) >= HELD // 2:
                await let_go()

        await (await channel.get_queue(queue, ensure=False)).consume(take)

    async def _channel_of(self, queue: str) -> AbstractChannel:
        """A channel, once the queue is there: notify opens it when it has heard of the partner."""
        async with asyncio.timeout(OPENED_WITHIN):
            while True:
                channel = await self._reading.channel()
                try:
                    await channel.get_queue(queue)
                except ChannelNotFoundEntity:
                    await asyncio.sleep(0.2)
                else:
                    return channel

    async def submit(self, source: str, message_id: str, submission: dict[str, Any]) -> None:
        """Hand a complaint over as this channel; returns when the broker has confirmed it."""
        await self._write(topology.CHANNELS, f"submission.{source}", message_id, submission)

    async def reply(self, department: str, message_id: str, reply: dict[str, Any]) -> None:
        """Answer as this department (`sq.zrzy`); returns when the broker has confirmed it."""
        await self._write(topology.DEPARTMENTS, f"reply.{department}", message_id, reply)

    async def _write(self, exchange: str, routing_key: str, message_id: str, body: dict[str, Any]) -> None:
        message = aio_pika.Message(
            orjson.dumps(body),
            content_type="application/json",
            message_id=message_id,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        await self._exchanges[exchange].publish(message, routing_key, mandatory=True)

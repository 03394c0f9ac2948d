"""`yousu submit`: hand submissions over as a channel, one per line, by HTTP or over the bus; what became of each."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aio_pika
import httpx
import orjson

from services.cli.asking import unreached
from shared.events import partners
from shared.events.directory import PartnerKind
from shared.ids import new_id
from shared.messaging import topology

ANSWERED_WITHIN = 30.0
"""Seconds to wait for the next answer on the channel's feedback."""
_REGISTERED = partners.FeedbackRegistered.type


def source_of(line: bytes) -> str | None:
    """The channel a line names."""
    try:
        named = orjson.loads(line)["source"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return named if isinstance(named, str) else None


def _numbered(lines: list[bytes]) -> list[tuple[int, bytes]]:
    """Each line with its place in the file, as the door counts them; empty ones are nothing to send."""
    return [(place, line) for place, line in enumerate(lines, 1) if line.strip()]


async def by_http(lines: list[bytes], source: str | None, key: str | None, url: str) -> AsyncIterator[dict[str, Any]]:
    """One answer a line, in order. Without a key, the sample county's. Raises `Refused` where nobody answers."""
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        for place, line in _numbered(lines):
            secret = key or f"sample-{source or source_of(line) or 'web'}"
            headers = {"authorization": f"Bearer {secret}", "content-type": "application/json"}
            try:
                answer = await client.post("/intake/api/submissions", content=line, headers=headers)
            except httpx.HTTPError as error:
                raise unreached(url, error) from error
            said = answer.json()
            if answer.is_success:
                yield {"line": place, "status": answer.status_code, **said}
            else:
                faults = said.get("errors", [{"field": "body", "message": said.get("detail", "")}])
                yield {"line": place, "status": answer.status_code, "errors": faults}


async def over_bus(
    lines: list[bytes], source: str | None, url: str, within: float = ANSWERED_WITHIN
) -> AsyncIterator[dict[str, Any]]:
    """One answer a line, as they come on the channels' feedback; `sent` for one that is not answered in time."""
    async with await aio_pika.connect_robust(url) as connection:
        channel = await connection.channel(on_return_raises=True)
        exchange = await channel.get_exchange(topology.CHANNELS, ensure=False)
        sent: dict[str, dict[str, int]] = {}
        for place, line in _numbered(lines):
            sender, message_id = source or source_of(line) or "web", new_id()
            message = aio_pika.Message(
                line,
                content_type="application/json",
                message_id=message_id,
                delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            )
            await exchange.publish(message, f"submission.{sender}")
            sent.setdefault(sender, {})[message_id] = place
        for sender, waiting in sent.items():
            async for answer in _answers(connection, sender, waiting, within):
                yield answer
            for place in waiting.values():
                yield {"line": place, "status": "sent"}


async def _answers(
    connection: aio_pika.abc.AbstractConnection, source: str, waiting: dict[str, int], within: float
) -> AsyncIterator[dict[str, Any]]:
    """The answers to these on a channel's feedback; what answers others stays there."""
    async with connection.channel() as channel:
        try:
            queue = await channel.get_queue(f"{PartnerKind.FEEDBACK}.{source}")
        except aio_pika.exceptions.ChannelClosed:  # this channel is not switched on: nobody tells it anything
            return
        arrived: asyncio.Queue[aio_pika.abc.AbstractIncomingMessage] = asyncio.Queue()
        await queue.consume(arrived.put)
        try:
            while waiting:
                async with asyncio.timeout(within):
                    message = await arrived.get()
                told = orjson.loads(message.body)
                place = waiting.pop(told["data"].get("in_reply_to"), None)
                if place is not None:
                    await message.ack()
                    yield _line(place, told)
        except TimeoutError:
            return


def _line(place: int, told: dict[str, Any]) -> dict[str, Any]:
    data = told["data"]
    if told["type"] == _REGISTERED:
        return {"line": place, "status": 201, **{name: data[name] for name in ("number", "complaint_id", "query_code")}}
    return {"line": place, "status": 422, "errors": data["faults"]}

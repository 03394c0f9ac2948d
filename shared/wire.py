"""What is told to live desks travels to the other replicas by Redis: the names of desks, and nothing else.

What is told while Redis is away is lost; once it is back every desk that is open looks again.
"""

import asyncio
from collections.abc import Collection, Mapping
from functools import partial

import orjson
from redis.asyncio import Redis

from shared.ids import new_id
from shared.live import Desks
from shared.logs import log
from shared.redis import RedisAway

CHANNEL = "live"
GATHER = 0.05
"""Seconds in which what is told is gathered: however much commits, others hear twenty times a second at most."""
AGAIN = 1.0
LISTEN = 5.0

_log = log("live")


class Wire:
    """Tells the other processes of the house what this one has told its desks, and hears what they tell."""

    def __init__(self, redis: Redis, desks: Mapping[str, Desks]) -> None:
        self._redis = redis
        self._desks = desks
        self._own = new_id()
        self._untold: dict[str, set[str]] = {}
        self._bell = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        for service, of_service in desks.items():
            of_service.elsewhere = partial(self._gather, service)

    def start(self) -> None:
        """Begin to tell and to hear."""
        self._tasks = [asyncio.create_task(self._tell()), asyncio.create_task(self._hear())]

    async def stop(self) -> None:
        """Tell and hear no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._redis.aclose()

    def _gather(self, service: str, desks: Collection[str]) -> None:
        self._untold.setdefault(service, set()).update(desks)
        self._bell.set()

    async def _tell(self) -> None:
        while True:
            await self._bell.wait()
            await asyncio.sleep(GATHER)
            self._bell.clear()
            untold, self._untold = self._untold, {}
            told = {"by": self._own, "desks": {service: sorted(desks) for service, desks in untold.items()}}
            try:
                await self._redis.publish(CHANNEL, orjson.dumps(told))
            except RedisAway as error:
                _log.warning("not told", error=repr(error)[:300])
                await asyncio.sleep(AGAIN)

    async def _hear(self) -> None:
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as heard:
                    await heard.subscribe(CHANNEL)
                    for desks in self._desks.values():
                        desks.ring_all()  # what was told meanwhile was missed
                    while True:
                        if message := await heard.get_message(timeout=LISTEN):
                            self._ring(message["data"])
            except RedisAway as error:
                _log.warning("not heard", error=repr(error)[:300])
                await asyncio.sleep(AGAIN)

    def _ring(self, data: str) -> None:
        told = orjson.loads(data)
        if told["by"] == self._own:
            return
        for service, desks in told["desks"].items():
            if service in self._desks:
                self._desks[service].ring(desks)

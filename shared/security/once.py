"""What is sent twice at once is done once: whoever comes second is told where the first was led.

Known by what was sent, from which session and where to; kept in Redis for seconds. What was refused may be sent again
at once, and so may everything while Redis is away.
"""

import asyncio

from redis.asyncio import Redis

from shared.redis import RedisAway

AT_WORK = 20
"""Seconds that the first is waited for at most."""
DONE_FOR = 5
"""Seconds after which the same is sent on purpose."""
_LOOKS = 0.05


class Once:
    """What is being done, and was just done, in the whole house."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def be_first(self, session: str, sent: str) -> str | None:
        """None for whoever is the first; for another, as soon as the first is done, where that one was led.

        What was done otherwise in between makes it a first again.
        """
        try:
            while (led := await self._led(session, sent)) is None:
                if await self._redis.set(_at_work(session, sent), "", nx=True, ex=AT_WORK):
                    if led := await self._led(session, sent):  # it was done between the two looks
                        await self._redis.delete(_at_work(session, sent))
                    return led
                await asyncio.sleep(_LOOKS)
        except RedisAway:
            return None
        return led

    async def end(self, session: str, sent: str, led: str | None) -> None:
        """The first was led there; or, without that, was refused."""
        try:
            if led:
                await self._redis.set(_last(session), f"{sent} {led}", ex=DONE_FOR)
            await self._redis.delete(_at_work(session, sent))
        except RedisAway:
            pass

    async def _led(self, session: str, sent: str) -> str | None:
        last, _, led = str(await self._redis.get(_last(session)) or "").partition(" ")
        return led if last == sent else None


def _at_work(session: str, sent: str) -> str:
    return f"at-work:{session}:{sent}"


def _last(session: str) -> str:
    return f"last-done:{session}"

"""Redis: sessions, throttling and live nudges; nothing that must commit with the database. In-process when embedded."""

from typing import Any

from redis.asyncio import Connection, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import RedisError

from shared.refusals import Unavailable
from shared.settings import Settings

RedisAway = (RedisError, OSError, TimeoutError)
"""What is raised while Redis cannot be reached."""


def connect(settings: Settings) -> Redis:
    """A client; it connects at first use."""
    if settings.redis_url is None:
        import fakeredis  # takes as long to load as all of Redis, and is for embedded runs only

        return fakeredis.FakeAsyncRedis(decode_responses=True)
    return Redis.from_url(
        settings.redis_url,
        decode_responses=True,
        socket_timeout=2,
        socket_connect_timeout=2,
        connection_class=_Noticing,
        retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionLost,)),  # the first may have ended since
    )


class _Noticing(Connection):
    """Takes a socket that the event loop has closed meanwhile for what it is: uvloop says it by a RuntimeError."""

    async def send_packed_command(self, *given: Any, **options: Any) -> None:
        try:
            await super().send_packed_command(*given, **options)
        except RuntimeError as error:
            await self.disconnect(nowait=True)
            raise ConnectionLost(str(error)) from error


def redis_away() -> Unavailable:
    """What staff are told meanwhile."""
    return Unavailable("sessions-away", "登录服务暂时不可用，请稍后再试；渠道来件和到期提醒不受影响。")

"""Sessions of staff: opaque tokens, known to Redis only by their digest, ending when idle or after hours."""

import hashlib
import secrets
from dataclasses import asdict

import orjson
from redis.asyncio import Redis

from shared.redis import RedisAway
from shared.refusals import Unauthenticated, Unavailable
from shared.security.roles import Actor, Role
from shared.settings import Settings

PREFIX = "ys_"
"""What a session's token begins with; a channel's key does not."""


def digest(secret: str) -> str:
    """What is kept of a token or key; both are random and long, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Sessions:
    """The sessions of the whole house."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._idle = settings.session_idle_minutes * 60
        self._absolute = settings.session_hours * 3600

    async def open(self, actor: Actor) -> str:
        """Begin a session; returns its token, which is told once and kept nowhere."""
        token = PREFIX + secrets.token_urlsafe(32)
        try:
            async with self._redis.pipeline() as pipe:
                pipe.set(self._key(token), orjson.dumps(asdict(actor)), ex=self._idle)
                pipe.set(self._key(token) + ":until", "1", ex=self._absolute)
                pipe.sadd(self._all_of(actor.id), self._key(token))
                pipe.expire(self._all_of(actor.id), self._absolute)
                await pipe.execute()
        except RedisAway as error:
            raise _away() from error
        return token

    async def actor(self, token: str, *, touch: bool = True) -> Actor:
        """Who holds this token; its idle time begins anew, unless nobody has touched a thing."""
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                if touch:
                    pipe.getex(self._key(token), ex=self._idle)
                else:
                    pipe.get(self._key(token))
                pipe.exists(self._key(token) + ":until")
                held, within_hours = await pipe.execute()
        except RedisAway as error:
            raise _away() from error
        if not held or not within_hours:
            raise Unauthenticated("session-ended", "登录已失效，请重新登录。")
        fields = orjson.loads(held)
        return Actor(**fields | {"role": Role(fields["role"])})

    async def end(self, token: str) -> None:
        """Log out."""
        try:
            await self._redis.delete(self._key(token), self._key(token) + ":until")
        except RedisAway as error:
            raise _away() from error

    async def end_all(self, actor_id: str) -> None:
        """Log someone out everywhere: the password is another, or the role, or there is no such member any more."""
        try:
            for key in await self._redis.smembers(self._all_of(actor_id)):
                await self._redis.delete(key)
            await self._redis.delete(self._all_of(actor_id))
        except RedisAway as error:
            raise _away() from error

    async def close(self) -> None:
        """Disconnect."""
        await self._redis.aclose()

    @staticmethod
    def _all_of(actor_id: str) -> str:
        return f"sessions-of:{actor_id}"

    @staticmethod
    def _key(token: str) -> str:
        return f"session:{digest(token)}"


def _away() -> Unavailable:
    return Unavailable("sessions-away", "登录服务暂时不可用，请稍后再试；渠道来件和到期提醒不受影响。")

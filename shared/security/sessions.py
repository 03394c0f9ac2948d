"""Sessions of staff: opaque tokens, known to Redis only by their digest, ending when idle or after hours."""

import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson
from redis.asyncio import Redis

from shared import clock
from shared.redis import RedisAway, redis_away
from shared.refusals import Unauthenticated
from shared.security.agents import called
from shared.security.once import Once
from shared.security.pace import Pace
from shared.security.roles import Actor, Role
from shared.security.throttle import Throttle, line_of
from shared.settings import Settings

PREFIX = "ys_"
"""What a session's token begins with; a channel's key does not."""
HALF_WAY_SECONDS = 300
"""How long the second factor is waited for after the password."""


def digest(secret: str) -> str:
    """What is kept of a token or key; both are random and long, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class Origin:
    """From where somebody has logged in."""

    address: str = ""
    browser: str = ""

    @property
    def browser_called(self) -> str:
        """The browser as people know it."""
        return called(self.browser)

    @property
    def line(self) -> str:
        """Who is counted as one."""
        return line_of(self.address)


@dataclass(frozen=True)
class Opened:
    """A session as its owner sees it; `id` is no secret."""

    id: str
    since: datetime
    origin: Origin


class Sessions:
    """The sessions of the whole house."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self.throttle = Throttle(redis)
        self.once = Once(redis)
        self.pace = Pace()
        self._idle = settings.session_idle_minutes * 60
        self._absolute = settings.session_hours * 3600

    async def open(self, actor: Actor, origin: Origin | None = None) -> str:
        """Begin a session; returns its token, which is told once and kept nowhere."""
        token = PREFIX + secrets.token_urlsafe(32)
        about = {"since": clock.machine_now().isoformat(), "origin": asdict(origin or Origin())}
        try:
            async with self._redis.pipeline() as pipe:
                pipe.set(self._key(token), orjson.dumps(asdict(actor)), ex=self._idle)
                pipe.set(self._key(token) + ":until", orjson.dumps(about), ex=self._absolute)
                pipe.sadd(self._all_of(actor.id), self._key(token))
                pipe.expire(self._all_of(actor.id), self._absolute)
                await pipe.execute()
        except RedisAway as error:
            raise redis_away() from error
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
            raise redis_away() from error
        if not held or not within_hours:
            raise Unauthenticated("session-ended", "登录已失效，请重新登录。")
        fields = orjson.loads(held)
        return Actor(**fields | {"role": Role(fields["role"])})

    async def end(self, token: str) -> None:
        """Log out."""
        await self._delete([self._key(token)])

    async def all_of(self, actor_id: str) -> list[Opened]:
        """The sessions someone has open, the latest first."""
        try:
            found = []
            for key in map(str, await self._redis.smembers(self._all_of(actor_id))):
                held, about = await self._redis.get(key), await self._redis.get(f"{key}:until")
                if held and about:
                    found.append(_opened(key, orjson.loads(about)))
        except RedisAway as error:
            raise redis_away() from error
        return sorted(found, key=lambda each: each.since, reverse=True)

    async def end_one(self, actor_id: str, session_id: str) -> None:
        """End one of someone's own sessions, wherever it is open."""
        try:
            known = [str(key) for key in await self._redis.smembers(self._all_of(actor_id))]
        except RedisAway as error:
            raise redis_away() from error
        await self._delete([key for key in known if key == f"session:{session_id}"])

    async def end_all(self, actor_id: str) -> None:
        """Log someone out everywhere: the password is another, or the role, or there is no such member any more."""
        try:
            for key in await self._redis.smembers(self._all_of(actor_id)):
                await self._redis.delete(key)
            await self._redis.delete(self._all_of(actor_id))
        except RedisAway as error:
            raise redis_away() from error

    async def half_way(self, username: str) -> str:
        """The password was right, the second factor is waited for; returns what stands for the password till then."""
        mark = secrets.token_urlsafe(32)
        try:
            await self._redis.set(f"half-way:{digest(mark)}", username, ex=HALF_WAY_SECONDS)
        except RedisAway as error:
            raise redis_away() from error
        return mark

    async def half_way_of(self, mark: str) -> str | None:
        """Whose password was right; None when that was too long ago."""
        try:
            username = await self._redis.get(f"half-way:{digest(mark)}")
        except RedisAway as error:
            raise redis_away() from error
        return str(username) if username else None

    async def all_the_way(self, mark: str) -> None:
        """The second factor was right: the mark stands for nothing any more."""
        try:
            await self._redis.delete(f"half-way:{digest(mark)}")
        except RedisAway as error:
            raise redis_away() from error

    @staticmethod
    def id_of(token: str) -> str:
        """What `all_of` calls this session."""
        return digest(token)

    async def close(self) -> None:
        """Disconnect."""
        await self._redis.aclose()

    async def _delete(self, keys: list[str]) -> None:
        try:
            for key in keys:
                await self._redis.delete(key, f"{key}:until")
        except RedisAway as error:
            raise redis_away() from error

    @staticmethod
    def _all_of(actor_id: str) -> str:
        return f"sessions-of:{actor_id}"

    @staticmethod
    def _key(token: str) -> str:
        return f"session:{digest(token)}"


def _opened(key: str, about: dict[str, Any]) -> Opened:
    since = datetime.fromisoformat(about["since"])
    return Opened(key.removeprefix("session:"), since, Origin(**about["origin"]))

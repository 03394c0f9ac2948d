"""Slowing down who guesses: counts of tries in Redis, and pauses that double with each further one."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from redis.asyncio import Redis

from shared.redis import RedisAway, redis_away
from shared.refusals import TooMany

FORGOTTEN_AFTER = 24 * 3600
LONGEST_PAUSE = 3600
AT_HOME_FOR = 30 * 24 * 3600


@dataclass(frozen=True)
class Limit:
    """Whose tries are counted together, and how many are free before the first pause of a minute."""

    key: str
    free: int


class Throttle:
    """The tries of the whole house."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def must_be_open(self, *limits: Limit) -> None:
        """Raise `TooMany` while one of these has to wait."""
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for limit in limits:
                    pipe.ttl(_pause(limit))
                left = max(await pipe.execute())
        except RedisAway as error:
            raise redis_away() from error
        if left > 0:
            minutes = -(-left // 60)
            raise TooMany("too-many-tries", f"尝试次数过多，请{minutes}分钟后再试；忘记密码请联系系统管理员。", left)

    async def failed(self, *limits: Limit) -> None:
        """One more try was wrong: beyond the free ones each doubles the pause."""
        try:
            for limit in limits:
                tries = await self._redis.incr(_tries(limit))
                # From the first one on: an office behind one address mistypes every day, and would never be forgotten.
                await self._redis.expire(_tries(limit), FORGOTTEN_AFTER, nx=True)
                if tries >= limit.free:
                    pause = min(60 * 2 ** min(tries - limit.free, 10), LONGEST_PAUSE)
                    await self._redis.set(_pause(limit), "1", ex=pause)
        except RedisAway as error:
            raise redis_away() from error

    async def left(self, head: str) -> int:
        """How many seconds the longest pause still lasts of all the limits whose keys begin so; 0 without one."""
        try:
            pauses = [key async for key in self._redis.scan_iter(match=f"pause:{head}*", count=1000)]
            return max([await self._redis.ttl(key) for key in pauses], default=0)
        except RedisAway as error:
            raise redis_away() from error

    async def forget_all(self, head: str) -> None:
        """What was counted against all the limits whose keys begin so is forgotten."""
        try:
            for kind in ("tries", "pause"):
                async for key in self._redis.scan_iter(match=f"{kind}:{head}*", count=1000):
                    await self._redis.delete(key)
        except RedisAway as error:
            raise redis_away() from error

    async def forget(self, *limits: Limit) -> None:
        """It was right: what was counted against these is forgotten."""
        try:
            await self._redis.delete(*[key for limit in limits for key in (_tries(limit), _pause(limit))])
        except RedisAway as error:
            raise redis_away() from error

    async def be_at_home(self, limit: Limit) -> None:
        """Who is counted together here has got in, and is known for a month."""
        try:
            await self._redis.set(_home(limit), "1", ex=AT_HOME_FOR)
        except RedisAway as error:
            raise redis_away() from error

    async def is_at_home(self, limit: Limit) -> bool:
        """Whether that was less than a month ago."""
        try:
            return bool(await self._redis.exists(_home(limit)))
        except RedisAway as error:
            raise redis_away() from error

    async def spend(self, key: str, most: int) -> None:
        """One request of those that may be made in a minute; raises `TooMany`. Without Redis nobody is kept waiting."""
        if await self.spent(key) > most:
            raise TooMany("too-many-requests", "操作过于频繁，请一分钟后再试。", 60)

    async def spent(self, key: str) -> int:
        """One more in this minute; how many that makes. Without Redis nobody counts, and it is 0."""
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.incr(f"spent:{key}")
                pipe.expire(f"spent:{key}", 60, nx=True)
                spent, _ = await pipe.execute()
        except RedisAway:
            return 0
        return int(spent)


def line_of(address: str) -> str:
    """Who is counted as one: an address, or the whole /64 that whoever has IPv6 may choose addresses from."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return f"{IPv6Address(int(found) >> 64 << 64)}/64"


def _tries(limit: Limit) -> str:
    return f"tries:{limit.key}"


def _pause(limit: Limit) -> str:
    return f"pause:{limit.key}"


def _home(limit: Limit) -> str:
    return f"home:{limit.key}"

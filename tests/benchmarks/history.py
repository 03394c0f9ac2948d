"""A database with years of closed complaints behind it; made once for the code that is there, and kept.

The complaints others are copied from are the sample county's, played as `yousu play` plays them: of every triage, by
every channel, with co-handlers, transfers, rungs, returns and redos. Short runs copy a few plain loops instead.
"""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from deploy.servers import Servers
from services.cli.play.playhouse import Playhouse
from services.cli.play.scenario import read
from services.cli.play.stage import play
from services.intake.usecases import summing
from shared.db import Store
from shared.ids import new_id
from shared.settings import Settings
from tests.benchmarks import gaps, load, patterns, words
from tests.benchmarks.driving import driven
from tests.benchmarks.house import PHONE_INDEX_KEY, SEAL_KEYS, TOGETHER, house_on, plain
from tests.benchmarks.load import BULK, Plan
from tests.benchmarks.patterns import Pattern, read_patterns
from tests.benchmarks.telling import say

LOOPS = 20
"""How many plain loops others are copied from."""
_ROOT = Path(__file__).parents[2]
_SAMPLES = _ROOT / "deploy" / "county" / "complaints.jsonl"
_WITHOUT_LOG = {"wal_level": "minimal", "max_wal_senders": "0", "autovacuum": "off"}


async def history(servers: Servers, complaints: int, name: str) -> str:
    """The URL of the database of this name with so many closed complaints in it: as it is found, or made anew."""
    seen = fingerprint(complaints)
    if await _comment(servers, name) == seen:
        say(f"  {complaints} closed complaints are there from an earlier run ({name})")
        return f"{servers.database_url.rpartition('/')[0]}/{name}"
    await asyncio.to_thread(servers.postgres.drop_database, name)
    database = await asyncio.to_thread(servers.new_database, name)
    async with house_on(servers, TOGETHER, database) as house:
        copied = await loops_in(servers) if complaints < BULK else await samples_in(servers)
        del house  # it has made its tables and knows the county, which is all it is for
    async with _loading(servers, bulk=complaints >= BULK):
        seconds = await load.load(plain(database), copied, Plan(complaints))
    await _sum_up(database)
    await asyncio.to_thread(servers.postgres.query, f"COMMENT ON DATABASE {name} IS '{seen}'")
    say(f"  {complaints} closed complaints loaded in {seconds:.0f} s")
    return database


async def _sum_up(database: str) -> None:
    """Sum the days that are over, as a house of that age has long done."""
    store = Store("intake", Settings(database_url=database))
    more = True
    while more:
        async with store.transaction() as session:
            await summing.sum_up(session)
            more = "wake" in session.info
    await store.close()


def fingerprint(complaints: int) -> str:
    """Of everything that decides what is loaded: the tables, the samples, and how they are copied."""
    digest = hashlib.sha256(f"{complaints} {_SAMPLES.read_text()}".encode())
    for migration in sorted(_ROOT.glob("s*/**/migrations/**/*.py")):
        digest.update(migration.read_bytes())
    for module in (gaps, load, patterns, words):
        digest.update(inspect.getsource(module).encode())
    return f"yousu {digest.hexdigest()}"


async def _comment(servers: Servers, name: str) -> str:
    look = f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{name}'"
    return await asyncio.to_thread(servers.postgres.query, look)


async def loops_in(servers: Servers) -> list[Pattern]:
    """Patterns of plain loops, of today."""
    async with house_on(servers, TOGETHER) as house, driven(house) as driver:
        since = new_id()
        await driver.run(LOOPS, LOOPS)
        return await read_patterns(house.dsn, await driver.watch.closed(since))


async def samples_in(servers: Servers) -> list[Pattern]:
    """Patterns of the sample county's complaints, played."""
    name = f"history-{secrets.token_hex(4)}"
    amqp_url = await asyncio.to_thread(servers.new_vhost, name)
    given = Settings(amqp_url=amqp_url, database_url=servers.database_url, redis_url=servers.redis_url)
    scenes = read(_SAMPLES)
    say(f"  playing the {len(scenes)} sample complaints")
    try:
        async with _House(given, min(scene.reported_at for scene in scenes)) as house:
            await play(scenes, house.doors)
            return await read_patterns(plain(house.database_url), await _closed(plain(house.database_url)))
    finally:
        await asyncio.to_thread(servers.rabbitmq.drop_vhost, name)


class _House(Playhouse):
    """A play's house that seals with our keys."""

    def environment_of(self, group: str) -> dict[str, str]:
        keys = {"YOUSU_SEAL_KEYS": SEAL_KEYS, "YOUSU_PHONE_INDEX_KEY": PHONE_INDEX_KEY}
        return super().environment_of(group) | keys

    @property
    def database_url(self) -> str:
        """Its database."""
        assert self._database
        return self._database


async def _closed(dsn: str) -> Sequence[str]:
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("SELECT complaint_id FROM dispatch.orders WHERE final IS NOT NULL ORDER BY 1")
    finally:
        await connection.close()
    return [complaint_id for (complaint_id,) in rows]


@asynccontextmanager
async def _loading(servers: Servers, *, bulk: bool) -> AsyncIterator[None]:
    """While much is loaded, PostgreSQL runs without what protects it; nothing is measured then."""
    if not bulk:
        yield
        return
    for setting, value in _WITHOUT_LOG.items():
        await asyncio.to_thread(servers.postgres.query, f"ALTER SYSTEM SET {setting} = '{value}'")
    await asyncio.to_thread(servers.postgres.restart)
    try:
        yield
    finally:
        await asyncio.to_thread(servers.postgres.query, "ALTER SYSTEM RESET ALL")
        await asyncio.to_thread(servers.postgres.restart)

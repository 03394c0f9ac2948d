"""PostgreSQL: a schema and a role for each service, and migrations by whoever starts."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from deploy.servers import Servers
from shared import db
from shared.db import Store, lay_foundations, role_of
from shared.settings import Settings
from tests.support.kernel import NewStore, announce_all, opened, outbox_of

PROJECT = Path(__file__).parents[2]


async def test_a_service_works_in_its_own_schema_as_its_own_role(new_store: NewStore) -> None:
    shop = await new_store("shop")
    async with shop.reading() as session:
        row = await session.execute(text("SELECT current_user, current_schema(), current_setting('application_name')"))
        assert row.one() == ("yousu_shop", "shop", "yousu-shop")


@pytest.mark.parametrize(
    "statement", ["SELECT 1 FROM shop.outbox", "DELETE FROM shop.outbox", "CREATE TABLE shop.x ()"]
)
async def test_what_one_service_keeps_is_sealed_off_from_the_others(new_store: NewStore, statement: str) -> None:
    shop, till = await new_store("shop"), await new_store("till")
    await announce_all(shop, [opened()])
    async with till.reading() as session:
        with pytest.raises(ProgrammingError, match="permission denied for schema shop"):
            await session.execute(text(statement))
    assert await outbox_of(till) == []
    assert len(await outbox_of(shop)) == 1


async def test_foundations_are_laid_by_many_at_once_for_several_databases(
    servers: Servers, kernel_database: str
) -> None:
    names = [f"foundations_{os.getpid()}_{n}" for n in range(2)]
    services = [f"house_{os.getpid()}_{n}" for n in range(3)]
    urls = [servers.new_database(name) for name in names]
    await asyncio.gather(*(lay_foundations(url, service) for url in urls * 2 for service in services))
    for url in urls:
        for service in services:
            store = Store(service, Settings(database_url=url))
            async with store.reading() as session:
                assert await session.scalar(text("SELECT current_schema()")) == service
            await store.close()
    for name in names:
        servers.postgres.drop_database(name)
    for service in services:
        servers.postgres.query(f"DROP ROLE {role_of(service)}")


async def test_what_changes_a_whole_store_may_take_as_long_as_it_needs(
    new_store: NewStore, kernel_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await new_store("shop")
    monkeypatch.setattr(db, "STATEMENT_WITHIN", 0.2)
    shop, slow = Store("shop", Settings(database_url=kernel_url)), text("SELECT pg_sleep(0.4)")
    async with shop.unhurried() as connection:
        await connection.execute(slow)
    async with shop.reading() as session:
        with pytest.raises(TimeoutError):
            await session.execute(slow)
    await shop.close()


MIGRATES = """
import asyncio, sys
from services.directory.tables import Base
from shared.db import Store, lay_foundations
from shared.migrate import migrate
from shared.settings import Settings

async def main():
    given = Settings()
    store = Store("directory", given)
    await lay_foundations(given.database_url, "directory")
    for _ in range(2):
        await migrate(store, Base.metadata)
    await store.close()

print("ready", flush=True)
sys.stdin.readline()
asyncio.run(main())
"""


async def test_migrations_are_applied_by_two_processes_at_once_and_again_without_harm(database_url: str) -> None:
    both = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            MIGRATES,
            cwd=PROJECT,
            env=os.environ | {"YOUSU_DATABASE_URL": database_url},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout
        assert await process.stdout.readline() == b"ready\n"
    told = await asyncio.gather(*(process.communicate(b"go\n") for process in both))
    assert [process.returncode for process in both] == [0, 0], told
    store = Store("directory", Settings(database_url=database_url))
    async with store.reading() as session:
        heads = (await session.scalars(text("SELECT version_num FROM alembic_version ORDER BY 1"))).all()
        assert await session.scalar(text("SELECT count(*) FROM outbox")) == 0
    await store.close()
    assert [head.rpartition("_")[0] for head in heads] == ["directory", "kernel"]

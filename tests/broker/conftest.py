"""The kernel on PostgreSQL and RabbitMQ: a database and a virtual host of the test's own."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from deploy.servers import Servers
from shared.db import Store, lay_foundations
from shared.messaging.consumer import Receiver
from shared.settings import Settings
from tests.support.kernel import TABLES, NewStore, lay_tables
from tests.support.servers import require
from tests.support.till import Till

pytest.register_assert_rewrite("tests.support.promises")

A_SOCKET_LEFT = (
    "ignore:Exception ignored in. <(socket|function _SelectorTransport):pytest.PytestUnraisableExceptionWarning"
)
HERE = Path(__file__).parent
DATABASE = f"kernel_{os.getpid()}"
SERVICES = ("shop", "till")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Here connections break on purpose; the client's that broke while it was made is closed when it is collected."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(A_SOCKET_LEFT))


async def lay_database(url: str) -> None:
    """Schemas, roles and tables of the shop and the till, in an empty database."""
    for service in SERVICES:
        await lay_foundations(url, service)
        store = Store(service, Settings(database_url=url))
        await lay_tables(store)
        await store.close()


@pytest.fixture(scope="session")
async def kernel_database(servers: Servers) -> AsyncIterator[str]:
    """One database for all tests of the kernel: each begins with its tables empty."""
    require("postgres")
    url = servers.new_database(DATABASE)
    await lay_database(url)
    yield url
    servers.postgres.drop_database(DATABASE)


async def empty_tables(url: str) -> None:
    """Forget what the last test has left."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    tables = [f"{service}.{table.name}" for service in SERVICES for table in reversed(TABLES)]
    await connection.execute(";".join(f"DELETE FROM {table}" for table in tables))
    await connection.close()


@pytest.fixture
async def kernel_url(kernel_database: str) -> str:
    """The kernel's database, its tables empty."""
    await empty_tables(kernel_database)
    return kernel_database


@pytest.fixture
async def new_store(kernel_url: str) -> AsyncIterator[NewStore]:
    made: list[Store] = []

    async def make(service: str) -> Store:
        made.append(Store(service, Settings(database_url=kernel_url)))
        return made[-1]

    yield make
    for store in made:
        await store.close()


@pytest.fixture
async def store(new_store: NewStore) -> Store:
    return await new_store("till")


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.fixture
def receiver(till: Till, store: Store) -> Receiver:
    return Receiver(till.consumer, store)

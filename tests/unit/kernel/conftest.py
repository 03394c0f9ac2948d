"""The kernel on SQLite: a folder of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.db import Store
from shared.messaging.consumer import Receiver
from shared.settings import Settings
from tests.support.kernel import NewStore, lay_tables
from tests.support.till import Till

pytest.register_assert_rewrite("tests.support.promises")


@pytest.fixture
async def new_store(tmp_path: Path) -> AsyncIterator[NewStore]:
    made: list[Store] = []

    async def make(service: str) -> Store:
        store = Store(service, Settings(var=tmp_path))
        made.append(store)
        await lay_tables(store)
        return store

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

"""Servers that stop, die and come back, and processes that are killed: nothing is lost, nothing doubled."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import aio_pika
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.servers import Servers
from shared.db import Store, is_passing
from shared.events.base import Event
from shared.messaging.rabbit import RabbitTransport
from shared.messaging.topology import queue_of
from shared.settings import Settings
from shared.web.problems import answer_problems
from tests.broker.conftest import empty_tables, lay_database
from tests.support.houses import Pair
from tests.support.kernel import (
    added,
    announce_all,
    effects_of,
    opened,
    outbox_of,
    parked_in,
    totals_of,
    unsent_in,
    until,
)
from tests.support.promises.answering import router
from tests.support.servers import require
from tests.support.till import HEARD

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def own_servers() -> Iterator[Servers]:
    """A broker and a database that may be stopped and killed: nobody else uses them."""
    require("rabbitmq", "postgres")
    with Servers(only=["rabbitmq", "postgres"]) as own:
        yield own


@pytest.fixture(scope="module")
async def laid(own_servers: Servers) -> tuple[str, str]:
    """A database and a virtual host with everything declared."""
    database_url, amqp_url = own_servers.new_database("outages"), own_servers.new_vhost("outages")
    await lay_database(database_url)
    transport = RabbitTransport(amqp_url, {}, prefetch=1, batch=1)
    await transport.start(HEARD)
    await transport.stop()
    return database_url, amqp_url


@pytest.fixture
async def given(laid: tuple[str, str], tmp_path: Path) -> Settings:
    """The settings of a process on these servers, with empty tables and queues."""
    database_url, amqp_url = laid
    await empty_tables(database_url)
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        for service in HEARD:
            await (await channel.get_queue(queue_of(service), ensure=False)).purge()
    return Settings(var=tmp_path, database_url=database_url, amqp_url=amqp_url)


@pytest.fixture
async def pair(given: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pair]:
    """The shop and the till, in one process."""
    async with Pair(given).open(monkeypatch) as opened_pair:
        await until(opened_pair.is_quiet)
        yield opened_pair


async def all_done(pair: Pair, events: list[Event]) -> None:
    """Wait for quiet while the house gets on; then each event has taken effect once, and what it led to has too."""
    there, is_quiet = -1, False

    async def gets_on() -> bool:
        nonlocal there, is_quiet
        try:
            before, there = there, len(await effects_of(pair.store("till")))
            is_quiet = there >= len(events) and await pair.is_quiet()
        except Exception as error:  # the database may be coming back still
            if is_passing(error):
                return False
            raise
        return is_quiet or there > before

    while not is_quiet:
        await until(gets_on, 30)
    assert await effects_of(pair.store("till")) == {event.event_id: 1 for event in events}
    assert await parked_in(pair.store("till")) == {}
    told = {row.message_id: 1 for row in await outbox_of(pair.store("till"))}
    assert await effects_of(pair.store("shop")) == told
    assert len(told) == len([event for event in events if event.type == "item.added"])


class Customers:
    """People who keep opening baskets and filling them while the servers come and go."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.events: list[Event] = []
        self.gone_home = asyncio.Event()

    async def shopping(self) -> None:
        """Announce until they go home; a failing commit is tried again, as a client would."""
        for number in count():
            if self.gone_home.is_set():
                return
            basket = f"b{number}"
            bought: list[Event] = [opened(basket), *(added(basket, price=1) for _ in range(3))]
            await announce_all(self.pair.store("shop"), bought)
            self.events += bought
            await asyncio.sleep(0.02)


async def test_the_broker_stops_and_is_killed_and_comes_back_while_all_are_busy(
    pair: Pair, own_servers: Servers
) -> None:
    broker, till = own_servers.rabbitmq, pair.store("till")
    customers = Customers(pair)
    shopping = asyncio.create_task(customers.shopping())

    async def is_busy_again() -> bool:
        return len(await effects_of(till)) > done + 40

    done = 0
    await until(is_busy_again)
    await asyncio.to_thread(broker.evaluate, "rabbit:stop().")
    bought = len(customers.events)
    await asyncio.to_thread(broker.evaluate, "rabbit:start().")
    assert len(customers.events) > bought, "the shop goes on without the broker"
    done = len(await effects_of(till))
    await until(is_busy_again)
    await asyncio.to_thread(broker.settle)  # started again a moment ago, it has its queues noted in memory only
    broker.kill()
    await asyncio.to_thread(broker.restart)
    customers.gone_home.set()
    await shopping
    await all_done(pair, customers.events)
    assert set((await totals_of(till)).values()) == {3}


async def test_the_database_stops_with_a_batch_in_hand(pair: Pair, own_servers: Servers) -> None:
    stopped: list[str] = []

    async def stop_the_database(event: Event, _: AsyncSession) -> None:
        if not stopped:
            stopped.append(event.event_id)
            await asyncio.to_thread(own_servers.postgres.stop)

    pair.till.interruption = stop_the_database
    events: list[Event] = [opened(), *(added(price=1) for _ in range(20))]
    await announce_all(pair.store("shop"), events)

    async def is_stopped() -> bool:
        return bool(stopped) and not own_servers.postgres.answers() and pair.receiver("till").in_hand > 0

    await until(is_stopped)
    await asyncio.sleep(0.3)  # some tries in vain
    assert pair.receiver("till").in_hand > 0, "kept"
    await asyncio.to_thread(own_servers.postgres.restart)
    await all_done(pair, events)
    assert await totals_of(pair.store("till")) == {"b1": 20}


async def test_the_database_crashes_under_those_who_write(pair: Pair, own_servers: Servers) -> None:
    events: list[Event] = [opened(f"b{n}") for n in range(300)]
    await announce_all(pair.store("shop"), events)
    await asyncio.to_thread(own_servers.postgres.restart, "immediate")
    await all_done(pair, events)


async def test_without_the_database_a_door_says_so_and_with_it_works_again(
    given: Settings, own_servers: Servers
) -> None:
    store = Store("till", given)
    app = FastAPI()
    app.include_router(router)
    answer_problems(app)
    app.state.store = store
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://till") as client:
        assert (await client.post("/baskets/b1")).status_code == 201
        await asyncio.to_thread(own_servers.postgres.stop)
        for method, path in (("POST", "/baskets/b2"), ("GET", "/baskets"), ("POST", "/baskets/b2")):
            answer = await client.request(method, path)
            assert (answer.status_code, answer.json()["title"]) == (503, "服务暂不可用")
            assert int(answer.headers["retry-after"]) > 0
        await asyncio.to_thread(own_servers.postgres.restart)
        assert (await client.get("/baskets")).json() == ["b1"]
        assert (await client.post("/baskets/b2")).status_code == 201
        assert await unsent_in(store) != set()
    await store.close()


VICTIM = """
import asyncio, os, signal, sys
from shared.db import Store, is_passing
from shared.messaging.outbox import relay
from shared.messaging.rabbit import RabbitTransport
from shared.settings import Settings
from tests.support.till import HEARD

class DiesAfterPublishing(RabbitTransport):
    async def publish(self, rows):
        await super().publish(rows)
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    given = Settings()
    transport = DiesAfterPublishing(given.amqp_url, {}, prefetch=1, batch=1)
    await transport.start(HEARD)
    await relay(Store("shop", given), transport, limit=50)

asyncio.run(main())
"""


async def test_a_relay_killed_between_publish_and_mark_is_followed_by_another_and_the_effects_are_one(
    given: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[Event] = [opened(), *(added(price=1) for _ in range(99))]
    shop = Store("shop", given)
    await announce_all(shop, events)
    victim = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        VICTIM,
        cwd=PROJECT,
        env=os.environ | {"YOUSU_AMQP_URL": given.amqp_url or "", "YOUSU_DATABASE_URL": given.database_url or ""},
    )
    assert await victim.wait() == -signal.SIGKILL
    assert len(await unsent_in(shop)) == 100, "fifty are out, and nobody has noted it"
    await shop.close()
    async with Pair(given).open(monkeypatch) as pair:
        await all_done(pair, events)
        assert await totals_of(pair.store("till")) == {"b1": 99}
        assert await unsent_in(pair.store("shop")) == set()

"""The benchmarks do what they say: every loop is closed and zeroed, every count is right. How fast is not asked."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy.servers import Servers
from shared.ids import new_id
from tests.benchmarks.__main__ import BENCHMARKS, KEYS
from tests.benchmarks.floor import close, floor_on
from tests.benchmarks.house import TOGETHER, house_on
from tests.benchmarks.intake import SUBMISSIONS
from tests.benchmarks.latency import at_rate
from tests.benchmarks.lifecycle import driven
from tests.benchmarks.load import Plan, load
from tests.benchmarks.loops import Driver, Ways
from tests.benchmarks.memory import slope
from tests.benchmarks.patterns import read_patterns
from tests.benchmarks.sweep import Sweep
from tests.support.servers import without

LOOPS = 12


@pytest.fixture(scope="module")
async def driver(servers: Servers) -> AsyncIterator[Driver]:
    if absent := [name for name in ("rabbitmq", "postgres", "redis") if name not in servers.only]:
        without(*absent)
    async with house_on(servers, TOGETHER) as house, driven(house) as driver:
        yield driver


async def test_a_loop_is_8_events_and_23_deliveries_and_ends_zeroed(driver: Driver) -> None:
    run = await driver.run(LOOPS, 6)  # which asserts that every one is zeroed, in dispatch and in the ledger
    assert (run.traffic.events, run.traffic.deliveries) == (8 * LOOPS, 23 * LOOPS)
    assert run.traffic.to_partners == 6 * LOOPS


async def test_a_loop_may_go_by_the_other_doors(driver: Driver) -> None:
    driver.ways = Ways(submit="bus", reply="http")
    driver.to_channel.clear()
    await at_rate(driver, per_second=20, seconds=0.2)
    driver.ways = Ways()
    assert len(driver.to_channel) == 4


async def test_what_is_loaded_looks_as_if_it_had_happened(driver: Driver) -> None:
    since = new_id()
    await driver.run(2, 2)
    patterns = await read_patterns(driver.house.dsn, await driver.watch.closed(since))
    await load(driver.house.dsn, patterns, Plan(50))
    connection = await asyncpg.connect(driver.house.dsn)
    copied = "'%-0000000000__'"
    try:
        for table, rows in {
            "intake.ledger_rows": 50,
            "dispatch.orders": 50,
            "sla.clocks": 50,
            "notify.answers": 50,
        }.items():
            query = f"SELECT count(*) FROM {table} WHERE complaint_id LIKE {copied}"
            assert await connection.fetchval(query) == rows
        journals = f"SELECT count(*) FROM intake.ledger_journal WHERE complaint_id LIKE {copied}"
        assert await connection.fetchval(journals) == 8 * 50
        gaps = "SELECT count(*) FROM intake.complaints GROUP BY center, year HAVING count(*) <> max(seq)"
        assert await connection.fetch(gaps) == []
        one = await connection.fetchval(f"SELECT complaint_id FROM dispatch.orders WHERE complaint_id LIKE {copied}")
    finally:
        await connection.close()
    token = await driver.house.doors.token("coordinator-sq")
    order = await driver.house.doors.call("GET", f"/dispatch/api/orders/{one}", token)
    assert order["final"] == "zeroed"


async def test_lines_are_registered_each(driver: Driver) -> None:
    since = new_id()
    before = await driver.watch.registered(since)
    await driver.submit_lines(SUBMISSIONS, 10)
    assert await driver.watch.registered(since) - before == 10


async def test_what_falls_due_fires_once(driver: Driver) -> None:
    connection = await asyncpg.connect(driver.house.dsn)
    opened, _ = await driver.open_one()
    await driver.watch.until_quiet(opened)
    sweep = Sweep(driver.house, driver, None, connection, await read_patterns(driver.house.dsn, [opened]), copied=1000)
    await sweep.open_clocks(200)
    assert await sweep.finding(20) > 0
    await sweep.fire(20)  # which asserts that each has fired, and none twice
    await connection.close()


async def test_the_bare_loop_closes(servers: Servers) -> None:
    async with floor_on(servers) as floor:
        assert await close(floor, 10, 5) > 0
        for service in ("intake", "dispatch", "sla", "notify"):
            assert await floor.pool.fetchval(f"SELECT count(*) FROM {service}.inbox") > 0


def test_a_slope_is_of_the_second_half() -> None:
    assert slope([0, 50, 90, 100, 100, 100], 1000) == 0
    assert slope([0, 0, 10, 20, 30, 40], 100_000) == pytest.approx(10)


def test_the_figures_have_their_names() -> None:
    told = [KEYS.get(name, name) for name in BENCHMARKS]
    assert told == ["lifecycle", "intake", "sweep", "latency", "floor_ratio", "memory"]

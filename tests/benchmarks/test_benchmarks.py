"""The benchmarks do what they say: every loop is closed and zeroed, every count is right. How fast is not asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import asyncpg
import pytest

from deploy.servers import Servers
from shared.ids import new_id
from tests.benchmarks import hops, results
from tests.benchmarks.__main__ import BENCHMARKS, measure
from tests.benchmarks.driving import driven
from tests.benchmarks.floor import floor_on
from tests.benchmarks.house import TOGETHER, house_on
from tests.benchmarks.intake import SUBMISSIONS
from tests.benchmarks.latency import at_rate
from tests.benchmarks.load import Plan, load
from tests.benchmarks.loops import Driver, Ways
from tests.benchmarks.memory import slope, watched
from tests.benchmarks.pages import Reader, furnished
from tests.benchmarks.patterns import read_patterns
from tests.benchmarks.results import CONTRACT, Figures, contract
from tests.benchmarks.size import FULL
from tests.benchmarks.sweep import Sweep
from tests.benchmarks.table import table
from tests.support.servers import without

LOOPS = 12


@pytest.fixture(scope="module")
async def driver(servers: Servers) -> AsyncIterator[Driver]:
    if absent := [name for name in ("rabbitmq", "postgres", "redis") if name not in servers.only]:
        without(*absent)
    async with house_on(servers, TOGETHER) as house, driven(house) as driver:
        yield driver


async def test_a_loop_is_8_events_and_23_deliveries_and_ends_zeroed(driver: Driver) -> None:
    async with watched(driver.house, lambda: driver.closed) as readings:
        run = await driver.run(LOOPS, 6)  # which asserts that every one is zeroed, in dispatch and in the ledger
    assert (run.traffic.events, run.traffic.deliveries) == (8 * LOOPS, 23 * LOOPS)
    assert run.traffic.to_partners == 6 * LOOPS
    assert all(read[0][1] > 0 and read[-1][0] - read[0][0] == 8 * LOOPS for read in readings.values())


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
    await sweep.keep_few()
    assert min(await sweep.finding(20)) > 0
    await sweep.fire(20)  # which asserts that each has fired, and none twice
    await connection.close()


async def test_a_loop_writes_and_sends_what_the_bare_loop_does(driver: Driver) -> None:
    before = await hops.counted(driver.house.dsn)
    await driver.run(LOOPS, 6)
    assert await hops.differences(driver.house.dsn, before, LOOPS) == []
    sent = {kind for hop in hops.HOPS for kind in hop.sent}
    assert sent <= set(await hops.lengths(driver.house.dsn))


async def test_the_bare_loop_closes(servers: Servers) -> None:
    async with floor_on(servers) as floor:
        assert await floor.close(10, 5) > 0  # which asserts that it has written what a loop writes


async def test_every_page_is_looked_at(driver: Driver) -> None:
    reader = Reader(driver.house, await furnished(driver))
    await reader.look_at_all()  # which asserts that each is there
    await reader.close()
    assert {look.path for look in reader.looks} > {"/intake/ledger", "/dispatch/desk", "/casebook/cases"}
    assert all(len(took) == 1 for took in reader.took.values())


def test_a_slope_is_of_what_follows_the_warm_up() -> None:
    assert slope([(0, 0), (10, 50), (50, 100), (75, 100), (100, 100)]) == (0, 0)
    rise, scatter = slope([(0, 0), (100_000, 30), (200_000, 40), (300_000, 50)])
    assert rise == pytest.approx(10)
    assert scatter == pytest.approx(0)


def test_the_last_line_is_as_the_contract_says() -> None:
    found: dict[str, Figures] = {name: dict.fromkeys(keys, 1) for name, keys in CONTRACT.items()}
    found |= {"floor": {"ratio": 0.5, "per_s": 1}, "memory": {"sla": {"mb": 9}}}
    line = contract(found)
    assert list(line) == ["lifecycle", "intake", "sweep", "latency", "pages", "floor_ratio", "memory"]
    assert (line["floor_ratio"], line["memory"]) == (0.5, {"sla": {"mb": 9}})


async def test_what_fails_says_so_and_the_next_is_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail(*_: object) -> dict[str, float]:
        raise TimeoutError("too slow")

    async def succeed(*_: object) -> dict[str, float]:
        alone = {"dispatch_alone_ms": 4, "feedback_alone_ms": 5, "dispatch_quarter_ms": 6, "feedback_quarter_ms": 7}
        return {"p50_ms": 1, "p99_ms": 2, "at_per_s": 3} | alone

    monkeypatch.setattr(results, "file", lambda: tmp_path / "results.jsonl")
    monkeypatch.setitem(BENCHMARKS, "lifecycle", fail)
    monkeypatch.setitem(BENCHMARKS, "latency", succeed)
    found = await measure(cast(Servers, None), ["lifecycle", "latency"], FULL)
    assert contract(found) == {
        "lifecycle": {"failed": "TimeoutError('too slow')"},
        "latency": {"p50_ms": 1, "p99_ms": 2},
    }
    assert "too slow" in capsys.readouterr().err
    assert (
        "| p50 1 ms, p99 2 ms (at 3 loops/s; alone p50 4 and 5 ms, at a quarter of saturation 6 and 7) | ✓ |" in table()
    )

"""The job runner: when woken, at its instant, every so often, and on after a failure."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock
from shared import jobs as jobs_module
from shared.db import Store, wake
from shared.jobs import Jobs, Reading, Run, SteppedJob, Write, always, in_transaction
from shared.settings import settings
from tests.support.kernel import NOON, totals_of, until
from tests.support.till import Basket

SELDOM = timedelta(hours=1)


class Work:
    """A job that counts its runs, and does what a test wants in them."""

    def __init__(self) -> None:
        self.runs = 0
        self.now_running = 0
        self.most_at_once = 0
        self.next_at: datetime | None = None
        self.error: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self) -> datetime | None:
        self.runs += 1
        self.now_running += 1
        self.most_at_once = max(self.most_at_once, self.now_running)
        try:
            await self.gate.wait()
            if self.error:
                raise self.error
            return self.next_at
        finally:
            self.now_running -= 1

    async def ran(self, times: int) -> None:
        """Wait until it has run so often."""

        async def so_often() -> bool:
            return self.runs >= times

        await until(so_often, within=10)


Start = Callable[..., Awaitable[Jobs]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts a runner with these jobs, and waits until each has had its first run."""
    started: list[Jobs] = []

    async def begin(every: timedelta = SELDOM, **runs: Run) -> Jobs:
        jobs = Jobs()
        for name, run in runs.items():
            jobs.add(name, run, every)
        jobs.start()
        started.append(jobs)
        return jobs

    yield begin
    for jobs in started:
        await jobs.stop()


async def at_rest(jobs: Jobs) -> None:
    async def nothing_in_hand() -> bool:
        return jobs.in_hand == 0

    await until(nothing_in_hand, within=10)


@pytest.fixture
def drill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("YOUSU_DRILL_CLOCK", str(tmp_path / "clock.json"))
    settings.cache_clear()
    clock.set_drill(NOON)
    yield
    settings.cache_clear()


async def test_a_job_runs_at_the_start_and_when_it_is_woken(start: Start) -> None:
    work, other = Work(), Work()
    jobs = await start(work=work, other=other)
    await at_rest(jobs)
    assert (work.runs, other.runs) == (1, 1)
    jobs.wake({"work", "no such job"})
    await work.ran(2)
    await at_rest(jobs)
    assert (work.runs, other.runs) == (2, 1)


async def test_woken_while_it_runs_it_runs_once_more_and_never_twice_at_once(start: Start) -> None:
    work = Work()
    jobs = await start(work=work)
    await at_rest(jobs)
    work.gate.clear()
    jobs.wake({"work"})
    await work.ran(2)
    for _ in range(5):
        jobs.wake({"work"})
    work.gate.set()
    await work.ran(3)
    await at_rest(jobs)
    assert (work.runs, work.most_at_once) == (3, 1)


async def test_in_hand_counts_what_runs_and_what_was_woken(start: Start) -> None:
    work, other = Work(), Work()
    jobs = await start(work=work, other=other)
    await at_rest(jobs)
    work.gate.clear()
    jobs.wake({"work"})
    assert jobs.in_hand == 1, "woken, though it has not begun"
    await work.ran(2)
    assert jobs.in_hand == 1
    jobs.wake({"other"})
    assert jobs.in_hand == 2
    work.gate.set()
    await at_rest(jobs)


async def test_a_job_runs_every_so_often(start: Start) -> None:
    work = Work()
    await start(every=timedelta(milliseconds=5), work=work)
    await work.ran(4)


async def test_a_job_goes_on_after_a_failure_and_stays_in_hand_until_it_has_succeeded(start: Start) -> None:
    work = Work()
    work.error = ValueError("no paper")
    jobs = await start(work=work)
    await work.ran(3)
    assert jobs.in_hand == 1
    work.error = None
    await at_rest(jobs)


async def test_one_failing_job_holds_up_no_other(start: Start) -> None:
    work, failing = Work(), Work()
    failing.error = ValueError("no paper")
    jobs = await start(work=work, failing=failing)
    await work.ran(1)
    for times in range(2, 5):
        jobs.wake({"work"})
        await work.ran(times)


async def test_a_failing_job_is_tried_more_and_more_rarely(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr(jobs_module.asyncio, "sleep", note)
    work = Work()
    work.error = ValueError("no paper")
    jobs = await start(work=work)
    for _ in range(1000):
        await sleep(0)
    await jobs.stop()
    assert pauses[:4] == [0.05, 0.1, 0.2, 0.4]
    assert max(pauses) == jobs_module.LONGEST_PAUSE


@pytest.mark.usefixtures("drill")
async def test_in_a_drill_a_job_runs_just_after_the_instant_it_named_and_not_at_it(start: Start) -> None:
    work = Work()
    work.next_at = NOON + timedelta(hours=1)
    jobs = await start(work=work)
    await at_rest(jobs)
    clock.set_drill(work.next_at)
    for _ in range(3):
        await asyncio.sleep(jobs_module.DRILL_GLANCE)
    assert work.runs == 1, "an answer given at the instant itself is in time"
    due, work.next_at = work.next_at, None
    clock.set_drill(due + timedelta(microseconds=1))
    await work.ran(2)
    await at_rest(jobs)
    assert work.runs == 2


async def test_by_the_real_clock_a_job_runs_just_after_the_instant_it_named(start: Start) -> None:
    work = Work()
    settings.cache_clear()
    due = work.next_at = clock.now() + timedelta(milliseconds=150)
    await start(work=work)
    await work.ran(1)
    work.next_at = None
    await work.ran(2)
    late = clock.now() - due
    assert timedelta() < late < timedelta(milliseconds=200)


async def test_a_job_of_a_store_is_one_transaction_and_wakes_others_by_its_commit(start: Start, store: Store) -> None:
    relay = Work()

    async def open_basket(session: AsyncSession) -> datetime | None:
        session.add(Basket(id=f"b{relay.runs}", total=0))
        wake(session, "relay")
        return None

    jobs = Jobs()
    jobs.add("open a basket", in_transaction(store, open_basket), SELDOM)
    jobs.add("relay", relay, SELDOM)
    store.when_committed(jobs.wake)
    jobs.start()
    await relay.ran(2)
    await at_rest(jobs)
    await jobs.stop()
    assert len(await totals_of(store)) == 1


async def test_a_stopped_job_leaves_nothing_half_done(store: Store) -> None:
    reached, never = asyncio.Event(), asyncio.Event()

    async def hang(session: AsyncSession) -> datetime | None:
        session.add(Basket(id="b1", total=0))
        await session.flush()
        reached.set()
        await never.wait()
        return None

    jobs = Jobs()
    jobs.add("hang", in_transaction(store, hang), SELDOM)
    jobs.start()
    await reached.wait()
    await jobs.stop()
    assert await totals_of(store) == {}


async def test_a_job_that_knows_no_instant_says_none() -> None:
    calls: list[int] = []

    async def run() -> None:
        calls.append(1)

    assert await always(run)() is None
    assert calls == [1]


async def test_a_stepped_job_holds_no_writer_while_it_makes_a_step(store: Store) -> None:
    left = [1, 2]

    async def read(session: AsyncSession) -> int | None:
        return left[0] if left else None

    async def make(n: int, reading: Reading) -> Write:
        async with reading() as session:  # and more may be read
            assert await session.get(Basket, f"step {n}") is None
        async with store.transaction() as session:  # nobody is kept from writing meanwhile
            session.add(Basket(id=f"beside {n}", total=0))

        async def write(session: AsyncSession) -> None:
            session.add(Basket(id=f"step {n}", total=n))
            left.remove(n)

        return write

    run = SteppedJob("stepped", read, make).on(store)
    for _ in range(3):
        assert await run() is None
    assert await totals_of(store) == {"beside 1": 0, "step 1": 1, "beside 2": 0, "step 2": 2}

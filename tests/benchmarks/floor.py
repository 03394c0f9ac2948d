"""`floor`: the same hops, rows and commits as one closed loop, by bare aio-pika and asyncpg: the limit.

What the house does by services, here a few lines do, in one process: each of a loop's messages is written to an outbox
with its rows in one commit, published with confirms, taken from a quorum queue with a claim and the listener's rows in
one commit, and acknowledged. Batched as the house may batch: what has arrived, up to so many, is one transaction, with
one COPY a table; what is unsent, up to so many, is published together; a batch is acknowledged at once. No models, no
rules, no HTTP.

How it was matched: the tables are the house's own, made by its migrations, with all their keys and indexes; the rows
are those of a real loop, copied as `patterns` copies them, and messages are as long as its were; which rows each commit
writes and changes, and what it sends, stands in `hops`. After every run both databases are compared with that, so that
neither can drift.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from random import Random

import aio_pika

from deploy.servers import Servers
from shared.ids import new_id
from tests.benchmarks import bare, hops
from tests.benchmarks.bare import Bare, Loop
from tests.benchmarks.driving import driven
from tests.benchmarks.gaps import Copy, Moved
from tests.benchmarks.house import SEPARATE, TOGETHER, house_on, plain
from tests.benchmarks.patterns import Dated, read_patterns
from tests.benchmarks.size import Size
from tests.benchmarks.telling import median, say
from tests.benchmarks.words import Words

ARRANGEMENTS = {"six processes": SEPARATE, "one process": TOGETHER}
_numbers = count(1)


class Floor:
    """Closes bare loops, one row like another's."""

    def __init__(self, work: Bare, dated: Dated, taken: int, dsn: str) -> None:
        self.work = work
        self.dsn = dsn
        self._dated = dated
        self._taken = taken
        """The last number the house has given."""
        self._numbers = count(1)
        self._chance = Random(1)

    def _loop(self) -> Loop:
        n = next(self._numbers)
        complaint_id = self._dated.complaint_id(n)
        moved = self._dated.moved
        copy = Copy(n, self._taken + n, moved.registered_on.year, complaint_id, Words.drawn(self._chance))
        rows = {table: text.splitlines(keepends=True) for table, text in self._dated.copied(copy)}
        return Loop(complaint_id, rows)

    async def close_one(self) -> None:
        """One loop; each step begins when its party would know that it may."""
        loop = self._loop()
        self.work.loops[loop.complaint_id] = loop
        await self.work.request(loop, hops.REGISTER)
        await self.work.request(loop, hops.TRIAGE)
        await loop.heard("dispatch", "complaint.triaged.v1")
        await self.work.request(loop, hops.DISPATCH)
        await loop.heard(bare.PARTNER, "order.assigned")
        await self.work.reply(loop)
        await loop.heard("dispatch", bare.REPLIED)
        await self.work.request(loop, hops.CHECK)
        await self.work.request(loop, hops.FOLLOW_UP)
        await loop.is_over()
        del self.work.loops[loop.complaint_id]

    async def close(self, loops: int, in_flight: int) -> float:
        """Loops a second, until everything is heard."""
        left, before = iter(range(loops)), await hops.counted(self.dsn)
        began = time.perf_counter()

        async def keep_closing() -> None:
            for _ in left:
                await self.close_one()

        async with asyncio.TaskGroup() as group:
            for _ in range(in_flight):
                group.create_task(keep_closing())
        rate = loops / (time.perf_counter() - began)
        must_be_matched(await hops.differences(self.dsn, before, loops))
        return rate


def must_be_matched(differences: Sequence[str]) -> None:
    """The figures would compare two different things."""
    if differences:
        raise AssertionError("a loop is not what tests/benchmarks/hops.py says: " + "; ".join(differences))


@asynccontextmanager
async def floor_on(servers: Servers) -> AsyncIterator[Floor]:
    """The bare loop on these servers, at work, in tables that a house has made."""
    name = f"floor_{os.getpid()}_{next(_numbers)}"
    url = await asyncio.to_thread(servers.new_database, name)
    vhost = await asyncio.to_thread(servers.new_vhost, name)
    try:
        async with house_on(servers, TOGETHER, url) as house, driven(house) as driver:
            since = new_id()
            await driver.run(1, 1)
            (pattern,) = await read_patterns(house.dsn, await driver.watch.closed(since))
            lengths = await hops.lengths(house.dsn)
        original = pattern.original
        dated = pattern.on(Moved(0, 0, 0, original.registered_on), without=("inbox", "outbox"))
        async with await aio_pika.connect(vhost) as line, bare.connected(plain(url), line, lengths) as work:
            yield Floor(work, dated, original.seq, plain(url))
    finally:
        await asyncio.to_thread(servers.rabbitmq.drop_vhost, name)
        await asyncio.to_thread(servers.postgres.drop_database, name)


async def run(servers: Servers, size: Size) -> dict[str, float]:
    """The house's loops a second, in its better arrangement, as a share of the bare loop's; alternating."""
    rates: dict[str, list[float]] = {"bare": []}
    async with floor_on(servers) as floor:
        await floor.close(size.warm_up, size.in_flight)
        for arrangement, processes in ARRANGEMENTS.items():
            ours = rates[arrangement] = []
            async with house_on(servers, processes) as house, driven(house) as driver:
                await driver.run(size.warm_up, size.in_flight)
                before = await hops.counted(house.dsn)
                for _ in range(size.rounds):
                    rates["bare"].append(await floor.close(size.loops, size.in_flight))
                    ours.append((await driver.run(size.loops, size.in_flight)).per_second)
                    say(f"  bare: {rates['bare'][-1]:.1f} loops/s; {arrangement}: {ours[-1]:.1f}")
                must_be_matched(await hops.differences(house.dsn, before, size.rounds * size.loops))
    best, limit = max(median(rates[name]) for name in ARRANGEMENTS), median(rates["bare"])
    say(f"floor: the house {best:.1f} loops/s, a bare loop {limit:.1f}")
    return {"per_s": round(best, 1), "bare_per_s": round(limit, 1), "ratio": round(best / limit, 2)}

"""One run: the house opens, loops flow, faults strike; then all is mended, drained, brought to its end, and judged."""

import asyncio
import contextlib
import math
import random
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx

from deploy.servers import Servers
from shared.messaging import topology
from shared.settings import SERVICES
from tests.chaos import bus
from tests.chaos.crowd import Crowd
from tests.chaos.debian13 import RabbitMQ4, Servers4, seeing
from tests.chaos.drill import BEGIN, Time
from tests.chaos.endings import judged
from tests.chaos.evidence import gather, hurry, unsettled
from tests.chaos.faults import Scene, broker, deliveries
from tests.chaos.house import House
from tests.chaos.ledger import Ledger
from tests.chaos.loops import Loop, Stuck
from tests.chaos.outages import PROMPT, hindered, p99, refused, waited
from tests.chaos.parties import Parties
from tests.chaos.plans import KINDS, Kind, Plan, draw
from tests.chaos.projection import changed_by_rebuilding, ledger_of
from tests.chaos.results import Outcome
from tests.chaos.room import small_disk
from tests.chaos.schedule import Say, Schedule
from tests.chaos.verdict import Court, Verdict

DOORS = ("intake.submissions", "dispatch.replies")
"""The queues at which partners knock."""
DRAINED_WITHIN = 30.0
ENDS_WITHIN = 160.0
"""Seconds, once nothing breaks any more, within which one loop after the other must come to its end."""
RESTS_WITHIN = 60.0
UNREST = "does not come to rest"
AT_DOORS = 0.1
"""For each of the many on the bus, so many more over HTTP."""
STEP = 0.5
"""Seconds the drill clock stands between two steps."""


class Run:
    """A house with everything around it, for one seed."""

    def __init__(self, servers: Servers, seed: int, folder: Path, *, mutant: str | None = None) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.servers = servers
        self.house = House(servers, BEGIN, mutant=mutant)
        self.folder = folder / f"seed-{seed}{f'-{mutant}' if mutant else ''}"
        self.ledger = Ledger(self.folder / "ledger.jsonl")
        self.plans: dict[str, Plan] = {}
        self.kinds: tuple[Kind, ...] = KINDS
        self.ended: set[str] = set()
        self.outcome = Outcome(seed)
        self._loops: dict[asyncio.Task[None], Loop] = {}
        self._may_act = asyncio.Event()
        self._may_act.set()

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator["Run"]:
        """The house, its ears and its clock, all running."""
        await bus.declare(self.house.amqp_url)
        async with contextlib.AsyncExitStack() as whole:
            whole.callback(self.ledger.close)
            await whole.enter_async_context(self.house)
            self.time = Time(self.house.clock_file)
            self.ears, self.voice = bus.Ears(self.house.amqp_url), bus.Voice(self.house.amqp_url)
            self.parties = Parties(self.house, self.ledger, random.Random(self.seed))
            self.crowd = Crowd(str(self.seed), self.ledger, self.time, self.voice, self.ears, random.Random(self.seed))
            self.scene = Scene(self.house, self.servers, self.voice, self.ears, self.parties, self.crowd, self.chance)
            async with asyncio.TaskGroup() as group:
                background = [
                    group.create_task(self.ears.listen()),
                    group.create_task(self.time.run(STEP)),
                    group.create_task(self._supervise()),
                ]
                try:
                    yield self
                finally:
                    for task in (*background, *self._loops):
                        task.cancel()
                    await asyncio.gather(*self._loops, return_exceptions=True)
                    await self.voice.hang_up()
                    self.parties.close()
                    for log in self.house.said():
                        shutil.copy(log, self.folder)

    @contextlib.asynccontextmanager
    async def flowing(self, rate: float, most: int, crowd: int = 0, *, echo: bool = False) -> AsyncIterator[None]:
        """Within, so many loops begin each second, no more than `most` at once, and the many hand theirs over.

        With an echo, each event comes three times more.
        """
        flowing = [asyncio.create_task(self._flow(rate, most))]
        if echo:
            flowing.append(asyncio.create_task(deliveries.echo(self.scene)))
        at_doors = self.crowd.ask_at_doors(self.parties, math.ceil(crowd * AT_DOORS))
        many = asyncio.gather(self.crowd.flow(crowd), at_doors)
        try:
            yield
        finally:
            for task in flowing:
                task.cancel()
            self.crowd.stop()
            self._many = many

    async def _flow(self, rate: float, most: int) -> None:
        number = 0
        while True:
            if len(self._loops) < most:
                number += 1
                self.begin(draw(self.chance, f"{self.seed}-loop-{number:06}", self.kinds))
            await asyncio.sleep(1 / rate)

    async def suffer(self, seconds: float, say: Say = lambda _: None, at_once: int = 1) -> None:
        """Let faults strike, by the seed, for so long."""

        def tell(fault: str) -> None:
            say(f"{self.time.now:%m-%d %H:%M}  {len(self.ended)}/{len(self.plans)} loops  {fault}")

        await Schedule(self.scene, self.seed, self.outcome, tell).suffer(seconds, at_once=at_once)

    def begin(self, plan: Plan) -> None:
        """Begin one loop."""
        self.plans[plan.loop] = plan
        loop = Loop(plan, self.parties, self.ledger, self.time, self.voice, self.ears, self._may_act)
        task = asyncio.create_task(loop.live(), name=plan.loop)
        self._loops[task] = loop
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        loop = self._loops.pop(task).plan.loop
        if task.cancelled():
            return
        if error := task.exception():
            kind = "" if isinstance(error, Stuck) else f"{loop}: "
            self.outcome.verdict.stuck.append(f"{kind}{error!r}")
        else:
            self.ended.add(loop)

    async def _supervise(self) -> None:
        """A process that ends by itself is started again; whether it may have is judged in the end."""
        while True:
            await asyncio.sleep(0.5)
            for process in list(self.house.running):
                await self.house.revive(process)

    async def drain(self, patience: float) -> None:
        """Wait until every process is ready and nothing is under way; the clock stands meanwhile."""
        begun = time.monotonic()
        self.time.stands = True
        await self.house.until_whole()
        async with httpx.AsyncClient(timeout=5) as client, bus.connected(self.house.amqp_url) as connection:
            channel = await connection.channel()
            while time.monotonic() - begun < patience:
                if not await bus.waiting(channel, DOORS) and all([await self._is_quiet(client) for _ in range(2)]):
                    break
                await asyncio.sleep(0.2)
            else:
                self.outcome.verdict.stuck.append(f"not quiet: {(await self.house.quiet(client)).facts()}")
        self.time.stands = False

    async def _is_quiet(self, client: httpx.AsyncClient) -> bool:
        found = await self.house.quiet(client)
        if found.parked_live <= len(self.scene.choking):  # what always raises is tried again for hours
            for store in found.stores.values():
                store.parked_live = 0
        return found.is_quiet(self.time.now)

    async def finish(self, say: Say = lambda _: None, patience: float = ENDS_WITHIN) -> Verdict:
        """Mend everything, measure the drain, let the loops end, and judge."""
        begun = time.monotonic()
        self.house.mend()
        self._may_act.clear()
        await self._many
        await self.drain(min(patience, 4 * DRAINED_WITHIN))
        self.outcome.drain_s = round(time.monotonic() - begun, 1)
        self._may_act.set()
        say(f"drained in {self.outcome.drain_s} s; {len(self._loops)} loops go on to their ends")
        ended: set[asyncio.Task[None]] = set(self._loops)
        while ended and self._loops:  # as long as they get on: a busy machine needs longer for as many
            ended, _ = await asyncio.wait(self._loops, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        self.outcome.verdict.stuck += [f"{loop} never came to its end" for loop in self._loops.values()]
        for task in list(self._loops):
            task.cancel()
        say("judging")
        self.time.stands = True  # each step may bring news, and what comes after the evidence is no ghost
        await hurry(self.house.database_url, self.scene.poison)
        await asyncio.sleep(2)
        await self._rest()
        return await self._judge()

    async def _rest(self) -> None:
        """Until nothing moves any more: what somebody has not taken by then, nobody will bring him."""
        names = [*bus.PARTNERS, bus.WITNESS, *map(topology.queue_of, SERVICES), *DOORS]
        still, begun = 0, time.monotonic()
        async with httpx.AsyncClient(timeout=5) as client, bus.connected(self.house.amqp_url) as connection:
            channel = await connection.channel()
            while still < 3 and time.monotonic() - begun < RESTS_WITHIN:
                found = await self.house.quiet(client)
                left = found.unsent + found.in_hand + await unsettled(self.house.database_url, self.scene.poison)
                left += await bus.waiting(channel, names)
                still = 0 if left else still + 1
                await asyncio.sleep(0.4)
        if still < 3:
            self.outcome.verdict.stuck.append(f"{UNREST}: {left} messages, figures and poison")

    async def _judge(self) -> Verdict:
        evidence = await gather(self.house.database_url)
        projection = await ledger_of(self.parties, BEGIN.date(), self.time.now.date())
        court = Court(self.plans, self.ledger, evidence, self.ears, projection)
        court.verdict = self.outcome.verdict
        court.judge(self.ended, self.crowd, self.scene.poison, self.scene.forged)
        court.verdict.wrong += await changed_by_rebuilding(self.parties, self.house.database_url)
        self._doors(court.verdict)
        unaccounted, self.outcome.died_wanting = judged(self.house.endings, self.scene.outages + self.house.cut_off())
        court.verdict.wrong += unaccounted
        heard = sum(map(len, self.ears.heard.values()))
        self.outcome.messages = sum(map(len, evidence.claims.values())) + heard + self.scene.copies + self.crowd.copies
        self.outcome.loops, self.outcome.ended = len(self.plans) + len(self.crowd.sources), len(self.ended)
        return self.outcome.verdict

    def _doors(self, verdict: Verdict) -> None:
        submitted, outages = self.parties.submitted, self.scene.outages
        verdict.away += self.scene.findings + refused(submitted, outages)
        verdict.away += hindered(self.parties.acted, outages, broker.SERVER)
        verdict.late += self.scene.late
        if self.outcome.drain_s >= DRAINED_WITHIN:
            verdict.late.append(f"drained in {self.outcome.drain_s} s")
        without = waited(submitted, outages, broker.SERVER)
        for how in sorted({outage.how for outage in outages if outage.server == broker.SERVER}):
            these = waited(submitted, [outage for outage in outages if outage.how == how], broker.SERVER)
            self.outcome.during_broker_outages[how] = len(these), p99(these)
        self.outcome.during_broker_outage_p99_s = took = p99(without)
        if took and took > PROMPT:
            verdict.late.append(f"without the broker one submission of a hundred took {took} s")


@contextlib.contextmanager
def servers(debian13: Path | None = None) -> Iterator[Servers]:
    """Private servers, PostgreSQL's data on a small disk where this machine permits one; RabbitMQ from this folder."""
    with tempfile.TemporaryDirectory(prefix="yousu-chaos-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with small_disk(folder), contextlib.ExitStack() as stack:
            kind = Servers
            if debian13:
                kind, RabbitMQ4.root = Servers4, debian13
                stack.enter_context(seeing(debian13, folder))
            yield stack.enter_context(kind(folder))

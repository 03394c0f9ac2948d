"""One run: the house opens, loops flow, faults strike; then all is mended, drained, brought to its end, and judged."""

import asyncio
import contextlib
import random
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deploy.servers import Servers
from shared.messaging import topology
from shared.settings import SERVICES
from tests.chaos import bus
from tests.chaos.drill import BEGIN, Time
from tests.chaos.evidence import gather, hurry
from tests.chaos.faults import ALL, Fault, NotHere, Scene
from tests.chaos.house import House
from tests.chaos.ledger import Ledger
from tests.chaos.loops import Loop, Stuck
from tests.chaos.parties import Parties
from tests.chaos.plans import KINDS, Kind, Plan, draw
from tests.chaos.projection import ledger_of
from tests.chaos.room import small_disk
from tests.chaos.verdict import Court, Verdict

DRAINED_WITHIN = 30.0
ENDS_WITHIN = 160.0
"""Seconds the loops have, once nothing breaks any more, to come to their ends."""
RESTS_WITHIN = 60.0
STARTS_WITHIN = 60.0
STEP = 0.5
"""Seconds the drill clock stands between two steps."""

Say = Callable[[str], None]


@dataclass
class Outcome:
    """What a run came to."""

    seed: int
    faults: int = 0
    by_fault: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    """What this machine does not permit, and why."""
    loops: int = 0
    ended: int = 0
    messages: int = 0
    drain_s: float = 0.0
    during_broker_outage_p99_s: float | None = None
    verdict: Verdict = field(default_factory=Verdict)

    @property
    def is_clean(self) -> bool:
        """Whether the house has passed."""
        return self.verdict.is_clean and self.drain_s < DRAINED_WITHIN


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
        self._loops: dict[asyncio.Task[None], str] = {}
        self._may_act = asyncio.Event()
        self._may_act.set()

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator["Run"]:
        """The house, its ears and its clock, all running."""
        await bus.declare(self.house.amqp_url)
        async with self.house:
            self.time = Time(self.house.clock_file)
            self.ears, self.voice = bus.Ears(self.house.amqp_url), bus.Voice(self.house.amqp_url)
            self.parties = Parties(self.house, self.ledger, random.Random(self.seed))
            self.scene = Scene(self.house, self.servers, self.voice, self.ears, self.parties, self.chance)
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
                    await self.parties.close()
                    self.ledger.close()
                    for log in self.house.said():
                        shutil.copy(log, self.folder)

    async def flow(self, rate: float, most: int) -> None:
        """Begin so many loops a second, and have no more than `most` at once; until cancelled."""
        number = 0
        while True:
            if len(self._loops) < most:
                number += 1
                self.begin(draw(self.chance, f"{self.seed}-{number:06}", self.kinds))
            await asyncio.sleep(1 / rate)

    def begin(self, plan: Plan) -> None:
        """Begin one loop."""
        self.plans[plan.loop] = plan
        loop = Loop(plan, self.parties, self.ledger, self.time, self.voice, self.ears, self._may_act)
        task = asyncio.create_task(loop.live(), name=plan.loop)
        self._loops[task] = plan.loop
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        loop = self._loops.pop(task)
        if task.cancelled():
            return
        if error := task.exception():
            kind = "" if isinstance(error, Stuck) else f"{loop}: "
            self.outcome.verdict.stuck.append(f"{kind}{error!r}")
        else:
            self.ended.add(loop)

    async def strike(self, fault: Fault) -> None:
        """Let one fault happen, from its beginning to its mending, and a pause after it."""
        try:
            await fault.strike(self.scene)
        except NotHere as reason:
            self.outcome.skipped[fault.name] = str(reason)
            return
        self.outcome.faults += 1
        self.outcome.by_fault[fault.name] = self.outcome.by_fault.get(fault.name, 0) + 1
        await asyncio.sleep(fault.settles * self.chance.uniform(0.5, 1.5))

    async def suffer(self, seconds: float, faults: Sequence[Fault] = ALL, say: Say = lambda _: None) -> None:
        """One fault after the other, by the seed, for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            fault = self.chance.choices(faults, [each.share for each in faults])[0]
            say(f"{self.time.now:%m-%d %H:%M}  {len(self.ended)}/{len(self.plans)} loops  {fault.name}")
            await self.strike(fault)

    async def _supervise(self) -> None:
        """A process that ends by itself is started again; while it is starting it may, for want of its servers."""
        while True:
            await asyncio.sleep(0.5)
            for process, running in list(self.house.running.items()):
                if running.returncode is not None:
                    if time.monotonic() - self.house.began[process] > STARTS_WITHIN:
                        self.ledger.find(f"{process} ended by itself with {running.returncode}")
                    await self.house.revive(process)

    async def drain(self, patience: float = 4 * DRAINED_WITHIN) -> float:
        """Seconds until nothing is under way; the clock stands meanwhile."""
        begun = time.monotonic()
        self.time.stands = True
        async with httpx.AsyncClient(timeout=5) as client:
            while time.monotonic() - begun < patience:
                if await self._is_quiet(client) and await self._is_quiet(client):
                    break
                await asyncio.sleep(0.2)
            else:
                self.outcome.verdict.stuck.append(f"not quiet: {(await self.house.quiet(client)).facts()}")
        self.time.stands = False
        return time.monotonic() - begun

    async def _is_quiet(self, client: httpx.AsyncClient) -> bool:
        found = await self.house.quiet(client)
        choking = sum(service in ("dispatch", "notify") for service, _ in self.scene.poison)
        if found.parked_live <= choking:  # what always raises is tried again for hours
            for store in found.stores.values():
                store.parked_live = 0
        return found.is_quiet(self.time.now)

    async def finish(self, say: Say = lambda _: None, patience: float = ENDS_WITHIN) -> Verdict:
        """Mend everything, measure the drain, let the loops end, and judge."""
        self.house.mend()
        await self.house.until_whole()
        self._may_act.clear()
        self.outcome.drain_s = round(await self.drain(min(patience, 4 * DRAINED_WITHIN)), 1)
        self._may_act.set()
        say(f"drained in {self.outcome.drain_s} s; {len(self._loops)} loops go on to their ends")
        if self._loops:
            await asyncio.wait(self._loops, timeout=patience)
        self.outcome.verdict.stuck += [f"{loop} never came to its end" for loop in self._loops.values()]
        for task in list(self._loops):
            task.cancel()
        say("judging")
        await hurry(self.house.database_url, self.scene.poison)
        await asyncio.sleep(2)
        await self._rest()
        return await self._judge()

    async def _rest(self) -> None:
        """Until nothing moves any more: what somebody has not taken by then, nobody will bring him."""
        names = [
            *bus.PARTNERS,
            bus.WITNESS,
            *map(topology.queue_of, SERVICES),
            "intake.submissions",
            "dispatch.replies",
        ]
        still, begun = 0, time.monotonic()
        async with httpx.AsyncClient(timeout=5) as client, bus.connected(self.house.amqp_url) as connection:
            channel = await connection.channel()
            while still < 3 and time.monotonic() - begun < RESTS_WITHIN:
                found = await self.house.quiet(client)
                left = found.unsent + found.in_hand
                for name in names:
                    queue = await channel.declare_queue(name, passive=True)
                    left += queue.declaration_result.message_count or 0
                still = 0 if left else still + 1
                await asyncio.sleep(0.4)
        if still < 3:
            self.outcome.verdict.stuck.append(f"does not come to rest: {left} messages")

    async def _judge(self) -> Verdict:
        evidence = await gather(self.house.database_url)
        court = Court(self.plans, self.ledger, evidence, self.ears, await ledger_of(self.parties))
        court.verdict = self.outcome.verdict
        court.judge(self.ended, self.scene.poison, self.scene.forged)
        court.verdict.wrong += self.scene.findings
        heard = sum(map(len, self.ears.heard.values()))
        self.outcome.messages = sum(map(len, evidence.claims.values())) + heard + self.scene.copies
        self.outcome.loops, self.outcome.ended = len(self.plans), len(self.ended)
        self.outcome.during_broker_outage_p99_s = self._p99("rabbitmq")
        return self.outcome.verdict

    def _p99(self, server: str) -> float | None:
        """How long submissions took that were asked while this server was away."""
        away = [(since, until) for name, since, until in self.scene.outages if name == server]
        took = sorted(
            took
            for begun, took, status in self.parties.took
            if status in (200, 201) and any(since <= begun <= until for since, until in away)
        )
        return round(took[int(0.99 * (len(took) - 1))], 3) if took else None


@contextlib.contextmanager
def servers() -> "contextlib._GeneratorContextManager[Servers]":  # type: ignore[misc]
    """Private servers, PostgreSQL's data on a small disk where this machine permits one."""
    with tempfile.TemporaryDirectory(prefix="yousu-chaos-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with small_disk(folder), Servers(folder) as running:
            yield running

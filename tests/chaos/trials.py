"""The mutants' trials: a short schedule aimed at each, after which the rig must be red; and the kill table."""

import asyncio
import contextlib
import re
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from deploy.servers import Servers
from tests.chaos.faults import Missed, broker, database, deliveries
from tests.chaos.mutants import MUTANTS
from tests.chaos.plans import KINDS, Kind
from tests.chaos.rig import ENDS_WITHIN, UNREST, Run
from tests.chaos.schedule import Say

RATE = 5.0
CLIMBING = ("urged", "supervised", "same-day-urged")
PATIENCE = 5.0
"""Seconds a mutant has to come to rest: what it has lost by then is lost."""


async def all_again(run: Run) -> None:
    """Everything is delivered again."""
    for _ in range(3):
        with contextlib.suppress(Missed):
            await deliveries.double(run.scene)
        await asyncio.sleep(1)


async def broker_forgets(run: Run) -> None:
    """The broker is killed while nobody has read what was confirmed."""
    run.ears.witness_sleeps = True
    await asyncio.sleep(4)
    await broker.kill(run.scene)
    run.ears.witness_sleeps = False


async def die_in_the_middle(run: Run) -> None:
    """Dispatch is killed with a batch in hand that cannot commit yet."""
    connection = await asyncpg.connect(run.house.database_url.replace("+asyncpg", ""))
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE dispatch.inbox IN ACCESS EXCLUSIVE MODE")
            await asyncio.sleep(3)
            processes = run.house.processes_of("dispatch")
            for process in processes:
                await run.house.kill(process)
    finally:
        await connection.close()
    for process in processes:
        await run.house.spawn(process)


async def database_away(run: Run) -> None:
    """The database stops while events arrive."""
    for _ in range(3):
        await database.crash(run.scene)
        await asyncio.sleep(1)
    await database.stay_away(run.scene)


async def broker_away(run: Run) -> None:
    """The broker stops while events are announced."""
    await broker.stop_app(run.scene)
    await asyncio.sleep(3)
    await broker.close_connections(run.scene)


async def ask_again(run: Run) -> None:
    """Rungs are asked for once more."""
    for _ in range(5):
        await asyncio.sleep(3)
        with contextlib.suppress(Missed):
            await deliveries.ask_twice(run.scene)


async def old_news(run: Run) -> None:
    """What was known before is told again, late."""
    for _ in range(60):
        await asyncio.sleep(0.2)
        with contextlib.suppress(Missed):
            await deliveries.tell_old_news(run.scene)


@dataclass(frozen=True)
class Trial:
    """A mutant's schedule, the loops that flow meanwhile, and in which part of the verdict it must show."""

    mutant: str
    strike: Callable[[Run], Awaitable[None]]
    shows: tuple[str, ...]
    tells: str
    """What a finding says (a pattern) that comes of this mutation, and not of something else."""
    kinds: tuple[Kind, ...] = KINDS
    patience: float = PATIENCE
    """Longer where its loops must come to their ends before it shows."""


def _only(*names: str) -> tuple[Kind, ...]:
    return tuple(kind for kind in KINDS if kind.name in names)


TRIALS = (
    Trial("inbox off", all_again, ("doubled", "dead"), r" times|told twice|parked:"),
    Trial("non-persistent publish", broker_forgets, ("lost",), "no witness has it"),
    Trial("ack before commit", die_in_the_middle, ("lost",), "dispatch never took"),
    Trial("default ack policy", database_away, ("lost",), "never took"),
    Trial("outbox marked before confirm", broker_away, ("lost",), "never took"),
    Trial("rung uniqueness off", ask_again, ("doubled",), "was announced", _only(*CLIMBING), ENDS_WITHIN),
    Trial("version check off", old_news, ("wrong",), "triage is", _only("retriaged"), ENDS_WITHIN),
)
assert {trial.mutant for trial in TRIALS} == set(MUTANTS)


@dataclass(frozen=True)
class Death:
    """What became of a mutant, and of the product itself in the same trial."""

    mutant: str
    by: str
    """The first thing that gave it away; empty when it has survived."""
    control: str = ""
    """The first thing held against the product, which must survive."""

    @property
    def is_sound(self) -> bool:
        """Whether the mutant has died, and the product has not."""
        return bool(self.by) and not self.control

    def told(self) -> str:
        """In a line."""
        mutant = f"killed by {self.by}" if self.by else "SURVIVED"
        return f"mutant {self.mutant}: {mutant[:200]}; the product {self.control[:200] or 'is clean'}"


async def undergo(
    servers: Servers, trial: Trial, seed: int, folder: Path, *, weak: bool, rate: float = RATE
) -> dict[str, list[str]]:
    """What is found in a trial, held with the mutant or with the product itself."""
    run = Run(servers, seed, folder, mutant=trial.mutant if weak else None)
    run.kinds = trial.kinds
    async with run.opened():
        async with run.flowing(rate, 60):
            await asyncio.sleep(6)
            await trial.strike(run)
            await asyncio.sleep(2)
        return (await run.finish(patience=trial.patience if weak else ENDS_WITHIN)).faults()


async def try_mutant(
    servers: Servers, trial: Trial, seed: int, folder: Path, rate: float = RATE, *, at_rest: bool = True
) -> str:
    """Let a mutant go through its trial; the first thing that gives it away, or nothing.

    `at_rest`: what is still on its way may be late only, and nothing counts as lost where the house does not come to
    rest. A machine that others use too is not asked that.
    """
    verdict = await undergo(servers, trial, seed, folder, weak=True, rate=rate)
    if at_rest and any(line.startswith(UNREST) for line in verdict["stuck"]):
        verdict["lost"].clear()
    found = (f"{name}: {line}" for name in trial.shows for line in verdict[name])
    return next((line for line in found if re.search(trial.tells, line)), "")


async def try_product(servers: Servers, trial: Trial, seed: int, folder: Path) -> str:
    """Let the product itself go through the same trial; the first thing held against it, or nothing."""
    verdict = await undergo(servers, trial, seed, folder, weak=False)
    return next((f"{name}: {line}" for name, lines in verdict.items() for line in lines), "")


async def kill_table(servers: Servers, seed: int, say: Say, trials: tuple[Trial, ...] = TRIALS) -> list[Death]:
    """Try them all, one after the other."""
    deaths = []
    with tempfile.TemporaryDirectory(prefix="yousu-mutants-") as folder:
        for trial in trials:
            given_away = await try_mutant(servers, trial, seed, Path(folder))
            deaths.append(Death(trial.mutant, given_away, await try_product(servers, trial, seed, Path(folder))))
            say(deaths[-1].told())
    return deaths

"""The rig's short run: three minutes of faults, and two of the mutants. `make chaos` does it at length."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.servers import Servers
from tests.chaos.rig import Run, servers
from tests.chaos.trials import TRIALS, Trial, try_mutant
from tests.support.servers import require

SEED = 20221116
SECONDS = 100
RATE, MOST = 1.5, 40
"""A machine that others use too must keep up."""
pytestmark = [pytest.mark.servers, pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module")
def own_servers() -> Iterator[Servers]:
    """A set that may be broken: nobody else uses it."""
    require("rabbitmq", "postgres", "redis")
    for noisy in ("aio_pika", "aiormq"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    with servers() as running:
        yield running


async def test_whatever_breaks_nothing_is_lost_or_doubled(own_servers: Servers, tmp_path: Path) -> None:
    async with Run(own_servers, SEED, tmp_path).opened() as run:
        flow = asyncio.create_task(run.flow(RATE, MOST))
        await run.suffer(SECONDS, say=print)
        flow.cancel()
        verdict = await run.finish()
        assert {kind: found for kind, found in verdict.faults().items() if found} == {}
        assert run.outcome.ended > 0
        assert run.outcome.faults >= 10


@pytest.mark.parametrize("trial", TRIALS[2:4], ids=lambda trial: trial.mutant)
async def test_the_rig_sees_a_mutant(own_servers: Servers, tmp_path: Path, trial: Trial) -> None:
    death = await try_mutant(own_servers, trial, SEED, tmp_path)
    assert death.killed

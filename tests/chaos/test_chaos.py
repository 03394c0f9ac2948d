"""The rig's short run, some three minutes from its opening to its verdict, and two of the mutants.

`make chaos` does it at length.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.servers import Servers
from tests.chaos.rig import Run, servers
from tests.chaos.trials import TRIALS, Trial, try_mutant
from tests.support.servers import require

SEED = 20221116
SECONDS = 80
RATE, MOST, CROWD = 1.0, 30, 2
"""A machine that others use too must keep up."""
SEEN = ("default ack policy", "outbox marked before confirm")
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
        async with run.flowing(RATE, MOST, CROWD, echo=True):
            await run.suffer(SECONDS, say=print)
        verdict = await run.finish(say=print)
    found = {kind: lines for kind, lines in verdict.faults().items() if lines}
    found.pop("late", None)  # how long things take is judged on a machine of its own
    assert found == {}
    assert run.ended
    assert run.outcome.faults >= 5  # on a machine that does much else; some 20 on one of its own


@pytest.mark.parametrize("trial", [each for each in TRIALS if each.mutant in SEEN], ids=lambda trial: trial.mutant)
async def test_the_rig_sees_a_mutant(own_servers: Servers, tmp_path: Path, trial: Trial) -> None:
    found = await try_mutant(own_servers, trial, SEED, tmp_path, 2 * RATE, at_rest=False)
    assert found, "the mutant has survived"

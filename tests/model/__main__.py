"""Many examples: `python -m tests.model --examples 20000 [--seed N] [--after N]`.

Says how many have agreed; one that was ended goes on with `--after` so many and the same seed. The first difference
ends it with the story that led there. The last line is one JSON object.
"""

import argparse
import json
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from tests.model.machine import Machine, staged

STEPS = 10
"""In one example, after its opening."""
AT_ONCE = 25
"""Examples under one seed, which is made of the one that was given and of their place."""
SETTINGS = settings(
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)


def main() -> int:
    """Run as many examples as asked for."""
    parser = argparse.ArgumentParser(prog="tests.model", description=__doc__)
    parser.add_argument("--examples", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--after", type=int, default=0, help="so many have agreed already")
    asked = parser.parse_args()
    began, agreed = time.monotonic(), asked.after
    with tempfile.TemporaryDirectory() as folder, staged(Path(folder)):
        while agreed < asked.examples and (ran := _run(asked.seed, agreed, min(AT_ONCE, asked.examples - agreed))):
            agreed += ran
            passed = f"{time.monotonic() - began:.0f} s"
            print(f"{agreed} of {asked.examples} agreed, {passed}, seed {asked.seed}", flush=True)
    told = {"examples": asked.examples, "agreed": agreed, "after": asked.after, "seed": asked.seed}
    seconds = {"seconds": round(time.monotonic() - began), "cpu_seconds": round(time.process_time())}
    print(json.dumps(told | seconds), flush=True)
    return 0 if agreed >= asked.examples else 1


def _run(seed: int, place: int, examples: int) -> int:
    """How many of these have agreed; none where one has not."""
    seeded(random.Random(f"{seed}/{place}").getrandbits(64))(Machine)
    try:
        run_state_machine_as_test(Machine, settings=settings(SETTINGS, max_examples=examples))
    except Exception:
        traceback.print_exc()
        return 0
    return examples


if __name__ == "__main__":
    sys.exit(main())

"""`make chaos`: print progress, and as the last line one JSON object."""

import argparse
import asyncio
import json
import logging
import os
import secrets
import time
from dataclasses import asdict
from pathlib import Path

import uvloop

from tests.chaos.rig import Outcome, Run, servers


def say(line: str) -> None:
    """A line of progress."""
    print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)


async def run(seed: int, minutes: float, rate: float, most: int, folder: Path) -> Outcome:
    """One slice."""
    with servers() as running:
        async with Run(running, seed, folder).opened() as rig:
            flow = asyncio.create_task(rig.flow(rate, most))
            await asyncio.sleep(5)
            await rig.suffer(minutes * 60, say=say)
            say("the last fault is mended; draining")
            flow.cancel()
            await rig.finish(say)
            return rig.outcome


def main() -> None:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--rate", type=float, default=4.0, help="loops begun each second")
    parser.add_argument("--most", type=int, default=120, help="loops at once")
    given = parser.parse_args()
    logging.getLogger("aio_pika").setLevel(logging.CRITICAL)
    logging.getLogger("aiormq").setLevel(logging.CRITICAL)
    folder = Path(os.environ.get("YOUSU_VAR", "var")) / "chaos"
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        outcome = runner.run(run(given.seed, given.minutes, given.rate, given.most, folder))
    for kind, found in outcome.verdict.faults().items():
        for line in found[:20]:
            say(f"{kind}: {line}")
    say(str({**asdict(outcome), "verdict": {k: len(v) for k, v in outcome.verdict.faults().items()}}))
    verdict = outcome.verdict
    print(
        json.dumps(
            {
                "seed": outcome.seed,
                "faults": outcome.faults,
                "messages": outcome.messages,
                "lost": len(verdict.lost),
                "doubled": len(verdict.doubled),
                "ghosts": len(verdict.ghosts),
                "stuck": len(verdict.stuck),
                "drain_s": outcome.drain_s,
                "mutants_killed": None,
                "mutants": None,
            }
        )
    )
    raise SystemExit(0 if outcome.is_clean else 1)


if __name__ == "__main__":
    main()

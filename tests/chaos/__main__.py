"""`make chaos`: a slice of faults under flowing complaints, then the mutants; the last line is one JSON object.

`ARGS="--minutes 60 --add"` adds a slice to what the earlier ones came to (`$YOUSU_VAR/chaos/results.jsonl`); what
became of the mutants is kept beside it (`mutants.jsonl`).
"""

import argparse
import asyncio
import json
import logging
import os
import secrets
import signal
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import uvloop

from tests.chaos import debian13, results
from tests.chaos.results import Outcome
from tests.chaos.rig import Run, servers
from tests.chaos.trials import TRIALS, Death, kill_table

SHOWN = 20
"""Lines told of each kind of finding; all of them stand in the slice's folder."""


def say(line: str) -> None:
    """A line of progress."""
    print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="of the schedule and the loops")
    parser.add_argument("--minutes", type=float, default=5.0, help="how long faults strike; 0: none, only mutants")
    parser.add_argument("--rate", type=float, default=4.0, help="loops begun each second")
    parser.add_argument("--crowd", type=int, default=10, help="complaints handed over on the bus each second")
    parser.add_argument("--echo", action="store_true", help="each event comes three times more, late, in any order")
    parser.add_argument("--at-once", type=int, default=2, help="faults at once")
    parser.add_argument("--rabbitmq", type=int, choices=(3, 4), default=3, help="4: Debian 13's, from a debootstrap")
    parser.add_argument("--most", type=int, default=120, help="loops at once")
    parser.add_argument("--add", action="store_true", help="to what the earlier slices came to")
    names = ["all", "none", *(trial.mutant for trial in TRIALS)]
    parser.add_argument("--mutants", nargs="*", choices=names, default=["all"], metavar="MUTANT")
    return parser.parse_args()


def debian13_of(given: argparse.Namespace, folder: Path) -> Path | None:
    """Where RabbitMQ 4 is, if it is asked for; made when it is not there yet."""
    if given.rabbitmq == 3:
        return None
    root = (folder / "debian-13").resolve()
    say(f"RabbitMQ 4 from {root}")
    debian13.make(root)
    return root


async def a_slice(given: argparse.Namespace, folder: Path) -> Outcome:
    """One slice."""
    with servers(debian13_of(given, folder)) as running:
        rig = Run(running, given.seed, folder)
        rig.outcome.how = {name: getattr(given, name) for name in ("minutes", "at_once", "crowd", "echo", "rabbitmq")}
        async with rig.opened():
            async with rig.flowing(given.rate, given.most, given.crowd, echo=given.echo):
                await rig.suffer(given.minutes * 60, say, given.at_once)
            say("the last fault is mended; draining")
            await rig.finish(say)
            return rig.outcome


async def the_mutants(given: argparse.Namespace) -> list[Death]:
    """The kill table of those asked for."""
    wanted = [trial for trial in TRIALS if "all" in given.mutants or trial.mutant in given.mutants]
    if not wanted:
        return []
    with servers() as running:
        return await kill_table(running, given.seed, say, tuple(wanted))


def tell(outcome: Outcome, folder: Path) -> None:
    """Everything that was found, and how many of what kind of fault there were."""
    found = outcome.verdict.faults()
    (folder / f"seed-{outcome.seed}" / "verdict.json").write_text(json.dumps(found, ensure_ascii=False, indent=1))
    for kind, lines in found.items():
        for line in lines[:SHOWN]:
            say(f"{kind}: {line}")
    for fault, reason in outcome.skipped.items():
        say(f"skipped: {fault}: {reason}")
    for fault, times in sorted(outcome.by_fault.items()):
        say(f"{times:4} × {fault}{whom(outcome.struck.get(fault, {}))}")
    for fault, times in sorted(outcome.missed.items()):
        say(f"{times:4} × {fault} struck nothing")
    for line in outcome.died_wanting:
        say(f"no finding: {line}")
    say(json.dumps(results.told(outcome), ensure_ascii=False))


def whom(struck: dict[str, int]) -> str:
    """Whom a fault has struck, as an addition to its line."""
    return f" ({', '.join(f'{name} {times}' for name, times in sorted(struck.items()))})" if struck else ""


def main() -> None:
    """Run what was asked for; exits 1 when anything is wrong or a mutant has survived."""
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # everything is taken down as usual
    for noisy in ("aio_pika", "aiormq"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    folder = Path(os.environ.get("YOUSU_VAR", "var")) / "chaos"
    file, kept = folder / "results.jsonl", folder / "mutants.jsonl"
    if given.minutes and not given.add:
        file.unlink(missing_ok=True)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if given.minutes:
            outcome = runner.run(a_slice(given, folder))
            tell(outcome, folder)
            results.add(file, outcome)
        deaths = runner.run(the_mutants(given))
    if deaths and not given.add:
        kept.unlink(missing_ok=True)
    for death in deaths:
        results.keep(kept, {**results.where(), "seed": given.seed, **asdict(death), "is_sound": death.is_sound})
    total = results.total(file)
    killed = sum(death.is_sound for death in deaths)
    last: dict[str, Any] = {**results.where(), "seed": given.seed}
    last |= {name: total[name] for name in ("faults", "messages", "lost", "doubled", "ghosts", "stuck", "drain_s")}
    for fault, times in sorted(total["by_fault"].items()):
        say(f"{times:4} × {fault}, in all slices{whom(total['struck'].get(fault, {}))}")
    last |= {"mutants_killed": killed, "mutants": len(deaths)}
    print(json.dumps(last), flush=True)
    raise SystemExit(0 if total["passed"] and killed == len(deaths) else 1)


if __name__ == "__main__":
    main()

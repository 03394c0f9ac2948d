"""python -m tests.benchmarks [BENCHMARK …] [--short]: run them, and print their figures as one JSON object."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson
import uvloop

from deploy.servers import Servers
from tests.benchmarks import floor, intake, latency, lifecycle, memory, pages, results, sweep
from tests.benchmarks.results import Figures
from tests.benchmarks.size import FULL, SHORT, Size
from tests.benchmarks.table import table
from tests.benchmarks.telling import say

KEPT = Path("/var/tmp/yousu-bench")
"""The servers' folder, where PostgreSQL's user may go: the million complaints there are not loaded again next time."""
Benchmark = Callable[[Servers, Size], Awaitable[Figures]]
BENCHMARKS: dict[str, Benchmark] = {
    "lifecycle": lifecycle.run,
    "intake": intake.run,
    "sweep": sweep.run,
    "latency": latency.run,
    "floor": floor.run,
    "memory": memory.run,
    "pages": pages.run,
}


async def measure(servers: Servers, names: list[str], size: Size) -> dict[str, Figures]:
    """The figures of these benchmarks, each kept at once; one that fails says so, and the next begins."""
    found: dict[str, Figures] = {}
    for name in names:
        say(f"== {name}")
        try:
            found[name] = await BENCHMARKS[name](servers, size)
        except Exception as error:
            traceback.print_exc()
            found[name] = {"failed": repr(error)[:500]}
        results.keep(name, found[name], short=size is SHORT)
    return found


def main() -> None:
    """Parse the command line and measure, on the servers that run already or on new ones."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], metavar="BENCHMARK", help=", ".join(BENCHMARKS))
    parser.add_argument("--short", action="store_true", help="small numbers: whether it works")
    parser.add_argument("--table", action="store_true", help="only print the table of the last full results")
    given = parser.parse_args()
    if given.table:
        print(table())
        return
    size = SHORT if given.short else FULL
    names = given.names or list(BENCHMARKS)
    running = os.environ.get("YOUSU_TEST_SERVERS")
    if running:
        found = uvloop.run(measure(Servers.attach(Path(running)), names, size))
    else:
        with Servers(KEPT) as servers:
            found = uvloop.run(measure(servers, names, size))
    print(orjson.dumps(results.contract(found)).decode(), flush=True)
    sys.exit(any("failed" in figures for figures in found.values()))


if __name__ == "__main__":
    main()

"""python -m tests.benchmarks [BENCHMARK …] [--short]: run them, and print their figures as one JSON object."""

from __future__ import annotations

import argparse
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
import uvloop

from deploy.servers import Servers
from tests.benchmarks import floor, intake, latency, lifecycle, memory, sweep
from tests.benchmarks.size import FULL, SHORT, Size
from tests.benchmarks.telling import say

Benchmark = Callable[[Servers, Size], Awaitable[Any]]
BENCHMARKS: dict[str, Benchmark] = {
    "lifecycle": lifecycle.run,
    "intake": intake.run,
    "sweep": sweep.run,
    "latency": latency.run,
    "floor": floor.run,
    "memory": memory.run,
}
KEYS = {"floor": "floor_ratio"}
"""What a benchmark's figures are called in the end, where that is another name."""


async def measure(servers: Servers, names: list[str], size: Size) -> dict[str, Any]:
    """The figures of these benchmarks."""
    figures = {}
    for name in names:
        say(f"== {name}")
        figures[KEYS.get(name, name)] = await BENCHMARKS[name](servers, size)
    return figures


def main() -> None:
    """Parse the command line and measure, on the servers that run already or on new ones."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], metavar="BENCHMARK", help=", ".join(BENCHMARKS))
    parser.add_argument("--short", action="store_true", help="small numbers, for CI")
    given = parser.parse_args()
    size = SHORT if given.short else FULL
    names = given.names or list(BENCHMARKS)
    running = os.environ.get("YOUSU_TEST_SERVERS")
    if running:
        figures = uvloop.run(measure(Servers.attach(Path(running)), names, size))
    else:
        with Servers() as servers:
            figures = uvloop.run(measure(servers, names, size))
    print(orjson.dumps(figures).decode(), flush=True)


if __name__ == "__main__":
    main()

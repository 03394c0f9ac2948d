"""What has been measured: a file under YOUSU_VAR with a line for each benchmark that has run, and the table of it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from shared.settings import settings

Figures = Mapping[str, Any]
CONTRACT = {
    "lifecycle": ("per_s", "at_1m_ratio", "events", "deliveries"),
    "intake": ("http_ratio", "batch_ratio", "bus_ratio"),
    "sweep": ("per_s", "ratio", "growth_1m_vs_10k"),
    "latency": ("p50_ms", "p99_ms"),
    "pages": ("slowest_ms", "median_ms", "ratio"),
}
"""What the last line tells of a benchmark; of `floor` its ratio, of `memory` all of it."""


def contract(found: Mapping[str, Figures]) -> dict[str, Any]:
    """The last line: of each benchmark that has figures what the contract names, or that it failed and why."""
    line: dict[str, Any] = {}
    for name, figures in found.items():
        if "failed" in figures:
            line[name] = dict(figures)
        elif name == "floor":
            line["floor_ratio"] = figures["ratio"]
        else:
            line[name] = {key: figures[key] for key in CONTRACT.get(name, figures)}
    return line


def file() -> Path:
    """Where results are kept."""
    return settings().var / "bench" / "results.jsonl"


def keep(name: str, figures: Figures, *, short: bool) -> None:
    """Add what a benchmark has come to."""
    line = {
        "benchmark": name,
        "at": time.strftime("%Y-%m-%d %H:%M", time.gmtime()),
        "machine": machine(),
        "commit": _commit(),
        "short": short,
        "figures": figures,
    }
    file().parent.mkdir(parents=True, exist_ok=True)
    with file().open("ab") as out:
        out.write(orjson.dumps(line) + b"\n")


def machine() -> str:
    """The processors and the memory."""
    cores = os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    names = [line.partition(":")[2].strip() for line in _cpuinfo() if line.startswith("model name")]
    return f"{cores} × {names[0] if names else 'unnamed processor'}, {memory:.0f} GB"


def _cpuinfo() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return []


def _commit() -> str:
    """The commit that is checked out, with a + when files differ from it; a copy without git has none."""
    here = Path(__file__).parent
    try:
        said = subprocess.run(
            ["git", "describe", "--always", "--dirty=+"],
            cwd=here,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return said.stdout.strip()


def latest() -> dict[str, dict[str, Any]]:
    """The last full run of each benchmark that came to its end."""
    lines = file().read_bytes().splitlines() if file().exists() else []
    kept = [orjson.loads(line) for line in lines]
    return {line["benchmark"]: line for line in kept if not line["short"] and "failed" not in line["figures"]}

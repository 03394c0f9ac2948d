"""What has been measured: a file under YOUSU_VAR with a line for each benchmark that has run, and the table of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from shared.settings import settings
from tests.support.measured import commit, machine

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
        "commit": commit(),
        "short": short,
        "figures": figures,
    }
    file().parent.mkdir(parents=True, exist_ok=True)
    with file().open("ab") as out:
        out.write(orjson.dumps(line) + b"\n")


def latest() -> dict[str, dict[str, Any]]:
    """The last full run of each benchmark that came to its end."""
    lines = file().read_bytes().splitlines() if file().exists() else []
    kept = [orjson.loads(line) for line in lines]
    return {line["benchmark"]: line for line in kept if not line["short"] and "failed" not in line["figures"]}

"""Telling figures: lines for whoever watches, on standard error, so that standard output ends with the JSON."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Mapping, Sequence


def say(text: str) -> None:
    """A line, at once."""
    print(text, file=sys.stderr, flush=True)


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many percent of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def shares(cpu: Mapping[str, float], per: int) -> str:
    """Processor milliseconds of each process, for one of so many."""
    total = sum(cpu.values())
    parts = " ".join(f"{name} {seconds / per * 1000:.1f}" for name, seconds in cpu.items())
    return f"{total / per * 1000:.1f} ms cpu each ({parts})"

"""What several slices come to together: a file under YOUSU_VAR, to which each slice adds its line."""

import json
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.verdict import Verdict
from tests.support.measured import commit, machine

SUMMED = ("faults", "messages", "loops", "ended")
COUNTED = ("lost", "doubled", "ghosts", "rungs", "stuck", "dead", "wrong", "away", "late")


@dataclass
class Outcome:
    """What a run came to."""

    seed: int
    faults: int = 0
    by_fault: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    """What this machine does not permit, and why."""
    loops: int = 0
    ended: int = 0
    messages: int = 0
    drain_s: float = 0.0
    during_broker_outages: dict[str, tuple[int, float | None]] = field(default_factory=dict)
    """By how the broker went: how many submissions were made meanwhile, and in what time 99 of 100 had a number."""
    during_broker_outage_p99_s: float | None = None
    how: dict[str, Any] = field(default_factory=dict)
    """What was asked for: minutes, faults at once, RabbitMQ."""
    verdict: Verdict = field(default_factory=Verdict)

    @property
    def is_clean(self) -> bool:
        """Whether the house has passed."""
        return self.verdict.is_clean


def told(outcome: Outcome) -> dict[str, Any]:
    """A slice as one line."""
    verdict = outcome.verdict.faults()
    return {
        "date": time.strftime("%Y-%m-%d"),
        "machine": machine(),
        "commit": commit(),
        **{name: value for name, value in asdict(outcome).items() if name != "verdict"},
        **{name: len(verdict[name]) for name in COUNTED},
        "undecided": outcome.verdict.undecided,
        "passed": outcome.is_clean,
    }


def add(file: Path, outcome: Outcome) -> None:
    """Add a slice."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as out:
        out.write(json.dumps(told(outcome), ensure_ascii=False) + "\n")


def total(file: Path) -> dict[str, Any]:
    """All slices of the file: sums, also by kind of fault, and the longest drain."""
    slices = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    sums = {name: sum(each[name] for each in slices) for name in (*SUMMED, *COUNTED)}
    return {
        "passed": all(each["passed"] for each in slices),
        "drain_s": max((each["drain_s"] for each in slices), default=0.0),
        "by_fault": dict(sum((Counter(each["by_fault"]) for each in slices), Counter())),
        **sums,
    }

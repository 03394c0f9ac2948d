"""What several slices come to together: a file under YOUSU_VAR, to which each slice adds its line."""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
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
    struck: dict[str, dict[str, int]] = field(default_factory=dict)
    """The same by whom it struck: a process, or the line to a server."""
    missed: dict[str, int] = field(default_factory=dict)
    """How often each kind of fault struck nothing, and is not counted."""
    skipped: dict[str, str] = field(default_factory=dict)
    """What this machine does not permit, and why."""
    loops: int = 0
    ended: int = 0
    messages: int = 0
    drain_s: float = 0.0
    during_broker_outages: dict[str, tuple[int, float | None]] = field(default_factory=dict)
    """By how the broker went: how many submissions were made meanwhile, and in what time 99 of 100 had a number."""
    during_broker_outage_p99_s: float | None = None
    died_wanting: list[str] = field(default_factory=list)
    """Processes that ended by themselves as they started, for want of a server."""
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
        **where(),
        **{name: value for name, value in asdict(outcome).items() if name != "verdict"},
        **{name: len(verdict[name]) for name in COUNTED},
        "passed": outcome.is_clean,
    }


def add(file: Path, outcome: Outcome) -> None:
    """Add a slice."""
    keep(file, told(outcome))


def keep(file: Path, what: dict[str, Any]) -> None:
    """Add a line that tells this."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as out:
        out.write(json.dumps(what, ensure_ascii=False) + "\n")


def total(file: Path) -> dict[str, Any]:
    """All slices of the file: sums, also by kind of fault, and the longest drain."""
    slices = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    sums = {name: sum(each[name] for each in slices) for name in (*SUMMED, *COUNTED)}
    return {
        "passed": all(each["passed"] for each in slices),
        "drain_s": max((each["drain_s"] for each in slices), default=0.0),
        "by_fault": dict(sum((Counter(each["by_fault"]) for each in slices), Counter())),
        "struck": _struck(slices),
        **sums,
    }


def _struck(slices: Iterable[dict[str, Any]]) -> dict[str, Counter[str]]:
    """Whom each kind of fault has struck how often; slices from before that was kept do not tell."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for each in slices:
        for fault, struck in each.get("struck", {}).items():
            found[fault] += Counter(struck)
    return dict(found)


def where() -> dict[str, str]:
    """When and where something was found, and in what."""
    return {"date": time.strftime("%Y-%m-%d"), "machine": machine(), "commit": commit()}

"""The only wall clock of the business (mechanism §5: time zone Asia/Shanghai always).

The drill clock is a file shared by all processes and read at each `now()`. It holds either an instant, at which time
stands still, or `real` with the seconds by which time runs ahead of the machine's.
"""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypedDict

from shared.settings import settings
from shared.workdays import CHINA


class DrillTime(TypedDict, total=False):
    """What the drill file holds: one of the two."""

    now: str
    ahead_seconds: float


def now() -> datetime:
    """This instant, in Asia/Shanghai; in a drill, the drill's."""
    path = settings().drill_clock
    return machine_now() if path is None else _drill_now(path)


def machine_now() -> datetime:
    """The machine's own time; for what is no business of the mechanism."""
    return datetime.now(CHINA)


def is_drill() -> bool:
    """Whether time is moved by hand here."""
    return settings().drill_clock is not None


def stands_still() -> bool:
    """Whether time passes only when somebody moves it."""
    path = settings().drill_clock
    return path is not None and "now" in _held(path)


def _drill_now(path: Path) -> datetime:
    held = _held(path)
    if "now" in held:
        return datetime.fromisoformat(held["now"]).astimezone(CHINA)
    return machine_now() + timedelta(seconds=held.get("ahead_seconds", 0))


def _held(path: Path) -> DrillTime:
    try:
        held: DrillTime = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    return held


def set_drill(instant: datetime, path: Path | None = None) -> None:
    """Let time stand still at this instant for every process of the drill; `path` is its clock, if not this one's."""
    _write({"now": instant.isoformat()}, path or settings().drill_clock)


def let_run() -> datetime:
    """Let time run again: as the machine's, or on from where it stood if that is later. Returns the time now."""
    ahead = max(timedelta(), now() - machine_now())
    _write({"ahead_seconds": ahead.total_seconds()}, settings().drill_clock)
    return now()


def _write(held: DrillTime, path: Path | None) -> None:
    if path is None:
        raise RuntimeError("there is no drill clock in this process (YOUSU_DRILL_CLOCK)")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(held))
    draft.replace(path)

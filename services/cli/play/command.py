"""The command: play a file in a house of its own, and tell what became of each complaint."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from services.cli.play.doors import Doors
from services.cli.play.playhouse import Playhouse
from services.cli.play.scenario import read
from services.cli.play.stage import play
from shared.settings import Settings

BAR = 30


async def run(file: Path, *, processes: bool, ledger: Path | None, keep: bool, given: Settings) -> list[dict[str, Any]]:
    """One line of each complaint, in the order of the file; the ledger as JSON if asked for."""
    scenes = read(file)
    if not scenes:
        return []
    begin = min(scene.reported_at for scene in scenes)
    async with Playhouse(given, begin, processes=processes, keep=keep) as house:
        lines = await play(scenes, house.doors, show_progress)
        if ledger:
            await asyncio.to_thread(ledger.write_bytes, await ledger_of(house.doors))
    return lines


async def ledger_of(doors: Doors) -> bytes:
    """The whole ledger as an auditor is given it, as JSON."""
    auditor = await doors.as_member("auditor", "sq")
    return orjson.dumps(await doors.call("GET", "/intake/api/ledger", auditor), option=orjson.OPT_INDENT_2)


def show_progress(ended: int, total: int, now: datetime) -> None:
    """A bar on standard error, where someone looks."""
    if sys.stderr.isatty():
        filled = BAR * ended // total
        end = "\n" if ended == total else ""
        bar = "█" * filled + "·" * (BAR - filled)
        print(f"\r演练样例诉求 {bar} {ended}/{total}  {now:%Y-%m-%d %H:%M}", end=end, file=sys.stderr, flush=True)

"""The stage ends a play at the first door that refuses, and says at which line of the file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from services.cli.play.doors import DoorClosed, Doors
from services.cli.play.scenario import read
from services.cli.play.stage import play
from tests.support.playing import a_few, written


class Refusing(Doors):
    """Doors behind which nobody takes a complaint."""

    async def move_clock(self, to: datetime) -> None:
        pass

    async def submit(self, submission: dict[str, Any]) -> dict[str, Any]:
        raise DoorClosed("没有渠道“fax”。")


async def test_a_door_that_refuses_ends_the_play_with_the_line_and_its_reference(tmp_path: Path) -> None:
    scenes = read(written(a_few()[:1], tmp_path))
    doors = Refusing({})
    with pytest.raises(DoorClosed, match=r"^第 1 行（CK-20260921-0003）演练到 2026-09-21 09:42 停下：没有渠道“fax”。$"):
        await play(scenes, doors)
    await doors.client.aclose()

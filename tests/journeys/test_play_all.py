"""All sample complaints through one embedded house; the ledger it leads to is nothing but what its events say."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

import orjson

from services.cli.play.command import ledger_of
from services.cli.play.doors import Doors
from services.cli.play.scenario import read
from services.cli.play.stage import play
from shared.workdays import CHINA
from tests.support.playing import Played, expected, samples, written
from tests.support.town import Town

DAYS = [date(2026, 9, 24), date(2026, 9, 30), date(2026, 10, 10), date(2026, 10, 16), date(2026, 11, 2)]


@dataclass
class Diary(Doors):
    """Doors that keep the ledger as it stands in the evening of some days."""

    evenings: list[date] = field(default_factory=lambda: list(DAYS))
    kept: dict[date, bytes] = field(default_factory=dict)

    async def move_clock(self, to: datetime) -> None:
        """Stop on the way at the end of each of these days."""
        while self.evenings and (end := datetime.combine(self.evenings[0], time(23, 59, 59), CHINA)) < to:
            await super().move_clock(end)
            self.kept[self.evenings.pop(0)] = await ledger_of(self)
        await super().move_clock(to)

    async def as_of(self, day: date) -> bytes:
        """The ledger as the house says today that it was then."""
        auditor = await self.as_member("auditor", "sq")
        rows = await self.call("GET", "/intake/api/ledger", auditor, params={"as_of": day.isoformat()})
        return orjson.dumps(rows, option=orjson.OPT_INDENT_2)


async def test_all_sample_complaints_end_as_they_must_and_the_ledger_can_be_rebuilt(tmp_path: Path) -> None:
    scenes = read(written(samples(), tmp_path))
    async with Town.at_work(tmp_path, opened=min(scene.reported_at for scene in scenes)) as town:
        doors = Diary(town.doors.origins, town.doors.client)
        played = Played(await play(scenes, doors), await ledger_of(doors))
        assert played.outcomes == expected(samples())

        administrator = await doors.as_member("administrator", "sq")
        rebuilt = await doors.call("POST", "/intake/api/ledger/rebuild", administrator, json={})
        assert rebuilt == {"rebuilt": len(scenes), "changed": 0, "next": None}
        assert await ledger_of(doors) == played.ledger

        assert list(doors.kept) == DAYS
        for day, kept in doors.kept.items():
            assert await doors.as_of(day) == kept, f"as of {day} it is what it was on that evening"

"""All sample complaints through one embedded house; the ledger it leads to is nothing but what its events say."""

from pathlib import Path

from services.cli.play.command import ledger_of
from services.cli.play.playhouse import Playhouse
from services.cli.play.scenario import read
from services.cli.play.stage import play
from shared.settings import Settings
from tests.support.playing import Played, expected, samples, written


async def test_all_sample_complaints_end_as_they_must_and_the_ledger_can_be_rebuilt(tmp_path: Path) -> None:
    scenes = read(written(samples(), tmp_path))
    async with Playhouse(Settings(), min(scene.reported_at for scene in scenes)) as house:
        played = Played(await play(scenes, house.doors), await ledger_of(house.doors))
        assert played.outcomes == expected(samples())

        administrator = await house.doors.as_member("administrator", "sq")
        rebuilt = await house.doors.call("POST", "/intake/api/ledger/rebuild", administrator, json={})
        assert rebuilt == {"rebuilt": len(scenes), "changed": 0, "next": None}
        assert await ledger_of(house.doors) == played.ledger

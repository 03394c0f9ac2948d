"""Any one of the six processes dies in the middle of a play, and is started again: nothing is lost, nothing doubled."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from services.cli.play.command import ledger_of
from services.cli.play.doors import DoorClosed, Doors
from services.cli.play.playhouse import Playhouse
from services.cli.play.scenario import read
from services.cli.play.stage import play
from shared.settings import Settings
from tests.support.kernel import until
from tests.support.playing import WITHIN, Played, Sample, a_few, expected, played_by_command, written

MOMENTS = {
    "intake": "/intake/api/submissions",
    "dispatch": "/dispatch",
    "sla": "/dispatch",
    "notify": "/reply",
    "casebook": "/follow-up",
    "directory": "/check",
}
"""After which door has answered, for the second time, each of them dies: with what was just done still on its way."""


class Dangerous(Doors):
    """Doors behind which a process dies twice, and is started again.

    Once right after something was done, and once in the middle of a move of the clock, as a rung falls due.
    """

    def __init__(self, house: Playhouse, victim: str) -> None:
        super().__init__(house.doors.origins, house.doors.client)
        self._house = house
        self._victim = victim
        self._answers = 0
        self.deaths: list[str] = []

    async def call(self, method: str, path: str, secret: str | None = None, **given: Any) -> Any:
        answer = await super().call(method, path, secret, **given)
        if path.endswith(MOMENTS[self._victim]):
            self._answers += 1
            if self._answers == 2:
                await self._die("something was done")
        return answer

    async def move_clock(self, to: datetime) -> None:
        move = asyncio.create_task(super().move_clock(to))
        if "something fell due" not in self.deaths:
            await self._die_when_it_stops(move)
        try:
            await move
        except DoorClosed:
            assert self._victim == "directory", "only who moves it may die over it"
            await super().move_clock(to)

    async def _die_when_it_stops(self, move: asyncio.Task[None]) -> None:
        """Die at the first instant on its way at which something falls due."""

        async def has_stopped() -> bool:
            return self._now().microsecond == 1 or move.done()

        await until(has_stopped, WITHIN)
        if not move.done():
            await self._die("something fell due")

    def _now(self) -> datetime:
        return datetime.fromisoformat(json.loads(self._house.clock_file.read_bytes())["now"])

    async def _die(self, when: str) -> None:
        self.deaths.append(when)
        await self._house.kill(self._victim)
        await self._house.start(self._victim)


def three() -> list[Sample]:
    """Complaints that were dispatched: one climbs the whole ladder."""
    dispatched = [sample for sample in a_few() if sample["handling"]["reply"]]
    return sorted(dispatched, key=lambda sample: len(sample["handling"]["expect"]["rungs"]), reverse=True)[:3]


@pytest.fixture(scope="module")
async def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """What comes of them where nobody dies."""
    return await played_by_command(three(), tmp_path_factory.mktemp("undisturbed"))


@pytest.mark.parametrize("victim", MOMENTS)
async def test_a_process_that_dies_loses_nothing_and_doubles_nothing(
    undisturbed: Played, victim: str, amqp_url: str, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    scenes = read(written(three(), tmp_path))
    given = Settings(amqp_url=amqp_url, database_url=database_url, redis_url=redis_url)
    async with Playhouse(given, min(scene.reported_at for scene in scenes), processes=True) as house:
        doors = Dangerous(house, victim)
        played = Played(await play(scenes, doors), await ledger_of(doors))
        assert sorted(doors.deaths) == ["something fell due", "something was done"]
    assert played.outcomes == expected(three())
    assert played.lines == undisturbed.lines
    assert played.ledger == undisturbed.ledger

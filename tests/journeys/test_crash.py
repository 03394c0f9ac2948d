"""Each of the six processes dies in the middle of a play, and is started again: nothing is lost, nothing doubled."""

import asyncio
import json
from collections import Counter
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
    "intake": ("/intake/api/submissions", 2),
    "dispatch": ("/dispatch", 2),
    "sla": ("/triage", 2),
    "notify": ("/reply", 2),
    "casebook": ("/follow-up", 2),
    "directory": ("/check", 2),
}
"""After which door has answered how often each of them dies: with what was just done still on its way."""
DONE, DUE = "something was done", "something fell due"


class Dangerous(Doors):
    """Doors behind which each process dies twice, and is started again.

    Once right after something was done, and once in the middle of a move of the clock, as a rung falls due.
    """

    def __init__(self, house: Playhouse) -> None:
        super().__init__(house.doors.origins, house.doors.client)
        self._house = house
        self._answers: Counter[str] = Counter()
        self._left = list(MOMENTS)
        self.deaths: list[tuple[str, str]] = []

    async def call(self, method: str, path: str, secret: str | None = None, **given: Any) -> Any:
        answer = await super().call(method, path, secret, **given)
        for door in {door for door, _ in MOMENTS.values() if path.endswith(door)}:
            self._answers[door] += 1
            for victim in [who for who, moment in MOMENTS.items() if moment == (door, self._answers[door])]:
                await self._die(victim, DONE)
        return answer

    async def move_clock(self, to: datetime) -> None:
        move = asyncio.create_task(super().move_clock(to))
        dead = await self._die_where_it_stops(move)
        try:
            await move
        except DoorClosed:
            assert "directory" in dead, "only who moves it may die over it"
            await super().move_clock(to)

    async def _die_where_it_stops(self, move: asyncio.Task[None]) -> list[str]:
        """Two die at each instant on its way at which something falls due, until each has."""
        stopped_at, dead = self._now(), list[str]()

        async def has_stopped() -> bool:
            return move.done() or (self._now().microsecond == 1 and self._now() != stopped_at)

        while len(self._left) and not move.done():
            await until(has_stopped, WITHIN)
            if not move.done():
                stopped_at = self._now()
                dying, self._left = self._left[:2], self._left[2:]
                await asyncio.gather(*(self._die(victim, DUE) for victim in dying))
                dead += dying
        return dead

    def _now(self) -> datetime:
        return datetime.fromisoformat(json.loads(self._house.clock_file.read_bytes())["now"])

    async def _die(self, victim: str, when: str) -> None:
        self.deaths.append((victim, when))
        process = self._house.running.pop(victim)
        process.kill()
        await process.wait()
        await self._house.start(victim)


def dispatched() -> list[Sample]:
    """Complaints that were dispatched: one climbs the whole ladder."""
    return [sample for sample in a_few() if sample["handling"]["reply"]]


@pytest.fixture(scope="module")
async def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """What comes of them where nobody dies."""
    return await played_by_command(dispatched(), tmp_path_factory.mktemp("undisturbed"))


async def test_whichever_process_dies_nothing_is_lost_and_nothing_doubled(
    undisturbed: Played, amqp_url: str, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    scenes = read(written(dispatched(), tmp_path))
    given = Settings(amqp_url=amqp_url, database_url=database_url, redis_url=redis_url)
    async with Playhouse(given, min(scene.reported_at for scene in scenes), processes=True) as house:
        doors = Dangerous(house)
        played = Played(await play(scenes, doors), await ledger_of(doors))
        assert sorted(doors.deaths) == sorted((victim, when) for victim in MOMENTS for when in (DONE, DUE))
    assert played.outcomes == expected(dispatched())
    assert played.lines == undisturbed.lines
    assert played.ledger == undisturbed.ledger

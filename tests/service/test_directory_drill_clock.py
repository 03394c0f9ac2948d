"""The drill clock's door: time is moved forward, within the years that can be counted, by one at a time."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.__main__ import build
from shared.settings import Settings, settings

BEGIN = "2026-09-21T09:00:00+08:00"


@pytest.fixture
async def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    clock_file = tmp_path / "clock.json"
    clock_file.write_text(json.dumps({"now": BEGIN}))
    monkeypatch.setenv("YOUSU_VAR", str(tmp_path))
    monkeypatch.setenv("YOUSU_DRILL_CLOCK", str(clock_file))
    settings.cache_clear()
    house = build(Settings())
    client = httpx.AsyncClient(transport=httpx.ASGITransport(house.app), base_url="http://yousu")
    async with house.app.router.lifespan_context(house.app), client:
        yield client
    settings.cache_clear()


async def moved(door: httpx.AsyncClient, to: str) -> tuple[int, str]:
    answer = await door.put("/directory/api/drill-clock", json={"now": to})
    return answer.status_code, answer.json().get("code") or answer.json()["now"]


async def test_time_goes_forward_and_never_back(door: httpx.AsyncClient) -> None:
    later = "2026-09-21T10:00:00+08:00"
    assert await moved(door, later) == (200, later)
    assert await moved(door, BEGIN) == (409, "clock-backwards")


@pytest.mark.parametrize("to", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "2100-01-01T00:00:00+08:00"])
async def test_a_year_nobody_can_count_in_is_refused_and_the_house_goes_on(door: httpx.AsyncClient, to: str) -> None:
    assert await moved(door, to) == (422, "bad-drill-time")
    assert (await moved(door, BEGIN))[0] == 200

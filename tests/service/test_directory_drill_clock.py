"""The drill clock's door: time is moved forward, within the years that can be counted, by one at a time."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from deploy.county import load_county
from services.__main__ import build
from services.directory.usecases import telling
from shared import clock
from shared.house import House
from shared.settings import Settings, settings
from tests.support.browser import forms

BEGIN = "2026-09-21T09:00:00+08:00"


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    clock_file = tmp_path / "clock.json"
    clock_file.write_text(json.dumps({"now": BEGIN}))
    monkeypatch.setenv("YOUSU_VAR", str(tmp_path))
    monkeypatch.setenv("YOUSU_DRILL_CLOCK", str(clock_file))
    settings.cache_clear()
    house = build(Settings())
    async with house.app.router.lifespan_context(house.app):
        yield house
    settings.cache_clear()


@pytest.fixture
async def door(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(house.app), base_url="http://yousu") as client:
        yield client


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


CLOCK = "/directory/drill-clock"
LOGIN = "/directory/login?next=/x"


async def shown(door: httpx.AsyncClient) -> str:
    return (await door.get(LOGIN, headers={"accept": "text/html"})).text


async def sent(door: httpx.AsyncClient, **typed: str) -> httpx.Response:
    fields = forms(await shown(door))[CLOCK] | {"now": ""} | typed
    return await door.post(CLOCK, data=fields, headers={"accept": "text/html", "origin": "http://yousu"})


@pytest.mark.parametrize(
    ("step", "to"),
    [("hour", "2026-09-21T10:00"), ("morning", "2026-09-22T08:00"), ("workday", "2026-09-22T08:30")],
)
async def test_the_bar_on_every_page_moves_time_by_a_step_and_leads_back(
    house: House, door: httpx.AsyncClient, step: str, to: str
) -> None:
    async with house.running["directory"].store.transaction() as session:
        await telling.load_county(session, load_county())
    page = await shown(door)
    assert "2026-09-21 09:00" in page
    answer = await sent(door, to=step)
    assert (answer.status_code, answer.headers["location"]) == (303, LOGIN)
    assert clock.now() == datetime.fromisoformat(f"{to}:00+08:00")
    after = await shown(door)
    assert to.replace("T", " ") in after
    assert 'name="since" value="2026-09-21T09:00:00+08:00"' in page
    assert f'name="since" value="{to}:00+08:00"' in after, "the same step again is no second click"


async def test_the_bar_takes_an_instant_of_the_house_and_refuses_the_past_and_nothing_at_all(
    door: httpx.AsyncClient,
) -> None:
    assert (await sent(door, now="2026-09-21 09:30")).status_code == 303
    assert clock.now() == datetime.fromisoformat("2026-09-21T09:30:00+08:00")
    past = await sent(door, now="2026-09-21 09:00")
    assert past.status_code == 409
    assert "只能向前拨动" in past.text
    bar = forms(past.text)[CLOCK]
    assert (bar["now"], bar["back"]) == ("2026-09-21 09:00", LOGIN), "to be put right, and to lead back"
    nothing = await door.post(CLOCK, data={"now": ""}, headers={"origin": "http://yousu"})
    assert (nothing.status_code, nothing.json()["code"]) == (422, "no-drill-time")
    assert (await sent(door, now="昨天")).status_code == 422


async def test_time_that_was_stopped_is_let_pass_again(door: httpx.AsyncClient) -> None:
    assert "时间停住" in await shown(door)
    await sent(door, to="run")
    page = await shown(door)
    assert "时间停住" not in page
    assert 'value="run"' not in page


async def test_the_bar_leads_to_no_other_site_and_takes_no_form_of_one(door: httpx.AsyncClient) -> None:
    away = await sent(door, to="hour", back="https://elsewhere.example/")
    assert away.headers["location"] == "/"
    foreign = await door.post(CLOCK, data={"to": "hour"}, headers={"origin": "https://elsewhere.example"})
    assert foreign.status_code == 403


async def test_where_time_is_the_machines_there_is_no_bar_and_no_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUSU_VAR", str(tmp_path))
    settings.cache_clear()
    house = build(Settings(), ["directory"])
    client = httpx.AsyncClient(transport=httpx.ASGITransport(house.app), base_url="http://yousu")
    async with house.app.router.lifespan_context(house.app), client:
        assert "演练" not in await shown(client)
        answer = await client.post(CLOCK, data={"to": "hour"}, headers={"origin": "http://yousu"})
        assert (answer.status_code, answer.json()["code"]) == (404, "no-drill")
    settings.cache_clear()

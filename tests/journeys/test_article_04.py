"""Art. 3, 4: where each center is found: its window, zone and coordination room (mechanism §11)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.town import ADMINISTRATOR, AUDITOR, CLERK, COORDINATOR, TOWNSHIP, Town

PLACES = "/directory/api/centers/sq/places"


def window(town: Town, **changed: Any) -> dict[str, Any]:
    """The county's window, opened last year with the complaints desk there was."""
    opened = town.at("Mon 00:00").replace(month=1, day=4).date().isoformat()
    return {
        "place": "政务服务大厅一楼北侧",
        "staff": [CLERK],
        "opened_on": opened,
        "merged_from": "“办不成事”反映窗口",
    } | changed


async def test_a_center_records_its_window_zone_and_coordination_room_with_who_works_there(town: Town) -> None:
    await town.put(COORDINATOR, f"{PLACES}/window", **window(town))
    for kind, place in (("zone", "大厅一楼东侧专区"), ("room", "大厅二楼203室")):
        await town.put(ADMINISTRATOR, f"{PLACES}/{kind}", **window(town, place=place, merged_from=None))
    found = {each["kind"]: each for each in await town.read(AUDITOR, PLACES)}
    assert set(found) == {"window", "zone", "room"}
    assert (found["window"]["staff"], found["window"]["merged_from"]) == ([CLERK], "“办不成事”反映窗口")
    assert found["room"]["place"] == "大厅二楼203室"


async def test_what_a_place_was_stays_in_the_record(town: Town) -> None:
    for place in ("一楼南侧", "一楼北侧"):
        await town.put(COORDINATOR, f"{PLACES}/window", **window(town, place=place))
    [now] = [each for each in await town.read(CLERK, PLACES) if each["kind"] == "window"]
    history = [each for each in await town.read(CLERK, PLACES, history=True) if each["kind"] == "window"]
    assert (now["place"], now["by"]) == ("一楼北侧", COORDINATOR)
    assert [each["place"] for each in history[:2]] == ["一楼北侧", "一楼南侧"]
    assert history[0]["revision"] == history[1]["revision"] + 1


@pytest.mark.parametrize(
    ("changed", "kind", "code"),
    [
        ({"staff": []}, "window", "invalid staff"),
        ({"staff": ["nobody", CLERK]}, "window", "invalid staff.0"),
        ({"staff": [f"clerk-{TOWNSHIP}"]}, "window", "invalid staff.0"),
        ({"place": " "}, "window", "invalid place"),
        ({"opened_on": "2099-01-01"}, "window", "invalid opened_on"),
        ({}, "room", "invalid merged_from"),
    ],
)
async def test_a_place_says_truly_where_it_is_who_works_there_and_since_when(
    town: Town, changed: dict[str, Any], kind: str, code: str
) -> None:
    answer = await town.ask(COORDINATOR, "PUT", f"{PLACES}/{kind}", json=window(town, **changed))
    problem = answer.json()
    assert answer.status_code == 422
    assert " ".join([problem["code"], *(fault["field"] for fault in problem["errors"])]) == code


async def test_a_center_records_its_own_places_and_a_clerk_none(town: Town) -> None:
    for who, status in ((CLERK, 403), (f"coordinator-{TOWNSHIP}", 403)):
        answer = await town.ask(who, "PUT", f"{PLACES}/window", json=window(town))
        assert answer.status_code == status
    unknown = await town.ask(ADMINISTRATOR, "PUT", "/directory/api/centers/sq-none/places/window", json=window(town))
    assert unknown.json()["code"] == "no-such-center"

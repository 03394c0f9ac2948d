"""Art. 3, 4: where each center is found (mechanism §11), and who works there, each with a login of one's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from deploy.county import SAMPLE_PASSWORD
from shared import clock
from shared.security import totp
from shared.settings import settings
from tests.support.browser import forms
from tests.support.cases import CASES, submitted
from tests.support.town import ADMINISTRATOR, AUDITOR, CLERK, COORDINATOR, EDITOR, TOWNSHIP, Town, refusal
from tests.support.workbooks import EXCEL, table, with_parts

PLACES = "/directory/api/centers/sq/places"
FACTS, IMPORTS, LIVE = "/directory/api/facts", "/directory/imports", "/intake/fragments/live"
LOGIN, ACCOUNT = "/directory/login", "/directory/account"
PASSWORD, FACTOR = f"{ACCOUNT}/password", f"{ACCOUNT}/second-factor"
SOMEBODY = f"clerk-{TOWNSHIP}"


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


async def test_what_the_directory_does_not_keep_is_not_found_there(town: Town) -> None:
    assert await town.not_told(AUDITOR, f"{FACTS}/whim") == "no-such-kind"


HEADS = ("所属中心", "代码", "全称", "简称")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no-file"),
        (b"center,code", "no-workbook"),
        (b"PK\x03\x04" + bytes(2 * 1024 * 1024), "file-too-big"),
        (with_parts(table(HEADS), {"xl/vbaProject.bin": b"x"}), "not-plain"),
        (table(("名字", "备注"), ("县水利局", "")), "wrong-headings"),
        (table(HEADS), "no-rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_no_sheet_of_its_kind_is_not_read(town: Town, content: bytes, code: str) -> None:
    sheet = {"file": ("导入.xlsx", content, EXCEL)}
    refused = await town.not_taken(ADMINISTRATOR, IMPORTS, sheet, kind="department")
    assert set(refused.split()) == {code, "file"}


async def test_of_a_sheet_with_one_wrong_row_nothing_is_entered(town: Town) -> None:
    good = ("sq", "dasj", "沈丘县档案史志局", "档案史志局")
    sheet = {"file": ("导入.xlsx", table(HEADS, good, ("sq", "", "无", "无")), EXCEL)}
    assert await town.not_taken(ADMINISTRATOR, IMPORTS, sheet, kind="department") == "bad-rows"
    assert "dasj" not in {each["code"] for each in await town.read(AUDITOR, f"{FACTS}/department")}


@pytest.fixture
async def own(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody of the township, logged in by a session of this test's own."""
    transport = httpx.ASGITransport(app=town.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://town") as client:
        given = {"username": SOMEBODY, "password": SAMPLE_PASSWORD}
        token = (await client.post("/directory/api/login", json=given)).json()["token"]
        client.headers["authorization"] = f"Bearer {token}"
        yield client


async def test_one_changes_ones_own_password_by_the_old_one_and_to_another(own: httpx.AsyncClient) -> None:
    wrong = {"old": "Alter-Mond-2022", "new": "Neuer-Mond-2022"}
    assert refusal(await own.post(PASSWORD, data=wrong)) == "wrong-password old"
    same = {"old": SAMPLE_PASSWORD, "new": SAMPLE_PASSWORD}
    assert refusal(await own.post(PASSWORD, data=same)) == "same-password new"


async def test_a_second_factor_counts_once_a_code_of_it_was_shown_and_is_stopped_by_one(
    town: Town, own: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal(await own.post(f"{FACTOR}/confirm", data={"code": "000000"})) == "nothing-offered"
    await own.post(FACTOR)
    page = await own.get(ACCOUNT)
    secret = page.text.partition('class="secret">')[2].partition("<")[0].replace(" ", "")  # it is read in fours
    assert refusal(await own.post(f"{FACTOR}/confirm", data={"code": "000"})) == "wrong-code code"
    step = totp.step_of(clock.machine_now().timestamp())
    confirmed = await own.post(f"{FACTOR}/confirm", data={"code": totp.code_of(secret, step)})
    ended, own.headers["authorization"] = own.headers["authorization"], ""
    assert refusal(await own.get(ACCOUNT, headers={"authorization": ended})) == "session-ended"
    own.cookies.clear()
    half_way = await own.post(LOGIN, data={"username": SOMEBODY, "password": SAMPLE_PASSWORD})
    code_form = forms(half_way.text)[f"{LOGIN}/code"]
    assert refusal(await own.post(f"{LOGIN}/code", data=code_form | {"code": "000000"})) == "wrong-code code"
    assert refusal(await own.post(f"{LOGIN}/code", data=code_form | {"mark": "x", "code": "000000"})) == "too-late"
    own.headers["authorization"] = f"Bearer {confirmed.cookies['yousu_session']}"
    assert refusal(await own.post(FACTOR)) == "has-second-factor"
    assert refusal(await own.post(f"{FACTOR}/stop", data={"code": "000000"})) == "wrong-code code"
    monkeypatch.setenv("YOUSU_SECOND_FACTOR_ROLES", "clerk")
    settings.cache_clear()
    assert refusal(await own.post(f"{FACTOR}/stop", data={"code": "000000"})) == "second-factor-wanted"
    monkeypatch.undo()
    settings.cache_clear()
    await town.ask(ADMINISTRATOR, "POST", f"/directory/api/members/{SOMEBODY}/second-factor/reset")


async def test_who_guesses_passwords_waits(town: Town) -> None:
    guess = {"username": f"head-{TOWNSHIP}", "password": "falsch"}
    said = [await town.refused(None, "/directory/api/login", **guess) for _ in range(settings().login_tries + 1)]
    assert (said[0], said[-1]) == ("wrong-login", "too-many-tries")


async def test_what_keeps_a_page_fresh_is_no_page_itself(town: Town) -> None:
    assert await town.not_told(CLERK, LIVE) == "only-a-stream"


async def test_who_wrote_a_case_and_has_become_an_approver_since_leaves_it_to_another(town: Town) -> None:
    case_id = await submitted(town)
    [editor] = [each for each in await town.read(ADMINISTRATOR, f"{FACTS}/member") if each["code"] == EDITOR]
    fact = {"kind": "member", "code": EDITOR, "name": editor["name"], "center": "sq", "role": "case_approver"}
    await town.put(ADMINISTRATOR, FACTS, fact=fact, revision=editor["revision"], reason="岗位调整。")
    login = await town.do(None, "/directory/api/login", username=EDITOR, password=SAMPLE_PASSWORD)
    headers = {"authorization": f"Bearer {login['token']}"}
    answer = await town.ask(None, "POST", f"{CASES}/{case_id}/approve", json={}, headers=headers)
    assert refusal(answer) == "own-case"

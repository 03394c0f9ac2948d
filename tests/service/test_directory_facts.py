"""What an administrator does with what there is: enter, correct, retire, restore; with versions, history, refusals."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.directory.app import service
from services.directory.usecases import telling
from shared.events.directory import ChannelChanged, DirectoryFact, MemberChanged, UnitChanged
from shared.security.roles import Actor, Role
from tests.support.alone import Alone
from tests.support.county import a_few_of_the_county

ADMINISTRATOR = Actor("admin", "管理员", Role.ADMINISTRATOR, "sq")
CLERK = Actor("clerk-sq", "张敏", Role.CLERK, "sq")
BUREAU = {"kind": "department", "center": "sq", "code": "dasj", "name": "沈丘县档案史志局", "short_name": "档案史志局"}
WANG = {"kind": "member", "code": "wang", "name": "王磊", "role": "clerk", "center": "sq"}


@pytest.fixture
async def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 09:00")
        await alone.do(lambda session: telling.load_county(session, a_few_of_the_county()))
        yield alone


async def done(directory: Alone, method: str, path: str, **given: Any) -> Any:
    answer = await directory.ask(method, path, ADMINISTRATOR, json=given)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


async def refused(directory: Alone, method: str, path: str, **given: Any) -> str:
    """The code of the refusal, and the fields at fault; every sentence is Chinese, and a whole one."""
    answer = await directory.ask(method, path, ADMINISTRATOR, json=given)
    assert answer.is_client_error, answer.text
    problem = answer.json()
    for sentence in (problem["detail"], *(fault["message"] for fault in problem.get("errors", []))):
        assert sentence.endswith("。"), problem
        assert not sentence.isascii(), problem
    return " ".join([problem["code"], *(fault["field"] for fault in problem.get("errors", []))])


async def fact(directory: Alone, kind: str, key: str) -> dict[str, Any]:
    [found] = [each for each in await done(directory, "GET", f"facts/{kind}") if each["key"] == key]
    return dict(found)


def switch(kind: str, key: str, revision: int = 1) -> dict[str, Any]:
    return {"kind": kind, "key": key, "revision": revision, "reason": "机构改革。"}


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"kind": "center", "code": "sq-new", "name": "新区中心", "parent": "sq", "area_code": "0394"}, "sq-new"),
        (BUREAU, "sq/dasj"),
        ({"kind": "unit", "name": "沈丘县气象局", "way": "refer", "phone": "12121"}, "沈丘县气象局"),
        ({"kind": "liaison", "center": "sq", "code": "jw", "name": "陈立", "organ": "县纪委监委"}, "sq/jw"),
        (WANG, "wang"),
        ({"kind": "channel", "code": "wechat", "name": "微信小程序"}, "wechat"),
        ({"kind": "partner", "code": "department.sq.zrzy", "name": "自然资源局"}, "department.sq.zrzy"),
    ],
    ids=lambda given: given["kind"] if isinstance(given, dict) else "",
)
async def test_a_fact_is_entered_corrected_retired_and_restored_each_time_with_a_version(
    directory: Alone, given: dict[str, Any], key: str
) -> None:
    before = len(await directory.told())
    entered = await done(directory, "POST", "facts", **given)
    assert (entered["key"], entered["revision"], entered["active"]) == (key, 1, True)
    other = {"phone": "12122"} if given["kind"] == "unit" else {"name": f"{given['name']}（新）"}
    corrected = await done(directory, "PUT", "facts", fact=given | other, revision=1, reason="名称变更。")
    assert corrected["revision"] == 2
    assert not (await done(directory, "POST", "facts/retire", **switch(given["kind"], key, 2)))["active"]
    assert (await done(directory, "POST", "facts/restore", **switch(given["kind"], key, 3)))["active"]
    told = (await directory.told())[before:]
    assert [(event.subject, event.revision) for event in told if isinstance(event, DirectoryFact)] == [
        (key, n) for n in (1, 2, 3, 4)
    ]
    history = (await directory.ask("GET", f"facts/{given['kind']}/history", ADMINISTRATOR, params={"key": key})).json()
    assert [(change["revision"], change["by"], change["reason"]) for change in history] == [
        (4, "admin", "机构改革。"),
        (3, "admin", "机构改革。"),
        (2, "admin", "名称变更。"),
        (1, "admin", "新增"),
    ]
    assert not any("key_hash" in change["fact"] for change in history)


async def test_only_an_administrator_changes_the_directory(directory: Alone) -> None:
    for method, path in (("POST", "facts"), ("POST", "facts/retire"), ("POST", "local-days")):
        assert (await directory.ask(method, path, CLERK, json={})).status_code == 403


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        (BUREAU | {"center": "sq-none"}, "invalid center"),
        (BUREAU | {"code": "DAS"}, "invalid department.code"),
        (BUREAU | {"level": "county"}, "invalid department.level"),
        (WANG | {"role": "officer"}, "invalid department"),
        (WANG | {"department": "zrzy"}, "invalid department"),
        (WANG | {"role": "officer", "department": "none"}, "invalid department"),
        (WANG | {"role": "public", "center": "none"}, "invalid center role"),
        ({"kind": "center", "code": "sq2", "name": "二号", "area_code": "0394"}, "invalid parent"),
        ({"kind": "center", "code": "a", "name": "乙", "parent": "sq-fujing", "area_code": "0394"}, "invalid parent"),
        ({"kind": "center", "code": "a", "name": "乙", "parent": "sq", "area_code": "394"}, "invalid center.area_code"),
        ({"kind": "partner", "code": "department.sq.none", "name": "无"}, "invalid code"),
        ({"kind": "partner", "code": "feedback.none", "name": "无"}, "invalid code"),
        ({"kind": "partner", "code": "mailbox.sq", "name": "无"}, "invalid code"),
        ({"kind": "planet", "name": "火星"}, "invalid body"),
    ],
)
async def test_a_fact_that_does_not_fit_is_refused_with_every_fault(
    directory: Alone, given: dict[str, Any], faults: str
) -> None:
    before = len(await directory.told())
    assert await refused(directory, "POST", "facts", **given) == faults
    assert len(await directory.told()) == before


async def test_what_is_there_is_not_entered_twice(directory: Alone) -> None:
    await done(directory, "POST", "facts", **BUREAU)
    assert await refused(directory, "POST", "facts", **BUREAU) == "already-there"


async def test_what_somebody_else_has_changed_meanwhile_is_not_overwritten(directory: Alone) -> None:
    await done(directory, "POST", "facts", **BUREAU)
    assert await refused(directory, "PUT", "facts", fact=BUREAU, revision=7, reason="更名。") == "changed-meanwhile"
    assert await refused(directory, "POST", "facts/retire", **switch("department", "sq/dasj", 2)) == "changed-meanwhile"
    assert await refused(directory, "POST", "facts/retire", **switch("department", "sq/none")) == "no-such-fact"


@pytest.mark.parametrize(("kind", "key"), [("center", "sq-fujing"), ("center", "sq"), ("department", "sq/zrzy")])
async def test_what_others_lean_on_is_not_retired_before_them(directory: Alone, kind: str, key: str) -> None:
    assert (await refused(directory, "POST", "facts/retire", **switch(kind, key))).startswith("still-needed code")


async def test_who_is_retired_reads_in_its_own_queue_what_becomes_of_what_it_has_sent(directory: Alone) -> None:
    given = {"kind": "channel", "code": "wechat", "name": "微信公众号"}, {"code": "feedback.wechat", "name": "微信回执"}
    await done(directory, "POST", "facts", **given[0])
    await done(directory, "POST", "facts", kind="partner", **given[1])
    await done(directory, "POST", "facts/retire", **switch("channel", "wechat"))
    partners = await done(directory, "GET", "facts/partner")
    assert [each["active"] for each in partners if each["code"] == "feedback.wechat"] == [True]


async def test_what_stands_on_something_retired_is_not_restored(directory: Alone) -> None:
    await done(directory, "POST", "facts", **BUREAU)
    officer = WANG | {"role": "officer", "department": "dasj"}
    await done(directory, "POST", "facts", **officer)
    assert await refused(directory, "POST", "facts/retire", **switch("department", "sq/dasj")) == "still-needed code"
    await done(directory, "POST", "facts/retire", **switch("member", "wang"))
    await done(directory, "POST", "facts/retire", **switch("department", "sq/dasj"))
    assert await refused(directory, "POST", "facts/restore", **switch("member", "wang", 2)) == "invalid department"


async def test_the_last_administrator_stays(directory: Alone) -> None:
    assert await refused(directory, "POST", "facts/retire", **switch("member", "admin")) == "not-oneself"
    clerk = {"kind": "member", "code": "admin", "name": "管理员", "role": "clerk", "center": "sq"}
    assert await refused(directory, "PUT", "facts", fact=clerk, revision=1, reason="调岗。") == "last-administrator"


async def test_a_member_logs_in_with_the_password_that_was_set_until_it_is_retired(directory: Alone) -> None:
    await done(directory, "POST", "facts", **WANG)
    login = {"username": "wang", "password": "有诉即办沈丘-2026"}
    assert await refused(directory, "POST", "login", **login) == "wrong-login"
    await done(directory, "PUT", "members/wang/password", password=login["password"])
    token = (await done(directory, "POST", "login", **login))["token"]
    headers = {"authorization": f"Bearer {token}"}
    assert (await directory.ask("GET", "facts/unit", headers=headers)).status_code == 403, "it is to be changed first"
    await done(directory, "POST", "facts/retire", **switch("member", "wang"))
    assert (await directory.ask("GET", "facts/unit", headers=headers)).status_code == 401, "its session has ended"
    assert await refused(directory, "POST", "login", **login) == "wrong-login"


@pytest.mark.parametrize("password", ["short-1", "abcdefghijk", "12345678901", "Clerk-sq-2026"])
async def test_a_poor_password_is_refused(directory: Alone, password: str) -> None:
    path = "members/clerk-sq/password"
    assert (await refused(directory, "PUT", path, password=password)).startswith("weak-password password")
    for username, code in (("nobody", "no-such-fact"), ("admin", "not-oneself")):
        path = f"members/{username}/password"
        assert await refused(directory, "PUT", path, password="aufgehender-Mond-7") == code


async def test_a_new_key_of_a_channel_is_told_once_and_the_old_one_opens_nothing(directory: Alone) -> None:
    given = await done(directory, "POST", "channels/web/key", reason="原密钥泄露。")
    headers = {"authorization": f"Bearer {given['key']}"}
    assert (await directory.ask("GET", "facts/unit", headers=headers)).status_code == 403, (
        "a channel reads nothing here"
    )
    old = {"authorization": "Bearer sample-web"}
    assert (await directory.ask("GET", "facts/unit", headers=old)).status_code == 401
    [told] = [event for event in await directory.told() if isinstance(event, ChannelChanged) and event.revision == 2]
    assert given["key"] not in told.to_wire().decode()
    assert await refused(directory, "POST", "channels/none/key", reason="无。") == "no-such-fact"


async def test_the_sample_county_has_its_units_and_its_history(directory: Alone) -> None:
    units = {event.subject for event in await directory.told() if isinstance(event, UnitChanged)}
    assert units == {unit.name for unit in a_few_of_the_county().units}
    members = [event for event in await directory.told() if isinstance(event, MemberChanged)]
    history = await directory.ask("GET", "facts/member/history", ADMINISTRATOR, params={"key": members[0].subject})
    assert [(change["revision"], change["by"]) for change in history.json()] == [(1, "")]
    assert (await fact(directory, "department", "sq/zrzy"))["code"] == "zrzy"

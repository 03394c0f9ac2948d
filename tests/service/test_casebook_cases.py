"""Guidance cases from a draft to the public and out of it (Art. 11), at the doors of casebook."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.casebook.app import service
from shared.events.casebook import (
    CaseApproved,
    CaseCited,
    CasePublished,
    CaseReplaced,
    CaseReturned,
    CaseSubmitted,
    CaseWithdrawn,
)
from shared.ids import new_id
from tests.support.alone import Alone
from tests.support.casebook import (
    APPROVER,
    CLERK,
    EDITOR,
    SWJ,
    TOWNSHIP,
    WHOLE,
    ZRZY,
    approved,
    ask,
    confirmed,
    found,
    published,
    refused,
    staffed,
    step,
    written,
)


@pytest.fixture
async def casebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        await staffed(alone)
        yield alone


def everything_written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("casebook.sqlite3*"))


async def test_a_case_goes_from_draft_to_public_by_two_people(casebook: Alone) -> None:
    case_id = await published(casebook)
    told = await casebook.told()
    assert [type(event) for event in told] == [CaseSubmitted, CaseApproved, CasePublished]
    assert {event.subject for event in told} == {case_id}
    inside = await ask(casebook, EDITOR, "GET", f"cases/{case_id}")
    assert [review["step"] for review in inside["reviews"]] == ["confirm", "submit", "approve", "publish"]
    assert (inside["author"], inside["approver"], inside["confirmed_by"]) == ("deng", "peng", "deng")
    public = await ask(casebook, None, "GET", f"cases/{case_id}")
    assert (public["state"], public["author"], public["reviews"], public["struck"]) == ("published", None, [], [])
    assert [case["id"] for case in await ask(casebook, None, "GET", "cases")] == [case_id]


async def test_a_return_undoes_the_approval_and_goes_back_to_the_editor(casebook: Alone) -> None:
    case_id = await approved(casebook, departments=["sq/zrzy"])
    await step(casebook, ZRZY, case_id, "cosign")
    await step(casebook, APPROVER, case_id, "return", remark="请补依据")
    returned = (await casebook.told())[-1]
    assert isinstance(returned, CaseReturned)
    assert (returned.reason, returned.office) == ("请补依据", "sq")
    case = await ask(casebook, EDITOR, "GET", f"cases/{case_id}")
    assert (case["state"], case["approver"], case["signatures"]) == ("returned", None, [])


async def test_every_department_signs_before_a_joint_case_is_published(casebook: Alone) -> None:
    case_id = await approved(casebook, departments=["sq/zrzy", "sq/swj", "sq/zrzy"])
    told = (await casebook.told())[-1]
    assert isinstance(told, CaseApproved)
    assert told.cosigners == ["sq/zrzy", "sq/swj"]
    assert [case["id"] for case in await ask(casebook, ZRZY, "GET", "cases")] == [case_id]
    for officer in (ZRZY, SWJ):
        assert await refused(casebook, APPROVER, "POST", f"cases/{case_id}/publish", json={}) == "not-cosigned"
        await step(casebook, officer, case_id, "cosign")
        assert await refused(casebook, officer, "POST", f"cases/{case_id}/cosign") == "signed-already"
    await step(casebook, APPROVER, case_id, "publish")
    assert (await ask(casebook, None, "GET", f"cases/{case_id}"))["departments"] == ["sq/zrzy", "sq/swj"]


async def test_a_department_that_was_not_named_neither_sees_nor_signs(casebook: Alone) -> None:
    case_id = await approved(casebook, departments=["sq/zrzy"])
    assert await refused(casebook, SWJ, "POST", f"cases/{case_id}/cosign") == "not-named"
    assert await refused(casebook, SWJ, "GET", f"cases/{case_id}") == "no-such-case"
    assert await ask(casebook, SWJ, "GET", "cases") == []


async def test_departments_that_do_not_exist_are_refused(casebook: Alone) -> None:
    answer = await refused(casebook, EDITOR, "POST", "cases", json=WHOLE | {"departments": ["sq/none"]})
    assert answer == "no-such-department departments"


async def test_what_was_struck_is_shown_masked_and_confirmed_anew_after_an_edit(casebook: Alone) -> None:
    problem = "我叫孙巧玲，电话19900001001，柜台的邓玉兰不收，李四也不收。"
    case_id = await written(casebook, problem=problem, also=["李四"])
    case = await ask(casebook, EDITOR, "GET", f"cases/{case_id}")
    assert case["problem"] == "我叫某某，电话〔电话已隐去〕，柜台的某某不收，〔已隐去〕也不收。"
    assert [(each["kind"], each["found"]) for each in case["struck"]] == [
        ("name", "孙**"), ("phone", "199****1001"), ("name", "邓**"), ("named", "***"),
    ]  # fmt: skip
    for each in case["struck"]:
        assert case[each["field"]][each["at"] :].startswith(each["instead"])
    path = f"cases/{case_id}"
    assert await refused(casebook, EDITOR, "POST", f"{path}/submit", json={}) == "not-confirmed"
    assert await refused(casebook, EDITOR, "POST", f"{path}/confirm", json={"revision": 7}) == "changed-meanwhile"
    await confirmed(casebook, case_id)
    edited = await ask(casebook, EDITOR, "PUT", path, json=WHOLE | {"problem": "来件：" + case["problem"]})
    assert await refused(casebook, EDITOR, "POST", f"{path}/submit", json={}) == "not-confirmed"
    again = await ask(casebook, EDITOR, "GET", path)
    assert [each["at"] - 3 for each in again["struck"]] == [each["at"] for each in case["struck"]]
    assert [each["found"] for each in again["struck"]] == [each["found"] for each in case["struck"]]
    await step(casebook, EDITOR, case_id, "confirm", revision=edited["revision"])
    await step(casebook, EDITOR, case_id, "submit")


async def test_a_preview_shows_its_writer_what_would_be_struck_and_keeps_nothing(
    casebook: Alone, tmp_path: Path
) -> None:
    given = WHOLE | {"problem": "我叫孙巧玲，窗口电话0394-5000123", "keep": ["0394-5000123"]}
    shown = await ask(casebook, EDITOR, "POST", "cases/preview", json=given)
    assert shown["problem"] == "我叫某某，窗口电话0394-5000123"
    [name] = shown["struck"]
    assert (name["found"], name["instead"], name["at"], name["certain"]) == ("孙巧玲", "某某", 2, True)
    await written(casebook, problem="我叫孙巧玲，")
    assert "孙巧玲".encode() not in everything_written(tmp_path)


async def test_a_public_case_is_changed_only_by_a_newer_one(casebook: Alone) -> None:
    old = await published(casebook)
    assert await refused(casebook, EDITOR, "PUT", f"cases/{old}", json=WHOLE) == "not-now"
    newer = await ask(casebook, EDITOR, "POST", f"cases/{old}/revise", 201)
    assert (newer["state"], newer["replaces"], newer["problem"]) == ("draft", old, "问题")
    assert await refused(casebook, EDITOR, "POST", f"cases/{old}/revise") == "revised-already"
    await ask(casebook, EDITOR, "PUT", f"cases/{newer['id']}", json=WHOLE | {"title": "集资房办证新规"})
    assert await found(casebook, "集资房办证") == [old]
    await published(casebook, newer["id"])
    assert await found(casebook, "集资房办证") == [newer["id"]]
    told = (await casebook.told())[-1]
    assert isinstance(told, CaseReplaced)
    assert (told.subject, told.newer) == (old, newer["id"])
    replaced = await ask(casebook, None, "GET", f"cases/{old}")
    assert (replaced["state"], replaced["replaced_by"]) == ("replaced", newer["id"])
    for case_id in (old, newer["id"]):
        versions = await ask(casebook, None, "GET", f"cases/{case_id}/versions")
        assert [case["id"] for case in versions] == [old, newer["id"]]
    assert await refused(casebook, EDITOR, "POST", f"cases/{old}/revise") == "not-now"


async def test_versions_that_are_not_public_are_shown_to_nobody_else(casebook: Alone) -> None:
    old = await published(casebook)
    newer = await ask(casebook, EDITOR, "POST", f"cases/{old}/revise", 201)
    assert [case["id"] for case in await ask(casebook, None, "GET", f"cases/{old}/versions")] == [old]
    assert await refused(casebook, None, "GET", f"cases/{newer['id']}/versions") == "no-such-case"


async def test_a_newer_case_stands_alone_where_the_older_was_withdrawn(casebook: Alone) -> None:
    old = await published(casebook)
    newer = (await ask(casebook, EDITOR, "POST", f"cases/{old}/revise", 201))["id"]
    await step(casebook, APPROVER, old, "withdraw", remark="政策已变")
    await published(casebook, newer)
    assert (await ask(casebook, EDITOR, "GET", f"cases/{old}"))["state"] == "withdrawn"
    assert await found(casebook, "集资房") == [newer]


async def test_a_withdrawn_case_is_found_no_more(casebook: Alone) -> None:
    case_id = await published(casebook)
    assert await found(casebook, "集资房") == [case_id]
    await step(casebook, APPROVER, case_id, "withdraw", remark="政策已变")
    assert await found(casebook, "集资房") == []
    assert await refused(casebook, None, "GET", f"cases/{case_id}") == "no-such-case"
    told = (await casebook.told())[-1]
    assert isinstance(told, CaseWithdrawn)
    assert told.reason == "政策已变"


async def test_a_case_is_cited_once_for_each_complaint(casebook: Alone) -> None:
    often, seldom = await published(casebook), await published(casebook, title="集资房办证二")
    one, other = new_id(), new_id()
    for actor, complaint in ((CLERK, one), (ZRZY, one), (TOWNSHIP, other)):
        answer = await step(casebook, actor, often, "cite", complaint_id=complaint)
    assert answer == {"citations": 2}
    await step(casebook, CLERK, seldom, "cite", complaint_id=one)
    cited = [event for event in await casebook.told() if isinstance(event, CaseCited)]
    assert [(event.subject, event.complaint_id, event.by) for event in cited] == [
        (often, one, "wang"), (often, other, "qi"), (seldom, one, "wang"),
    ]  # fmt: skip
    most = await ask(casebook, None, "GET", "cases/most-cited")
    assert [(case["id"], case["citations"]) for case in most] == [(often, 2), (seldom, 1)]


async def test_only_a_public_case_is_cited_and_only_by_those_who_handle_complaints(casebook: Alone) -> None:
    draft, public = await written(casebook), await published(casebook)
    given = {"complaint_id": new_id()}
    assert await refused(casebook, CLERK, "POST", f"cases/{draft}/cite", json=given) == "not-now"
    assert await refused(casebook, APPROVER, "POST", f"cases/{public}/cite", json=given) == "not-allowed"
    assert await refused(casebook, CLERK, "POST", f"cases/{new_id()}/cite", json=given) == "no-such-case"


async def test_a_center_writes_its_own_cases_only(casebook: Alone) -> None:
    case_id = await written(casebook)
    assert await refused(casebook, TOWNSHIP, "PUT", f"cases/{case_id}", json=WHOLE) == "other-center"
    assert await refused(casebook, TOWNSHIP, "POST", f"cases/{case_id}/submit", json={}) == "not-confirmed"
    assert await refused(casebook, CLERK, "POST", "cases", json=WHOLE) == "not-allowed"
    assert await refused(casebook, APPROVER, "POST", f"cases/{new_id()}/approve", json={}) == "no-such-case"
    assert await refused(casebook, TOWNSHIP, "GET", f"cases/{case_id}") == "no-such-case"
    theirs = await written(casebook, TOWNSHIP)
    await ask(casebook, EDITOR, "PUT", f"cases/{theirs}", json=WHOLE)


async def test_the_approver_sees_what_was_submitted_and_no_drafts(casebook: Alone) -> None:
    drafted, submitted = [await written(casebook, TOWNSHIP) for _ in range(2)]
    await confirmed(casebook, submitted, TOWNSHIP)
    await step(casebook, TOWNSHIP, submitted, "submit")
    assert [case["id"] for case in await ask(casebook, APPROVER, "GET", "cases")] == [submitted]
    assert await refused(casebook, APPROVER, "GET", f"cases/{drafted}") == "no-such-case"


async def test_of_two_who_edit_at_once_the_second_is_told(casebook: Alone) -> None:
    case_id = await written(casebook)
    given = WHOLE | {"revision": 1}
    await ask(casebook, EDITOR, "PUT", f"cases/{case_id}", json=given)
    assert await refused(casebook, EDITOR, "PUT", f"cases/{case_id}", json=given) == "changed-meanwhile"


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"title": "", "problem": "x" * 5001}, ["title", "problem"]),
        ({"title": "题目\u0000", "problem": "问题"}, ["title"]),
        ({"problem": 5}, ["problem"]),
        ({"title": "题目", "problem": "问题", "departments": ["x"]}, ["departments.0"]),
    ],
)
async def test_every_fault_in_a_case_is_named(casebook: Alone, given: Any, fields: list[str]) -> None:
    answer = await ask(casebook, EDITOR, "POST", "cases", 422, json=given)
    assert [fault["field"] for fault in answer["errors"]] == fields


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"title": "题目"}, "no-source mechanism"),
        ({"title": "题目", "mechanism": "好差评", "complaint_id": "c"}, "no-source mechanism"),
        ({"mechanism": "好差评"}, "no-text title"),
        ({"complaint_id": "c"}, "not-typical"),
    ],
)
async def test_a_case_has_one_source_that_is_named(casebook: Alone, given: Any, answer: str) -> None:
    assert await refused(casebook, EDITOR, "POST", "cases", json=given) == answer

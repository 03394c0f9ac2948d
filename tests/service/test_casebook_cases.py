"""Guidance cases from a closed complaint to the public (Art. 11), at the doors of casebook."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.casebook.app import service
from services.casebook.consumers import consumer
from shared.events.casebook import CasePublished
from shared.events.dispatch import Final, OrderClosed
from shared.events.intake import Triage
from shared.ids import new_id
from shared.security.roles import Actor, Role
from tests.support.alone import Alone, at

EDITOR = Actor("deng", "邓", Role.CASE_EDITOR, "sq")
TOWNSHIP = Actor("qi", "齐", Role.COORDINATOR, "sq-zhidian")
APPROVER = Actor("peng", "彭", Role.CASE_APPROVER, "sq")
CLERK = Actor("wang", "王", Role.CLERK, "sq")
WHOLE = {"title": "集资房办证", "problem": "问题", "method": "会商", "steps": "一、二", "conclusion": "已办"}
DATA = json.loads((Path(__file__).parents[1] / "data" / "cases.json").read_text())


@pytest.fixture
async def casebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 10:00")
        yield alone


def closed(subject: str, *, typical: bool = True) -> OrderClosed:
    return OrderClosed(
        at=at("11-23 09:00"), center="sq", subject=subject, revision=9, final=Final.ZEROED, number="SQ-2026-0001",
        triage=Triage.HARD, redo=0, overdue=False, problem="老楼办不下房产证。电话19900001001", result="容缺受理。",
        typical=typical, by="ma",
    )  # fmt: skip


async def ask(casebook: Alone, actor: Actor | None, method: str, path: str, status: int = 200, **given: Any) -> Any:
    answer = await casebook.ask(method, f"cases{path}", actor, **given)
    assert answer.status_code == status, answer.text
    return answer.json()


async def step(casebook: Alone, actor: Actor, case_id: str, name: str, status: int = 200, **given: Any) -> Any:
    return await ask(casebook, actor, "POST", f"/{case_id}/{name}", status, json=given)


async def published(casebook: Alone, **text: str) -> str:
    case_id: str = (await ask(casebook, EDITOR, "POST", "", 201, json=WHOLE | text))["id"]
    await step(casebook, EDITOR, case_id, "submit")
    for name in ("approve", "publish"):
        await step(casebook, APPROVER, case_id, name)
    return case_id


async def test_a_typical_complaint_becomes_one_draft_of_its_center(casebook: Alone) -> None:
    typical, other = new_id(), new_id()
    first = closed(typical)
    await casebook.hear(first, closed(other, typical=False))
    await casebook.hear(first)
    await casebook.hear(closed(typical))
    [draft] = await ask(casebook, EDITOR, "GET", "")
    assert (draft["id"], draft["state"], draft["problem"]) == (typical, "draft", "老楼办不下房产证。电话〔电话已隐去〕")
    assert await ask(casebook, TOWNSHIP, "GET", "") == []
    assert await ask(casebook, None, "GET", "") == []
    await ask(casebook, CLERK, "GET", f"/{typical}", 404)


async def test_a_draft_that_fails_half_way_is_not_there(casebook: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    event = closed(new_id())

    async def fail(*_: Any) -> None:
        raise RuntimeError("half-way")

    with monkeypatch.context() as broken:
        broken.setitem(consumer.handlers, OrderClosed, [*consumer.handlers[OrderClosed], fail])
        await casebook.hear(event)
    assert (await casebook.parked(), await ask(casebook, EDITOR, "GET", "")) == (1, [])
    await casebook.receiver.retry(event.event_id)
    assert len(await ask(casebook, EDITOR, "GET", "")) == 1


async def test_a_case_goes_from_draft_to_public_by_two_people(casebook: Alone) -> None:
    draft = await ask(casebook, EDITOR, "POST", "", 201, json=WHOLE | {"mechanism": "12345热线", "problem": ""})
    path = draft["id"]
    missing = await step(casebook, EDITOR, path, "submit", 422)
    assert [fault["field"] for fault in missing["errors"]] == ["problem"]
    edited = await ask(casebook, EDITOR, "PUT", f"/{path}", json=WHOLE | {"revision": draft["revision"]})
    await ask(casebook, EDITOR, "PUT", f"/{path}", 409, json=WHOLE | {"revision": draft["revision"]})
    assert edited["problem"] == "问题"
    await step(casebook, EDITOR, path, "submit")
    await step(casebook, EDITOR, path, "approve", 403)
    await step(casebook, APPROVER, path, "publish", 409)
    await step(casebook, APPROVER, path, "return", 422)
    await step(casebook, APPROVER, path, "return", remark="请补依据")
    await step(casebook, EDITOR, path, "submit")
    await step(casebook, APPROVER, path, "approve")
    assert await casebook.told() == []
    await step(casebook, APPROVER, path, "publish")
    [told] = await casebook.told()
    assert isinstance(told, CasePublished)
    assert (told.subject, told.title, told.by, told.complaint_id) == (path, "集资房办证", "peng", None)
    way = await ask(casebook, EDITOR, "GET", f"/{path}")
    assert [review["step"] for review in way["reviews"]] == [
        "edit", "submit", "return", "submit", "approve", "publish",
    ]  # fmt: skip
    assert (way["author"], way["approver"]) == ("deng", "peng")
    public = await ask(casebook, None, "GET", f"/{path}")
    assert (public["state"], public["author"], public["reviews"]) == ("published", None, [])


async def test_a_center_writes_its_own_cases_only_and_a_complaint_has_one(casebook: Alone) -> None:
    complaint = new_id()
    await ask(casebook, EDITOR, "POST", "", 201, json=WHOLE | {"complaint_id": complaint})
    await ask(casebook, EDITOR, "POST", "", 409, json=WHOLE | {"complaint_id": complaint})
    await ask(casebook, TOWNSHIP, "PUT", f"/{complaint}", 403, json=WHOLE)
    await step(casebook, TOWNSHIP, complaint, "submit", 403)
    await ask(casebook, CLERK, "POST", "", 403, json=WHOLE)
    await ask(casebook, APPROVER, "POST", f"/{new_id()}/approve", 404, json={})


async def test_the_approver_sees_what_was_submitted_and_no_drafts(casebook: Alone) -> None:
    drafted, submitted = [(await ask(casebook, TOWNSHIP, "POST", "", 201, json=WHOLE))["id"] for _ in range(2)]
    await step(casebook, TOWNSHIP, submitted, "submit")
    assert [case["id"] for case in await ask(casebook, APPROVER, "GET", "")] == [submitted]
    await ask(casebook, APPROVER, "GET", f"/{drafted}", 404)


async def test_a_withdrawn_case_is_found_no_more(casebook: Alone) -> None:
    case_id = await published(casebook)
    assert [case["id"] for case in await ask(casebook, None, "GET", "?q=集资房")] == [case_id]
    await step(casebook, APPROVER, case_id, "withdraw", remark="政策已变")
    assert await ask(casebook, None, "GET", "?q=集资房") == []
    await ask(casebook, None, "GET", f"/{case_id}", 404)


async def test_imported_cases_are_public_at_once_and_found_by_what_people_say(casebook: Alone) -> None:
    for new in (399, 0):
        answer = await ask(casebook, APPROVER, "POST", "/import", json=DATA["cases"])
        assert answer == {"published": new, "given": 399}
    assert len(await casebook.told()) == 399
    found = 0
    for query in DATA["queries"]:
        top = await ask(casebook, None, "GET", "", params={"q": query["text"], "top": 3})
        assert [case["score"] for case in top] == sorted((case["score"] for case in top), reverse=True)
        found += DATA["cases"][query["case"]]["title"] in [case["title"] for case in top]
    assert found / len(DATA["queries"]) >= 0.97


@pytest.mark.parametrize("q", ["。", "x" * 5000, "房" * 5000])
async def test_any_text_may_be_asked(casebook: Alone, q: str) -> None:
    assert await ask(casebook, None, "GET", "", params={"q": q}) == []


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"title": "", "problem": "x" * 5001}, ["title", "problem"]),
        ({"title": "题目\u0000", "problem": "问题"}, ["title"]),
        ({"problem": 5}, ["title", "problem"]),
    ],
)
async def test_every_fault_in_a_case_is_named(casebook: Alone, given: Any, fields: list[str]) -> None:
    answer = await ask(casebook, EDITOR, "POST", "", 422, json=given)
    assert [fault["field"] for fault in answer["errors"]] == fields

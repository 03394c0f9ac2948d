"""What may be read of orders, and by whom (contract, Roles)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from shared.events.intake import Triage
from shared.security.roles import Actor, Role
from tests.support.dispatching import AUDITOR, CLERK, COORDINATOR, HEAD, OF_TOWNSHIP, SUPERVISOR, Desk, desk, officer

__all__ = ["desk"]

ZRZY, ZJJ = officer("sq/zrzy"), officer("sq/zjj")
OF_FUJING = Actor("coordinator-sq-fujing", "付井", Role.COORDINATOR, "sq-fujing")
CLERK_OF_TOWNSHIP = Actor("clerk-sq-zhidian", "纸店", Role.CLERK, "sq-zhidian")
ADMINISTRATOR = Actor("admin", "管理员", Role.ADMINISTRATOR, "sq")


async def _status(desk: Desk, complaint_id: str, actor: Actor) -> int:
    return (await desk.ask("GET", f"orders/{complaint_id}", actor)).status_code


@pytest.mark.parametrize(
    ("actor", "status"),
    [
        (OF_TOWNSHIP, 200),
        (CLERK_OF_TOWNSHIP, 200),
        (COORDINATOR, 200),
        (HEAD, 200),
        (AUDITOR, 200),
        (CLERK, 403),
        (OF_FUJING, 403),
        (SUPERVISOR, 404),
        (ZRZY, 404),
    ],
)
async def test_a_townships_order_is_read_there_and_by_the_countys_coordinators(
    desk: Desk, actor: Actor, status: int
) -> None:
    complaint_id = await desk.complaint(Triage.HARD, "sq-zhidian")
    assert await _status(desk, complaint_id, actor) == status


async def test_after_a_transfer_both_centers_read_the_order(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD, "sq-zhidian")
    await desk.act(complaint_id, "transfer", OF_TOWNSHIP, to_center="sq-fujing", reason="属该镇事项")
    for actor in (OF_TOWNSHIP, OF_FUJING, COORDINATOR):
        assert await _status(desk, complaint_id, actor) == 200


async def test_the_petitioner_and_numbers_in_texts_are_masked(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    order = await desk.file(complaint_id, CLERK)
    assert order["petitioner"] == {
        "kind": "individual", "name": "张**", "contact_person": None, "phone": "199****1234",
        "other_contact": None, "address": "沈丘县纸店镇***",
    }  # fmt: skip
    assert order["content"] == order["complaint"]["content"] == "窗口不给办，电话199****1234。"
    named = await desk.complaint(content="张三丰来访，窗口不给办。")
    assert (await desk.file(named, AUDITOR))["content"] == "张**来访，窗口不给办。"


async def test_a_department_reads_its_own_orders_and_sees_who_complains_while_they_are_open(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    assert await _status(desk, complaint_id, ZJJ) == 404
    assert (await desk.file(complaint_id, ZRZY))["petitioner"]["name"] == "张**"
    assert await _revealed(desk, complaint_id, ZRZY) == (200, "张三丰")
    assert await _revealed(desk, complaint_id, ZJJ) == (404, None)
    assert await _revealed(desk, complaint_id, AUDITOR) == (403, None)

    await desk.act(complaint_id, "reply", ZRZY, kind="reasons", text="不符合条件。", legal_basis="《条例》")
    await desk.act(complaint_id, "check", passed=True)
    await desk.act(complaint_id, "follow-up", satisfaction="satisfied", opinion="满意", method="phone")
    closed = await desk.file(complaint_id, ZRZY)
    assert (closed["state"], closed["petitioner"]) == ("closed", None)
    assert await _revealed(desk, complaint_id, ZRZY) == (403, None)
    assert await _revealed(desk, complaint_id, COORDINATOR) == (200, "张三丰")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"about": "zrzy"}, True),
        ({"about": "zrzy", "confidential": True}, False),
        ({"about": "sq/zrzy", "confidential": True}, False),
        ({"confidential": True}, False),
        ({"about": "某窗口工作人员", "confidential": True}, False),
        ({"about": "zjj", "confidential": True}, True),
    ],
)
async def test_who_complains_in_confidence_is_not_shown_to_the_department_complained_about(
    desk: Desk, given: dict[str, Any], shown: bool
) -> None:
    complaint_id = await desk.complaint(**given)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    assert bool((await desk.file(complaint_id, ZRZY))["petitioner"]) is shown
    assert (await _revealed(desk, complaint_id, ZRZY))[0] == (200 if shown else 403)
    assert (await desk.file(complaint_id, COORDINATOR))["petitioner"]["name"] == "张**"


async def _revealed(desk: Desk, complaint_id: str, actor: Actor) -> tuple[int, str | None]:
    answer = await desk.ask("POST", f"orders/{complaint_id}/reveal", actor, json={"reason": "联系诉求人。"})
    return answer.status_code, answer.json().get("name")


async def _listed(desk: Desk, actor: Actor, **params: Any) -> list[str]:
    answer = await desk.ask("GET", "orders", actor, params=params)
    assert answer.status_code == 200, answer.text
    return [order["complaint_id"] for order in answer.json()["orders"]]


async def test_desks_list_their_orders_page_by_page(desk: Desk) -> None:
    mine = [await desk.complaint() for _ in range(3)]
    theirs = await desk.complaint(center="sq-zhidian")
    await desk.act(mine[1], "dispatch", lead="zrzy")
    assert await _listed(desk, COORDINATOR) == mine
    assert await _listed(desk, COORDINATOR, center="sq-zhidian") == [theirs]
    assert await _listed(desk, OF_TOWNSHIP) == [theirs]
    assert await _listed(desk, AUDITOR) == [*mine, theirs]
    assert await _listed(desk, COORDINATOR, state="handling") == [mine[1]]
    assert await _listed(desk, COORDINATOR, department="sq/zrzy") == [mine[1]]
    assert await _listed(desk, ZRZY) == [mine[1]]
    assert await _listed(desk, ZJJ) == []

    page = (await desk.ask("GET", "orders", COORDINATOR, params={"limit": 2})).json()
    assert page["next"] == mine[1]
    rest = (await desk.ask("GET", "orders", COORDINATOR, params={"limit": 2, "after": page["next"]})).json()
    assert ([order["complaint_id"] for order in rest["orders"]], rest["next"]) == ([mine[2]], None)


@pytest.mark.parametrize(
    ("actor", "params", "status"),
    [
        (CLERK, {"center": "sq-zhidian"}, 403),
        (OF_TOWNSHIP, {"center": "sq"}, 403),
        (COORDINATOR, {"department": "zrzy"}, 422),
        (COORDINATOR, {"state": "lost"}, 422),
        (COORDINATOR, {"limit": 0}, 422),
        (ADMINISTRATOR, {}, 403),
    ],
)
async def test_a_list_that_is_not_ones_own_is_refused(
    desk: Desk, actor: Actor, params: dict[str, Any], status: int
) -> None:
    assert (await desk.ask("GET", "orders", actor, params=params)).status_code == status


@pytest.mark.parametrize("complaint_id", ["none", "%00", "x" * 40])
async def test_there_is_no_order_that_was_never_heard_of(desk: Desk, complaint_id: str) -> None:
    assert await _status(desk, complaint_id, COORDINATOR) == 404
    answer = await desk.ask("POST", f"orders/{complaint_id}/urge", COORDINATOR)
    assert answer.status_code == 404
    assert answer.json()["detail"].endswith("。")


@pytest.mark.parametrize(
    "body",
    [
        b"\xff",
        b"[" * 100_000,
        b'{"lead": ' + b"9" * 5_000 + b"}",
        b'{"lead": "\\ud83d"}',
        b'{"lead": "a\\u0000"}',
        b"{",
        b"",
    ],
    ids=["no UTF-8", "too deep", "enormous", "half a pair", "NUL", "no JSON", "nothing"],
)
async def test_what_cannot_be_read_is_refused_with_a_sentence_that_says_what_to_do(desk: Desk, body: bytes) -> None:
    complaint_id = await desk.complaint()
    headers = {"content-type": "application/json"}
    answer = await desk.ask("POST", f"orders/{complaint_id}/dispatch", COORDINATOR, content=body, headers=headers)
    problem = answer.json()
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    for sentence in (problem["title"] + "。", problem["detail"], *(fault["message"] for fault in problem["errors"])):
        assert sentence.endswith("。")
        assert sentence != "格式不正确。"
        assert not re.search("[a-z]{4}", sentence)


async def test_without_a_login_nothing_is_read_or_done(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    assert (await desk.ask("GET", f"orders/{complaint_id}")).status_code == 401
    assert (await desk.ask("POST", f"orders/{complaint_id}/urge")).status_code == 401

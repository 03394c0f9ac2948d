"""From the answer to the end (Art. 10): check, follow-up, redo, conclusion, zeroing."""

from __future__ import annotations

from typing import Any

import pytest

from shared.events.dispatch import (
    ConclusionProposed,
    ConclusionRefused,
    Final,
    OrderChecked,
    OrderClosed,
    OrderFollowedUp,
    RedoStarted,
    Satisfaction,
)
from shared.events.intake import Triage
from shared.security.roles import Actor, Role
from tests.support.alone import at
from tests.support.dispatching import COORDINATOR, HEAD, Desk, desk, officer

__all__ = ["desk"]

ZRZY, ZJJ = officer("sq/zrzy"), officer("sq/zjj")
RESULT: dict[str, Any] = {"kind": "result", "text": "已经办结。"}
REASONS: dict[str, Any] = {"kind": "reasons", "text": "不符合条件。", "legal_basis": "《条例》第五条"}
SATISFIED: dict[str, Any] = {"satisfaction": "satisfied", "opinion": "满意", "method": "phone", "solved": True}
DISSATISFIED: dict[str, Any] = {"satisfaction": "dissatisfied", "opinion": "不认", "method": "phone"}
UNREACHABLE: dict[str, Any] = {"satisfaction": "unreachable", "opinion": "无人接听", "method": "phone"}


async def answered(desk: Desk, triage: Triage = Triage.CANNOT, answer: dict[str, Any] = REASONS, **given: Any) -> str:
    """An order that has been dispatched and answered."""
    complaint_id = await desk.complaint(triage)
    await desk.act(complaint_id, "dispatch", lead="zrzy", **given)
    for _ in given.get("co_handlers", ()):
        await desk.act(complaint_id, "reply", ZJJ, **RESULT)
    await desk.act(complaint_id, "reply", ZRZY, **answer)
    return complaint_id


async def checked(desk: Desk, triage: Triage = Triage.CANNOT, answer: dict[str, Any] = REASONS, **given: Any) -> str:
    """An order whose answer has passed the check."""
    complaint_id = await answered(desk, triage, answer, **given)
    await desk.act(complaint_id, "check", passed=True)
    return complaint_id


async def test_a_satisfied_petitioner_zeroes_the_order(desk: Desk) -> None:
    complaint_id = await checked(desk)
    standing = await desk.act(complaint_id, "follow-up", **SATISFIED, typical=True)
    assert standing["state"] == "closed"
    (event,) = await desk.announced(OrderClosed)
    assert (event.final, event.redo, event.overdue, event.satisfaction) == (
        Final.ZEROED, 0, False, Satisfaction.SATISFIED,
    )  # fmt: skip
    assert (event.result, event.legal_basis, event.typical) == ("不符合条件。", "《条例》第五条", True)
    assert [party.department for party in event.handled_by] == ["zrzy"]
    order = await desk.file(complaint_id)
    assert (order["final"], order["redo"], order["overdue"]) == ("zeroed", 0, False)
    assert await desk.refused(complaint_id, "follow-up", **SATISFIED) == (409, "not-in-this-state", [])


async def test_what_was_heard_is_recorded_once_when_it_is_sent_again_and_anew_after_a_decision(desk: Desk) -> None:
    complaint_id = await checked(desk)
    for _ in range(2):
        standing = await desk.act(complaint_id, "follow-up", **DISSATISFIED, then="conclude")
        assert standing["state"] == "concluding"
    assert len(await desk.announced(OrderFollowedUp)) == 1
    desk.now("11-25 10:00")
    await desk.act(complaint_id, "follow-up", **DISSATISFIED | {"opinion": "还是不认"}, then="conclude")
    await desk.act(complaint_id, "conclude", reasons="已依法答复", legal_basis="《条例》第五条")
    await desk.act(complaint_id, "conclude", HEAD, approve=False, reasons="请再沟通。")
    await desk.act(complaint_id, "follow-up", **DISSATISFIED | {"opinion": "还是不认"}, then="conclude")
    heard = (await desk.file(complaint_id))["follow_ups"]
    assert [each["opinion"] for each in heard] == ["不认", "还是不认", "还是不认"]


async def test_a_returned_answer_is_a_new_round_of_the_same_leg(desk: Desk) -> None:
    complaint_id = await answered(desk, Triage.HARD, RESULT, co_handlers=["zjj"])
    assert await desk.refused(complaint_id, "check", passed=False) == (422, "no-reasons", ["reasons"])
    standing = await desk.act(complaint_id, "check", passed=False, reasons="不够具体")
    assert (standing["state"], standing["round"]) == ("handling", 2)
    (event,) = await desk.announced(OrderChecked)
    assert (event.passed, event.leg, event.round) == (False, 1, 2)

    order = await desk.file(complaint_id)
    assert order["legs"][0]["answered_at"] is None
    assert [bool(reply["returned_at"]) for reply in order["replies"]] == [False, True]

    await desk.act(complaint_id, "reply", ZRZY, **RESULT)
    await desk.act(complaint_id, "check", passed=True)
    await desk.act(complaint_id, "follow-up", **SATISFIED)
    (closed,) = await desk.announced(OrderClosed)
    assert closed.redo == 1
    assert [leg[0] for leg in await desk.legs_announced()] == [1]


async def test_a_redo_gives_the_stage_its_full_length_again(desk: Desk) -> None:
    complaint_id = await checked(desk)
    desk.now("11-30 10:00")
    standing = await desk.act(complaint_id, "follow-up", **DISSATISFIED, then="redo")
    assert (standing["state"], standing["stage"], standing["round"]) == ("handling", "reply", 2)
    assert await desk.legs_announced() == [(1, "working_days", 3), (2, "working_days", 3)]
    (event,) = await desk.announced(RedoStarted)
    assert event.leg
    assert (event.round, event.reason, event.leg.starts_at) == (2, "不认", at("11-30 10:00"))

    await desk.act(complaint_id, "reply", ZRZY, **REASONS, round=2)
    await desk.act(complaint_id, "check", passed=True)
    await desk.act(complaint_id, "follow-up", **SATISFIED)
    assert (await desk.file(complaint_id))["redo"] == 1


async def test_a_redo_of_a_result_gets_as_many_working_days_as_were_committed(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy", co_handlers=["zjj"])
    desk.now("11-25 10:00")
    await desk.act(complaint_id, "reply", ZRZY, kind="plan", text="方案", committed_on="2026-12-04")
    await desk.act(complaint_id, "reply", ZJJ, **RESULT)
    for n in (1, 2):
        await desk.act(complaint_id, "reply", ZRZY, **RESULT)
        await desk.act(complaint_id, "check", passed=True)
        standing = await desk.act(complaint_id, "follow-up", **DISSATISFIED, then="redo")
        assert (standing["stage"], standing["round"]) == ("result", n + 1)
        await desk.act(complaint_id, "reply", ZJJ, **RESULT)
    assert (await desk.legs_announced())[2:] == [(3, "working_days", 9), (4, "working_days", 9)]


async def test_what_was_settled_is_settled_again_or_sorted_anew(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.GENERAL)
    await desk.hear(desk.settled(complaint_id))
    await desk.act(complaint_id, "follow-up", **DISSATISFIED, then="redo")
    (redo,) = await desk.announced(RedoStarted)
    assert redo.leg is None
    assert (await desk.file(complaint_id))["state"] == "on_spot"

    await desk.hear(desk.settled(complaint_id, "重新解决。"))
    await desk.act(complaint_id, "follow-up", **DISSATISFIED, then="redo")
    await desk.hear(desk.triaged(complaint_id, Triage.CANNOT, revision=2))
    assert (await desk.file(complaint_id))["state"] == "pending"
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    assert (await desk.legs_announced()) == [(1, "working_days", 3)]


async def test_a_settled_one_is_zeroed_with_its_result(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.GENERAL)
    await desk.hear(desk.settled(complaint_id))
    await desk.act(complaint_id, "follow-up", **SATISFIED)
    (event,) = await desk.announced(OrderClosed)
    assert (event.final, event.result, event.handled_by) == (Final.ZEROED, "当场解决。", [])


async def test_a_referred_one_is_referred_again_and_closes_as_referred(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.OUT_OF_SCOPE)
    await desk.act(complaint_id, "refer", unit="县水利局")
    await desk.act(complaint_id, "outcome", text="已清运。")
    standing = await desk.act(complaint_id, "follow-up", **DISSATISFIED, then="redo")
    assert standing["state"] == "referred"
    await desk.act(complaint_id, "outcome", text="又清运一次。")
    await desk.act(complaint_id, "follow-up", **SATISFIED)
    (event,) = await desk.announced(OrderClosed)
    assert (event.final, event.result, event.redo) == (Final.REFERRED_CLOSED, "又清运一次。", 1)


async def test_a_directed_one_is_directed_again_and_closes_as_directed(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.OUT_OF_SCOPE)
    given = {"channel": "县人民法院", "reason": "属执行事项。"}
    await desk.act(complaint_id, "direct", **given)
    standing = await desk.act(complaint_id, "follow-up", **DISSATISFIED, then="redo")
    assert standing["state"] == "pending"
    await desk.act(complaint_id, "direct", **given)
    await desk.act(complaint_id, "follow-up", **SATISFIED)
    (event,) = await desk.announced(OrderClosed)
    assert (event.final, event.redo) == (Final.DIRECTED, 1)


async def test_a_conclusion_without_satisfaction_takes_two_people(desk: Desk) -> None:
    complaint_id = await checked(desk)
    await desk.act(complaint_id, "follow-up", **DISSATISFIED, then="conclude")
    assert await desk.refused(complaint_id, "conclude") == (422, "unfounded", ["reasons", "legal_basis"])
    proposal = {"reasons": "依法不能办理。", "legal_basis": "《条例》第五条"}
    assert (await desk.act(complaint_id, "conclude", HEAD, **proposal))["state"] == "approving"
    (proposed,) = await desk.announced(ConclusionProposed)
    assert proposed.by == "head-sq"

    assert await desk.refused(complaint_id, "conclude", COORDINATOR, approve=True) == (403, "head-only", [])
    assert await desk.refused(complaint_id, "conclude", HEAD, approve=True) == (403, "own-proposal", [])
    elsewhere = Actor("head-sq-fujing", "负责人", Role.HEAD, "sq-fujing")
    assert await desk.refused(complaint_id, "conclude", elsewhere, approve=True) == (403, "other-center", [])

    another = Actor("deputy-sq", "副主任", Role.HEAD, "sq")
    assert (await desk.act(complaint_id, "conclude", another, approve=True))["state"] == "closed"
    (closed,) = await desk.announced(OrderClosed)
    assert (closed.final, closed.by, closed.approved_by) == (Final.CONCLUDED_UNSATISFIED, "head-sq", "deputy-sq")
    assert (closed.reasons, closed.legal_basis) == ("依法不能办理。", "《条例》第五条")


async def test_a_conclusion_sent_back_can_be_proposed_again_or_followed_up(desk: Desk) -> None:
    complaint_id = await checked(desk)
    await desk.act(complaint_id, "follow-up", **DISSATISFIED, then="conclude")
    proposal = {"reasons": "依法不能办理。", "legal_basis": "《条例》第五条"}
    await desk.act(complaint_id, "conclude", **proposal)
    assert await desk.refused(complaint_id, "conclude", HEAD, approve=False) == (422, "no-reasons", ["reasons"])
    sent_back = await desk.act(complaint_id, "conclude", HEAD, approve=False, reasons="请再做工作")
    assert {"conclude", "follow-up"} <= set(sent_back["actions"])
    (refused,) = await desk.announced(ConclusionRefused)
    assert (refused.reasons, refused.by) == ("请再做工作", "head-sq")
    await desk.act(complaint_id, "conclude", **proposal)
    await desk.act(complaint_id, "conclude", HEAD, approve=False, reasons="请再做工作")
    await desk.act(complaint_id, "follow-up", **DISSATISFIED, then="redo")
    assert [each["approved"] for each in (await desk.file(complaint_id))["conclusions"]] == [False, False]


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        (DISSATISFIED, ["then"]),
        (SATISFIED | {"then": "redo"}, ["then"]),
        (UNREACHABLE | {"then": "redo"}, ["then"]),
        ({"satisfaction": "glad", "method": "phone"}, ["satisfaction", "opinion"]),
    ],
)
async def test_a_follow_up_says_what_follows(desk: Desk, given: dict[str, Any], fields: list[str]) -> None:
    complaint_id = await checked(desk)
    status, _, found = await desk.refused(complaint_id, "follow-up", **given)
    assert (status, found) == (422, fields)


async def test_one_who_cannot_be_reached_is_tried_on_two_days_before_the_end(desk: Desk) -> None:
    complaint_id = await checked(desk)
    for when in ("11-23 09:10", "11-23 16:00"):
        desk.now(when)
        assert (await desk.act(complaint_id, "follow-up", **UNREACHABLE))["state"] == "following_up"
    assert await desk.refused(complaint_id, "follow-up", **UNREACHABLE, then="conclude") == (409, "too-few-tries", [])
    desk.now("11-24 09:00")
    await desk.act(complaint_id, "follow-up", **UNREACHABLE, then="conclude")
    (closed,) = await desk.announced(OrderClosed)
    assert closed.final is Final.CONCLUDED_UNREACHABLE
    assert len(await desk.announced(OrderFollowedUp)) == 3


async def test_one_who_is_dissatisfied_is_not_concluded_as_unreachable_by_one_person(desk: Desk) -> None:
    complaint_id = await checked(desk)
    for when in ("11-23 09:10", "11-23 16:00"):
        desk.now(when)
        await desk.act(complaint_id, "follow-up", **UNREACHABLE)
    desk.now("11-24 09:00")
    await desk.act(complaint_id, "follow-up", **DISSATISFIED, then="conclude")
    for when in ("11-24 15:00", "11-25 09:00", "11-26 16:00"):
        desk.now(when)
        assert (await desk.act(complaint_id, "follow-up", **UNREACHABLE))["state"] == "concluding"
    assert await desk.refused(complaint_id, "follow-up", **UNREACHABLE, then="conclude") == (409, "was-reached", [])
    assert await desk.announced(OrderClosed) == []


@pytest.mark.parametrize(
    ("due", "answered_on", "overdue"),
    [("11-26 17:30", "11-26 17:30", False), ("11-26 17:30", "11-26 17:31", True)],
)
async def test_an_order_is_overdue_when_a_leg_was_answered_after_its_due(
    desk: Desk, due: str, answered_on: str, overdue: bool
) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.due_at(complaint_id, due)
    desk.now(answered_on)
    await desk.act(complaint_id, "reply", ZRZY, **REASONS)
    desk.now("11-27 10:00")
    await desk.act(complaint_id, "check", passed=True)
    await desk.act(complaint_id, "follow-up", **SATISFIED)
    (closed,) = await desk.announced(OrderClosed)
    assert closed.overdue is overdue


async def test_nobody_checks_follows_up_or_concludes_a_complaint_about_himself(desk: Desk) -> None:
    complaint_id = await desk.complaint(about="coordinator-sq")
    await desk.act(complaint_id, "dispatch", HEAD, lead="zrzy")
    await desk.act(complaint_id, "reply", ZRZY, **REASONS)
    barred = (403, "about-you", [])
    assert await desk.refused(complaint_id, "check", passed=True) == barred
    await desk.act(complaint_id, "check", HEAD, passed=True)
    assert await desk.refused(complaint_id, "follow-up", **SATISFIED) == barred
    await desk.act(complaint_id, "follow-up", HEAD, **DISSATISFIED, then="conclude")
    assert await desk.refused(complaint_id, "conclude", reasons="理由", legal_basis="依据") == barred

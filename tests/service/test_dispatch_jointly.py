"""Handled together: overruled co-handlers, joint studies, and several petitioners with one matter (mechanism §4)."""

from __future__ import annotations

from typing import Any

import pytest

from shared.events.dispatch import EscalationSupervised, HoldOverruled, OrderDispatched, OrderJoined, OrderReplied
from shared.events.intake import Triage
from shared.events.sla import Rung
from tests.support.alone import at
from tests.support.dispatching import CLERK, HEAD, OF_TOWNSHIP, Desk, desk, officer

__all__ = ["desk"]

ZRZY, ZJJ, SWJ = officer("sq/zrzy"), officer("sq/zjj"), officer("sq/swj")
RESULT: dict[str, Any] = {"kind": "result", "text": "已经办结。"}
REASONS: dict[str, Any] = {"kind": "reasons", "text": "不符合条件。", "legal_basis": "《条例》第五条"}
WHY = {"reason": "协办意见不影响结果。"}
SAME = {"reason": "反映同一小区办证问题。"}
STUDY: dict[str, Any] = {
    "departments": ["zrzy", "zjj"],
    "held_at": "2026-11-23T08:30:00+08:00",
    "attendees": "自然资源局李明、住建局王芳",
    "conclusion": "先补测绘，再办登记。",
}


async def dispatched(desk: Desk, *co_handlers: str, triage: Triage = Triage.HARD) -> str:
    complaint_id = await desk.complaint(triage)
    await desk.act(complaint_id, "dispatch", lead="zrzy", co_handlers=list(co_handlers))
    return complaint_id


async def joined(desk: Desk) -> tuple[str, str]:
    """A leading complaint with its department, and another one joined to it an hour later."""
    leading = await dispatched(desk, triage=Triage.CANNOT)
    desk.now("11-23 10:00")
    other = await desk.complaint(Triage.CANNOT)
    await desk.act(other, "join", to=leading, **SAME)
    return leading, other


async def test_the_coordinator_overrules_with_a_reason_and_the_lead_reports_without_the_co_handler(desk: Desk) -> None:
    complaint_id = await dispatched(desk, "zjj", "swj")
    assert await desk.refused(complaint_id, "reply", ZRZY, **RESULT) == (409, "co-handlers-first", [])
    assert await desk.refused(complaint_id, "overrule") == (422, "invalid", ["reason"])
    await desk.act(complaint_id, "reply", SWJ, **RESULT)
    wrong = WHY | {"departments": ["swj"]}
    assert await desk.refused(complaint_id, "overrule", **wrong) == (422, "not-owing", ["departments"])
    await desk.act(complaint_id, "overrule", **WHY)
    (event,) = await desk.announced(HoldOverruled)
    assert [party.department for party in event.parties] == ["zjj"]
    assert await desk.refused(complaint_id, "overrule", **WHY) == (409, "nobody-owes", [])
    assert (await desk.act(complaint_id, "reply", ZRZY, **RESULT))["state"] == "checking"


async def test_rungs_no_longer_name_a_co_handler_who_was_overruled(desk: Desk) -> None:
    complaint_id = await dispatched(desk, "zjj", "swj")
    await desk.act(complaint_id, "overrule", **WHY, departments=["zjj"])
    desk.now("11-30 17:31")
    await desk.hear(desk.due(complaint_id, Rung.SUPERVISED, at("11-30 17:30")))
    (event,) = await desk.announced(EscalationSupervised)
    assert [party.department for party in event.to] == ["zrzy", "swj"]


async def test_the_minutes_of_a_joint_study_stand_on_the_order_and_change_nothing_else(desk: Desk) -> None:
    complaint_id = await dispatched(desk, "zjj")
    before = await desk.file(complaint_id)
    await desk.act(complaint_id, "study", **STUDY, lead="zjj")
    after = await desk.file(complaint_id)
    (minutes,) = after["studies"]
    assert (minutes["conclusion"], minutes["lead"], minutes["by"]) == (STUDY["conclusion"], "sq/zjj", "coordinator-sq")
    assert [each["department"] for each in minutes["departments"]] == ["zrzy", "zjj"]
    for same in ("legs", "lead", "state", "due_at"):
        assert after[same] == before[same]


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"held_at": "2026-11-23T09:01:00+08:00"}, (422, "not-yet", ["held_at"])),
        ({"departments": ["zrzy", "nobody"]}, (422, "unknown-department", ["departments.1"])),
        ({"departments": []}, (422, "invalid", ["departments"])),
        ({"conclusion": None}, (422, "invalid", ["conclusion"])),
    ],
)
async def test_minutes_are_whole_and_of_a_study_that_was_held(
    desk: Desk, changed: dict[str, Any], refused: tuple[int, str, list[str]]
) -> None:
    complaint_id = await dispatched(desk)
    assert await desk.refused(complaint_id, "study", **STUDY | changed) == refused


async def test_a_joined_complaint_goes_to_the_same_departments_on_a_leg_of_its_own(desk: Desk) -> None:
    leading, other = await joined(desk)
    (_, second) = await desk.announced(OrderDispatched)
    assert (second.subject, second.lead.department, second.leg.starts_at) == (other, "zrzy", at("11-23 10:00"))
    (event,) = await desk.announced(OrderJoined)
    number = (await desk.file(leading))["number"]
    assert (event.subject, event.leading, event.leading_number) == (other, leading, number)
    assert (await desk.file(other))["joined_to"] == number
    assert (await desk.file(leading))["joined"] == [(await desk.file(other))["number"]]


async def test_the_answer_to_the_leading_one_answers_each_and_each_is_checked_and_zeroed_for_itself(
    desk: Desk,
) -> None:
    leading, other = await joined(desk)
    await desk.act(leading, "reply", ZRZY, **REASONS)
    replied = await desk.announced(OrderReplied)
    assert [(event.subject, event.text) for event in replied] == [(leading, "不符合条件。"), (other, "不符合条件。")]
    assert len({event.reply_id for event in replied}) == 2

    satisfied = {"satisfaction": "satisfied", "opinion": "满意", "method": "phone"}
    await desk.act(leading, "check", passed=True)
    await desk.act(leading, "follow-up", **satisfied)
    assert [(await desk.file(each))["state"] for each in (leading, other)] == ["closed", "checking"]
    await desk.act(other, "check", passed=True)
    dissatisfied = satisfied | {"satisfaction": "dissatisfied"}
    await desk.act(other, "follow-up", **dissatisfied, then="redo")
    await desk.act(other, "reply", ZRZY, **REASONS)  # by itself
    assert [(await desk.file(each))["redo"] for each in (leading, other)] == [0, 1]


async def test_the_answer_to_the_leading_one_leaves_alone_what_does_not_wait_for_it(desk: Desk) -> None:
    leading, other = await joined(desk)
    await desk.act(other, "reply", ZRZY, **REASONS)
    await desk.act(leading, "reply", ZRZY, **REASONS)
    assert len(await desk.announced(OrderReplied)) == 2


async def test_a_plan_and_the_co_handlers_answers_count_for_the_joined_one_too(desk: Desk) -> None:
    leading = await dispatched(desk, "zjj")
    other = await desk.complaint(Triage.HARD)
    await desk.act(other, "join", to=(await desk.file(leading))["number"], **SAME)
    await desk.act(leading, "reply", ZRZY, kind="plan", text="分期补办。", committed_on="2026-12-01")
    await desk.act(leading, "reply", ZJJ, **RESULT)
    await desk.act(leading, "reply", ZRZY, **RESULT)
    file = await desk.file(other)
    assert (file["state"], [reply["kind"] for reply in file["replies"]]) == ("checking", ["plan", "result", "result"])


async def test_what_is_with_the_same_lead_already_keeps_its_leg_when_it_is_joined(desk: Desk) -> None:
    leading, other = await dispatched(desk), await dispatched(desk)
    await desk.act(other, "join", to=leading, **SAME)
    assert len((await desk.file(other))["legs"]) == 1
    await desk.act(leading, "reply", ZRZY, **RESULT)
    assert (await desk.file(other))["state"] == "checking"


async def test_what_cannot_be_handled_as_one_is_refused_with_what_to_do(desk: Desk) -> None:
    leading, other = await joined(desk)
    alone = await desk.complaint(Triage.CANNOT)
    cannot = (422, "cannot-join", ["to"])
    assert await desk.refused(alone, "join", to="SQ-2026-9999", **SAME) == cannot
    assert await desk.refused(alone, "join", to=alone, **SAME) == cannot
    assert await desk.refused(alone, "join", to=other, **SAME) == cannot  # that one is joined itself
    assert await desk.refused(leading, "join", to=await dispatched(desk), **SAME) == cannot  # it leads others
    assert await desk.refused(alone, "join", to=await desk.complaint(Triage.CANNOT), **SAME) == cannot
    assert await desk.refused(await desk.complaint(Triage.HARD), "join", to=leading, **SAME) == cannot
    assert await desk.refused(alone, "join", to=await desk.complaint(None), **SAME) == cannot
    elsewhere = await desk.complaint(Triage.CANNOT)
    await desk.act(elsewhere, "dispatch", lead="zjj")
    assert await desk.refused(elsewhere, "join", to=leading, **SAME) == cannot
    township = await desk.complaint(Triage.CANNOT, center="sq-zhidian")
    assert await desk.refused(township, "join", OF_TOWNSHIP, to=leading, **SAME) == cannot
    assert await desk.refused(alone, "join", to=leading) == (422, "invalid", ["reason"])


async def test_nobody_but_the_coordinator_does_any_of_it_and_nobody_about_himself(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD, about="coordinator-sq")
    await desk.act(complaint_id, "dispatch", HEAD, lead="zrzy", co_handlers=["zjj"])
    for action, given in (("overrule", WHY), ("study", STUDY), ("join", {"to": complaint_id, **SAME})):
        assert await desk.refused(complaint_id, action, **given) == (403, "about-you", [])
        for actor in (CLERK, ZRZY):
            assert await desk.refused(complaint_id, action, actor, **given) == (403, "not-allowed", [])

"""What is begun anew: referrals that are taken back (Art. 6), redos where every department has its part (Art. 10)."""

from __future__ import annotations

from typing import Any

from shared.events.dispatch import OrderRecalled, RedoStarted
from shared.events.intake import Triage
from tests.support.dispatching import Desk, desk, officer

__all__ = ["desk"]

ZRZY, ZJJ, SWJ = officer("sq/zrzy"), officer("sq/zjj"), officer("sq/swj")
RESULT: dict[str, Any] = {"kind": "result", "text": "已经办结。"}
DISSATISFIED: dict[str, Any] = {"satisfaction": "dissatisfied", "opinion": "不认", "method": "phone"}


async def test_a_referral_that_the_unit_does_not_take_is_taken_back_and_sorted_anew(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.OUT_OF_SCOPE)
    assert await desk.refused(complaint_id, "recall", reason="属我县。") == (409, "not-in-this-state", [])
    await desk.act(complaint_id, "refer", unit="县水利局", reason="非政务服务事项")
    assert await desk.refused(complaint_id, "recall") == (422, "invalid", ["reason"])
    assert await desk.refused(complaint_id, "recall", ZRZY, reason="属我县。") == (403, "not-allowed", [])
    standing = await desk.act(complaint_id, "recall", reason="水利局函复不属其职责。")
    assert (standing["state"], standing["round"]) == ("pending", 1)
    (event,) = await desk.announced(OrderRecalled)
    assert (event.unit, event.reason, event.by) == ("县水利局", "水利局函复不属其职责。", "coordinator-sq")

    await desk.hear(desk.triaged(complaint_id, Triage.HARD, revision=2))
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    file = await desk.file(complaint_id)
    assert (file["state"], file["way"], file["triage"]) == ("handling", "dispatched", "hard")
    assert [step["action"] for step in file["steps"]] == ["refer", "recall"]


async def test_what_a_unit_was_to_do_again_is_taken_back_in_its_round(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.OUT_OF_SCOPE)
    await desk.act(complaint_id, "refer", unit="县水利局")
    await desk.act(complaint_id, "outcome", text="已清运。")
    await desk.act(complaint_id, "follow-up", **DISSATISFIED, then="redo")
    assert (await desk.act(complaint_id, "recall", reason="水利局函复属我县。"))["round"] == 2
    await desk.act(complaint_id, "refer", unit="县水利局", reason="再次函转")
    assert (await desk.act(complaint_id, "recall", reason="再次函复属我县。"))["state"] == "pending"


async def test_in_a_redo_every_department_does_its_part_again(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy", co_handlers=["zjj", "swj"])
    await desk.act(complaint_id, "reply", ZJJ, **RESULT)
    await desk.act(complaint_id, "overrule", reason="不影响办理。")
    await desk.act(complaint_id, "reply", ZRZY, **RESULT)
    await desk.act(complaint_id, "check", passed=True)
    await desk.act(complaint_id, "follow-up", **DISSATISFIED, then="redo")
    (redo,) = await desk.announced(RedoStarted)
    assert redo.leg
    assert redo.leg.has_co_handlers

    assert [each["answered_at"] for each in (await desk.file(complaint_id))["assignments"]] == [None, None, None]
    assert await desk.refused(complaint_id, "reply", ZRZY, **RESULT) == (409, "co-handlers-first", [])
    assert await desk.refused(complaint_id, "decline", ZJJ, reason="权限已划转。") == (409, "answered", [])
    await desk.act(complaint_id, "reply", ZJJ, **RESULT)
    assert await desk.refused(complaint_id, "reply", ZRZY, **RESULT) == (409, "co-handlers-first", [])
    await desk.act(complaint_id, "reply", SWJ, **RESULT)
    await desk.act(complaint_id, "reply", ZRZY, **RESULT)
    steps = [(step["action"], step["target"], step["text"]) for step in (await desk.file(complaint_id))["steps"]]
    assert steps == [("overrule", "sq/swj", "不影响办理。")], "that nobody waited for it stands for ever"


async def test_a_redo_may_be_planned_in_as_many_working_days_as_were_fixed_at_dispatch(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.REFUSED)
    await desk.act(complaint_id, "dispatch", lead="zrzy", committed_working_days=3)
    for begun, last, beyond in (
        ("11-30 10:00", "2026-12-03", "2026-12-04"),
        ("12-07 10:00", "2026-12-10", "2026-12-11"),
    ):
        await desk.act(complaint_id, "reply", ZRZY, **RESULT)
        await desk.act(complaint_id, "check", passed=True)
        desk.now(begun)
        await desk.act(complaint_id, "follow-up", **DISSATISFIED, then="redo")
        assert (await desk.file(complaint_id))["commit_by"] == last
        plan = {"kind": "plan", "text": "方案", "committed_on": beyond}
        assert await desk.refused(complaint_id, "reply", ZRZY, **plan) == (422, "bad-commitment", ["committed_on"])
    await desk.act(complaint_id, "reply", ZRZY, kind="plan", text="方案")
    assert (await desk.file(complaint_id))["legs"][-1]["committed_on"] == "2026-12-10"

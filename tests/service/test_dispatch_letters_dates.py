"""What papers about late departments say of dates: when it was dispatched, when due, by when an answer is wanted."""

from __future__ import annotations

from shared.events.intake import Triage
from shared.events.sla import Rung
from tests.support.dispatching import COORDINATOR, Desk, desk, officer
from tests.support.letters import county_by_name, issue, overdue, rung_given, text_of

__all__ = ["desk"]

ZRZY = officer("sq/zrzy")


async def _said(desk: Desk, complaint_id: str, *kinds: str) -> list[str]:
    papers = [await issue(desk, complaint_id, kind) for kind in kinds]
    return [await text_of(desk, f"papers/{paper['paper_id']}.pdf") for paper in papers]


async def test_of_a_plan_that_was_not_kept_the_day_of_dispatch_is_told_and_what_was_promised(desk: Desk) -> None:
    await county_by_name(desk)
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    desk.now("11-25 10:00")
    await desk.act(complaint_id, "reply", ZRZY, kind="plan", text="补办材料。", committed_on="2026-12-07")
    await desk.due_at(complaint_id, "12-07 17:30", leg=2)
    await rung_given(desk, complaint_id, Rung.SUPERVISED, "12-07 17:30", leg=2)
    await rung_given(desk, complaint_id, Rung.REPORTED, "12-08 17:30", leg=2)
    supervision, *above = await _said(desk, complaint_id, "supervision", "circular", "report", "copy")
    promised = "办理，方案承诺期限为2026年12月7日17时30分。"
    assert f"于2026年11月23日分办你单位{promised}" in supervision
    assert all(f"于2026年11月23日分办自然资源局{promised}" in text for text in above)
    assert not any("11月25日" in text for text in (supervision, *above))


async def test_of_a_redo_both_are_told_the_day_of_dispatch_and_the_day_it_began_again(desk: Desk) -> None:
    await county_by_name(desk)
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.act(complaint_id, "reply", ZRZY, kind="reasons", text="不符合条件。", legal_basis="《条例》")
    await desk.act(complaint_id, "check", passed=True)
    desk.now("11-25 10:00")
    said = {"satisfaction": "dissatisfied", "then": "redo", "opinion": "没有解决。", "method": "phone"}
    await desk.act(complaint_id, "follow-up", **said)
    await desk.due_at(complaint_id, "11-30 17:30", leg=2)
    await rung_given(desk, complaint_id, Rung.SUPERVISED, "11-30 17:30", leg=2, round_number=2)
    await rung_given(desk, complaint_id, Rung.REPORTED, "12-01 17:30", leg=2, round_number=2)
    again = "办理，2026年11月25日应诉求人要求重新办理，办理期限为2026年11月30日17时30分。"
    supervision, circular = await _said(desk, complaint_id, "supervision", "circular")
    assert f"于2026年11月23日分办你单位{again}" in supervision
    assert f"于2026年11月23日分办自然资源局{again}" in circular


async def test_a_supervision_says_the_instant_from_which_it_is_reported_however_late_it_is_signed(desk: Desk) -> None:
    complaint_id = await overdue(desk)
    [text] = await _said(desk, complaint_id, "supervision")
    assert "已于2026年11月26日17时30分予以督办" in text
    assert "督办要求：请立即办理，并于2026年11月27日17时30分前答复。" in text
    assert "2026年11月30日印发" in text


async def test_over_a_weekend_a_supervision_gives_until_monday(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.due_at(complaint_id, "11-27 17:30")
    await rung_given(desk, complaint_id, Rung.SUPERVISED, "11-27 17:30")
    draft = await text_of(desk, f"orders/{complaint_id}/papers/supervision/draft.docx", COORDINATOR)
    assert "并于2026年11月30日17时30分前答复。" in draft

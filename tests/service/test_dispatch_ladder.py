"""催办, 督办, 通报 (Art. 9): each once, never for whoever had answered, and by hand beside the ladder."""

from __future__ import annotations

from typing import Any

import pytest

from shared.events.dispatch import (
    ConsentRefused,
    Escalation,
    EscalationReported,
    EscalationSupervised,
    EscalationUrged,
    ExtensionGranted,
)
from shared.events.intake import Triage
from shared.events.sla import Rung
from tests.support.alone import at
from tests.support.dispatching import OF_TOWNSHIP, Desk, desk, officer

__all__ = ["desk"]

ZRZY, ZJJ = officer("sq/zrzy"), officer("sq/zjj")
REASONS: dict[str, Any] = {"kind": "reasons", "text": "不符合条件。", "legal_basis": "《条例》第五条"}
RESULT: dict[str, Any] = {"kind": "result", "text": "已经办结。"}
DUE = at("11-26 17:30")


async def dispatched(desk: Desk, triage: Triage = Triage.CANNOT, **given: Any) -> str:
    """An order with the departments since Monday, due on Thursday."""
    desk.now("11-23 09:00")
    complaint_id = await desk.complaint(triage)
    await desk.act(complaint_id, "dispatch", lead="zrzy", **given)
    await desk.due_at(complaint_id, "11-26 17:30")
    return complaint_id


async def given(desk: Desk) -> list[Escalation]:
    """The escalations announced so far."""
    return [event for event in await desk.told() if isinstance(event, Escalation)]


@pytest.mark.parametrize(
    ("rung", "kind", "requires"),
    [
        (Rung.URGED, EscalationUrged, False),
        (Rung.SUPERVISED, EscalationSupervised, True),
        (Rung.REPORTED, EscalationReported, False),
    ],
)
async def test_a_rung_whose_instant_passes_unanswered_is_given(
    desk: Desk, rung: Rung, kind: type[Escalation], requires: bool
) -> None:
    complaint_id = await dispatched(desk)
    now = desk.now("11-26 17:31")
    due = desk.due(complaint_id, rung, DUE)
    await desk.hear(due)
    (event,) = await given(desk)
    assert type(event) is kind
    assert (event.at, event.fell_due_at, event.leg, event.round, event.level) == (now, DUE, 1, 1, "sq")
    assert ([party.department for party in event.to], event.caused_by, event.by) == (["zrzy"], due.event_id, None)
    assert bool(event.requirement) is requires
    (told,) = (await desk.file(complaint_id))["rungs"]
    assert (told["rung"], told["by_hand"], told["to"]) == (rung.value, False, [{"center": "sq", "department": "zrzy"}])


async def test_a_rung_is_given_once_for_each_leg(desk: Desk) -> None:
    complaint_id = await dispatched(desk)
    desk.now("11-27 09:00")
    await desk.hear(*(desk.due(complaint_id, Rung.SUPERVISED, DUE) for _ in range(3)))
    await desk.hear(desk.due(complaint_id, Rung.SUPERVISED, DUE))
    await desk.hear(desk.due(complaint_id, Rung.REPORTED, DUE))
    assert [type(event) for event in await given(desk)] == [EscalationSupervised, EscalationReported]


async def test_a_batch_of_rungs_of_many_orders_is_decided_one_by_one(desk: Desk) -> None:
    late = [await dispatched(desk) for _ in range(3)]
    in_time = await dispatched(desk)
    await desk.act(in_time, "reply", ZRZY, **REASONS)
    desk.now("11-27 09:00")
    await desk.hear(*(desk.due(each, Rung.SUPERVISED, DUE) for each in (*late, in_time)))
    assert [event.subject for event in await given(desk)] == late


@pytest.mark.parametrize(("answered", "fires"), [("11-26 17:29", False), ("11-26 17:30", False), ("11-26 17:31", True)])
async def test_an_answer_by_that_instant_stops_it_however_late_it_is_heard(
    desk: Desk, answered: str, fires: bool
) -> None:
    complaint_id = await dispatched(desk)
    desk.now(answered)
    await desk.act(complaint_id, "reply", ZRZY, **REASONS)
    desk.now("11-30 09:00")
    await desk.hear(desk.due(complaint_id, Rung.SUPERVISED, DUE))
    assert bool(await given(desk)) is fires


async def test_a_rung_of_a_leg_that_is_over_is_decided_by_that_legs_answer(desk: Desk) -> None:
    in_time, late = await dispatched(desk, Triage.HARD), await dispatched(desk, Triage.HARD)
    plan = {"kind": "plan", "text": "方案", "committed_on": "2026-12-08"}
    desk.now("11-26 17:00")
    await desk.act(in_time, "reply", ZRZY, **plan)
    desk.now("11-26 18:00")
    await desk.act(late, "reply", ZRZY, **plan)
    desk.now("11-27 09:00")
    await desk.hear(desk.due(in_time, Rung.SUPERVISED, DUE), desk.due(late, Rung.SUPERVISED, DUE))
    (event,) = await given(desk)
    assert (event.subject, event.leg) == (late, 1)
    assert [party.department for party in event.to] == ["zrzy"]


async def test_a_rung_asked_for_before_a_return_is_left_to_the_next_round(desk: Desk) -> None:
    complaint_id = await dispatched(desk)
    desk.now("11-26 16:00")
    await desk.act(complaint_id, "reply", ZRZY, **REASONS)
    desk.now("11-26 18:00")
    await desk.act(complaint_id, "check", passed=False, reasons="不够具体")
    await desk.hear(desk.due(complaint_id, Rung.SUPERVISED, DUE))
    assert await given(desk) == []

    desk.now("11-27 18:00")
    await desk.hear(desk.due(complaint_id, Rung.SUPERVISED, at("11-27 17:30"), round_number=2))
    (event,) = await given(desk)
    assert (event.leg, event.round) == (1, 2)


@pytest.mark.parametrize(("answered", "fires"), [("11-26 17:30", False), ("11-26 17:31", True)])
async def test_a_rung_is_given_although_its_late_answer_was_returned_before_that_was_heard(
    desk: Desk, answered: str, fires: bool
) -> None:
    complaint_id = await dispatched(desk)
    desk.now(answered)
    await desk.act(complaint_id, "reply", ZRZY, **REASONS)
    desk.now("11-27 08:30")
    await desk.act(complaint_id, "check", passed=False, reasons="不够具体")
    desk.now("11-27 09:00")
    await desk.act(complaint_id, "reply", ZRZY, **REASONS)
    await desk.hear(desk.due(complaint_id, Rung.SUPERVISED, DUE))
    found = await given(desk)
    assert [(event.leg, event.round, event.fell_due_at) for event in found] == ([(1, 2, DUE)] if fires else [])
    await desk.hear(desk.due(complaint_id, Rung.SUPERVISED, at("11-30 17:30"), round_number=2))
    assert await given(desk) == found, "answered in time in the second round; and a rung is given once"


async def test_a_rung_heard_after_a_redo_names_nobody_who_had_answered_by_its_instant(desk: Desk) -> None:
    complaint_id = await dispatched(desk, Triage.HARD, co_handlers=["zjj", "swj"])
    await desk.act(complaint_id, "reply", ZJJ, **RESULT)
    desk.now("11-27 09:00")
    await desk.act(complaint_id, "overrule", reason="不影响办理。")
    await desk.act(complaint_id, "reply", ZRZY, **RESULT)
    await desk.act(complaint_id, "check", passed=True)
    said = {"satisfaction": "dissatisfied", "opinion": "不满意", "method": "phone"}
    await desk.act(complaint_id, "follow-up", **said, then="redo")
    await desk.hear(desk.due(complaint_id, Rung.SUPERVISED, DUE))
    (event,) = await given(desk)
    assert [party.department for party in event.to] == ["zrzy", "swj"]

    await desk.due_at(complaint_id, "12-04 17:30", leg=2)
    desk.now("12-04 17:31")
    await desk.hear(desk.due(complaint_id, Rung.SUPERVISED, at("12-04 17:30"), leg=2, round_number=2))
    assert [party.department for party in (await given(desk))[-1].to] == ["zrzy", "zjj", "swj"]


async def planned(desk: Desk, committed_on: str) -> str:
    """A plan of Monday, in answer of which the second leg is due on this day."""
    complaint_id = await dispatched(desk, Triage.HARD)
    await desk.act(complaint_id, "reply", ZRZY, kind="plan", text="方案", committed_on=f"2026-{committed_on}")
    await desk.due_at(complaint_id, f"{committed_on} 17:30", leg=2)
    return complaint_id


async def extended(desk: Desk, when: str) -> str:
    """Due on Thursday, and at this instant extended to Monday."""
    complaint_id = await planned(desk, "11-26")
    desk.now("11-26 10:00")
    await desk.act(complaint_id, "extend", ZRZY, reason="待外省函复。", committed_on="2026-11-30")
    desk.now(when)
    await desk.act(complaint_id, "extend", approve=True)
    return complaint_id


@pytest.mark.parametrize(
    ("granted", "known_by", "fires"),
    [
        ("11-26 16:00", 0, False),
        ("11-26 17:30", 0, False),
        ("11-26 17:31", 0, True),
        ("11-26 16:00", None, True),
    ],
    ids=["before", "at the instant", "too late for it", "no revision said"],
)
async def test_a_rung_asked_for_by_a_date_that_was_extended_by_its_instant_is_left(
    desk: Desk, granted: str, known_by: int | None, fires: bool
) -> None:
    complaint_id = await extended(desk, granted)
    desk.now("11-26 18:00")
    await desk.hear(desk.due(complaint_id, Rung.SUPERVISED, DUE, leg=2, committed_by=known_by))
    assert bool(await given(desk)) is fires


async def test_a_rung_that_was_left_is_given_when_the_extended_date_passes(desk: Desk) -> None:
    complaint_id = await extended(desk, "11-26 16:00")
    [granted] = await desk.announced(ExtensionGranted)
    desk.now("11-30 17:31")
    new_due = at("11-30 17:30")
    await desk.hear(
        desk.due(complaint_id, Rung.SUPERVISED, DUE, leg=2),
        desk.due(complaint_id, Rung.SUPERVISED, new_due, leg=2, committed_by=granted.revision),
    )
    assert [(event.leg, event.fell_due_at) for event in await given(desk)] == [(2, new_due)]


async def test_a_rung_asked_for_by_a_date_that_was_not_consented_to_is_left(desk: Desk) -> None:
    complaint_id = await planned(desk, "12-31")
    desk.now("12-30 10:00")
    await desk.act(complaint_id, "consent", approve=False, reasons="请在二十个工作日内办结。")
    [refused] = await desk.announced(ConsentRefused)
    desk.now("12-30 18:00")
    eve = at("12-30 17:30")
    await desk.hear(desk.due(complaint_id, Rung.URGED, eve, leg=2))
    assert await given(desk) == []
    await desk.hear(desk.due(complaint_id, Rung.URGED, eve, leg=2, committed_by=refused.revision))
    assert len(await given(desk)) == 1


@pytest.mark.parametrize(("answered", "rungs"), [("11-26 17:30", 0), ("11-26 18:00", 1)])
async def test_a_closed_order_gets_the_rungs_its_late_answer_had_passed_and_no_others(
    desk: Desk, answered: str, rungs: int
) -> None:
    complaint_id = await dispatched(desk)
    desk.now(answered)
    await desk.act(complaint_id, "reply", ZRZY, **REASONS)
    await desk.act(complaint_id, "check", passed=True)
    await desk.act(complaint_id, "follow-up", satisfaction="satisfied", opinion="满意", method="phone")
    await desk.hear(desk.due(complaint_id, Rung.SUPERVISED, DUE))
    assert len(await given(desk)) == rungs


async def test_a_rung_names_whoever_has_not_answered_and_the_leads_level(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD, "sq-zhidian")
    await desk.act(complaint_id, "dispatch", OF_TOWNSHIP, lead="zhfw", co_handlers=["zrzy", "zjj"])
    await desk.act(complaint_id, "reply", ZJJ, **RESULT)
    desk.now("11-27 09:00")
    await desk.hear(desk.due(complaint_id, Rung.URGED, DUE))
    (event,) = await given(desk)
    assert [party.department for party in event.to] == ["zhfw", "zrzy"]
    assert event.level == "sq-zhidian"


async def test_urging_by_hand_uses_up_no_rung(desk: Desk) -> None:
    complaint_id = await dispatched(desk)
    await desk.act(complaint_id, "urge")
    await desk.act(complaint_id, "urge")
    desk.now("11-26 17:31")
    await desk.hear(desk.due(complaint_id, Rung.URGED, at("11-25 17:30")))
    by_hand = [(event.fell_due_at is None, event.by) for event in await given(desk)]
    assert by_hand == [(True, "coordinator-sq"), (True, "coordinator-sq"), (False, None)]
    assert [rung["by_hand"] for rung in (await desk.file(complaint_id))["rungs"]] == [True, True, False]


async def test_supervising_by_hand_waits_for_the_due_date(desk: Desk) -> None:
    complaint_id = await dispatched(desk)
    order = {"requirement": "今天下班前答复。"}
    assert await desk.refused(complaint_id, "supervise", **order) == (409, "not-overdue", [])
    desk.now("11-26 17:31")
    assert await desk.refused(complaint_id, "supervise") == (422, "invalid", ["requirement"])
    await desk.act(complaint_id, "supervise", **order)
    (event,) = await desk.announced(EscalationSupervised)
    assert (event.requirement, event.fell_due_at) == ("今天下班前答复。", None)


@pytest.mark.parametrize("action", ["urge", "supervise"])
async def test_nobody_is_urged_or_supervised_who_has_answered(desk: Desk, action: str) -> None:
    complaint_id = await dispatched(desk)
    await desk.act(complaint_id, "reply", ZRZY, **REASONS)
    assert await desk.refused(complaint_id, action, requirement="答复") == (409, "not-in-this-state", [])

"""What dispatch does about what it hears: each event once, twice, early, and failing half-way."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from services.dispatch.consumers import consumer
from shared.events import Event
from shared.events.intake import ComplaintCorrected, ComplaintSettled, ComplaintTriaged, PetitionerCorrected, Triage
from shared.events.sla import ClockMoved, ClockOverran, ClockStarted, RungDue
from tests.support.alone import at
from tests.support.dispatching import COORDINATOR, Desk, desk, officer, sealed_petitioner

__all__ = ["desk"]


async def test_an_order_opens_when_its_complaint_is_triaged(desk: Desk) -> None:
    registered = desk.registered()
    await desk.hear(registered)
    assert (await desk.ask("GET", f"orders/{registered.subject}", COORDINATOR)).status_code == 404

    await desk.hear(desk.triaged(registered.subject, Triage.HARD))

    order = await desk.file(registered.subject)
    assert (order["number"], order["state"], order["triage"], order["redo"]) == (
        registered.number,
        "pending",
        "hard",
        0,
    )
    assert (order["rungs"], order["overdue"], order["final"], order["lead"]) == ([], False, None, None)


async def test_what_is_heard_before_its_complaint_waits_for_it_in_any_order(desk: Desk) -> None:
    for first, second, third in permutations(range(3)):
        registered = desk.registered()
        events = [registered, desk.triaged(registered.subject, Triage.GENERAL), desk.settled(registered.subject)]
        await desk.hear_each(events[first], events[second], events[third])

        assert await desk.parked() == 0
        assert (await desk.file(registered.subject))["state"] == "following_up"


async def test_a_whole_beginning_may_come_in_one_batch(desk: Desk) -> None:
    registered = desk.registered()
    complaint_id = registered.subject
    await desk.hear(
        registered,
        desk.triaged(complaint_id, Triage.CANNOT),
        desk.triaged(complaint_id, Triage.GENERAL, revision=2),
        desk.settled(complaint_id),
    )
    assert await desk.parked() == 0
    order = await desk.file(complaint_id)
    assert (order["state"], order["triage"], order["way"]) == ("following_up", "general", "settled")


async def test_a_later_triage_replaces_an_earlier_one_until_dispatch(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.GENERAL)
    await desk.hear(desk.triaged(complaint_id, Triage.HARD, revision=3))
    await desk.hear(desk.triaged(complaint_id, Triage.CANNOT, revision=2))
    order = await desk.file(complaint_id)
    assert (order["triage"], order["state"]) == ("hard", "pending")

    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.hear(desk.triaged(complaint_id, Triage.GENERAL, revision=4))
    order = await desk.file(complaint_id)
    assert (order["triage"], order["state"]) == ("hard", "handling")


async def test_a_settlement_after_dispatch_is_noted_and_changes_nothing(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.hear(desk.settled(complaint_id))
    order = await desk.file(complaint_id)
    assert (order["state"], [step["action"] for step in order["steps"]]) == ("handling", ["settle"])


async def test_corrections_are_kept_by_their_revision(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    told = {"at": at("11-23 09:00"), "center": "sq", "subject": complaint_id, "by": "clerk-sq"}
    await desk.hear_each(
        *(
            ComplaintCorrected(revision=n, category="opinion", content=f"第{n}稿", reason="写错", **told)
            for n in (2, 1)
        ),
        *(
            PetitionerCorrected(revision=n, petitioner=sealed_petitioner(complaint_id, name), reason="听错了", **told)
            for n, name in ((2, "李四"), (1, "赵六"))
        ),
    )
    order = await desk.file(complaint_id)
    assert (order["content"], order["category"]) == ("第2稿", "opinion")
    assert order["petitioner"]["name"] == "李*"


async def test_due_dates_come_from_sla_in_any_order(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    told: dict[str, Any] = {"at": at("11-23 09:00"), "center": "sq", "subject": complaint_id, "leg": 1}
    first, second, third = at("11-26 17:30"), at("11-27 17:30"), at("11-30 17:30")
    await desk.hear_each(
        ClockMoved(revision=3, was=second, due_at=third, provisional=True, why="calendar", **told),
        ClockMoved(revision=2, was=first, due_at=second, provisional=False, why="returned", **told),
        ClockStarted(due_at=first, provisional=False, **told),
    )
    order = await desk.file(complaint_id)
    assert (order["due_at"], order["first_due_at"]) == (third.isoformat(), first.isoformat())
    assert order["provisional"]


async def test_a_leg_that_was_answered_late_makes_the_order_overdue(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    assert not (await desk.file(complaint_id))["overdue"]
    due = at("11-26 17:30")
    told: dict[str, Any] = {"at": due, "center": "sq", "subject": complaint_id, "leg": 1, "due_at": due}
    await desk.hear(ClockOverran(answered_at=due + timedelta(days=1), working_days=1, office_minutes=60, **told))
    order = await desk.file(complaint_id)
    assert order["overdue"]
    assert order["legs"][0]["overran_working_days"] == 1


async def test_a_date_moved_while_sla_was_away_makes_no_answer_late_that_came_before_it(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    due, moved = at("11-26 17:30"), at("11-30 17:30")
    told: dict[str, Any] = {"at": at("11-23 09:00"), "center": "sq", "subject": complaint_id, "leg": 1}
    await desk.hear(ClockStarted(due_at=due, provisional=False, **told))
    desk.now("11-27 10:00")
    reasons = {"kind": "reasons", "text": "不符合条件。", "legal_basis": "《条例》第五条"}
    await desk.act(complaint_id, "reply", officer("sq/zrzy"), **reasons)
    await desk.act(complaint_id, "check", passed=True)
    heard = {"satisfaction": "satisfied", "opinion": "满意", "method": "phone", "solved": True}
    await desk.act(complaint_id, "follow-up", **heard)
    assert (await desk.file(complaint_id))["overdue"], "by all that is known so far"
    await desk.hear(ClockMoved(revision=2, was=due, due_at=moved, provisional=False, why="returned", **told))
    assert not (await desk.file(complaint_id))["overdue"]


def _everything(desk: Desk, complaint_id: str) -> list[Event]:
    due = at("11-26 17:30")
    told: dict[str, Any] = {"at": due, "center": "sq", "subject": complaint_id}
    return [
        ComplaintSettled(result="已解决。", by="clerk-sq", **told),
        ComplaintTriaged(revision=2, triage=Triage.CANNOT, by="clerk-sq", **told),
        ComplaintCorrected(revision=1, category="opinion", content="更正", by="clerk-sq", reason="写错", **told),
        PetitionerCorrected(
            revision=1, petitioner=sealed_petitioner(complaint_id), by="clerk-sq", reason="听错", **told
        ),
        ClockStarted(leg=1, due_at=due, provisional=False, **told),
        ClockMoved(leg=1, revision=2, was=due, due_at=due, provisional=False, why="calendar", **told),
        ClockOverran(leg=1, due_at=due, answered_at=due, working_days=1, office_minutes=1, **told),
        RungDue(leg=1, round=1, rung="urged", instant=due, **told),  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize("index", range(8))
async def test_what_is_told_twice_happens_once(desk: Desk, index: int) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    desk.now("11-26 18:00")
    event = _everything(desk, complaint_id)[index]
    await desk.hear(event)
    once, told = await desk.file(complaint_id), len(await desk.told())
    await desk.hear(event)
    assert (await desk.file(complaint_id), len(await desk.told())) == (once, told)


@pytest.mark.parametrize("index", range(8))
async def test_what_fails_half_way_is_done_whole_at_the_next_try(
    desk: Desk, index: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    desk.now("11-26 18:00")
    event = _everything(desk, complaint_id)[index]
    before, told = await desk.file(complaint_id), len(await desk.told())

    async def fail(_: Event, __: object) -> None:
        raise RuntimeError("half-way")

    handlers = consumer.handlers[type(event)]
    monkeypatch.setitem(consumer.handlers, type(event), [*handlers, fail])
    await desk.hear(event)
    assert (await desk.file(complaint_id), len(await desk.told())) == (before, told)
    assert await desk.parked() == 1

    monkeypatch.setitem(consumer.handlers, type(event), handlers)
    assert await desk.receiver.retry(event.event_id)
    after = await desk.file(complaint_id)
    assert after != before or isinstance(event, ComplaintTriaged | PetitionerCorrected | ComplaintCorrected)
    assert await desk.parked() == 0


@pytest.mark.parametrize("index", range(8))
async def test_what_comes_before_its_aggregate_is_parked(desk: Desk, index: int) -> None:
    complaint_id = desk.registered().subject
    await desk.hear(_everything(desk, complaint_id)[index])
    assert await desk.parked() == 1

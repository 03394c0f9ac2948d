"""What sla does about what it hears (Art. 8, 9, 10)."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from services.sla import usecases
from services.sla.app import service
from services.sla.consumers import consumer
from shared.events import Event
from shared.events.dispatch import LimitRule, OrderDispatched, Stage
from shared.events.sla import ClockMoved, ClockOverran, ClockStarted, Rung
from shared.ids import new_id
from tests.support.alone import Alone, at
from tests.support.sla import Told, clock, of, sla

__all__ = ["sla"]


async def test_a_dispatched_order_gets_a_clock_and_everyone_hears_when_it_is_due(sla: Alone) -> None:
    order = Told()
    dispatched = order.dispatched("11-23 10:00")
    await sla.hear(dispatched)
    await sla.hear(dispatched)
    [started] = of(await sla.told(), ClockStarted)
    assert (started.leg, started.due_at, started.provisional) == (1, at("11-26 17:30"), False)
    assert (started.subject, started.center, started.caused_by) == (order.id, "sq-zhidian", dispatched.event_id)
    assert usecases.SWEEP in sla.woken


async def test_a_dispatch_waits_for_its_calendar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Alone.at_work(service, tmp_path, monkeypatch) as new:
        await new.hear(Told().dispatched("11-23 10:00"))
        assert await new.parked() == 1
        await new.knows("sq")
        assert await new.parked() == 0
        assert of(await new.told(), ClockStarted)


async def test_what_is_given_by_hand_advances_no_rung(sla: Alone) -> None:
    order = Told()
    await sla.hear(order.dispatched("11-23 10:00"), order.given(Rung.URGED, "11-23 11:00", fell_due_at=None))
    assert (await clock(sla, order)).next_rung is Rung.URGED


async def test_an_answer_stops_the_ladder_and_a_late_one_is_measured(sla: Alone) -> None:
    in_time, late = Told(), Told()
    await sla.hear(in_time.dispatched("11-23 10:00"), late.dispatched("11-23 10:00"))
    await sla.hear(*(each.given(Rung.URGED, "11-25 17:31") for each in (in_time, late)))
    await sla.hear(in_time.replied("11-26 17:30"), late.replied("11-30 09:00"))
    assert (await clock(sla, in_time)).next_fire_at is None
    assert (await clock(sla, late)).next_rung is Rung.SUPERVISED, "nobody was there to give it in time"
    [overran] = of(await sla.told(), ClockOverran)
    assert (overran.subject, overran.due_at, overran.answered_at) == (late.id, at("11-26 17:30"), at("11-30 09:00"))
    assert (overran.working_days, overran.office_minutes) == (2, 390 + 30)


async def test_an_answer_after_close_of_the_due_day_is_one_working_day_late(sla: Alone) -> None:
    order = Told()
    await sla.hear(order.dispatched("11-23 10:00"), order.replied("11-26 20:00"))
    [overran] = of(await sla.told(), ClockOverran)
    assert (overran.working_days, overran.office_minutes) == (1, 0)


async def test_a_co_handlers_answer_stops_nothing(sla: Alone) -> None:
    order = Told()
    await sla.hear(order.dispatched("11-23 10:00"), order.replied("11-24 10:00", is_lead=False))
    assert (await clock(sla, order)).next_rung is Rung.URGED


async def test_a_plan_begins_the_stage_of_its_result_until_the_committed_date(sla: Alone) -> None:
    order = Told()
    result = order.leg(
        "11-25 10:00", 2, days=None, rule=LimitRule.COMMITTED, committed_on=date(2026, 12, 5), stage=Stage.RESULT,
        has_co_handlers=True,
    )  # fmt: skip
    await sla.hear(order.dispatched("11-23 10:00", days=5), order.replied("11-25 10:00", next_leg=result))
    first, second = of(await sla.told(), ClockStarted)
    assert (first.due_at, first.co_handlers_due_at) == (at("11-30 17:30"), None)
    # 5 December is a Saturday: the next working day. Co-handlers one working day before.
    assert (second.due_at, second.co_handlers_due_at) == (at("12-07 17:30"), at("12-04 17:30"))
    assert (await clock(sla, order, 2)).next_rung is Rung.URGED


async def test_a_return_at_the_check_continues_the_leg_with_a_little_time_at_least(sla: Alone) -> None:
    order = Told()
    await sla.hear(order.dispatched("11-23 10:00"), order.replied("11-25 17:30"), order.returned("11-26 15:00"))
    [moved] = of(await sla.told(), ClockMoved)
    assert (moved.was, moved.due_at, moved.why) == (at("11-26 17:30"), at("11-27 17:30"), "returned")
    assert moved.revision == 2
    known = await clock(sla, order)
    # One working day before the new date would be 11-26 17:30, which is after the return.
    assert (known.next_rung, known.next_fire_at) == (Rung.URGED, at("11-26 17:30"))


async def test_a_return_with_time_enough_moves_nothing(sla: Alone) -> None:
    order = Told()
    await sla.hear(order.dispatched("11-23 10:00", days=5), order.replied("11-24 09:00"), order.returned("11-24 10:00"))
    assert not of(await sla.told(), ClockMoved)
    assert (await clock(sla, order)).next_fire_at == at("11-27 17:30")


async def test_after_a_return_no_report_falls_due_before_the_date_then_due(sla: Alone) -> None:
    order = Told()
    await sla.hear(
        order.dispatched("11-23 10:00"),
        order.given(Rung.URGED, "11-25 17:31"),
        order.given(Rung.SUPERVISED, "11-26 17:31"),
        order.replied("11-27 09:00"),
        order.returned("11-27 10:00"),
    )
    known = await clock(sla, order)
    assert (known.next_rung, known.next_fire_at) == (Rung.REPORTED, at("11-30 17:30"))


async def test_a_redo_gets_a_leg_of_its_own_and_what_was_never_dispatched_gets_none(sla: Alone) -> None:
    order, settled = Told(), Told()
    await sla.hear(order.dispatched("11-23 10:00"), order.replied("11-24 10:00"))
    await sla.hear(order.redo("11-25 10:00", order.leg("11-25 10:00", 2, 2)), settled.redo("11-25 10:00", None))
    assert (await clock(sla, order, 2)).due_at == at("11-30 17:30")
    assert await sla.parked() == 0


async def test_a_redispatch_ends_the_ladder_of_the_department_that_declined(sla: Alone) -> None:
    order = Told()
    await sla.hear(order.dispatched("11-23 10:00"), order.dispatched("11-24 10:00", 2))
    assert (await clock(sla, order)).next_fire_at is None
    assert (await clock(sla, order, 2)).next_rung is Rung.URGED


async def test_a_closed_order_has_no_ladder_and_a_reopened_one_has(sla: Alone) -> None:
    order = Told()
    closed = [order.dispatched("11-23 10:00"), order.closed("11-24 10:00")]
    await sla.hear_each(*reversed(closed))
    assert (await clock(sla, order)).next_fire_at is None
    await sla.hear(order.redo("11-25 10:00", order.leg("11-25 10:00", 2, 2)))
    assert (await clock(sla, order, 2)).next_rung is Rung.URGED


def _life(order: Told) -> list[Event]:
    return [
        order.dispatched("11-23 10:00"),
        order.given(Rung.URGED, "11-25 17:31"),
        order.given(Rung.SUPERVISED, "11-26 17:31"),
        order.replied("11-26 18:00"),
        order.returned("11-27 09:00"),
        order.replied("12-01 09:00", round_number=2),
        order.closed("12-02 10:00"),
    ]


def _facts(events: list[Event]) -> list[Any]:
    told = [(type(event).__name__, event.model_dump(exclude={"event_id", "subject"})) for event in events]
    return sorted(told, key=str)


async def test_whatever_the_order_of_arrival_the_result_is_the_same(sla: Alone) -> None:
    order = Told()
    life = _life(order)
    await sla.hear(*life)
    expected = await clock(sla, order)
    told = _facts(await sla.told())
    for arrival in list(permutations(range(len(life))))[::37]:
        before = len(await sla.told())
        other = Told()
        copy = [event.model_copy(update={"subject": other.id, "event_id": new_id()}) for event in life]
        by_life = {old.event_id: new.event_id for old, new in zip(life, copy, strict=True)}
        await sla.hear_each(*(copy[n] for n in arrival))
        assert await sla.parked() == 0, arrival
        known = await clock(sla, other)
        same = [name for name in vars(expected) if not name.startswith("_") and name != "complaint_id"]
        assert {n: getattr(known, n) for n in same} == {n: getattr(expected, n) for n in same}, arrival
        for fact in told:
            fact[1]["caused_by"] = by_life.get(fact[1]["caused_by"], fact[1]["caused_by"])
        assert _facts((await sla.told())[before:]) == sorted(told, key=str), arrival
        life = copy


async def test_a_handler_that_fails_half_way_leaves_nothing(sla: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    order = Told()

    async def fail(*_: Any) -> None:
        raise RuntimeError("half-way")

    dispatched = order.dispatched("11-23 10:00")
    with monkeypatch.context() as broken:
        broken.setitem(consumer.handlers, OrderDispatched, [*consumer.handlers[OrderDispatched], fail])
        await sla.hear(dispatched)
    assert (await sla.parked(), await sla.told()) == (1, [])
    await sla.receiver.retry(dispatched.event_id)
    assert (await sla.parked(), len(await sla.told())) == (0, 1)

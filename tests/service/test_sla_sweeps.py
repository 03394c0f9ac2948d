"""When sla asks for rungs, and how it counts again by a changed calendar (Art. 9; mechanism §5)."""

from __future__ import annotations

from datetime import date

import pytest

from services.sla import usecases
from shared.events.directory import CenterChanged
from shared.events.sla import ClockMoved, Rung, RungDue
from shared.workdays import Calendar, Override
from tests.support.alone import Alone, at
from tests.support.sla import Told, asked, clock, of, sla

__all__ = ["sla"]


async def test_the_ladder_is_climbed_rung_by_rung_each_asked_once(sla: Alone) -> None:
    order = Told()
    await sla.hear(order.dispatched("11-23 10:00"))
    sla.now("11-25 17:30")
    assert await sla.do(usecases.fire_due) == at("11-25 17:30")  # at the instant itself an answer is in time
    assert not await asked(sla)
    sla.now("11-25 17:31")
    assert await sla.do(usecases.fire_due) is None
    assert await sla.do(usecases.fire_due) is None
    assert await asked(sla) == [(Rung.URGED, at("11-25 17:30"), 1)]

    sla.now("11-27 09:10")
    await sla.hear(order.given(Rung.URGED, "11-25 17:31"))
    await sla.do(usecases.fire_due)
    assert (await asked(sla))[1:] == [(Rung.SUPERVISED, at("11-26 17:30"), 1)]
    # Really given on Friday: its time is the close of Monday.
    await sla.hear(order.given(Rung.SUPERVISED, "11-27 09:10"))
    sla.now("12-01 08:00")
    await sla.do(usecases.fire_due)
    assert (await asked(sla))[2:] == [(Rung.REPORTED, at("11-30 17:30"), 1)]
    await sla.hear(order.given(Rung.REPORTED, "12-01 08:00"))
    # The ladder has ended; its circular awaits a signature until the close of the next working day.
    assert await sla.do(usecases.fire_due) == at("12-02 17:30")
    assert len(await asked(sla)) == 3


async def test_a_rung_asked_before_a_return_was_heard_of_is_asked_again_for_its_round(sla: Alone) -> None:
    order = Told()
    await sla.hear(order.dispatched("11-23 10:00", days=5))
    sla.now("11-28 10:00")
    await sla.do(usecases.fire_due)
    # Meanwhile the answer had come and had been returned; dispatch left the question about round 1.
    await sla.hear(order.replied("11-24 09:00"), order.returned("11-24 10:00"))
    await sla.do(usecases.fire_due)
    assert await asked(sla) == [(Rung.URGED, at("11-27 17:30"), 1), (Rung.URGED, at("11-27 17:30"), 2)]


async def test_a_question_says_by_which_committed_date_it_is_asked_and_another_date_is_asked_about_anew(
    sla: Alone,
) -> None:
    order = Told()
    await sla.hear(*order.planned("11-23 10:00", date(2026, 11, 26)), order.given(Rung.URGED, "11-25 17:31", leg=2))
    sla.now("11-26 17:31")
    await sla.do(usecases.fire_due)
    # It had been extended before that, and nobody had told: dispatch left the question about the date before.
    extended = order.extended("11-26 16:00", date(2026, 11, 27))
    await sla.hear(extended)
    sla.now("11-27 17:31")
    await sla.do(usecases.fire_due)
    told = [(event.rung, event.instant, event.committed_by) for event in of(await sla.told(), RungDue)]
    assert told == [
        (Rung.SUPERVISED, at("11-26 17:30"), 0),
        (Rung.SUPERVISED, at("11-27 17:30"), extended.revision),
    ]


async def test_the_sweep_takes_the_earliest_first_and_no_more_than_it_may(
    sla: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.sla.usecases.sweeping.AT_ONCE", 2)
    orders = [Told() for _ in range(3)]
    starts = ["11-25 10:00", "11-23 10:00", "11-24 10:00"]
    await sla.hear(*(order.dispatched(when) for order, when in zip(orders, starts, strict=True)))
    sla.now("12-10 10:00")
    assert await sla.do(usecases.fire_due) == at("11-27 17:30")
    assert await sla.do(usecases.fire_due) is None
    assert [event.subject for event in of(await sla.told(), RungDue)] == [orders[n].id for n in (1, 2, 0)]


async def test_a_provisional_date_is_counted_again_when_the_calendar_is_known(sla: Alone) -> None:
    sla.now("2026-12-30 10:00")
    later, certain = Told(), Told()
    await sla.hear(later.dispatched("2026-12-30 10:00"), certain.dispatched("2026-11-23 10:00"))
    assert (await clock(sla, later)).due_at == at("2027-01-05 17:30")
    day_off = Override(date(2027, 1, 4), worked=False, reason="放假")
    await sla.knows("sq", calendar=Calendar(overrides=(day_off,)), revision=2)
    assert usecases.RECOUNT in sla.woken
    await sla.do(usecases.recount)
    await sla.do(usecases.recount)
    [moved] = of(await sla.told(), ClockMoved)
    assert (moved.subject, moved.why, moved.was) == (later.id, "calendar", at("2027-01-05 17:30"))
    assert (moved.due_at, moved.provisional) == (at("2027-01-06 17:30"), True)
    assert (await clock(sla, later)).next_fire_at == at("2027-01-05 17:30")


async def test_a_certain_date_whose_day_is_taken_off_rolls_on_and_the_move_is_announced_once(sla: Alone) -> None:
    sla.now("11-23 11:00")
    on_its_day, elsewhere = Told(), Told()
    await sla.hear(on_its_day.dispatched("11-23 10:00"), elsewhere.dispatched("11-24 10:00"))
    flood = Override(date(2026, 11, 26), worked=False, reason="防汛")
    await sla.knows("sq", calendar=Calendar(overrides=(flood,)), revision=2)
    for _ in range(2):
        await sla.do(usecases.recount)
    [moved] = of(await sla.told(), ClockMoved)
    assert (moved.subject, moved.was, moved.due_at) == (on_its_day.id, at("11-26 17:30"), at("11-27 17:30"))
    assert (moved.why, moved.provisional) == ("calendar", False)


async def test_co_handlers_whose_day_is_taken_off_are_told_another_though_the_leads_stands(sla: Alone) -> None:
    sla.now("11-23 11:00")
    order = Told()
    await sla.hear(*order.planned("11-23 10:00", date(2026, 11, 26), has_co_handlers=True))
    flood = Override(date(2026, 11, 25), worked=False, reason="防汛")
    await sla.knows("sq", calendar=Calendar(overrides=(flood,)), revision=2)
    for _ in range(2):
        await sla.do(usecases.recount)
    [moved] = of(await sla.told(), ClockMoved)
    assert (moved.leg, moved.was, moved.due_at) == (2, at("11-26 17:30"), at("11-26 17:30"))
    assert (moved.co_handlers_due_at, moved.revision, moved.why) == (at("11-24 17:30"), 2, "co_handlers")


async def test_a_calendar_change_counts_for_what_is_heard_after_it_in_the_same_batch(sla: Alone) -> None:
    before, after = Told(), Told()
    day_off = Calendar(overrides=(Override(date(2026, 11, 24), worked=False, reason="停电"),))
    changed = CenterChanged(
        at=at("11-23 11:00"), center="sq", subject="sq", revision=2, name="sq", parent=None, area_code="0394",
        calendar=day_off.to_facts(),
    )  # fmt: skip
    await sla.hear(before.dispatched("11-23 10:00"), changed, after.dispatched("11-23 12:00"))
    assert (await clock(sla, before)).due_at == at("11-26 17:30")  # certain dates stay as they were told
    assert (await clock(sla, after)).due_at == at("11-27 17:30")

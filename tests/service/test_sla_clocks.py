"""What sla does about what it hears (Art. 8, 9, 10)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from services.sla import store, usecases
from services.sla.app import service
from services.sla.consumers import consumer
from services.sla.domain import Clock
from shared.events import Event
from shared.events.directory import CenterChanged
from shared.events.dispatch import (
    EscalationReported,
    EscalationSupervised,
    EscalationUrged,
    ExtensionGranted,
    Final,
    Leg,
    LimitRule,
    OrderChecked,
    OrderClosed,
    OrderDispatched,
    OrderReplied,
    Party,
    RedoStarted,
    ReplyKind,
    Stage,
)
from shared.events.intake import Triage
from shared.events.sla import ClockMoved, ClockOverran, ClockStarted, Rung, RungDue
from shared.ids import new_id
from shared.workdays import Calendar, Override
from tests.support.alone import Alone, at

LEAD = Party(center="sq", department="zrzy")


@pytest.fixture
async def sla(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    """Alone with its clocks: the mornings' digests are another matter."""
    monkeypatch.setenv("YOUSU_DAILY_DIGEST", "false")
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        await alone.knows("sq")
        yield alone


class Told:
    """The events dispatch would tell of one order; each is made once and can be delivered in any order."""

    def __init__(self) -> None:
        self.id = new_id()
        self.revision = 0

    def _make(self, kind: type[Event], when: str, /, **data: Any) -> Any:
        self.revision += 1
        if "revision" in kind.model_fields:
            data["revision"] = self.revision
        return kind(at=at(when), center="sq-zhidian", subject=self.id, **data)

    def leg(self, when: str, number: int = 1, round_number: int = 1, days: int | None = 3, **given: Any) -> Leg:
        stage = given.pop("stage", Stage.REPLY)
        rule = LimitRule.WORKING_DAYS if days else given.pop("rule", LimitRule.SAME_DAY)
        return Leg(
            number=number, stage=stage, round=round_number, starts_at=at(when), rule=rule, working_days=days,
            calendar="sq", **given,
        )  # fmt: skip

    def dispatched(self, when: str, number: int = 1, **given: Any) -> OrderDispatched:
        leg = self.leg(when, number, **given)
        return self._make(OrderDispatched, when, handling_center="sq", lead=LEAD, leg=leg, by="k")

    def replied(
        self, when: str, leg: int = 1, round_number: int = 1, next_leg: Leg | None = None, is_lead: bool = True
    ) -> OrderReplied:
        return self._make(
            OrderReplied, when, reply_id=new_id(), party=LEAD, is_lead=is_lead, kind=ReplyKind.RESULT, text="办结",
            round=round_number, leg=leg, triage=Triage.HARD, next_leg=next_leg, by="k",
        )  # fmt: skip

    def returned(self, when: str, round_number: int = 2, leg: int = 1) -> OrderChecked:
        return self._make(OrderChecked, when, passed=False, reasons="不实", leg=leg, round=round_number, by="k")

    def planned(self, when: str, committed_on: date, **given: Any) -> list[Event]:
        """Dispatched at nine on the day, and a plan in answer: the leg of its result is the second."""
        leg = self.leg(
            when, 2, days=None, rule=LimitRule.COMMITTED, committed_on=committed_on, stage=Stage.RESULT, **given
        )
        return [self.dispatched(f"{when[:5]} 09:00", days=5), self.replied(when, next_leg=leg)]

    def extended(self, when: str, committed_on: date) -> ExtensionGranted:
        was = date(2026, 11, 26)
        return self._make(ExtensionGranted, when, party=LEAD, leg=2, was=was, committed_on=committed_on, by="k")

    def redo(self, when: str, leg: Leg | None, round_number: int = 2) -> RedoStarted:
        return self._make(RedoStarted, when, round=round_number, leg=leg, reason="不满意", by="k")

    def closed(self, when: str) -> OrderClosed:
        return self._make(
            OrderClosed, when, final=Final.ZEROED, number="SQ-2026-0001", triage=Triage.HARD, redo=0, overdue=False,
            problem="问题", result="结果", by="k",
        )  # fmt: skip

    def given(self, rung: Rung, when: str, leg: int = 1, fell_due_at: str | None = "11-25 17:30") -> Any:
        kind = {
            Rung.URGED: EscalationUrged,
            Rung.SUPERVISED: EscalationSupervised,
            Rung.REPORTED: EscalationReported,
        }[rung]
        fell = at(fell_due_at) if fell_due_at else None
        return self._make(kind, when, leg=leg, round=1, fell_due_at=fell, to=[LEAD], level="sq")


async def clock(sla: Alone, order: Told, leg: int = 1) -> Clock:
    async with sla.store.reading() as session:
        kept = await store.order(session, order.id)
        assert kept
        return kept.clocks[leg]


async def asked(sla: Alone) -> list[tuple[Rung, datetime, int | None]]:
    return [(event.rung, event.instant, event.round) for event in await sla.told() if isinstance(event, RungDue)]


def of(events: list[Event], kind: type[Event]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


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
    await sla.hear(order.dispatched("11-23 10:00"), order.replied("11-26 09:00"), order.returned("11-26 15:00"))
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


async def test_a_rung_asked_before_a_return_was_heard_of_is_asked_again_for_its_round(sla: Alone) -> None:
    order = Told()
    await sla.hear(order.dispatched("11-23 10:00", days=5))
    sla.now("11-28 10:00")
    await sla.do(usecases.fire_due)
    # Meanwhile the answer had come and had been returned; dispatch left the question about round 1.
    await sla.hear(order.replied("11-24 09:00"), order.returned("11-24 10:00"))
    await sla.do(usecases.fire_due)
    assert await asked(sla) == [(Rung.URGED, at("11-27 17:30"), 1), (Rung.URGED, at("11-27 17:30"), 2)]


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


async def test_the_sweep_takes_the_earliest_first_and_no_more_than_it_may(
    sla: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usecases, "AT_ONCE", 2)
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

"""The ladder of a clock (Art. 9; mechanism §5, §6): what is next, and when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.sla.domain import Counted, Early, Limit, Order, State, ahead, must_be_answerable
from shared.events.dispatch import Leg, LimitRule, Stage
from shared.events.sla import Rung
from shared.refusals import Invalid
from tests.support.alone import at
from tests.support.clocks import CALENDAR, ladder, opened


@pytest.mark.parametrize(
    ("started", "limit", "due", "urged"),
    [
        ("11-23 10:00", {"working_days": 3}, "11-26 17:30", "11-25 17:30"),
        ("11-20 10:00", {"working_days": 5}, "11-27 17:30", "11-26 17:30"),
        # The eve closes at 17:30 in October, though September's last day closes at 18:00.
        ("09-28 10:00", {"working_days": 3}, "10-08 17:30", "09-30 17:30"),
        # One working day's limit: the eve's close is still after the start.
        ("11-23 10:00", {"working_days": 1}, "11-24 17:30", "11-23 17:30"),
        # Received after close it is not: half of the office minutes.
        ("11-23 18:00", {"working_days": 1}, "11-24 17:30", "11-24 11:45"),
        ("11-23 08:30", {"rule": LimitRule.SAME_DAY}, "11-23 17:30", "11-23 11:45"),
        ("11-23 15:31", {"rule": LimitRule.SAME_DAY}, "11-24 17:30", "11-23 17:30"),
        ("11-23 10:00", {"rule": LimitRule.COMMITTED, "committed_on": date(2026, 12, 5)}, "12-07 17:30", "12-04 17:30"),
    ],
)
def test_a_leg_is_due_and_urged_as_the_notice_says(started: str, limit: Any, due: str, urged: str) -> None:
    clock = opened(started, **limit)
    assert clock.due_at == at(due)
    assert ladder(clock) == (Rung.URGED, at(urged))


@pytest.mark.parametrize(
    ("given", "next_rung", "instant"),
    [
        ([], Rung.URGED, "11-25 17:30"),
        ([Rung.URGED], Rung.SUPERVISED, "11-26 17:30"),
        ([Rung.URGED, Rung.SUPERVISED], Rung.REPORTED, "11-30 17:30"),
        ([Rung.SUPERVISED], Rung.REPORTED, "11-30 17:30"),
        ([Rung.SUPERVISED, Rung.URGED], Rung.REPORTED, "11-30 17:30"),
        ([Rung.URGED, Rung.SUPERVISED, Rung.REPORTED], None, None),
        ([Rung.REPORTED], None, None),
    ],
)
@pytest.mark.parametrize("state", State)
def test_each_rung_follows_from_those_given_while_the_clock_runs(
    given: list[Rung], next_rung: Rung | None, instant: str | None, state: State
) -> None:
    clock = opened()
    for rung in given:
        clock.climb(rung, at("11-27 09:00"), CALENDAR)
    if state is State.ANSWERED:
        clock.answer(1, at("11-25 17:30"), CALENDAR)
    if state is State.CLOSED:
        clock.close()
    running = state is State.RUNNING and next_rung is not None
    assert ladder(clock) == ((next_rung, at(str(instant))) if running else (None, None))


def test_what_has_been_asked_is_not_asked_again_by_news_that_changes_nothing() -> None:
    clock = opened()
    clock.climb(Rung.SUPERVISED, at("11-27 09:00"), CALENDAR)
    clock.next_fire_at = None
    clock.climb(Rung.URGED, at("11-25 18:00"), CALENDAR)
    assert ladder(clock) == (Rung.REPORTED, None)


@pytest.mark.parametrize(
    ("given", "answered", "returned", "due", "expected"),
    [
        ([], "11-23 15:00", "11-23 16:00", "11-26 17:30", (Rung.URGED, "11-25 17:30")),
        # The eve's close has passed when it comes back on the due day: half of what is left.
        ([], "11-25 17:30", "11-26 17:40", "11-27 17:30", (Rung.URGED, "11-27 11:45")),
        ([Rung.URGED], "11-26 15:00", "11-26 16:00", "11-27 17:30", (Rung.SUPERVISED, "11-27 17:30")),
        ([Rung.SUPERVISED], "11-30 17:30", "12-01 09:00", "12-02 17:30", (Rung.REPORTED, "12-02 17:30")),
        ([Rung.REPORTED], "12-01 18:00", "12-02 09:00", "12-03 17:30", None),
    ],
)
def test_a_return_continues_the_ladder_from_where_it_stood(
    given: list[Rung], answered: str, returned: str, due: str, expected: tuple[Rung, str] | None
) -> None:
    clock = opened()
    for rung in given:
        clock.climb(rung, at("11-27 09:00"), CALENDAR)
    clock.answer(1, at(answered), CALENDAR)
    moved = clock.resume(2, at(returned), CALENDAR)
    assert clock.due_at == at(due)
    assert moved is (due != "11-26 17:30")
    assert ladder(clock) == ((expected[0], at(expected[1])) if expected else (None, None))


def test_a_return_waits_until_the_rungs_a_late_answer_could_not_stop_have_been_given() -> None:
    clock = opened()
    clock.answer(1, at("11-26 18:00"), CALENDAR)  # nobody was there to urge on the 25th, nor to supervise on the 26th
    for rung, instant in ((Rung.URGED, "11-25 17:30"), (Rung.SUPERVISED, "11-26 17:30")):
        with pytest.raises(Early):
            clock.resume(2, at("11-27 09:00"), CALENDAR)
        assert ladder(clock) == (rung, at(instant))
        clock.climb(rung, at("11-27 10:00"), CALENDAR)
    assert clock.resume(2, at("11-27 09:00"), CALENDAR)
    assert ladder(clock) == (Rung.REPORTED, at("11-30 17:30"))


def test_what_comes_before_what_it_builds_on_is_early_and_what_comes_twice_is_nothing() -> None:
    clock = opened()
    with pytest.raises(Early):
        clock.answer(2, at("11-24 10:00"), CALENDAR)
    with pytest.raises(Early):
        clock.resume(2, at("11-24 10:00"), CALENDAR)
    assert clock.answer(1, at("11-24 10:00"), CALENDAR)
    assert not clock.answer(1, at("11-30 10:00"), CALENDAR)
    clock.resume(2, at("11-24 11:00"), CALENDAR)
    assert not clock.resume(2, at("11-30 11:00"), CALENDAR)
    assert (clock.answered_at, clock.returned_at) == (at("11-24 10:00"), at("11-24 11:00"))


@pytest.mark.parametrize(
    ("answered", "late"),
    [
        ("11-26 17:30", None),
        ("11-26 17:31", (1, 0)),
        ("11-27 08:29", (1, 0)),
        ("11-27 08:30", (1, 1)),  # a working day begins when it opens, and its first minute with it
        ("11-27 08:31", (1, 1)),
        ("11-28 12:00", (1, 390)),
        ("11-30 07:00", (1, 390)),
        ("11-30 08:31", (2, 391)),
    ],
)
def test_lateness_is_counted_in_working_time_until_the_answer(answered: str, late: tuple[int, int] | None) -> None:
    clock = opened()
    clock.answer(1, at(answered), CALENDAR)
    assert clock.overrun(CALENDAR) == late


@pytest.mark.parametrize(
    ("answered", "owed"),
    [
        ("11-25 17:30", []),
        ("11-25 17:31", [Rung.URGED]),
        ("11-26 17:30", [Rung.URGED]),
        ("11-26 17:31", [Rung.URGED, Rung.SUPERVISED]),
        # Nobody could be reported for missing what was asked of him after he had answered.
        ("12-04 10:00", [Rung.URGED, Rung.SUPERVISED]),
    ],
)
@pytest.mark.parametrize("is_closed", [False, True])
@pytest.mark.parametrize("is_closed_first", [False, True])
def test_an_answer_heard_before_its_rungs_were_given_excuses_only_those_it_was_in_time_for(
    answered: str, owed: list[Rung], is_closed: bool, is_closed_first: bool
) -> None:
    clock, given = opened(), []
    if is_closed and is_closed_first:
        clock.close()
    clock.answer(1, at(answered), CALENDAR)
    if is_closed and not is_closed_first:
        clock.close()
    while clock.next_rung:
        given.append(clock.next_rung)
        clock.climb(clock.next_rung, at("12-04 11:00"), CALENDAR)
    assert given == owed


@pytest.mark.parametrize(
    ("stage", "has_co_handlers", "due"),
    [(Stage.RESULT, True, "11-25 17:30"), (Stage.RESULT, False, None), (Stage.REPLY, True, None)],
)
def test_co_handlers_are_due_one_working_day_before_the_lead_in_the_last_stage(
    stage: Stage, has_co_handlers: bool, due: str | None
) -> None:
    assert opened(stage=stage, has_co_handlers=has_co_handlers).co_handlers_due_at == (at(due) if due else None)


def test_what_lies_ahead_is_the_whole_ladder_and_what_is_due_already_comes_now() -> None:
    clock = opened()
    whole = [
        (Rung.URGED, at("11-25 17:30")),
        (Rung.SUPERVISED, at("11-26 17:30")),
        (Rung.REPORTED, at("11-27 17:30")),
    ]
    assert list(ahead(clock, CALENDAR, at("11-23 11:00"))) == whole
    late = at("11-27 09:00")
    assert list(ahead(clock, CALENDAR, late)) == [
        (Rung.URGED, late),
        (Rung.SUPERVISED, late),
        (Rung.REPORTED, at("11-30 17:30")),
    ]
    clock.answer(1, at("11-24 10:00"), CALENDAR)
    assert list(ahead(clock, CALENDAR, late)) == []


def test_an_order_has_one_ladder_at_a_time_whichever_leg_is_heard_of_first() -> None:
    counted = Counted(CALENDAR, 1)
    legs = [
        Leg(number=n, stage=Stage.REPLY, round=1, starts_at=at("11-23 10:00"), rule=LimitRule.SAME_DAY, calendar="sq")
        for n in (1, 2)
    ]
    for heard in (legs, legs[::-1]):
        order = Order("c")
        for leg in heard:
            order.open(leg, "sq", leg.number, counted)
        assert [order.clocks[n].state for n in (1, 2)] == [State.CLOSED, State.RUNNING]


@pytest.mark.parametrize("rule", [LimitRule.WORKING_DAYS, LimitRule.COMMITTED])
def test_a_limit_without_its_number_or_date_is_refused(rule: LimitRule) -> None:
    with pytest.raises(Invalid):
        Limit(at("11-23 10:00"), rule).due(CALENDAR)


def test_a_question_no_calendar_can_answer_is_refused_with_every_fault() -> None:
    with pytest.raises(Invalid) as refused:
        must_be_answerable({"at": at("2003-12-31 10:00"), "minutes": -1, "committed_on": None})
    assert [fault.field for fault in refused.value.errors] == ["at", "minutes"]

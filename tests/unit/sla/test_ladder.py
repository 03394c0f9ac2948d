"""The ladder of a clock (Art. 9; mechanism §5, §6): what is next, and when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.sla.domain import Clock, Counted, Early, Limit, Order, State, ahead, must_be_answerable
from shared.events.dispatch import Leg, LimitRule, Stage
from shared.events.sla import Rung
from shared.refusals import Invalid
from shared.workdays import Calendar, DayKind, Half, Notice, Override
from tests.support.alone import at

CALENDAR = Calendar()


def opened(when: str = "11-23 10:00", calendar: Calendar = CALENDAR, **given: Any) -> Clock:
    leg: dict[str, Any] = {"rule": LimitRule.WORKING_DAYS, "working_days": 3, "stage": Stage.REPLY} | given
    return Order("c").open(
        Leg(number=1, round=1, starts_at=at(when), calendar="sq", **leg), "sq", 1, Counted(calendar, 1)
    )


def ladder(clock: Clock) -> tuple[Rung | None, Any]:
    return clock.next_rung, clock.next_fire_at


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
    ("given", "returned", "due", "expected"),
    [
        ([], "11-23 16:00", "11-26 17:30", (Rung.URGED, "11-25 17:30")),
        # The eve's close has passed when it comes back on the due day: half of what is left.
        ([], "11-26 17:40", "11-27 17:30", (Rung.URGED, "11-27 11:45")),
        ([Rung.URGED], "11-26 16:00", "11-27 17:30", (Rung.SUPERVISED, "11-27 17:30")),
        ([Rung.SUPERVISED], "12-01 09:00", "12-02 17:30", (Rung.REPORTED, "12-02 17:30")),
        ([Rung.REPORTED], "12-02 09:00", "12-03 17:30", None),
    ],
)
def test_a_return_continues_the_ladder_from_where_it_stood(
    given: list[Rung], returned: str, due: str, expected: tuple[Rung, str] | None
) -> None:
    clock = opened()
    for rung in given:
        clock.climb(rung, at("11-27 09:00"), CALENDAR)
    clock.answer(1, at(returned), CALENDAR)
    moved = clock.resume(2, at(returned), CALENDAR)
    assert clock.due_at == at(due)
    assert moved is (due != "11-26 17:30")
    assert ladder(clock) == ((expected[0], at(expected[1])) if expected else (None, None))


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


def day(month_day: str, worked: bool) -> Override:
    return Override(date.fromisoformat(f"2027-{month_day}"), worked, "通知")


@pytest.mark.parametrize(
    ("overrides", "now", "due", "moved"),
    [
        ([], "2026-12-30 10:00", "2027-01-05 17:30", False),
        ([day("01-04", False)], "2026-12-30 10:00", "2027-01-06 17:30", True),
        ([day("01-02", True)], "2026-12-30 10:00", "2027-01-04 17:30", True),
        # Moved earlier, it never ends before close of the next working day.
        ([day("01-02", True)], "2027-01-04 10:00", "2027-01-05 17:30", False),
        ([day("01-02", True)], "2027-01-05 10:00", "2027-01-05 17:30", False),
    ],
)
def test_a_provisional_date_is_counted_again_by_a_changed_calendar(
    overrides: list[Override], now: str, due: str, moved: bool
) -> None:
    clock = opened("2026-12-30 10:00")
    assert (clock.due_at, clock.provisional) == (at("2027-01-05 17:30"), True)
    assert clock.recount(Counted(Calendar(overrides=tuple(overrides)), 2), at(now)) is moved
    assert (clock.due_at, clock.calendar_revision, clock.revision) == (at(due), 2, 1 + moved)


@pytest.mark.parametrize(
    ("off", "now", "due"),
    [
        ("2026-11-26", "11-24 10:00", "11-27 17:30"),
        # What was told and is certain stays, whatever becomes of the days before it.
        ("2026-11-24", "11-23 11:00", "11-26 17:30"),
        ("2026-11-26", "11-26 17:30", "11-26 17:30"),
    ],
)
def test_a_certain_date_rolls_on_only_when_its_own_day_is_taken_off(off: str, now: str, due: str) -> None:
    clock = opened()
    calendar = Calendar(overrides=(Override(date.fromisoformat(off), False, "防汛"),))
    clock.recount(Counted(calendar, 2), at(now))
    assert (clock.due_at, clock.provisional, clock.calendar_revision) == (at(due), False, 2)


def test_a_certain_date_whose_notice_was_withdrawn_is_provisional_again_and_counted_anew() -> None:
    days = {date(2027, 1, day): DayKind(worked=False, festival="元旦") for day in (1, 4, 5, 6, 7)}
    noticed = Calendar(notices=(Notice(2027, "2027年部分节假日安排的通知", days),))
    clock = opened("12-29 10:00", noticed)
    assert (clock.due_at, clock.provisional) == (at("2027-01-08 17:30"), False)
    assert clock.recount(Counted(Calendar(), 2), at("12-30 10:00"))
    assert (clock.due_at, clock.provisional) == (at("2027-01-04 17:30"), True)


def test_a_half_day_off_does_not_end_a_certain_date_earlier() -> None:
    clock = opened()
    half = Override(date(2026, 11, 26), False, "防汛", Half.AFTERNOON)
    assert not clock.recount(Counted(Calendar(overrides=(half,)), 2), at("11-24 10:00"))
    assert clock.due_at == at("11-26 17:30")


@pytest.mark.parametrize(
    ("off", "now", "theirs", "moved"),
    [
        ("2026-11-25", "11-23 11:00", "11-24 17:30", True),
        # Earlier it would leave less than until close of the next working day: that is the lead's own.
        ("2026-11-25", "11-24 10:00", "11-26 17:30", True),
        ("2026-11-25", "11-25 17:30", "11-25 17:30", False),
        ("2026-11-24", "11-23 11:00", "11-25 17:30", False),
    ],
)
def test_the_co_handlers_date_leaves_a_day_that_is_taken_off_though_the_leads_stands(
    off: str, now: str, theirs: str, moved: bool
) -> None:
    clock = opened(stage=Stage.RESULT, has_co_handlers=True)
    calendar = Calendar(overrides=(Override(date.fromisoformat(off), False, "防汛"),))
    assert clock.recount(Counted(calendar, 2), at(now)) is moved
    assert (clock.due_at, clock.co_handlers_due_at, clock.revision) == (at("11-26 17:30"), at(theirs), 1 + moved)


def test_the_co_handlers_date_goes_with_the_leads_and_is_told_with_it() -> None:
    clock = opened("2026-12-30 10:00", stage=Stage.RESULT, has_co_handlers=True)
    assert (clock.due_at, clock.co_handlers_due_at) == (at("2027-01-05 17:30"), at("2027-01-04 17:30"))
    assert clock.recount(Counted(Calendar(overrides=(day("01-04", False),)), 2), at("2026-12-30 11:00"))
    assert (clock.due_at, clock.co_handlers_due_at) == (at("2027-01-06 17:30"), at("2027-01-05 17:30"))
    assert clock.revision == 2


def test_another_committed_date_is_asked_about_anew_though_its_instant_be_the_same() -> None:
    clock = opened(rule=LimitRule.COMMITTED, working_days=None, committed_on=date(2026, 11, 26), stage=Stage.RESULT)
    clock.climb(Rung.URGED, at("11-25 17:31"), CALENDAR)
    clock.answer(1, at("11-26 10:00"), CALENDAR)
    clock.resume(2, at("11-26 11:00"), CALENDAR)  # which leaves until the close of Friday
    clock.next_fire_at = None
    assert not clock.recommit(date(2026, 11, 27), 5, CALENDAR)
    assert (ladder(clock), clock.committed_by) == ((Rung.SUPERVISED, at("11-27 17:30")), 5)
    clock.next_fire_at = None
    clock.recommit(date(2026, 11, 27), 5, CALENDAR)
    assert ladder(clock) == (Rung.SUPERVISED, None), "told twice, it is asked about once"


def test_a_late_answer_is_in_time_by_a_date_extended_before_it_and_owes_no_rung() -> None:
    clock = opened(rule=LimitRule.COMMITTED, working_days=None, committed_on=date(2026, 11, 26), stage=Stage.RESULT)
    clock.climb(Rung.URGED, at("11-25 17:31"), CALENDAR)
    clock.answer(1, at("11-27 10:00"), CALENDAR)
    assert ladder(clock) == (Rung.SUPERVISED, at("11-26 17:30"))
    clock.recommit(date(2026, 11, 30), 5, CALENDAR)
    assert (clock.next_rung, clock.next_fire_at) == (None, None)


def test_the_time_a_supervision_gives_is_counted_by_the_calendar_as_it_is_now() -> None:
    clock = opened()
    clock.climb(Rung.URGED, at("11-25 17:30"), CALENDAR)
    clock.climb(Rung.SUPERVISED, at("11-26 17:31"), CALENDAR)
    assert (clock.next_rung, clock.next_fire_at) == (Rung.REPORTED, at("11-27 17:30"))
    off = Calendar(overrides=(Override(date(2026, 11, 27), False, "防汛"),))
    assert not clock.recount(Counted(off, 2), at("11-27 08:00"))
    assert (clock.next_rung, clock.next_fire_at) == (Rung.REPORTED, at("11-30 17:30"))


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

"""A clock whose calendar or committed date has changed: what moves, and what it then asks (mechanism §5)."""

from __future__ import annotations

from datetime import date

import pytest

from services.sla.domain import Counted
from shared.events.dispatch import LimitRule, Stage
from shared.events.sla import Rung
from shared.workdays import Calendar, DayKind, Half, Notice, Override
from tests.support.alone import at
from tests.support.clocks import CALENDAR, ladder, opened


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

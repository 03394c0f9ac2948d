"""When digests fall due: each working day once, each week once, and never for a day that is past."""

from datetime import date
from typing import Any

import pytest

from services.sla.domain import Digest, Rhythm
from shared.workdays import Calendar, Half, Override
from tests.support.alone import at

CALENDAR = Calendar()


def planned(after: str, calendar: Calendar = CALENDAR, rhythm: Rhythm | None = None, **kept: Any) -> Digest:
    digest = Digest(center="sq", **kept)
    digest.plan(at(after), calendar, rhythm or Rhythm())
    return digest


@pytest.mark.parametrize(
    ("after", "rhythm", "next_at"),
    [
        ("11-23 08:00", Rhythm(), "11-23 08:30"),
        ("11-23 08:30", Rhythm(), "11-24 08:30"),
        ("11-27 20:00", Rhythm(), "11-30 08:30"),
        ("11-28 08:00", Rhythm(), "11-30 08:30"),
        ("11-23 08:40", Rhythm(office_minutes=30), "11-23 09:00"),
        ("09-30 09:00", Rhythm(), "10-08 08:30"),
    ],
)
def test_it_comes_on_working_days_at_the_office_time_that_is_set(after: str, rhythm: Rhythm, next_at: str) -> None:
    assert planned(after, rhythm=rhythm).next_at == at(next_at)


def test_it_follows_the_hours_of_the_day() -> None:
    morning_off = Calendar(overrides=(Override(date(2026, 11, 24), False, "停电", Half.MORNING),))
    assert planned("11-23 09:00", morning_off).next_at == at("11-24 14:30")


def test_a_day_is_told_once_and_not_at_its_very_instant() -> None:
    digest = planned("11-23 09:00")
    assert digest.take(at("11-24 08:30"), CALENDAR, Rhythm()) is None
    due = digest.take(at("11-24 08:31"), CALENDAR, Rhythm())
    assert due
    assert (due.day, due.instant) == (date(2026, 11, 24), at("11-24 08:30"))
    assert digest.take(at("11-24 08:32"), CALENDAR, Rhythm()) is None
    assert digest.next_at == at("11-25 08:30")


def test_hours_that_change_after_it_was_told_do_not_tell_the_day_again() -> None:
    digest = planned("11-23 09:00")
    assert digest.take(at("11-24 08:31"), CALENDAR, Rhythm())
    afternoon = Calendar(overrides=(Override(date(2026, 11, 24), False, "停电", Half.MORNING),))
    digest.plan(at("11-24 09:00"), afternoon, Rhythm())
    assert digest.next_at == at("11-25 08:30")


def test_after_an_outage_today_is_told_late_and_the_days_before_not_at_all() -> None:
    digest = planned("11-23 09:00")
    due = digest.take(at("11-26 15:00"), CALENDAR, Rhythm())
    assert due
    assert due.day == date(2026, 11, 26)
    assert planned("11-23 09:00").take(at("11-28 15:00"), CALENDAR, Rhythm()) is None, "a day off"


@pytest.mark.parametrize(
    ("kept", "now", "since", "until"),
    [
        (None, "11-23 08:31", "11-16 00:00", "11-23 00:00"),
        ("2026-11-16", "11-23 08:31", "11-16 00:00", "11-23 00:00"),
        # Of a week without a working day nobody hears before the next.
        ("2026-09-28", "10-12 08:31", "09-28 00:00", "10-12 00:00"),
    ],
)
def test_the_first_working_day_of_a_week_tells_of_the_time_since_the_last_one(
    kept: str | None, now: str, since: str, until: str
) -> None:
    digest = Digest(center="sq", week_told=date.fromisoformat(kept) if kept else None)
    due = digest.take(at(now), CALENDAR, Rhythm())
    assert due
    assert (due.week_since, due.week_until) == (at(since), at(until))
    following = digest.take(at("10-13 08:31" if now.startswith("10") else "11-24 08:31"), CALENDAR, Rhythm())
    assert following
    assert following.week_since is None


def test_the_week_may_begin_on_another_day() -> None:
    wednesday = Rhythm(weekday=3)
    digest = Digest(center="sq", week_told=date(2026, 11, 18))
    tuesday = digest.take(at("11-24 08:31"), CALENDAR, wednesday)
    assert tuesday
    assert tuesday.week_since is None
    due = digest.take(at("11-25 08:31"), CALENDAR, wednesday)
    assert due
    assert (due.week_since, due.week_until) == (at("11-18 00:00"), at("11-25 00:00"))

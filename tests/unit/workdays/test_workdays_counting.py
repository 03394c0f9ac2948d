"""Civil Code 201, 203 and Art. 8, 9: limits, office minutes and rungs."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.workdays import CHINA, Calendar, DayKind, Due, Half, Notice, OfficeHours, Override

CALENDAR = Calendar()
LOCAL = Calendar(
    overrides=(
        Override(date(2026, 11, 24), False, "停电", Half.MORNING),
        Override(date(2026, 11, 25), False, "停电", Half.AFTERNOON),
        Override(date(2026, 11, 28), True, "值守", Half.MORNING),
    )
)
CALENDARS = st.sampled_from([CALENDAR, LOCAL, Calendar(OfficeHours(((time(9), time(17)),), ()))])
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 30), timezones=st.just(CHINA))  # noqa: DTZ001
DAYS = st.dates(date(2026, 1, 1), date(2027, 6, 30))
COUNTS = st.integers(1, 25)
MINUTES = st.integers(0, 20_000)
quick = settings(max_examples=150, deadline=None)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def told(due: Due) -> str:
    return f"{due.due_at:%Y-%m-%dT%H:%M}"


def test_the_day_of_receipt_is_not_counted_and_the_trace_tells_every_day() -> None:
    due = CALENDAR.due_after(at("2026-09-29T10:00"), 2)
    assert told(due) == "2026-10-08T17:30"
    assert [(fact.date.day, fact.counts) for fact in due.trace][:3] == [(29, False), (30, True), (1, False)]
    assert due.trace[0].why == "收到当日不计"
    assert {fact.why for fact in due.trace[2:9]} == {"国庆节放假"}
    assert due.trace[-1].date == due.due_at.date()
    assert not due.provisional


@pytest.mark.parametrize("received", ["2026-11-23T00:00", "2026-11-23T12:30", "2026-11-23T17:30", "2026-11-23T23:59"])
def test_receipt_at_any_hour_counts_as_that_day(received: str) -> None:
    assert told(CALENDAR.due_after(at(received), 3)) == "2026-11-26T17:30"


def test_an_instant_is_put_on_the_clock_of_china() -> None:
    assert told(CALENDAR.due_after(datetime(2026, 11, 22, 16, 30, tzinfo=UTC), 3)) == "2026-11-26T17:30"
    assert CALENDAR.due_after(datetime(2026, 11, 22, tzinfo=UTC), 3).due_at.isoformat().endswith("+08:00")


def test_a_time_without_its_zone_is_refused() -> None:
    naive = datetime(2026, 11, 23)  # noqa: DTZ001
    for ask in (CALENDAR.is_open, CALENDAR.next_opening, CALENDAR.due_same_day, CALENDAR.end_of_next_working_day):
        with pytest.raises(ValueError, match="without its zone"):
            ask(naive)


def test_counting_backwards_is_refused() -> None:
    for ask in (
        lambda: CALENDAR.due_after(at("2026-11-23T10:00"), -1),
        lambda: CALENDAR.working_day_before(date(2026, 11, 23), -1),
        lambda: CALENDAR.add_office_minutes(at("2026-11-23T10:00"), -1),
    ):
        with pytest.raises(ValueError, match="cannot"):
            ask()


def test_a_due_date_is_provisional_when_a_counted_day_may_still_move() -> None:
    assert CALENDAR.due_after(at("2026-12-29T10:00"), 3).provisional
    assert CALENDAR.due_after(at("2026-12-25T10:00"), 1).provisional  # to Monday 28 December
    assert not CALENDAR.due_after(at("2026-12-24T10:00"), 1).provisional
    assert not CALENDAR.due_after(at("2025-12-30T10:00"), 3).provisional
    notice = Notice(2027, "2027", {date(2027, 1, 1): DayKind(False, "元旦"), date(2027, 1, 3): DayKind(True, "元旦")})
    due = Calendar(notices=(notice,)).due_after(at("2026-12-29T10:00"), 3)
    assert (told(due), due.provisional) == ("2027-01-03T17:30", False)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-23T08:00", "2026-11-23T17:30"),
        ("2026-11-23T12:30", "2026-11-23T17:30"),
        ("2026-11-23T15:30", "2026-11-23T17:30"),  # exactly 120 minutes
        ("2026-11-23T15:31", "2026-11-24T17:30"),
        ("2026-11-23T18:00", "2026-11-24T17:30"),
        ("2026-09-24T16:00", "2026-09-24T18:00"),
        ("2026-09-24T16:01", "2026-09-28T18:00"),
        ("2026-09-30T17:00", "2026-10-08T17:30"),
        ("2026-10-10T09:30", "2026-10-10T17:30"),
        ("2026-10-03T09:30", "2026-10-08T17:30"),
    ],
)
def test_a_same_day_limit_needs_two_office_hours_left(start: str, due: str) -> None:
    found = CALENDAR.due_same_day(at(start))
    assert told(found) == due
    assert found.trace[0].date == at(start).date()
    assert CALENDAR.due_after(at(start), 0) == found


def test_a_same_day_limit_carried_over_says_so() -> None:
    found = CALENDAR.due_same_day(at("2026-11-23T15:31"))
    assert [fact.why for fact in found.trace] == ["工作日；当日剩余不足120分钟，顺延", "工作日"]
    assert [fact.counts for fact in found.trace] == [False, True]


def test_the_minutes_a_same_day_limit_needs_are_configurable() -> None:
    assert told(CALENDAR.due_same_day(at("2026-11-23T17:00"), 30)) == "2026-11-23T17:30"
    assert told(CALENDAR.due_same_day(at("2026-11-23T17:30"), 0)) == "2026-11-24T17:30"


def test_a_half_day_off_shortens_a_same_day_limit() -> None:
    assert told(LOCAL.due_same_day(at("2026-11-25T10:00"))) == "2026-11-25T12:00"
    assert told(LOCAL.due_same_day(at("2026-11-25T10:01"))) == "2026-11-26T17:30"


@pytest.mark.parametrize(
    ("committed", "due"),
    [("2026-10-03", "2026-10-08T17:30"), ("2026-10-10", "2026-10-10T17:30"), ("2026-11-27", "2026-11-27T17:30")],
)
def test_a_committed_date_on_a_day_off_rolls_forward(committed: str, due: str) -> None:
    found = CALENDAR.due_on(date.fromisoformat(committed))
    assert told(found) == due
    assert found.trace[0].date == date.fromisoformat(committed)


def test_working_days_are_found_on_either_side() -> None:
    assert CALENDAR.working_day_after(date(2026, 9, 30)) == date(2026, 10, 8)
    assert CALENDAR.working_day_after(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert CALENDAR.working_day_before(date(2026, 10, 8)) == date(2026, 9, 30)
    assert CALENDAR.working_day_before(date(2026, 10, 12), 2) == date(2026, 10, 9)
    assert CALENDAR.working_day_after(date(2026, 10, 3), 0) == date(2026, 10, 3)


def test_overdue_is_counted_in_working_days_begun_after_the_due_day() -> None:
    assert CALENDAR.workdays_between(date(2026, 9, 30), date(2026, 9, 30)) == 0
    assert CALENDAR.workdays_between(date(2026, 9, 30), date(2026, 10, 7)) == 0
    assert CALENDAR.workdays_between(date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert CALENDAR.workdays_between(date(2026, 10, 10), date(2026, 9, 30)) == 0


def test_a_working_day_has_begun_when_its_office_opens() -> None:
    assert CALENDAR.workdays_begun(at("2026-09-30T18:00"), at("2026-10-08T08:29")) == 0
    assert CALENDAR.workdays_begun(at("2026-09-30T18:00"), at("2026-10-08T08:30")) == 1
    assert CALENDAR.workdays_begun(at("2026-09-30T18:00"), at("2026-10-11T07:00")) == 3
    assert CALENDAR.workdays_begun(at("2026-09-30T18:00"), at("2026-09-30T20:00")) == 0


def test_the_clock_stops_at_the_very_close() -> None:
    assert CALENDAR.is_open(at("2026-11-23T08:30"))
    assert not CALENDAR.is_open(at("2026-11-23T12:00"))
    assert not CALENDAR.is_open(at("2026-11-23T17:30"))
    assert not CALENDAR.is_open(at("2026-11-28T10:00"))


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23T10:00", "2026-11-23T10:00"),
        ("2026-11-23T12:00", "2026-11-23T14:30"),
        ("2026-11-23T17:30", "2026-11-24T08:30"),
        ("2026-09-30T18:00", "2026-10-08T08:30"),
    ],
)
def test_the_next_opening_is_now_when_open(moment: str, opening: str) -> None:
    assert CALENDAR.next_opening(at(moment)) == at(opening)


def test_a_day_off_has_no_close() -> None:
    with pytest.raises(ValueError, match="不是工作日"):
        CALENDAR.close_of(date(2026, 10, 1))


def test_office_minutes_leave_out_lunch_nights_and_days_off() -> None:
    assert CALENDAR.office_minutes(at("2026-09-30T17:00"), at("2026-10-08T09:00")) == 90
    assert CALENDAR.office_minutes(at("2026-11-23T11:00"), at("2026-11-23T15:00")) == 90
    assert CALENDAR.office_minutes(at("2026-11-23T15:00"), at("2026-11-23T11:00")) == 0
    assert CALENDAR.office_time(at("2026-11-23T00:00"), at("2026-11-24T00:00")) == timedelta(hours=6, minutes=30)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-23T10:00", 5, "2026-11-23T10:05"),
        ("2026-11-23T11:58", 5, "2026-11-23T14:33"),
        ("2026-11-23T17:28", 5, "2026-11-24T08:33"),
        ("2026-11-23T20:00", 120, "2026-11-24T10:30"),
        ("2026-11-23T08:30", 210, "2026-11-23T12:00"),
        ("2026-11-23T12:30", 0, "2026-11-23T12:30"),
    ],
)
def test_office_minutes_are_added_over_lunch_and_nights(start: str, minutes: int, end: str) -> None:
    assert CALENDAR.add_office_minutes(at(start), minutes) == at(end)


@pytest.mark.parametrize(
    ("start", "due", "urged"),
    [
        ("2026-09-28T10:00", "2026-10-08T17:30", "2026-09-30T17:30"),  # the eve closes at 18:00
        ("2026-09-28T10:00", "2026-10-10T17:30", "2026-10-09T17:30"),
        ("2026-04-29T10:00", "2026-05-06T18:00", "2026-04-30T17:30"),  # the eve closes earlier
        ("2026-11-20T10:00", "2026-11-24T10:00", "2026-11-23T10:00"),
        ("2026-10-10T09:30", "2026-10-10T17:30", "2026-10-10T14:45"),  # 165 of 330 office minutes
        ("2026-10-10T15:31", "2026-10-12T17:30", "2026-10-10T17:30"),
        ("2026-10-10T18:00", "2026-10-12T17:30", "2026-10-12T11:45"),  # received after close
        ("2026-10-10T17:30", "2026-10-12T17:30", "2026-10-12T11:45"),  # the eve is the start itself
        ("2026-10-03T12:00", "2026-10-08T17:30", "2026-10-08T11:45"),  # received on a day off
    ],
)
def test_urging_comes_one_working_day_before_due_or_half_way(start: str, due: str, urged: str) -> None:
    assert CALENDAR.urge_at(at(start), at(due)) == at(urged)


def test_urging_before_a_half_day_comes_at_its_close() -> None:
    assert LOCAL.urge_at(at("2026-11-20T10:00"), at("2026-11-26T17:30")) == at("2026-11-25T12:00")


def test_the_next_working_day_ends_after_a_supervision() -> None:
    assert CALENDAR.end_of_next_working_day(at("2026-11-23T17:30")) == at("2026-11-24T17:30")
    assert CALENDAR.end_of_next_working_day(at("2026-09-30T18:00")) == at("2026-10-08T17:30")
    assert CALENDAR.end_of_next_working_day(at("2026-10-03T09:00")) == at("2026-10-08T17:30")


@given(CALENDARS, INSTANTS, st.timedeltas(timedelta(), timedelta(days=40)), COUNTS, st.integers(0, 3))
@quick
def test_a_later_start_or_a_longer_limit_never_ends_earlier(
    calendar: Calendar, start: datetime, later: timedelta, n: int, more: int
) -> None:
    due = calendar.due_after(start, n)
    assert due.due_at <= calendar.due_after(start + later, n).due_at
    assert due.due_at <= calendar.due_after(start, n + more).due_at
    assert calendar.due_same_day(start).due_at <= calendar.due_same_day(start + later).due_at


@given(CALENDARS, INSTANTS, COUNTS)
@quick
def test_a_due_date_is_the_close_of_the_nth_working_day_and_its_trace_proves_it(
    calendar: Calendar, start: datetime, n: int
) -> None:
    due = calendar.due_after(start, n)
    assert due.due_at == calendar.close_of(due.due_at.date())
    assert sum(fact.counts for fact in due.trace) == n == calendar.workdays_between(start.date(), due.due_at.date())
    assert [fact.date for fact in due.trace] == [start.date() + timedelta(days=k) for k in range(len(due.trace))]
    assert due.provisional == any(fact.provisional for fact in due.trace)
    assert due.due_at.utcoffset() == timedelta(hours=8)


@given(CALENDARS, INSTANTS, INSTANTS, INSTANTS)
@quick
def test_office_time_is_additive(calendar: Calendar, x: datetime, y: datetime, z: datetime) -> None:
    a, b, c = sorted((x, y, z))
    assert calendar.office_time(a, b) + calendar.office_time(b, c) == calendar.office_time(a, c)


@given(CALENDARS, INSTANTS, MINUTES)
@quick
def test_adding_office_minutes_is_undone_by_measuring_them(calendar: Calendar, start: datetime, minutes: int) -> None:
    end = calendar.add_office_minutes(start, minutes)
    assert calendar.office_minutes(start, end) == minutes
    if minutes:
        assert calendar.office_minutes(start, end - timedelta(microseconds=1)) < minutes


@given(CALENDARS, INSTANTS)
@quick
def test_the_next_opening_is_open_and_nothing_is_lost_before_it(calendar: Calendar, moment: datetime) -> None:
    opening = calendar.next_opening(moment)
    assert calendar.is_open(opening)
    assert opening >= moment
    assert calendar.office_time(moment, opening) == timedelta()
    assert (opening == moment) == calendar.is_open(moment)


@given(CALENDARS, INSTANTS, st.integers(0, 25))
@quick
def test_urging_falls_between_start_and_due(calendar: Calendar, start: datetime, n: int) -> None:
    due = calendar.due_after(start, n).due_at
    urged = calendar.urge_at(start, due)
    assert start < urged < due
    assert calendar.office_time(urged, due) > timedelta()


@given(CALENDARS, DAYS, COUNTS)
@quick
def test_stepping_forth_and_back_returns_to_a_working_day(calendar: Calendar, day: date, n: int) -> None:
    after = calendar.working_day_after(day, n)
    assert calendar.is_workday(after)
    assert calendar.workdays_between(day, after) == n
    if calendar.is_workday(day):
        assert calendar.working_day_before(after, n) == day

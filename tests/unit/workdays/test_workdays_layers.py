"""Art. 8: working days come in layers, and a date that may still move says so."""

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from shared.workdays import (
    CHINA,
    SUMMER,
    Calendar,
    DayKind,
    Half,
    Notice,
    OfficeHours,
    Override,
    Season,
    ServiceHours,
    parse_notice,
    statutory_holidays,
)

NOTICES = Path(__file__).parents[2] / "data/notices"
NOTICE_2027 = Notice(
    2027,
    "国务院办公厅关于2027年部分节假日安排的通知",
    {
        date(2026, 12, 31): DayKind(False, "元旦"),
        date(2027, 1, 1): DayKind(False, "元旦"),
        date(2027, 1, 3): DayKind(True, "元旦"),
    },
)
CHINA_ALONE = Calendar()


def notice(name: str) -> Notice:
    return parse_notice((NOTICES / f"{name}.txt").read_text("utf-8"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def year_of(year: int) -> list[date]:
    return [day for n in range(366) if (day := date(year, 1, 1) + timedelta(days=n)).year == year]


@pytest.mark.parametrize("year", range(2004, 2027))
def test_the_library_decides_the_years_it_knows(year: int) -> None:
    assert all(CHINA_ALONE.is_workday(day) == chinese_calendar.is_workday(day) for day in year_of(year))


@pytest.mark.parametrize(("names", "year"), [(["2019", "2019-amendment"], 2019), (["2025"], 2025), (["2026"], 2026)])
def test_loaded_notices_alone_give_what_the_library_knows(names: list[str], year: int) -> None:
    calendar = Calendar(notices=tuple(map(notice, names)), known_years=frozenset())
    assert all(calendar.is_workday(day) == chinese_calendar.is_workday(day) for day in year_of(year))
    assert not any(calendar.day(day).provisional for day in year_of(year)[:360])


def test_the_first_notice_of_2019_alone_differs_only_where_it_was_amended() -> None:
    calendar = Calendar(notices=(notice("2019"),), known_years=frozenset())
    differ = [day for day in year_of(2019) if calendar.is_workday(day) != chinese_calendar.is_workday(day)]
    assert differ == [date(2019, 4, 28), date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 5)]


@pytest.mark.parametrize(
    ("day", "counts", "why"),
    [
        ("2026-11-23", True, "工作日"),
        ("2026-11-28", False, "周末"),
        ("2026-02-16", False, "春节放假"),
        ("2026-02-14", True, "春节调休上班"),
        ("2026-04-06", False, "清明节放假"),
        ("2015-09-04", False, "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日放假"),
        ("2026-12-31", True, "暂定：工作日"),
        ("2026-12-27", False, "暂定：周末"),
        ("2027-01-01", False, "暂定：元旦放假"),
        ("2027-05-04", False, "暂定：劳动节补休"),
        ("2027-03-01", True, "暂定：工作日"),
    ],
)
def test_a_day_says_why_it_counts_or_not(day: str, counts: bool, why: str) -> None:
    fact = CHINA_ALONE.day(date.fromisoformat(day))
    assert (fact.counts, fact.why, fact.provisional) == (counts, why, why.startswith("暂定"))


def test_a_notice_outranks_the_library_and_an_override_outranks_both() -> None:
    monday = date(2026, 11, 23)
    off = Notice(2026, "调整", {monday: DayKind(False, "劳动节")}, amends=True)
    assert CHINA_ALONE.is_workday(monday)
    assert Calendar(notices=(off,)).day(monday).why == "劳动节放假（调整）"
    local = Calendar(notices=(off,), overrides=(Override(monday, True, "搬迁值守"),)).day(monday)
    assert (local.counts, local.why) == (True, "本地上班：搬迁值守")


def test_a_later_amendment_replaces_only_the_days_it_names() -> None:
    first, amendment = notice("2026"), Notice(2026, "调整", {date(2026, 10, 10): DayKind(False, "国庆节")}, amends=True)
    calendar = Calendar(notices=(first, amendment))
    assert not calendar.is_workday(date(2026, 10, 10))
    assert calendar.is_workday(date(2026, 9, 20))
    assert Calendar(notices=(amendment, first)).is_workday(date(2026, 10, 10))


def test_a_whole_notice_replaces_an_earlier_one_of_its_year_altogether() -> None:
    wrong = replace(NOTICE_2027, days={date(2027, 3, 6): DayKind(True, "春节")})
    assert Calendar(notices=(wrong,)).is_workday(date(2027, 3, 6))
    assert not Calendar(notices=(wrong, NOTICE_2027)).is_workday(date(2027, 3, 6))


def test_the_last_five_days_of_a_year_are_provisional_until_the_next_is_known() -> None:
    assert [day for day in year_of(2026) if CHINA_ALONE.day(day).provisional] == [
        date(2026, 12, d) for d in range(27, 32)
    ]
    assert not any(Calendar(notices=(NOTICE_2027,)).day(day).provisional for day in year_of(2026))


def test_a_notice_makes_its_year_known_and_its_weekdays_plain() -> None:
    calendar = Calendar(notices=(NOTICE_2027,))
    assert not calendar.is_workday(date(2026, 12, 31))
    assert calendar.is_workday(date(2027, 1, 3))
    assert (calendar.day(date(2027, 5, 3)).why, calendar.day(date(2027, 5, 3)).provisional) == (
        "工作日（夏季作息）",
        False,
    )
    assert calendar.day(date(2027, 12, 27)).provisional


def test_an_amending_notice_alone_makes_no_year_known_but_settles_its_days() -> None:
    calendar = Calendar(notices=(replace(NOTICE_2027, amends=True),))
    assert not calendar.day(date(2027, 1, 1)).provisional
    assert calendar.day(date(2027, 1, 4)).provisional


def test_a_local_day_is_never_provisional_but_half_a_day_settles_only_half() -> None:
    day = date(2027, 1, 4)
    assert not Calendar(overrides=(Override(day, False, "停电"),)).day(day).provisional
    half = Calendar(overrides=(Override(day, False, "停电", Half.MORNING),)).day(day)
    assert (half.counts, half.provisional, half.why) == (True, True, "暂定：工作日；本地上午放假：停电")


def test_half_a_day_off_leaves_the_other_half() -> None:
    day = date(2026, 11, 23)
    morning = Calendar(overrides=(Override(day, False, "停电", Half.MORNING),))
    afternoon = Calendar(overrides=(Override(day, False, "停电", Half.AFTERNOON),))
    assert morning.spans(day) == ((at("2026-11-23T14:30"), at("2026-11-23T17:30")),)
    assert afternoon.close_of(day) == at("2026-11-23T12:00")
    both = Calendar(overrides=morning.overrides + afternoon.overrides)
    assert (both.spans(day), both.is_workday(day)) == ((), False)
    assert both.day(day).why == "本地上午放假：停电；本地下午放假：停电"


def test_half_a_day_worked_on_a_weekend_counts() -> None:
    saturday = date(2026, 11, 28)
    calendar = Calendar(overrides=(Override(saturday, True, "集中办理", Half.MORNING),))
    assert calendar.close_of(saturday) == at("2026-11-28T12:00")
    assert calendar.day(saturday).why == "周末；本地上午上班：集中办理"


def test_a_later_override_replaces_an_earlier_one() -> None:
    day = date(2026, 11, 23)
    calendar = Calendar(overrides=(Override(day, False, "停电"), Override(day, True, "来电", Half.AFTERNOON)))
    assert calendar.spans(day) == ((at("2026-11-23T14:30"), at("2026-11-23T17:30")),)


def test_noon_parts_hours_that_run_through_it() -> None:
    day = date(2026, 11, 23)
    through = OfficeHours(((time(9), time(17)),), ())
    assert Calendar(through).spans(day) == ((at("2026-11-23T09:00"), at("2026-11-23T17:00")),)
    half = Calendar(through, overrides=(Override(day, False, "停电", Half.AFTERNOON),))
    assert half.close_of(day) == at("2026-11-23T12:00")


@pytest.mark.parametrize(("day", "close"), [("04-30", 17), ("05-06", 18), ("09-30", 18), ("10-08", 17)])
def test_summer_hours_last_from_may_to_september(day: str, close: int) -> None:
    moment = date.fromisoformat(f"2026-{day}")
    assert CHINA_ALONE.close_of(moment).hour == OfficeHours().close(moment).hour == close
    assert [OfficeHours().close(date(2026, m, d)).hour for m, d in ((4, 30), (5, 1), (9, 30), (10, 1))] == [
        17,
        18,
        18,
        17,
    ]


def test_a_season_may_pass_over_the_new_year() -> None:
    winter = OfficeHours(seasons=(Season(11, 2, ((time(9), time(16)),)),))
    assert [winter.close(date(2026, month, 1)).hour for month in (10, 11, 12, 1, 2, 3)] == [17, 16, 16, 16, 16, 17]


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ((), "不能为空"),
        (((time(12), time(8)),), "开始应早于结束"),
        (((time(8), time(12)), (time(11), time(17))), "重叠或颠倒"),
    ],
)
def test_hours_that_make_no_day_are_refused(spans: tuple[tuple[time, time], ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        OfficeHours(spans)
    with pytest.raises(ValueError, match=said):
        Season(1, 2, spans)


def test_a_season_of_impossible_months_is_refused() -> None:
    with pytest.raises(ValueError, match="1到12之间"):
        Season(0, 13, ((time(8), time(12)),))


SHORT = ((time(9), time(12)),)


def test_a_season_may_begin_and_end_within_a_month_and_hold_for_one_year_alone() -> None:
    every = Season(6, 9, SHORT, first_day=15, last_day=20, name="夏季作息")
    once = Season(12, 2, SHORT, first_day=20, last_day=18, year=2026, name="供暖期作息")
    calendar = Calendar(OfficeHours(seasons=(every, once)))
    closes = {"2026-06-12": 17, "2026-06-15": 12, "2026-09-18": 12, "2026-09-21": 17, "2026-02-05": 17}
    closes |= {"2026-12-21": 12, "2027-02-18": 12, "2027-02-19": 17, "2027-12-21": 17}
    assert {day: calendar.close_of(date.fromisoformat(day)).hour for day in closes} == closes
    assert calendar.day(date(2026, 6, 15)).why == "工作日（夏季作息）"
    assert calendar.day(date(2026, 12, 21)).why == "工作日（供暖期作息）"


def test_what_holds_in_one_year_stands_above_the_season_of_every_year() -> None:
    hot = Season(7, 7, ((time(8), time(11)),), year=2026, name="高温作息")
    calendar = Calendar(OfficeHours(seasons=(SUMMER, hot)))
    assert calendar.close_of(date(2026, 7, 1)).hour == 11
    assert calendar.close_of(date(2027, 7, 1)).hour == 18


@pytest.mark.parametrize("other", [Season(9, 10, SHORT, name="秋季"), Season(12, 5, SHORT, last_day=1, name="冬季")])
def test_seasons_that_claim_the_same_day_are_refused(other: Season) -> None:
    with pytest.raises(ValueError, match=f"“夏季作息”与“{other.name}”的日期重叠"):
        OfficeHours(seasons=(SUMMER, other))


@pytest.mark.parametrize("given", [{"first_day": 31}, {"last_day": 32}, {"first_day": 0}])
def test_a_season_on_a_day_that_is_none_is_refused(given: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="这一天"):
        Season(6, 7, SHORT, **given)


def test_a_season_told_before_it_had_days_is_still_read() -> None:
    told = {"first_month": 5, "last_month": 9, "spans": [["08:30", "12:00"]]}
    assert Season.from_facts(told).covers(date(2026, 9, 30))


def test_an_override_names_the_paper_it_rests_on() -> None:
    day = date(2026, 11, 23)
    override = Override(day, False, "防汛", source="沈政办〔2026〕3号")
    assert Calendar(overrides=(override,)).day(day).why == "本地放假：防汛（沈政办〔2026〕3号）"
    assert Override.from_facts(override.to_facts()) == override


def test_service_hours_move_no_clock() -> None:
    lunch = OfficeHours(((time(8, 30), time(17, 30)),), ())
    center = Calendar(service=ServiceHours(lunch, days_off=((time(9), time(12)),)))
    assert center.is_served(at("2026-11-23T13:00"))
    assert not center.is_open(at("2026-11-23T13:00"))
    assert center.is_served(at("2026-11-28T09:00"))
    assert not center.is_served(at("2026-11-28T12:00"))
    assert not center.is_served(at("2026-10-02T13:00"))  # a Friday off
    assert center.is_served(at("2026-10-10T13:00"))  # a Saturday worked
    assert center.service.is_served(at("2026-10-02T13:00"))  # which the hours alone cannot know
    start = at("2026-11-27T16:00")
    assert center.due_after(start, 3) == CHINA_ALONE.due_after(start, 3)


@pytest.mark.parametrize("year", range(2008, 2027))
def test_statutory_holidays_are_off_in_every_year_the_library_knows(year: int) -> None:
    off = {day for day, why in statutory_holidays(year).items() if why.endswith("放假")}
    added_in_2025 = {date(year, 5, 2)} if year < 2025 else set()
    assert not any(chinese_calendar.is_workday(day) for day in off - added_in_2025)


@pytest.mark.parametrize("year", range(2025, 2051))
def test_statutory_holidays_are_thirteen_working_days_off(year: int) -> None:
    off = statutory_holidays(year)
    assert sum(day.weekday() < 5 for day in off) == 13
    assert all(day.weekday() < 5 for day, why in off.items() if why.endswith("补休"))


def test_statutory_holidays_of_coming_years_are_those_of_the_almanac() -> None:
    spring = ["2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03", "2031-01-23", "2032-02-11", "2033-01-31"]
    spring += ["2034-02-19", "2035-02-08", "2036-01-28", "2037-02-15", "2038-02-04", "2039-01-24", "2040-02-12"]
    for first in map(date.fromisoformat, spring):
        off = statutory_holidays(first.year)
        assert all(off[first + timedelta(days=n)] == "春节放假" for n in (-1, 0, 1, 2))
        assert off.get(first - timedelta(days=2)) is None
    assert statutory_holidays(2027)[date(2027, 6, 9)] == "端午节放假"
    assert statutory_holidays(2033)[date(2033, 9, 8)] == "中秋节放假"
    assert statutory_holidays(2028)[date(2028, 10, 5)] == "国庆节补休"  # 1 October a Sunday, 3 October also 中秋


def test_a_calendar_survives_its_facts() -> None:
    calendar = Calendar(
        OfficeHours(seasons=(Season(11, 2, ((time(9), time(16, 30)),)),)),
        (Override(date(2026, 11, 23), False, "停电", Half.MORNING), Override(date(2026, 11, 28), True, "值守")),
        (notice("2019"), notice("2019-amendment"), NOTICE_2027),
        ServiceHours(days_off=((time(9), time(12)),)),
        frozenset({2025, 2026}),
    )
    told = json.loads(json.dumps(calendar.to_facts()))
    assert Calendar.from_facts(told) == calendar
    assert Calendar.from_facts(told).to_facts() == calendar.to_facts()
    assert Calendar.from_facts(CHINA_ALONE.to_facts()) == CHINA_ALONE
    assert hash(Calendar.from_facts(told)) == hash(calendar)

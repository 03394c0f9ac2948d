"""Art. 8: a State Council notice is read to the last day, however it was worded or pasted."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from shared.workdays import FESTIVALS, Calendar, DayKind, Notice, parse_notice
from tests.support.notice_texts import NOTICES, TITLE, said_of

OPENING = (
    "国办发明电〔2026〕7号\n各省、自治区、直辖市人民政府，国务院各部委、各直属机构：\n　　"
    "经国务院批准，现将2027年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。\n"
)
CLOSING = (
    "\n　　节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作，遇有重大突发事件，要按规定及时报告并妥善处置，"
    "确保人民群众祥和平安度过节日假期。\n国务院办公厅\n2026年11月4日\n（此件公开发布）\n"
)
# How earlier notices put it (2011–2020); each must give what the library knows.
EARLIER = {
    2012: "一、元旦：2012年1月1日至3日放假调休，共3天。2011年12月31日（星期六）上班。",
    2013: "一、元旦：1月1日至3日放假调休，共3天。1月5日（星期六）、1月6日（星期日）上班。",
    2014: "一、元旦：1月1日放假1天。",
    2015: "三、清明节：4月5日放假，4月6日（星期一）补休。四、劳动节：5月1日放假，与周末连休。",
    2016: "一、元旦：1月1日放假，与周末连休。五、端午节：6月9日至11日放假调休，共3天。6月12日（星期日）上班。",
    2017: "一、元旦：1月1日放假，1月2日（星期一）补休。三、清明节：4月2日至4日放假调休，共3天。4月1日（星期六）上班。",
    2020: "七、国庆节、中秋节：10月1日至8日放假调休，共8天。9月27日（星期日）、10月10日（星期六）上班。",
}


def days_of(first: date, last: date, festival: str, worked: bool = False) -> dict[date, DayKind]:
    return {first + timedelta(days=n): DayKind(worked, festival) for n in range((last - first).days + 1)}


def differing(notice: Notice) -> set[date]:
    return {day for day, kind in notice.days.items() if chinese_calendar.is_workday(day) != kind.worked}


@pytest.mark.parametrize("name", ["2019-amendment", "2023", "2024", "2025", "2026"])
def test_a_sample_notice_names_its_days_as_the_library_knows_them(name: str) -> None:
    assert not differing(parse_notice(NOTICES[name]))


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_a_sample_notice_leaves_out_no_day_that_the_library_knows(year: int) -> None:
    named = parse_notice(NOTICES[f"{year}"]).days
    every = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    assert all(day in named or chinese_calendar.is_workday(day) == (day.weekday() < 5) for day in every)


def test_the_first_notice_of_2019_and_its_amendment_agree_with_the_library_only_together() -> None:
    first, amendment = parse_notice(NOTICES["2019"]), parse_notice(NOTICES["2019-amendment"])
    assert not differing(first)  # it names 1 May only
    assert first.days[date(2018, 12, 29)] == DayKind(True, "元旦")
    assert not first.amends
    assert amendment.amends
    together = {**first.days, **amendment.days}
    every = (date(2019, 1, 1) + timedelta(days=n) for n in range(364))
    works = {day: together[day].worked if day in together else day.weekday() < 5 for day in every}
    assert works == {day: chinese_calendar.is_workday(day) for day in works}


def test_an_amending_notice_takes_its_festival_from_its_title() -> None:
    notice = parse_notice(NOTICES["2019-amendment"])
    off = days_of(date(2019, 5, 1), date(2019, 5, 4), "劳动节")
    made_up = {date(2019, 4, 28): DayKind(True, "劳动节"), date(2019, 5, 5): DayKind(True, "劳动节")}
    assert notice == Notice(2019, "国务院办公厅关于调整2019年劳动节假期安排的通知", {**off, **made_up}, amends=True)


@pytest.mark.parametrize("year", EARLIER)
def test_the_wording_of_earlier_years_is_read(year: int) -> None:
    notice = parse_notice(f"国务院办公厅关于{year}年部分节假日安排的通知\n{EARLIER[year]}")
    assert notice.days
    assert not differing(notice)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("四、劳动节：5月1日至4日放假", days_of(date(2027, 5, 1), date(2027, 5, 4), "劳动节")),
        ("劳动节：5月1日—4日放假，共４天", days_of(date(2027, 5, 1), date(2027, 5, 4), "劳动节")),
        (
            "四、劳动节 ５月 １日（周六）\n至４日（周二）放 假，共 4 天。",
            days_of(date(2027, 5, 1), date(2027, 5, 4), "劳动节"),
        ),
        ("四、劳动节：5月1日至4日（周六至周二）放假，共四天。", days_of(date(2027, 5, 1), date(2027, 5, 4), "劳动节")),
        ("一、元旦：1月1日放假，与周末连休。", days_of(date(2027, 1, 1), date(2027, 1, 1), "元旦")),
        ("一、元旦：1月1日放假，与周末连休，共3天。", days_of(date(2027, 1, 1), date(2027, 1, 1), "元旦")),
        ("一、元旦：1月1日（周五）放假1天，不调休。", days_of(date(2027, 1, 1), date(2027, 1, 1), "元旦")),
        ("一、元旦：2026年12月31日、1月1日放假，共2天。", days_of(date(2026, 12, 31), date(2027, 1, 1), "元旦")),
        ("一、元旦：2026年12月30日、31日放假。", days_of(date(2026, 12, 30), date(2026, 12, 31), "元旦")),
        (
            "五、端午节：6月8日放假，6月9日（农历五月初五、周三）补休，共2天",
            days_of(date(2027, 6, 8), date(2027, 6, 9), "端午节"),
        ),
        (
            "一、元旦：1月1日放假。八、中国人民某某胜利100周年纪念日：9月3日放假。",
            {
                **days_of(date(2027, 1, 1), date(2027, 1, 1), "元旦"),
                date(2027, 9, 3): DayKind(False, "中国人民某某胜利100周年纪念日"),
            },
        ),
    ],
)
def test_words_are_read_however_they_were_pasted(words: str, days: dict[date, DayKind]) -> None:
    assert parse_notice(TITLE + words).days == days
    assert parse_notice(TITLE + OPENING + words.rstrip("。") + "。" + CLOSING).days == days
    assert parse_notice("首页 > 政策\n" + TITLE + "\u200b" + TITLE + words).days == days


@pytest.mark.parametrize(
    "opening",
    [
        "2025年11月4日 10:00 来源：中国政府网 字号：默认 大\n",
        "　　根据2024年11月10日修订的《全国年节及纪念日放假办法》（国务院令第795号），现将有关安排通知如下。\n",
        "　　按照自2025年1月1日起施行的《全国年节及纪念日放假办法》，现将具体安排通知如下：\n",
    ],
)
def test_a_day_about_which_nothing_is_ordered_is_no_holiday(opening: str) -> None:
    title, words = NOTICES["2026"].split("\n", 1)
    assert parse_notice(f"{title}\n{opening}{words}").days == parse_notice(NOTICES["2026"]).days


def test_a_day_is_not_left_unread_because_a_law_is_named_behind_it() -> None:
    assert "读不懂" in said_of(TITLE + "根据安排，2027年5月4日一律放假，按《放假办法》执行。一、元旦：1月1日放假。")


def test_a_paste_in_which_every_character_stands_alone_is_read() -> None:
    assert parse_notice("\r\n".join(NOTICES["2026"])).days == parse_notice(NOTICES["2026"]).days


def test_a_day_of_remembrance_is_added_to_its_year_and_replaces_nothing_else() -> None:
    notice = parse_notice(
        "国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知\n国发明电〔2015〕1号\n"
        "各省、自治区、直辖市人民政府，国务院各部委、各直属机构：\n"
        "2015年是中国人民抗日战争暨世界反法西斯战争胜利70周年。为使全国人民广泛参与中央及各地区各部门举行的纪念活动，"
        "2015年9月3日全国放假1天。为方便公众安排假日期间生产生活，特作如下调休：9月3日至5日调休放假，共3天。"
        "其中9月3日（星期四）放假，9月4日（星期五）调休，9月6日（星期日）上班。\n"
        "调休放假期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。\n国务院\n2015年5月13日"
    )
    why = "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"
    off = days_of(date(2015, 9, 3), date(2015, 9, 5), why)
    assert notice.days == {**off, date(2015, 9, 6): DayKind(True, why)}
    assert not differing(notice)
    assert notice.amends


EXTENSION = (
    "国务院办公厅关于延长2020年春节假期的通知\n各省、自治区、直辖市人民政府，国务院各部委、各直属机构：\n"
    "　　经国务院批准，现将延长2020年春节假期的具体安排通知如下。\n"
    "　　一、延长2020年春节假期至2月2日（农历正月初九，星期日），2月3日（星期一）起正常上班。\n"
    "　　二、各地大专院校、中小学、幼儿园推迟开学，具体时间由教育部门另行通知。\n"
    "　　三、因疫情防控不能休假的职工，应根据《中华人民共和国劳动法》规定安排补休。\n国务院办公厅\n2020年1月26日"
)
SPRING_2020 = Calendar(
    notices=(
        parse_notice(
            "国务院办公厅关于2020年部分节假日安排的通知\n"
            "二、春节：1月24日至30日放假调休，共7天。1月19日（星期日）、2月1日（星期六）上班。"
        ),
    ),
    known_years=frozenset(),
)


def test_a_notice_that_only_extends_a_holiday_is_read_beside_what_holds() -> None:
    notice = parse_notice(EXTENSION, SPRING_2020)
    assert notice.amends
    assert notice.days == days_of(date(2020, 1, 31), date(2020, 2, 2), "春节")
    together = Calendar(notices=(*SPRING_2020.notices, notice), known_years=frozenset())
    assert not together.is_workday(date(2020, 2, 1)), "it was to be worked"
    assert together.day(date(2020, 1, 31)).why == "春节放假（延长2020年春节假期的通知）"


@pytest.mark.parametrize(
    ("written", "instead", "named"),
    [
        ("2月2日（农历正月初九，星期日）", "1月30日", "假期原来已放到2020年1月30日，不能延长至2020年1月30日。"),
        ("2月3日（星期一）", "2月4日（星期二）", "假期延长至2020年2月2日，写的是2020年2月4日起上班，两者不相接。"),
        ("正月初九", "正月初八", "春节：2020年2月2日是农历正月初九，写的是正月初八。"),
        ("星期日）", "星期六）", "春节：2020年2月2日是周日，写的是周六。"),
    ],
)
def test_an_extension_that_contradicts_what_holds_is_refused(written: str, instead: str, named: str) -> None:
    assert named in said_of(EXTENSION.replace(written, instead), SPRING_2020)


def test_an_extension_of_what_nobody_has_told_yet_is_refused() -> None:
    said = "春节：2020年的假期原来放到哪一天还不知道，请先载入该年的放假通知。"
    assert said in said_of(EXTENSION)
    assert said in said_of(EXTENSION, Calendar(known_years=frozenset()))


def test_a_title_without_a_year_takes_the_only_year_named() -> None:
    text = "关于调整劳动节假期安排的通知\n2019年5月1日至4日放假调休，共4天。\n国务院办公厅\n2018年12月1日"
    assert parse_notice(text).year == 2019


def test_a_paste_cut_short_tells_which_festivals_it_misses() -> None:
    assert parse_notice(NOTICES["2025"]).missing == ()
    assert parse_notice(NOTICES["2019-amendment"]).missing == ()
    cut = NOTICES["2026"].split("三、")[0]
    assert parse_notice(cut).missing == FESTIVALS[2:]

"""Art. 8: a notice that contradicts itself, the calendar or what holds is refused with everything that does."""

import pickle
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.workdays import Calendar, DayKind, NoticeRefused, parse_notice
from tests.support.notice_texts import NOTICES, TITLE, said_of


def test_an_amendment_may_make_a_weekday_work_again_that_is_off_now() -> None:
    text = "国务院办公厅关于调整2026年国庆节假期安排的通知\n10月1日至6日放假调休，共6天。10月7日（周三）上班。"
    assert parse_notice(text, Calendar()).days[date(2026, 10, 7)] == DayKind(True, "国庆节")
    assert "本来就上班" in said_of(text)
    assert "本来就上班" in said_of(text.replace("10月7日（周三）", "10月8日（周四）"), Calendar())


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("二、春节：2月6日（农历正月初二、周六）放假。", "春节：2027年2月6日是农历正月初一，写的是正月初二。"),
        ("二、春节：2月4日（除夕）放假。", "春节：2027年2月4日是农历腊月二十八，写的是除夕。"),
        ("五、端午节：6月9日（农历五月初五、周三）放假。", None),
        ("二、春节：2月5日（农历腊月廿九、除夕）至11日（农历正月初六、周四）放假。", None),
        ("二、春节：2月5日至11日（农历除夕至正月初七）放假。", "春节：2027年2月11日是农历正月初六，写的是正月初七。"),
    ],
)
def test_a_lunar_date_is_checked_beside_the_day_it_is_said_of(words: str, named: str | None) -> None:
    if named:
        assert named in said_of(TITLE + words)
    else:
        assert parse_notice(TITLE + words).days


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("一、元旦：1月1日（周五）至3日（周日）放假，共4天。", "元旦：写着共4天，列出的日子是3天。"),
        ("一、元旦：1月1日（星期四）放假。", "元旦：2027年1月1日是周五，写的是周四。"),
        ("二、春节：2月6日（农历正月初一、周日）放假。", "春节：2027年2月6日是周六，写的是周日。"),
        ("二、春节：2月5日（周五）至11日（周三）放假。", "春节：2027年2月11日是周四，写的是周三。"),
        ("一、元旦：1月1日放假，1月4日（周一）上班。", "元旦：2027年1月4日是周一，本来就上班"),
        ("一、元旦：1月1日至3日放假，1月3日上班。", "2027年1月3日既写着放假，又写着上班。"),
        (
            "二、春节：2月5日至11日放假，2月20日（周六）上班。四、劳动节：2月20日（周六）上班。",
            "2027年2月20日既写在春节名下，又写在劳动节名下。",
        ),
        ("六、中秋节：10月1日至3日放假。七、国庆节：10月1日至7日放假。", "10月3日既写在中秋节名下，又写在国庆节名下。"),
        ("为避免拥挤，5月1日放假。", "读不懂“为避免拥挤,5月1日放假”。"),
        ("二、春节：2月28日至30日放假。", "没有2027年2月30日这一天。"),
        ("二、春节：2月30日至3月3日（周一）放假。", "春节：2027年3月3日是周三，写的是周一。"),
        ("二、春节：13月1日放假。", "没有2027年13月1日这一天。"),
        ("四、劳动节：5月4日至1日放假。", "2027年5月4日至2027年5月1日，结束早于开始。"),
        ("一、元旦：12月30日至2027年1月1日放假。", "结束早于开始"),
        ("一、元旦：2025年12月31日放假。", "2025年12月31日不在2027年"),
        ("一、元旦：1月1日放假，不调休。1月3日（周日）上班。", "元旦：写着不调休，又写了调休上班的日子。"),
        ("六、中秋节：9月15日放假，与周末连休。", "9月15日是周三，不与周末相连"),
        ("一、元旦：1日放假。", "1日没有写明月份。"),
        ("一、元旦：1月1日。", "元旦：读不懂“1月1日”。"),
        ("一、元旦：取消1月1日放假。", "元旦：读不懂"),
        ("一、元旦：1月1日不放假。", "元旦：读不懂"),
        ("取消劳动节5月1日放假。", "读不懂"),
        ("一、元旦：1月1日放假，1月2日另行通知。", "元旦：读不懂"),
        ("一、元旦：1月1日（上午）放假。", "元旦：读不懂"),
        ("一、元旦：1月1日放假。除夕放假。", "元旦：读不懂“除夕放假”。"),
        ("一、元旦：1月1日放假。二、春节：另行通知。", "春节：没有读到放假的日子。"),
        ("一、元旦：1月1日放假。自2027年3月1日起施行。", "读不懂"),
        ("节假日期间，要妥善安排好值班工作。", "没有读到任何放假或上班的日子。"),
        ("", "没有读到任何放假或上班的日子。"),
    ],
)
def test_a_notice_is_refused_with_the_contradiction_named(words: str, named: str) -> None:
    assert named in said_of(TITLE + words)


@pytest.mark.parametrize("text", ["", "放假通知", "一、元旦：1月1日放假。", "\x00\ufeff", "2026年、2027年1月1日放假"])
def test_a_text_without_one_year_is_refused(text: str) -> None:
    assert "看不出是哪一年的通知" in said_of(text)


def test_every_contradiction_is_named_and_each_once() -> None:
    said = said_of(
        TITLE
        + "一、元旦：1月1日（周四）至3日（周日）放假，共4天。1月4日（周一）上班。四、劳动节：5月32日放假。5月32日放假。"
    )
    assert said.splitlines() == [
        "元旦：2027年1月1日是周五，写的是周四。",
        "元旦：写着共4天，列出的日子是3天。",
        "元旦：2027年1月4日是周一，本来就上班，不能再作调休上班日。",
        "没有2027年5月32日这一天。",
    ]


def test_a_refusal_can_be_read_and_survives_pickling() -> None:
    refused = NoticeRefused(["甲。", "乙。"])
    assert str(refused) == "甲。\n乙。"
    assert pickle.loads(pickle.dumps(refused)).contradictions == ["甲。", "乙。"]


def replaced(text: str, found: re.Match[str], new: str) -> str:
    return text[: found.start(1)] + new + text[found.end(1) :]


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_any_wrong_total_in_a_sample_is_refused(data: st.DataObject) -> None:
    text = NOTICES[data.draw(st.sampled_from(sorted(NOTICES)))]
    total = data.draw(st.sampled_from(list(re.finditer(r"(\d)天", text))))
    wrong = data.draw(st.integers(0, 99).map(str).filter(lambda n: int(n) != int(total[1])))
    assert f"写着共{int(wrong)}天，列出的日子是{total[1]}天。" in said_of(replaced(text, total, wrong))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_any_wrong_weekday_in_a_sample_is_refused(data: st.DataObject) -> None:
    text = NOTICES[data.draw(st.sampled_from(sorted(NOTICES)))]
    weekday = data.draw(st.sampled_from(list(re.finditer(r"(?:周|星期)([一二三四五六日])", text))))
    wrong = data.draw(st.sampled_from("一二三四五六日").filter(lambda w: w != weekday[1]))
    assert f"是周{weekday[1]}，写的是周{wrong}。" in said_of(replaced(text, weekday, wrong))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_any_date_moved_within_its_month_in_a_notice_with_weekdays_is_refused(data: st.DataObject) -> None:
    text = NOTICES[data.draw(st.sampled_from(["2025", "2026"]))]
    day = data.draw(st.sampled_from(list(re.finditer(r"(\d{1,2})日（", text))))
    moved = data.draw(st.integers(1, 31).filter(lambda n: (n - int(day[1])) % 7 != 0))
    assert said_of(replaced(text, day, str(moved)))


@given(
    st.text(
        alphabet="一二、元旦春节：（）周六日，。至共天放假调休上班0123456789年月 \n关于的通知如下鼓励", max_size=120
    )
)
@settings(max_examples=300, deadline=None)
def test_whatever_is_pasted_is_read_or_refused(words: str) -> None:
    try:
        assert parse_notice(TITLE + words).days
    except NoticeRefused as refused:
        assert refused.contradictions  # noqa: PT017 - either outcome is right


def test_a_hostile_paste_is_refused_without_delay() -> None:
    for noise in ("5月1日、" * 20_000, "一、" * 20_000, "（" * 50_000, "关于" * 30_000, "1日至" * 20_000):
        assert said_of(TITLE + noise)


@pytest.mark.parametrize("year", ["0001", "1999", "2100", "9999"])
def test_a_year_no_limit_could_be_counted_in_is_refused(year: str) -> None:
    with pytest.raises(NoticeRefused, match="年份"):
        parse_notice(f"国务院办公厅关于{year}年部分节假日安排的通知\n元旦：12月31日放假，与周末连休，共3天。")

"""The lunar calendar, as far as holidays and the notices that order them speak of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

# For each lunar year: its first day as MMDD, its leap month (00: none) and, month by month, 1 for one of 30 days, 0 for
# one of 29. GB/T 33661-2017 (the month begins on Beijing's day of the new moon); borax, lunardate and lunar-python
# agree on every day of them. In 2057 they part: a new moon close to midnight.
_YEARS = """
2018 0216 00 010100101011   2019 0205 00 101010010011   2020 0125 04 0111010010101
2021 0212 00 011010101010   2022 0201 00 101011010101   2023 0122 02 0100110110101
2024 0210 00 010010110110   2025 0129 06 1010010101110   2026 0217 00 101001001110
2027 0206 00 110100100110   2028 0126 05 1110100100110   2029 0213 00 110101010011
2030 0203 00 010110101010   2031 0123 03 0110101101010   2032 0211 00 100101101101
2033 0131 11 0100101011101   2034 0219 00 010010101101   2035 0208 00 101001001101
2036 0128 06 1101001001011   2037 0215 00 110100100101   2038 0204 00 110101010010
2039 0124 05 1101101010100   2040 0212 00 101101011010   2041 0201 00 010101101101
2042 0122 02 0100101011011   2043 0210 00 010010011011   2044 0130 07 1010010010111
2045 0217 00 101001001011   2046 0206 00 101010100101   2047 0126 05 1011010100101
2048 0214 00 011011010010   2049 0202 00 101011011010   2050 0123 03 0101010110110
2051 0211 00 100100110111   2052 0201 08 0100100101111   2053 0219 00 010010010111
2054 0208 00 011001001011   2055 0128 06 0110101001010   2056 0215 00 111010100101
"""
_KNOWN = {
    int(year): (int(first[:2]), int(first[2:]), int(leap), months)
    for year, first, leap, months in re.findall(r"(\d{4}) (\d{4}) (\d{2}) ([01]{12,13})", _YEARS)
}
_MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")
_DIGITS = "一二三四五六七八九十"
SAID = re.compile(
    r"(?P<leap>闰?)(?P<month>正|十[一二]|[一二三四五六七八九十冬腊])月"
    r"(?P<day>初[一二三四五六七八九十]|三十|[二廿]?十?[一二三四五六七八九]|二?十)|除夕"
)
"""A day as a notice says it: 正月初七, 闰六月廿三, 腊月二十八, 除夕."""


@dataclass(frozen=True)
class LunarDay:
    """A day of the lunar calendar. `ends_year`: it is 除夕."""

    month: int
    day: int
    is_leap: bool
    ends_year: bool

    def __str__(self) -> str:
        leap = "闰" if self.is_leap else ""
        return f"{leap}{_MONTHS[self.month - 1]}月{_day_said(self.day)}{'（除夕）' if self.ends_year else ''}"

    def is_said(self, words: re.Match[str]) -> bool:
        """Whether these words, found by `SAID`, name it."""
        if words["month"] is None:
            return self.ends_year
        month = {"十一": 11, "十二": 12, "一": 1}.get(words["month"]) or _MONTHS.index(words["month"]) + 1
        day = words["day"].replace("廿", "二十").replace("二十十", "二十")
        return (month, bool(words["leap"]), day) == (self.month, self.is_leap, _day_said(self.day))


def lunar_day(day: date) -> LunarDay | None:
    """The day in the lunar calendar; None outside the years known here."""
    for year in (day.year, day.year - 1):
        if year in _KNOWN and day >= _first_day(year):
            break
    else:
        return None
    months = list(_months(year))
    for number, is_leap, first, length in months:
        if (at := (day - first).days) < length:
            ends_year = (number, is_leap, first, length) == months[-1] and at == length - 1
            return LunarDay(number, at + 1, is_leap, ends_year)
    return None


def solar_day(year: int, month: int, day: int) -> date | None:
    """The day on which a lunar one falls, of a month that is no leap month; None where the year is not known here."""
    if year not in _KNOWN:
        return None
    first = next(first for number, is_leap, first, _ in _months(year) if (number, is_leap) == (month, False))
    return first + timedelta(days=day - 1)


def _first_day(year: int) -> date:
    month, day, _, _ = _KNOWN[year]
    return date(year, month, day)


def _months(year: int) -> Iterator[tuple[int, bool, date, int]]:
    """Each month's number, whether it is a leap month, its first day and its length."""
    _, _, leap, lengths = _KNOWN[year]
    first = _first_day(year)
    for at, is_long in enumerate(lengths):
        is_leap = leap > 0 and at == leap
        number = at + 1 - (leap > 0 and at >= leap)
        length = 29 + int(is_long)
        yield number, is_leap, first, length
        first += timedelta(days=length)


def _day_said(day: int) -> str:
    tens, ones = divmod(day, 10)
    if day <= 10:
        return f"初{_DIGITS[day - 1]}"
    return ("", "十", "二十", "三十")[tens] + (_DIGITS[ones - 1] if ones else "")

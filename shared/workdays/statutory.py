"""The statutory public holidays, for years whose 调休 nobody has announced yet (Art. 8, the last layer)."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

# The first day of the lunar year, 端午 (5th of the 5th month) and 中秋 (15th of the 8th) as MMDD: GB/T 33661-2017
# (the month begins on Beijing's day of the new moon), as in the Hong Kong Observatory's conversion tables; checked
# against the new moons of PyEphem and two independent tables (borax, lunardate). Beyond the last line only the
# holidays of the sun are known.
_LUNAR = """
2025 0129 0531 1006   2026 0217 0619 0925   2027 0206 0609 0915   2028 0126 0528 1003   2029 0213 0616 0922
2030 0203 0605 0912   2031 0123 0624 1001   2032 0211 0612 0919   2033 0131 0601 0908   2034 0219 0620 0927
2035 0208 0610 0916   2036 0128 0530 1004   2037 0215 0618 0924   2038 0204 0607 0913   2039 0124 0527 1002
2040 0212 0614 0920   2041 0201 0603 0910   2042 0122 0622 0928   2043 0210 0611 0917   2044 0130 0531 1005
2045 0217 0619 0925   2046 0206 0608 0915   2047 0126 0529 1004   2048 0214 0615 0922   2049 0202 0604 0911
2050 0123 0623 0930
"""
_LUNAR_YEARS = {int(year): days for year, *days in re.findall(r"(\d{4}) (\d{4}) (\d{4}) (\d{4})", _LUNAR)}


@cache
def statutory_holidays(year: int) -> Mapping[date, str]:
    """Each day off in the year and why, by 《全国年节及纪念日放假办法》 as in force since 2025 (13 days).

    A holiday on a weekend, or on another holiday's day, is made up on the next working day. Lunar festivals are known
    from 2025 to 2050; 清明 is right for 2000–2099.
    """
    off: dict[date, str] = {}
    owed: list[tuple[date, str]] = []
    for day, name in sorted(_festivals(year)):
        if day.weekday() > 4 or day in off:
            owed.append((day, name))
        off.setdefault(day, f"{name}放假")
    for day, name in owed:
        while day.weekday() > 4 or day in off:
            day += timedelta(days=1)
        off[day] = f"{name}补休"
    return MappingProxyType(off)


def _festivals(year: int) -> Iterator[tuple[date, str]]:
    yield date(year, 1, 1), "元旦"
    yield date(year, 4, _qingming(year)), "清明节"
    yield from ((date(year, 5, day), "劳动节") for day in (1, 2))
    yield from ((date(year, 10, day), "国庆节") for day in (1, 2, 3))
    if year in _LUNAR_YEARS:
        spring, dragon_boat, mid_autumn = (date(year, int(d[:2]), int(d[2:])) for d in _LUNAR_YEARS[year])
        yield from ((spring + timedelta(days=n), "春节") for n in (-1, 0, 1, 2))
        yield dragon_boat, "端午节"
        yield mid_autumn, "中秋节"


def _qingming(year: int) -> int:
    """The day of April on which the sun reaches 15° (寿星公式 for the 21st century)."""
    short = year % 100
    return int(short * 0.2422 + 4.81) - short // 4

"""The statutory public holidays, for years whose 调休 nobody has announced yet (Art. 8, the last layer)."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from .lunar import solar_day

IN_FORCE_SINCE = 2025
"""The year from which the holidays are these."""


@cache
def statutory_holidays(year: int) -> Mapping[date, str]:
    """Each day off in the year and why, by 《全国年节及纪念日放假办法》 as in force since 2025 (13 days).

    A holiday on a weekend, or on another holiday's day, is made up on the next working day. Lunar festivals are known
    from 2025 to 2056; 清明 is right for 2000–2099.
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
    if year >= IN_FORCE_SINCE and (spring := solar_day(year, 1, 1)):
        yield from ((spring + timedelta(days=n), "春节") for n in (-1, 0, 1, 2))
        for month, day, name in ((5, 5, "端午节"), (8, 15, "中秋节")):
            if festival := solar_day(year, month, day):
                yield festival, name


def _qingming(year: int) -> int:
    """The day of April on which the sun reaches 15° (寿星公式 for the 21st century)."""
    short = year % 100
    return int(short * 0.2422 + 4.81) - short // 4

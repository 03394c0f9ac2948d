"""When the clock counts: office hours by season, and the service hours that move no clock (Art. 8)."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import combinations, pairwise
from typing import Any, Self
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")

Spans = tuple[tuple[time, time], ...]

MORNING = (time(8, 30), time(12, 0))
LEAP_YEAR = 2024


def in_china(at: datetime) -> datetime:
    """`at` on China's clock. Raises ValueError when it names no time zone."""
    if at.tzinfo is CHINA:
        return at
    if at.utcoffset() is None:
        raise ValueError(f"a time without its zone: {at}")
    return at.astimezone(CHINA)


def _check(spans: Spans) -> None:
    if not spans:
        raise ValueError("办公时间不能为空。")
    for begin, end in spans:
        if begin >= end:
            raise ValueError(f"办公时间{begin:%H:%M}至{end:%H:%M}不成立：开始应早于结束。")
    for (_, end), (begin, _) in pairwise(spans):
        if begin < end:
            raise ValueError(f"办公时间重叠或颠倒：{end:%H:%M}之后才能从{begin:%H:%M}开始。")


@dataclass(frozen=True)
class Season:
    """Hours kept from one day of the year to another, both included; it may pass over the new year.

    Without days it is whole months. With a `year` it is kept once, beginning in that year.
    """

    first_month: int
    last_month: int
    spans: Spans
    first_day: int = 1
    last_day: int | None = None
    """None: the last of the month."""
    year: int | None = None
    name: str = "季节作息"

    def __post_init__(self) -> None:
        for month in (self.first_month, self.last_month):
            if not 1 <= month <= 12:
                raise ValueError(f"季节的月份应在1到12之间，写的是{month}。")
        for month, day in ((self.first_month, self.first_day), (self.last_month, self.last_day or 1)):
            if not 1 <= day <= monthrange(self.year or LEAP_YEAR, month)[1]:
                raise ValueError(f"没有{month}月{day}日这一天。")
        _check(self.spans)

    def covers(self, day: date) -> bool:
        """Whether the day lies in the season."""
        first, last = (self.first_month, self.first_day), (self.last_month, self.last_day or 31)
        at = (day.month, day.day)
        began = day.year - (first > last and at <= last)
        inside = first <= at <= last if first <= last else at >= first or at <= last
        return inside and self.year in (None, began)

    def meets(self, other: "Season") -> bool:
        """Whether both claim some day; what is kept once stands above what is kept every year, and meets it nowhere."""
        if self.year is None and other.year is None:
            year = date(LEAP_YEAR, 1, 1)
        elif self.year and other.year:
            year = date(min(self.year, other.year), 1, 1)
        else:
            return False
        days = (year + timedelta(days=n) for n in range(3 * 366))
        return any(self.covers(day) and other.covers(day) for day in days)

    def to_facts(self) -> dict[str, Any]:
        """The season as JSON-ready facts."""
        return {
            "name": self.name,
            "year": self.year,
            "first_month": self.first_month,
            "first_day": self.first_day,
            "last_month": self.last_month,
            "last_day": self.last_day,
            "spans": spans_to_facts(self.spans),
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """The season that `to_facts` told. Raises KeyError, TypeError or ValueError for anything else."""
        optional = {key: facts[key] for key in ("first_day", "last_day", "year", "name") if key in facts}
        return cls(facts["first_month"], facts["last_month"], spans_from_facts(facts["spans"]), **optional)


SUMMER = Season(5, 9, (MORNING, (time(15, 0), time(18, 0))), name="夏季作息")


@dataclass(frozen=True)
class OfficeHours:
    """The hours a limit counts in (Art. 8): the usual ones, unless a season has its own.

    They say nothing about which days count. Raises ValueError, in a clerk's words, for hours that make no day.
    """

    usual: Spans = (MORNING, (time(14, 30), time(17, 30)))
    seasons: tuple[Season, ...] = (SUMMER,)

    def __post_init__(self) -> None:
        _check(self.usual)
        for one, other in combinations(self.seasons, 2):
            if one.meets(other):
                raise ValueError(f"“{one.name}”与“{other.name}”的日期重叠，请调整。")

    def season(self, day: date) -> Season | None:
        """The season the day lies in: one kept once before those of every year."""
        covering = [season for season in self.seasons if season.covers(day)]
        return min(covering, key=lambda season: season.year is None, default=None)

    def spans(self, day: date) -> Spans:
        """The stretches, in order, that count on the day if it is a working day."""
        season = self.season(day)
        return season.spans if season else self.usual

    def close(self, day: date) -> time:
        """When business closes on the day if it is a working day."""
        return self.spans(day)[-1][1]

    def to_facts(self) -> dict[str, Any]:
        """The hours as JSON-ready facts."""
        return {
            "usual": spans_to_facts(self.usual),
            "seasons": [season.to_facts() for season in self.seasons],
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """The hours that `to_facts` told. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(spans_from_facts(facts["usual"]), tuple(Season.from_facts(season) for season in facts["seasons"]))


@dataclass(frozen=True)
class ServiceHours:
    """When somebody is at the window, lunch and weekends included. It moves no clock (Art. 8)."""

    workdays: OfficeHours = field(default_factory=OfficeHours)
    days_off: Spans = ()

    def __post_init__(self) -> None:
        if self.days_off:
            _check(self.days_off)

    def is_served(self, at: datetime, works: bool | None = None) -> bool:
        """Whether somebody is there. `works`: is it a working day? If unsaid, Monday to Friday are."""
        at = in_china(at)
        if works is None:
            works = at.weekday() < 5
        spans = self.workdays.spans(at.date()) if works else self.days_off
        return any(begin <= at.time() < end for begin, end in spans)

    def to_facts(self) -> dict[str, Any]:
        """The hours as JSON-ready facts."""
        return {"workdays": self.workdays.to_facts(), "days_off": spans_to_facts(self.days_off)}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """The hours that `to_facts` told. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(OfficeHours.from_facts(facts["workdays"]), spans_from_facts(facts["days_off"]))


def spans_to_facts(spans: Spans) -> list[list[str]]:
    """Spans as pairs of HH:MM."""
    return [[f"{begin:%H:%M}", f"{end:%H:%M}"] for begin, end in spans]


def spans_from_facts(facts: Iterable[tuple[str, str]]) -> Spans:
    """Spans from pairs of HH:MM. Raises ValueError for a time that is none."""
    return tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in facts)

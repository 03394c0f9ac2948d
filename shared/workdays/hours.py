"""When the clock counts: office hours by season, and the service hours that move no clock (Art. 8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any, Self
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")

Spans = tuple[tuple[time, time], ...]

MORNING = (time(8, 30), time(12, 0))


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
    """Hours kept from one month to another, both whole and included; it may pass over the new year."""

    first_month: int
    last_month: int
    spans: Spans

    def __post_init__(self) -> None:
        for month in (self.first_month, self.last_month):
            if not 1 <= month <= 12:
                raise ValueError(f"季节的月份应在1到12之间，写的是{month}。")
        _check(self.spans)

    def covers(self, day: date) -> bool:
        """Whether the day lies in the season."""
        if self.first_month <= self.last_month:
            return self.first_month <= day.month <= self.last_month
        return day.month >= self.first_month or day.month <= self.last_month


@dataclass(frozen=True)
class OfficeHours:
    """The hours a limit counts in (Art. 8): the usual ones, unless a season, first match first, has its own.

    They say nothing about which days count. Raises ValueError, in a clerk's words, for hours that make no day.
    """

    usual: Spans = (MORNING, (time(14, 30), time(17, 30)))
    seasons: tuple[Season, ...] = (Season(5, 9, (MORNING, (time(15, 0), time(18, 0)))),)

    def __post_init__(self) -> None:
        _check(self.usual)

    def spans(self, day: date) -> Spans:
        """The stretches, in order, that count on the day if it is a working day."""
        return next((season.spans for season in self.seasons if season.covers(day)), self.usual)

    def close(self, day: date) -> time:
        """When business closes on the day if it is a working day."""
        return self.spans(day)[-1][1]

    def to_facts(self) -> dict[str, Any]:
        """The hours as JSON-ready facts."""
        return {
            "usual": spans_to_facts(self.usual),
            "seasons": [
                {"first_month": s.first_month, "last_month": s.last_month, "spans": spans_to_facts(s.spans)}
                for s in self.seasons
            ],
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """The hours that `to_facts` told. Raises KeyError, TypeError or ValueError for anything else."""
        seasons = (Season(s["first_month"], s["last_month"], spans_from_facts(s["spans"])) for s in facts["seasons"])
        return cls(spans_from_facts(facts["usual"]), tuple(seasons))


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

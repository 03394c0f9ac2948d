"""Which days count, and why: local overrides, notices, `chinesecalendar`, statutory holidays (Art. 8)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache
from typing import Any, Self

import chinese_calendar
from chinese_calendar import constants

from .hours import Spans
from .notice import DayKind, Notice
from .statutory import statutory_holidays

LIBRARY_YEARS = frozenset(range(min(constants.holidays).year, max(constants.holidays).year + 1))

_NOON = time(12)


@dataclass(frozen=True)
class DayFact:
    """What a day is: whether it counts, why (in Chinese), and whether that may still change (暂定)."""

    date: date
    counts: bool
    why: str
    provisional: bool


@dataclass(frozen=True)
class Due:
    """A due date that explains itself day by day, the day of the start first (Art. 8)."""

    due_at: datetime
    provisional: bool
    trace: tuple[DayFact, ...]


class Half(StrEnum):
    """A half of a day; noon parts them."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


@dataclass(frozen=True)
class Override:
    """A center's own word on a day or half of it: worked or off, and the reason. It stands above every notice."""

    day: date
    worked: bool
    reason: str
    half: Half | None = None
    source: str | None = None
    """The paper it rests on."""

    @property
    def halves(self) -> tuple[Half, ...]:
        """The halves it speaks of."""
        return tuple(Half) if self.half is None else (self.half,)

    @property
    def why(self) -> str:
        """In a few words for the trace, as 本地上午放假：停电检修."""
        half = {None: "", Half.MORNING: "上午", Half.AFTERNOON: "下午"}[self.half]
        source = f"（{self.source}）" if self.source else ""
        return f"本地{half}{'上班' if self.worked else '放假'}：{self.reason}{source}"

    def to_facts(self) -> dict[str, Any]:
        """The override as JSON-ready facts."""
        return {
            "day": f"{self.day}",
            "worked": self.worked,
            "reason": self.reason,
            "half": self.half and self.half.value,
            "source": self.source,
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """The override that `to_facts` told. Raises KeyError, TypeError or ValueError for anything else."""
        half = facts.get("half")
        day = date.fromisoformat(facts["day"])
        return cls(day, facts["worked"], facts["reason"], Half(half) if half else None, facts.get("source"))


def standing(notices: Iterable[Notice]) -> list[Notice]:
    """Of notices in the order loaded those that still say something: a whole one replaces an earlier of its year."""
    kept: list[Notice] = []
    for notice in notices:
        if not notice.amends:
            kept = [other for other in kept if other.amends or other.year != notice.year]
        kept.append(notice)
    return kept


def in_force(notices: Iterable[Notice]) -> dict[date, tuple[DayKind, Notice]]:
    """The days that notices name together, each with the notice that holds: the later replaces the days it names."""
    return {day: (kind, notice) for notice in standing(notices) for day, kind in notice.days.items()}


def national(
    day: date, named: Mapping[date, tuple[DayKind, Notice]], library: Collection[int], known: Collection[int]
) -> DayFact:
    """The day as the country has it. `library`: years trusted to `chinesecalendar`; `known`: those and noticed ones.

    Provisional: a day of an unknown year that no notice names, and the last 5 days before an unknown year.
    """
    provisional = (day.month, day.day) >= (12, 27) and day.year + 1 not in known
    if day in named:
        kind, notice = named[day]
        off, why = not kind.worked, f"{kind.why}（{notice.name}）"
    elif day.year in library:
        off, why = _in_library(day)
    elif day.year in known:
        off, why = day.weekday() > 4, ""
    else:
        holiday = statutory_holidays(day.year).get(day, "")
        off, why, provisional = bool(holiday) or day.weekday() > 4, holiday, True
    why = why or ("周末" if off else "工作日")
    return DayFact(day, not off, f"暂定：{why}" if provisional else why, provisional)


def decide(base: DayFact, overrides: Iterable[Override], hours: Spans) -> tuple[DayFact, Spans]:
    """The day and its counting spans after the local overrides, later ones first. A day with any span counts."""
    halves = dict.fromkeys(Half, base.counts)
    said: dict[Half, Override] = {}
    for override in overrides:
        for half in override.halves:
            halves[half], said[half] = override.worked, override
    spans = _spans(hours, halves)
    if not said:
        return base, spans
    whole = len(said) == len(halves)
    why = "；".join(
        ([] if whole else [base.why]) + list(dict.fromkeys(said[half].why for half in Half if half in said))
    )
    return DayFact(base.date, bool(spans), why, base.provisional and not whole), spans


def _spans(hours: Spans, halves: Mapping[Half, bool]) -> Spans:
    if all(halves.values()):
        return hours
    kept: list[tuple[time, time]] = []
    if halves[Half.MORNING]:
        kept += [(begin, min(end, _NOON)) for begin, end in hours if begin < _NOON]
    if halves[Half.AFTERNOON]:
        kept += [(max(begin, _NOON), end) for begin, end in hours if end > _NOON]
    return tuple(kept)


@cache
def _in_library(day: date) -> tuple[bool, str]:
    holiday, name = chinese_calendar.get_holiday_detail(day)
    if name is None:
        return holiday, ""
    festival: str = constants.Holiday(name).chinese
    festival += "" if festival.endswith(("旦", "节", "日")) else "节"
    return holiday, DayKind(not holiday, festival).why

"""A center's calendar: limits, office minutes and rungs counted in its working time (Civil Code 201, 203; Art. 8, 9).

Nothing here reads a clock: time comes in as an argument, aware, and goes out on China's clock (+08:00).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Self

from .hours import CHINA, OfficeHours, ServiceHours, in_china
from .layers import LIBRARY_YEARS, DayFact, Due, Override, decide, in_force, national
from .notice import DayKind, Notice

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)

SAME_DAY_MINUTES = 120
"""A same-day limit with fewer office minutes left ends at close of the next working day (mechanism §5, **Decided**)."""

Spans = tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class Calendar:
    """What a center knows of its days: hours, local overrides, notices in the order loaded; each day is decided once.

    `known_years` narrows the years trusted to `chinesecalendar` (for tests). A method that takes an instant raises
    ValueError when the instant names no time zone.
    """

    hours: OfficeHours = field(default_factory=OfficeHours)
    overrides: tuple[Override, ...] = ()
    notices: tuple[Notice, ...] = ()
    service: ServiceHours = field(default_factory=ServiceHours)
    known_years: frozenset[int] | None = None
    _days: dict[date, tuple[DayFact, Spans]] = field(default_factory=dict, init=False, repr=False, compare=False)

    # Days

    def day(self, day: date) -> DayFact:
        """What the day is, and why (Art. 8)."""
        return self._decided(day)[0]

    def national(self, day: date) -> DayFact:
        """What the day is in the whole country, whatever the center has decided."""
        return national(day, self._named, self._library, self._known)

    def last_day_off(self, festival: str, year: int) -> date | None:
        """The last day on which a festival is off in the year; None while that is not certain."""
        name, until = festival.removesuffix("节"), date(year, 11 if festival == "元旦" else 12, 30)
        for fact in (self.national(until - n * _DAY) for n in range(364)):
            if name in fact.why.partition("放假")[0] and not fact.counts:
                return None if fact.provisional else fact.date
        return None

    def spans(self, day: date) -> Spans:
        """The day's counting hours, in order; none when it is off."""
        return self._decided(day)[1]

    def close_of(self, day: date) -> datetime:
        """The close of business of a working day. Raises ValueError for a day off."""
        spans = self.spans(day)
        if not spans:
            raise ValueError(f"{day}不是工作日，没有下班时间。")
        return spans[-1][1]

    def is_workday(self, day: date) -> bool:
        """Whether the day counts."""
        return self.day(day).counts

    def working_day_after(self, day: date, n: int = 1) -> date:
        """The n-th working day strictly after the day (the day itself for 0). Raises ValueError below 0."""
        return self._step(day, n, _DAY)

    def working_day_before(self, day: date, n: int = 1) -> date:
        """The n-th working day strictly before the day (the day itself for 0). Raises ValueError below 0."""
        return self._step(day, n, -_DAY)

    def workdays_between(self, a: date, b: date) -> int:
        """How many working days lie after `a`, up to and including `b`: 超期N个工作日 from due day to answer."""
        return sum(self.is_workday(a + n * _DAY) for n in range(1, (b - a).days + 1))

    def workdays_begun(self, after: datetime, until: datetime) -> int:
        """How many working days have begun after the day of `after`, up to `until`; a day begins when it opens."""
        after, until = in_china(after), in_china(until)
        days = self.workdays_between(after.date(), until.date())
        opening = next((begin for begin, _ in self.spans(until.date())), until)
        return days - 1 if days and until < opening else days

    # Office time

    def is_open(self, at: datetime) -> bool:
        """Whether the clock runs at that instant; it no longer does at the very close."""
        at = in_china(at)
        return any(begin <= at < end for begin, end in self.spans(at.date()))

    def is_served(self, at: datetime) -> bool:
        """Whether somebody is at the window: service hours, which move no clock."""
        at = in_china(at)
        return self.service.is_served(at, works=self.is_workday(at.date()))

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself when open, else the next instant the clock runs."""
        at = in_china(at)
        return next(max(begin, at) for begin, end in self._spans_from(at.date()) if at < end)

    def office_time(self, a: datetime, b: datetime) -> timedelta:
        """The office time from `a` to `b`, exact; zero when `b` is not after `a`."""
        a, b = in_china(a), in_china(b)
        total, day, last = timedelta(), a.date(), b.date()
        while day <= last:
            for begin, end in self.spans(day):
                total += max(min(b, end) - max(a, begin), timedelta())
            day += _DAY
        return total

    def office_minutes(self, a: datetime, b: datetime) -> float:
        """The office minutes from `a` to `b`; 0 when `b` is not after `a`."""
        return self.office_time(a, b) / _MINUTE

    def add_office_time(self, start: datetime, span: timedelta) -> datetime:
        """The first instant by which so much office time has passed. Raises ValueError for a negative span."""
        start = in_china(start)
        if span < timedelta():
            raise ValueError(f"cannot go back by {span}")
        if not span:
            return start
        for begin, end in self._spans_from(start.date()):
            begin = max(begin, start)
            if span <= end - begin:
                return begin + span
            span -= max(end - begin, timedelta())
        raise AssertionError("spans never end")

    def add_office_minutes(self, start: datetime, minutes: float) -> datetime:
        """The first instant by which so many office minutes have passed (`start` for 0). ValueError if negative."""
        return self.add_office_time(start, timedelta(minutes=minutes))

    # Limits

    def due_after(self, start: datetime, working_days: int) -> Due:
        """So many working days after receipt, the day of receipt not counted, at close (Civil Code 201, 203; Art. 8).

        Receipt after close or on a day off counts as that day. 0 is a same-day limit. ValueError below 0.
        """
        if working_days == 0:
            return self.due_same_day(start)
        day = in_china(start).date()
        end = self.working_day_after(day, working_days)
        received = replace(self.day(day), counts=False, why="收到当日不计", provisional=False)
        return self._due(end, received, *self._facts(day + _DAY, end))

    def due_same_day(self, start: datetime, least_minutes: float = SAME_DAY_MINUTES) -> Due:
        """Close of the same day, or of the next working day if fewer than `least_minutes` are left then (Art. 8).

        At the very close nothing is left of the day; an answer given at that instant is in time all the same.
        """
        start = in_china(start)
        day = start.date()
        today = self.day(day)
        if today.counts:
            close = self.close_of(day)
            if start < close and self.office_minutes(start, close) >= least_minutes:
                return self._due(day, today)
            today = replace(today, counts=False, why=f"{today.why}；当日剩余不足{least_minutes:g}分钟，顺延")
        end = self.working_day_after(day)
        return self._due(end, today, *self._facts(day + _DAY, end))

    def due_on(self, day: date) -> Due:
        """Close of a committed calendar date, or of the next working day if it is off (Civil Code 203; Art. 8)."""
        end = day if self.is_workday(day) else self.working_day_after(day)
        return self._due(end, *self._facts(day, end))

    def urge_at(self, start: datetime, due: datetime) -> datetime:
        """When 催办 fires (Art. 9): one working day before due, at due's clock time or that day's close if earlier.

        Where that is not after `start`: when half of the office time from `start` to `due` has passed.
        """
        start, due = in_china(start), in_china(due)
        eve = self.working_day_before(due.date())
        at = min(datetime.combine(eve, due.timetz()), self.close_of(eve))
        return at if at > start else self.add_office_time(start, self.office_time(start, due) / 2)

    def end_of_next_working_day(self, at: datetime) -> datetime:
        """Close of the next working day after the day of `at` (Art. 9, 10: 督办要求, returns, dates moved earlier)."""
        return self.close_of(self.working_day_after(in_china(at).date()))

    # Facts

    def to_facts(self) -> dict[str, Any]:
        """All it was built from, JSON-ready."""
        return {
            "hours": self.hours.to_facts(),
            "service": self.service.to_facts(),
            "overrides": [override.to_facts() for override in self.overrides],
            "notices": [notice.to_facts() for notice in self.notices],
            "known_years": None if self.known_years is None else sorted(self.known_years),
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """The calendar that `to_facts` told. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            hours=OfficeHours.from_facts(facts["hours"]),
            overrides=tuple(Override.from_facts(fact) for fact in facts["overrides"]),
            notices=tuple(Notice.from_facts(fact) for fact in facts["notices"]),
            service=ServiceHours.from_facts(facts["service"]),
            known_years=None if facts["known_years"] is None else frozenset(facts["known_years"]),
        )

    @cached_property
    def _named(self) -> dict[date, tuple[DayKind, Notice]]:
        return in_force(self.notices)

    @cached_property
    def _library(self) -> frozenset[int]:
        return LIBRARY_YEARS if self.known_years is None else LIBRARY_YEARS & self.known_years

    @cached_property
    def _known(self) -> frozenset[int]:
        return self._library | {notice.year for notice in self.notices if not notice.amends}

    @cached_property
    def _local(self) -> dict[date, list[Override]]:
        local: dict[date, list[Override]] = {}
        for override in self.overrides:
            local.setdefault(override.day, []).append(override)
        return local

    def _decided(self, day: date) -> tuple[DayFact, Spans]:
        if (decided := self._days.get(day)) is None:
            fact, spans = decide(self.national(day), self._local.get(day, ()), self.hours.spans(day))
            if spans and (season := self.hours.season(day)):
                fact = replace(fact, why=f"{fact.why}（{season.name}）")
            on = tuple((datetime.combine(day, a, CHINA), datetime.combine(day, b, CHINA)) for a, b in spans)
            decided = self._days[day] = fact, on
        return decided

    def _spans_from(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        while True:
            yield from self.spans(day)
            day += _DAY

    def _step(self, day: date, n: int, step: timedelta) -> date:
        if n < 0:
            raise ValueError(f"cannot count {n} working days")
        while n:
            day += step
            n -= self.is_workday(day)
        return day

    def _facts(self, first: date, last: date) -> list[DayFact]:
        return [self.day(first + n * _DAY) for n in range((last - first).days + 1)]

    def _due(self, day: date, *trace: DayFact) -> Due:
        return Due(self.close_of(day), any(fact.provisional for fact in trace), trace)

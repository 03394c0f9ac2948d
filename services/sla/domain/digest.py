"""When a center's departments hear what they owe, and inspection of the week (mechanism §6, §9)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shared.workdays import CHINA, Calendar


@dataclass(frozen=True)
class Rhythm:
    """When digests come: so long after a working day's opening, the week's on the first from this weekday on."""

    office_minutes: int = 0
    weekday: int = 1
    """1 is Monday."""

    def on(self, day: date, calendar: Calendar) -> datetime:
        """The instant of a working day's digest."""
        return calendar.add_office_minutes(calendar.spans(day)[0][0], self.office_minutes)

    def after(self, at: datetime, calendar: Calendar) -> datetime:
        """The first instant after this one."""
        day = at.date()
        if calendar.is_workday(day) and (today := self.on(day, calendar)) > at:
            return today
        return self.on(calendar.working_day_after(day), calendar)

    def week_of(self, day: date) -> date:
        """The day on which the week of this day begins."""
        return day - timedelta(days=(day.isoweekday() - self.weekday) % 7)


@dataclass(frozen=True)
class Due:
    """A digest that has fallen due: whose day it is for; and since when the week's is to tell, where it comes too."""

    day: date
    instant: datetime
    week_since: datetime | None = None
    week_until: datetime | None = None


@dataclass(eq=False, kw_only=True)
class Digest:
    """What a center has been told last, and when the next falls due; each day and each week once."""

    center: str
    next_at: datetime | None = None
    """None for a center that is no more."""
    told_on: date | None = None
    week_told: date | None = None

    def plan(self, after: datetime, calendar: Calendar, rhythm: Rhythm) -> None:
        """Fix when the next falls due."""
        self.next_at = rhythm.after(after, calendar)
        if self.next_at.date() == self.told_on:
            self.next_at = rhythm.after(calendar.close_of(self.next_at.date()), calendar)

    def take(self, now: datetime, calendar: Calendar, rhythm: Rhythm) -> Due | None:
        """What has fallen due and is for today; a day that passed while nobody was there is not told of any more."""
        day, due = now.date(), None
        if calendar.is_workday(day) and day != self.told_on and (instant := rhythm.on(day, calendar)) < now:
            due = Due(day, instant, *self._take_week(rhythm.week_of(day)))
            self.told_on = day
        self.plan(now, calendar, rhythm)
        return due

    def _take_week(self, week: date) -> tuple[datetime, datetime] | tuple[()]:
        if self.week_told and self.week_told >= week:
            return ()
        since = self.week_told or week - timedelta(days=7)
        self.week_told = week
        return datetime.combine(since, time(), CHINA), datetime.combine(week, time(), CHINA)

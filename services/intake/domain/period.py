"""The days a ledger or a figure is asked for: from which to which, and as it stood at the end of which."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shared.refusals import FieldFault, Invalid
from shared.workdays import CHINA

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
"""The days that can be asked for."""


@dataclass(frozen=True)
class Period:
    """From which day to which, both included, and as of the end of which day; what is None is not bounded."""

    first: date | None = None
    last: date | None = None
    as_of: date | None = None

    @property
    def begin(self) -> datetime | None:
        """The first instant of the period."""
        return datetime.combine(self.first, time(), CHINA) if self.first else None

    @property
    def end(self) -> datetime | None:
        """The first instant after the period; what had not happened as of the day is after it."""
        days = [day for day in (self.last, self.as_of) if day]
        return midnight_after(min(days)) if days else None

    @property
    def until(self) -> datetime | None:
        """The last instant of the day as of which it is asked."""
        return midnight_after(self.as_of) - timedelta(microseconds=1) if self.as_of else None

    def instant(self, now: datetime) -> datetime:
        """The instant as of which it is asked: the end of that day, or `now`, which is all there is of this day yet."""
        return min(self.until or now, now)

    def check(self, today: date) -> None:
        """Refuse days in the wrong order, or one that has not come; raises `Invalid`."""
        if self.first and self.last and self.first > self.last:
            raise _refusal("backwards", "from", "起始日期晚于截止日期，请核对。")
        if self.as_of and self.as_of > today:
            raise _refusal("not-yet", "as_of", f"截至日期不能晚于今天（{today.isoformat()}），请改填今天或更早的日期。")
        if self.first and self.as_of and self.first > self.as_of:
            raise _refusal("backwards", "as_of", "截至日期早于起始日期，请核对。")


def midnight_after(day: date) -> datetime:
    """The first instant of the next day."""
    return datetime.combine(day, time(), CHINA) + timedelta(days=1)


def _refusal(code: str, field: str, message: str) -> Invalid:
    return Invalid(code, message, [FieldFault(field, message)])

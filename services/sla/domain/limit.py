"""When a limit ends, and what else a calendar may be asked (Art. 8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.events.dispatch import LimitRule
from shared.refusals import FieldFault, Invalid
from shared.workdays import Calendar, Due

YEARS = range(2004, 2100)
"""Those a calendar can speak of."""
MOST = {"working_days": 366, "after": 366, "minutes": 100_000}
"""The most one may ask a calendar to count."""

FORESEEN = timedelta(days=31)
"""How far ahead one may ask what the ladder will say."""


@dataclass(frozen=True)
class Limit:
    """A stage's limit as it was fixed (Art. 8)."""

    starts_at: datetime
    rule: LimitRule
    working_days: int | None = None
    committed_on: date | None = None

    def due(self, calendar: Calendar) -> Due:
        """When it ends, day by day. Refused when the rule lacks its number or its date."""
        match self.rule, self.working_days, self.committed_on:
            case LimitRule.SAME_DAY, _, _:
                return calendar.due_same_day(self.starts_at)
            case LimitRule.WORKING_DAYS, int(days), _:
                return calendar.due_after(self.starts_at, days)
            case LimitRule.COMMITTED, _, date() as day:
                return calendar.due_on(day)
        lacks = "committed_on" if self.rule is LimitRule.COMMITTED else "working_days"
        raise Invalid("invalid", "期限没有写明工作日数或承诺日期。", [FieldFault(lacks, "必填，请填写。")])


@dataclass(frozen=True)
class Counted:
    """The calendar a clock counts by, and which revision of it: a later one may move what is provisional."""

    calendar: Calendar
    revision: int


def later(calendar: Calendar, start: datetime, working_days: int, minutes: int) -> datetime:
    """So many office minutes after `start`, or after the opening of so many working days later."""
    if working_days:
        start = calendar.spans(calendar.working_day_after(start.date(), working_days))[0][0]
    return calendar.add_office_minutes(start, minutes)


def must_be_answerable(asked: Mapping[str, date | int | None]) -> None:
    """Refuse, with every fault, a question that no calendar answers: other years, or more than it may count."""
    faults = []
    for name, value in asked.items():
        if isinstance(value, date) and value.year not in YEARS:
            faults.append(FieldFault(name, f"年份应在{YEARS[0]}到{YEARS[-1]}之间。"))
        if isinstance(value, int) and not 0 <= value <= MOST[name]:
            faults.append(FieldFault(name, f"应在0到{MOST[name]}之间。"))
    if faults:
        raise Invalid("invalid", "日期或数目超出可计算的范围，请按提示修改。", faults)


def must_be_ahead(day: date, today: date) -> None:
    """Refuse to foretell what is past, or what is further away than any calendar is sure of."""
    if not today <= day <= today + FORESEEN:
        sentence = f"只能预测今天起{FORESEEN.days}天以内的日子。"
        raise Invalid("invalid", "日期超出可预测的范围，请按提示修改。", [FieldFault("on", sentence)])

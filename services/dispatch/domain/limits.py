"""How long the departments have, and what they owe (Art. 8, mechanism §5)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.events.dispatch import LimitRule, ReplyKind
from shared.events.intake import Triage
from shared.refusals import FieldFault, Invalid
from shared.workdays import Calendar


@dataclass(frozen=True)
class Limits:
    """The numbers of Art. 8 as they are set here, in working days; 0 is close of business the same day."""

    complex: int
    """Several departments, several levels, or `hard`."""
    cannot: int
    refused: int


@dataclass(frozen=True)
class Limit:
    """How a leg is counted."""

    rule: LimitRule
    working_days: int | None = None
    committed_on: date | None = None

    @classmethod
    def of_days(cls, working_days: int) -> "Limit":
        """So many working days; none is the same day."""
        return cls(LimitRule.WORKING_DAYS, working_days) if working_days else cls(LimitRule.SAME_DAY)


LONGEST_COMMITMENT = timedelta(days=366)
"""No plan commits further ahead; a year beyond that is a slip of the pen."""


def first_answer(triage: Triage, limits: Limits, *, departments: int, transferred: bool) -> tuple[int, ReplyKind]:
    """The limit of stage `reply` in working days, and the answer that is due then; the first row that fits (Art. 8)."""
    rows = (
        (departments > 1 or transferred or triage is Triage.HARD, limits.complex, ReplyKind.PLAN),
        (triage is Triage.CANNOT, limits.cannot, ReplyKind.REASONS),
        (triage is Triage.REFUSED, limits.refused, ReplyKind.RESULT),
    )
    return next((days, kind) for fits, days, kind in rows if fits)


def tightened(working_days: int, asked: int | None) -> Limit:
    """The limit as the coordinator fixes it: it may be tightened, never loosened (Art. 7, 8)."""
    if asked is None:
        return Limit.of_days(working_days)
    if not 0 <= asked <= working_days:
        most = f"{working_days}个工作日" if working_days else "当日"
        sentence = f"办理期限只能缩短，不能放宽：本件最长为{most}。"
        raise Invalid("limit-loosened", sentence, [FieldFault("working_days", sentence)])
    return Limit.of_days(asked)


def must_allow_commitment(triage: Triage) -> None:
    """The coordinator fixes the item's 承诺时限 at dispatch only for `refused` (Art. 8)."""
    if triage is not Triage.REFUSED:
        sentence = "只有“不给办”事项可以在分办时确定承诺时限；其他事项由部门在解决方案中承诺。"
        raise Invalid("no-commitment-here", sentence, [FieldFault("committed_working_days", sentence)])


def committed(asked: date | None, fixed: date | None, now: datetime, calendar: Calendar) -> date:
    """The day a plan commits to: not over yet, and no later than the coordinator fixed (Art. 8)."""
    day, today = asked or fixed, now.date()
    if day is None:
        sentence = "解决方案应当承诺办结日期，请填写。"
    elif fixed and calendar.due_on(fixed).due_at <= now:
        sentence = f"分办时确定的承诺时限{fixed:%Y年%m月%d日}已过，不能再提出解决方案，请直接报送办理结果。"
    elif day < today:
        sentence = "承诺办结日期已经过去，请填写今天或以后的日期。"
    elif day > today + LONGEST_COMMITMENT:
        sentence = "承诺办结日期过远，请填写一年以内的日期。"
    elif calendar.due_on(day).due_at <= now:
        sentence = "今天已经下班，承诺今天办结一开始就会超期，请填写下一个工作日或以后的日期。"
    elif fixed and day > fixed:
        sentence = f"分办时已确定承诺时限为{fixed:%Y年%m月%d日}，承诺办结日期不能晚于该日。"
    else:
        return day
    raise Invalid("bad-commitment", sentence, [FieldFault("committed_on", sentence)])


def needs_consent(triage: Triage, dispatched_at: datetime, committed_on: date, calendar: Calendar, beyond: int) -> bool:
    """Whether a `hard` matter's plan counts as given but waits for the coordinator's consent (mechanism §5).

    A date on a day off lies as far ahead as the working day to which it rolls.
    """
    return triage is Triage.HARD and days_to(committed_on, dispatched_at, calendar) > beyond


def redo(limit: Limit, dispatched_at: datetime, calendar: Calendar) -> Limit:
    """The stage's full length again, for a redo the petitioner asked for (Art. 10).

    What was committed gets as many working days as there were from dispatch to the committed date.
    """
    if limit.committed_on is None:
        return limit
    return Limit.of_days(days_to(limit.committed_on, dispatched_at, calendar))


def days_to(committed_on: date, dispatched_at: datetime, calendar: Calendar) -> int:
    """How many working days there are from a dispatch to a committed date."""
    return calendar.workdays_between(dispatched_at.date(), last_day(committed_on, calendar))


def last_day(committed_on: date, calendar: Calendar) -> date:
    """The committed date, or, where that is a day off, the working day to which it rolls (Civil Code 203)."""
    return calendar.due_on(committed_on).due_at.date()

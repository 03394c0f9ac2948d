"""How long the departments have, and what they owe (Art. 8, mechanism §5)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.events.dispatch import LimitRule, ReplyKind
from shared.events.intake import Triage
from shared.refusals import FieldFault, Invalid
from shared.workdays import Calendar


@dataclass(frozen=True)
class Limits:
    """The numbers of Art. 8, in working days; 0 is close of business the same day."""

    complex: int = 5
    """Several departments, several levels, or `hard`."""
    cannot: int = 3
    refused: int = 0
    consent_beyond: int = 20
    """A `hard` matter's committed date beyond this needs the coordinator's consent."""


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


USUAL = Limits()


LONGEST_COMMITMENT = timedelta(days=366)
"""No plan commits further ahead; a year beyond that is a slip of the pen."""


def first_answer(
    triage: Triage, *, departments: int, transferred: bool, limits: Limits = USUAL
) -> tuple[int, ReplyKind]:
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


def committed(asked: date | None, today: date, fixed: date | None) -> date:
    """The day a plan commits to: today or later, and no later than the coordinator fixed (Art. 8)."""
    day = asked or fixed
    if day is None:
        sentence = "解决方案应当承诺办结日期，请填写。"
    elif day < today:
        sentence = "承诺办结日期已经过去，请填写今天或以后的日期。"
    elif day > today + LONGEST_COMMITMENT:
        sentence = "承诺办结日期过远，请填写一年以内的日期。"
    elif fixed and day > fixed:
        sentence = f"分办时已确定承诺时限为{fixed:%Y年%m月%d日}，承诺办结日期不能晚于该日。"
    else:
        return day
    raise Invalid("bad-commitment", sentence, [FieldFault("committed_on", sentence)])


def needs_consent(
    triage: Triage, dispatched_at: datetime, committed_on: date, calendar: Calendar, limits: Limits = USUAL
) -> bool:
    """Whether a `hard` matter's plan counts as given but waits for the coordinator's consent (mechanism §5)."""
    days = calendar.workdays_between(dispatched_at.date(), committed_on)
    return triage is Triage.HARD and days > limits.consent_beyond


def redo(limit: Limit, dispatched_at: datetime, calendar: Calendar) -> Limit:
    """The stage's full length again, for a redo the petitioner asked for (Art. 10).

    What was committed gets as many working days as there were from dispatch to the committed date.
    """
    if limit.committed_on is None:
        return limit
    last_day = calendar.due_on(limit.committed_on).due_at.date()
    return Limit.of_days(calendar.workdays_between(dispatched_at.date(), last_day))

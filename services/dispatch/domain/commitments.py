"""What may still be done about a committed date: extended once, or a far one consented to (mechanism §5)."""

from datetime import date, datetime

from services.dispatch.domain.limits import last_day
from shared.events.dispatch import LimitRule
from shared.refusals import FieldFault, Invalid, NotPossible
from shared.workdays import Calendar


def must_be_extendable(
    rule: LimitRule, due_at: datetime | None, now: datetime, *, pending: bool, granted: bool
) -> None:
    """Only a committed date, asked for by the time it is due, and granted once."""
    if rule is not LimitRule.COMMITTED:
        raise NotPossible("not-committed", "只有部门承诺的办结日期可以申请延期，法定的答复期限不能延长。")
    if granted:
        raise NotPossible("already-extended", "承诺日期已经延期过一次，不能再次延期，请按期办理。")
    if pending:
        raise NotPossible("extension-pending", "延期申请正在等待管理机构审核，请勿重复申请；审核期间期限不变。")
    if due_at is not None and now > due_at:
        raise NotPossible("too-late-to-extend", "承诺日期已过，不能再申请延期，请尽快办理答复。")


def must_be_soon_enough(committed_on: date, asked: date, calendar: Calendar, most: int) -> None:
    """The new date lies after the committed one, by at most so many working days."""
    if not 1 <= _days_later(committed_on, asked, calendar) <= most:
        latest = calendar.working_day_after(last_day(committed_on, calendar), most)
        sentence = f"延期最多{most}个工作日：请填写{committed_on:%Y-%m-%d}之后、不晚于{latest:%Y-%m-%d}的日期。"
        raise Invalid("bad-extension", sentence, [FieldFault("committed_on", sentence)])


def must_still_be_soon_enough(committed_on: date, asked: date, calendar: Calendar, most: int) -> None:
    """Since it was asked for, the committed date may have become an earlier one: where it was not consented to."""
    if _days_later(committed_on, asked, calendar) > most:
        raise NotPossible(
            "no-longer-soon-enough",
            f"承诺日期已改为{committed_on:%Y-%m-%d}，申请的{asked:%Y-%m-%d}超过延期最多的{most}个工作日；"
            "请不同意本次申请，由牵头部门重新申请。",
        )


def without_consent(
    dispatched_at: datetime, committed_on: date, now: datetime, calendar: Calendar, beyond: int
) -> date:
    """The day that stands where the coordinator does not consent: the last that needs none, `beyond` working days on.

    Never before the next working day, as with every date that is moved earlier, and never after the one committed to.
    """
    last = calendar.working_day_after(dispatched_at.date(), beyond)
    return min(committed_on, max(last, calendar.working_day_after(now.date())))


def _days_later(committed_on: date, asked: date, calendar: Calendar) -> int:
    return calendar.workdays_between(last_day(committed_on, calendar), last_day(asked, calendar))

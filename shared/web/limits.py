"""A limit as a badge says it: how much working time is left of it, or by how much it is over (Art. 8)."""

from dataclasses import dataclass
from datetime import datetime

from shared.workdays import Calendar


@dataclass(frozen=True)
class Left:
    """What is left of a limit; `look` is what a page marks it with."""

    due_at: datetime
    words: str
    look: str


def left(
    calendar: Calendar, now: datetime, due_at: datetime | None, answered_at: datetime | None = None
) -> Left | None:
    """What is left of a limit now, or was when it was answered; None where there is none."""
    if due_at is None:
        return None
    at = answered_at or now
    days = calendar.workdays_between(at.date(), due_at.date())
    if at > due_at:
        over = calendar.workdays_between(due_at.date(), at.date())
        return Left(due_at, f"逾期{over}个工作日" if over else "已逾期", "late")
    if answered_at:
        return Left(due_at, "按时答复", "good")
    if days == 0:
        return Left(due_at, f"今日{due_at:%H:%M}到期" if at.date() == due_at.date() else "即将到期", "soon")
    return Left(due_at, f"还剩{days}个工作日", "soon" if days == 1 else "")

"""By how much a complaint is overdue (mechanism §10): in working days begun after the due day, also while it waits."""

from datetime import datetime

from services.intake.domain.row import Row
from shared.workdays import Calendar


def late_by(row: Row, calendar: Calendar | None, now: datetime) -> int | None:
    """By how many working days its answers were late, summed over legs, and is by now what is owed and not given.

    0: late, but before another working day had begun. None: not late; or it cannot be counted yet, for want of the
    calendar, or because the answer's own count has not been told.
    """
    if row.due_at is None or row.due_at >= now:
        return row.overran if row.overdue else None
    if calendar is None:
        return None
    return (row.overran or 0) - row.overran_before + calendar.workdays_begun(row.due_at, now)

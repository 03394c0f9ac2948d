"""What waits for the coordinator's office, and by when it should be done (mechanism §3, §4, §7)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from shared.workdays import Calendar


class Task(StrEnum):
    """What somebody of the office has to do."""

    DISPATCH = "dispatch"
    ADJUDICATE = "adjudicate"
    """Dispatched twice in vain: the head says whose it is."""
    DECLINE = "decline"
    EXTENSION = "extension"
    CONSENT = "consent"
    OVERRULE = "overrule"
    """A co-handler is late, and holds the lead back."""
    CHECK = "check"
    FOLLOW_UP = "follow-up"
    CONCLUDE = "conclude"
    APPROVE = "approve"
    WITHDRAWAL = "withdrawal"
    REFERRAL = "referral"


_MINUTES: Mapping[Task, int] = {Task.DISPATCH: 240, Task.ADJUDICATE: 240}
_DAYS: Mapping[Task, int] = {Task.REFERRAL: 5}


def due(task: Task, since: datetime, calendar: Calendar) -> datetime:
    """When it should be done: what the mechanism names no inner limit for takes its place after a working day."""
    if minutes := _MINUTES.get(task):
        return calendar.add_office_minutes(since, minutes)
    return calendar.due_after(since, _DAYS.get(task, 1)).due_at

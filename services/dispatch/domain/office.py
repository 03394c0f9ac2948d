"""What waits for the coordinator's office, and by when it should be done (mechanism §3, §4, §7)."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    TAKE_BACK = "take-back"
    """It is with a department that was retired: there, nobody answers."""
    CHECK = "check"
    FOLLOW_UP = "follow-up"
    CONCLUDE = "conclude"
    APPROVE = "approve"
    WITHDRAWAL = "withdrawal"
    REFERRAL = "referral"
    SIGN = "sign"
    """Circular, report and copy of what was reported await the head's signature (Art. 9)."""


@dataclass(frozen=True)
class Span:
    """How long something may take, in office minutes or in working days."""

    office_minutes: int = 0
    working_days: int = 0


Spans = Mapping[Task, Span]
_A_DAY = Span(working_days=1)


def due(task: Task, since: datetime, calendar: Calendar, spans: Spans) -> datetime:
    """When it should be done: what the mechanism names no inner limit for takes its place after a working day."""
    span = spans.get(task, _A_DAY)
    if span.office_minutes:
        return calendar.add_office_minutes(since, span.office_minutes)
    return calendar.due_after(since, span.working_days).due_at

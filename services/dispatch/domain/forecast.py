"""What the ladder will say of a leg by a day's end if nobody answers (mechanism §6)."""

from collections.abc import Mapping
from datetime import date, datetime

from shared.events.sla import Rung
from shared.workdays import Calendar


def ahead(
    calendar: Calendar, starts_at: datetime, due_at: datetime, given: Mapping[Rung, datetime], now: datetime
) -> list[tuple[Rung, datetime]]:
    """The rungs that were not given yet, each with its instant; a supervision's time counts from when it is given."""
    supervised = given.get(Rung.SUPERVISED) or max(due_at, now)
    instants = {
        Rung.URGED: calendar.urge_at(starts_at, due_at),
        Rung.SUPERVISED: due_at,
        Rung.REPORTED: calendar.end_of_next_working_day(supervised),
    }
    return [(rung, at) for rung, at in instants.items() if rung not in given]


def on_day(expected: list[tuple[Rung, datetime]], day: date) -> list[tuple[Rung, datetime]]:
    """Those of one day."""
    return [(rung, at) for rung, at in expected if at.date() == day]

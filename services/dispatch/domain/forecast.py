"""What the ladder will say of a leg by a day's end if nobody answers (mechanism §6)."""

from collections.abc import Mapping
from datetime import date, datetime

from shared.events.sla import Rung
from shared.workdays import Calendar


def ahead(
    calendar: Calendar, begins_at: datetime, due_at: datetime, given: Mapping[Rung, datetime], now: datetime
) -> list[tuple[Rung, datetime]]:
    """The rungs after the last that was given, each with when it will be; what is due already comes now.

    `begins_at` is when the leg began, or when the check returned its answer last. A supervision's time counts from when
    it is given; a return may have moved the due date beyond it.
    """
    supervised = given.get(Rung.SUPERVISED) or max(due_at, now)
    instants = {
        Rung.URGED: calendar.urge_at(begins_at, due_at),
        Rung.SUPERVISED: due_at,
        Rung.REPORTED: max(calendar.end_of_next_working_day(supervised), due_at),
    }
    rungs = list(Rung)
    first = max((rungs.index(rung) + 1 for rung in given), default=0)
    return [(rung, max(instants[rung], now)) for rung in rungs[first:]]


def on_day(expected: list[tuple[Rung, datetime]], day: date) -> list[tuple[Rung, datetime]]:
    """Those of one day."""
    return [(rung, at) for rung, at in expected if at.date() == day]

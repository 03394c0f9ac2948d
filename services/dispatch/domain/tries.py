"""When a petitioner counts as unreachable (mechanism §7)."""

from collections.abc import Sequence
from datetime import datetime, time
from enum import StrEnum

from shared.refusals import NotPossible

LEAST_TRIES = 3
LEAST_DAYS = 2
_NOON, _EVENING = time(12), time(18)


class DayPart(StrEnum):
    """When on a day somebody was called."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


def day_part(at: datetime) -> DayPart:
    """The part of the day an instant lies in: before noon, before six, or after."""
    if at.time() < _NOON:
        return DayPart.MORNING
    return DayPart.AFTERNOON if at.time() < _EVENING else DayPart.EVENING


def next_part(tries: Sequence[datetime]) -> DayPart | None:
    """The part of the day to try next: the first that was tried least; None before the first try."""
    parts = [day_part(at) for at in tries]
    return min(DayPart, key=parts.count) if parts else None


def must_be_enough(tries: Sequence[datetime]) -> None:
    """At least 3 tries, on 2 days, in different parts of the day."""
    days, parts = {at.date() for at in tries}, {day_part(at) for at in tries}
    if len(tries) < LEAST_TRIES or len(days) < LEAST_DAYS or len(parts) < 2:
        raise NotPossible(
            "too-few-tries",
            f"联系不上的，应至少在{LEAST_DAYS}天的不同时段回访{LEAST_TRIES}次才能办结；"
            f"目前共{len(tries)}次、{len(days)}天、{len(parts)}个时段，请继续回访。",
        )

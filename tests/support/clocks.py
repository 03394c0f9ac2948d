"""A leg's clock, as sla opens it."""

from __future__ import annotations

from typing import Any

from services.sla.domain import Clock, Counted, Order
from shared.events.dispatch import Leg, LimitRule, Stage
from shared.events.sla import Rung
from shared.workdays import Calendar
from tests.support.alone import at

CALENDAR = Calendar()


def opened(when: str = "11-23 10:00", calendar: Calendar = CALENDAR, **given: Any) -> Clock:
    """The first leg's, of three working days where nothing else is said."""
    leg: dict[str, Any] = {"rule": LimitRule.WORKING_DAYS, "working_days": 3, "stage": Stage.REPLY} | given
    return Order("c").open(
        Leg(number=1, round=1, starts_at=at(when), calendar="sq", **leg), "sq", 1, Counted(calendar, 1)
    )


def ladder(clock: Clock) -> tuple[Rung | None, Any]:
    """The rung that is next, and when it is asked about."""
    return clock.next_rung, clock.next_fire_at

"""On which days the examples begin, and what the county has decided for itself about days soon after them."""

from __future__ import annotations

from datetime import date

from shared.workdays.layers import Half, Override
from tests.support.oracle import DAY, is_working, working_day

DAYS = tuple(
    date.fromisoformat(day)
    for day in (
        "2020-01-22",
        "2021-04-30",
        "2022-09-29",
        "2023-09-28",
        "2024-02-07",
        "2024-09-13",
        "2025-01-24",
        "2025-04-25",
        "2026-02-12",
        "2026-03-11",
        "2026-06-17",
        "2026-09-22",
    )
)
"""Before holidays and days made up for them, and in ordinary weeks, of winter and summer."""


def _next_day_off(day: date) -> date:
    while is_working(day):
        day += DAY
    return day


DECIDED = {
    day: halves
    for first in DAYS
    for day, halves in (
        (working_day(first, 1), (True, False)),
        (working_day(first, 3), (False, True)),
        (working_day(first, 4), (False, False)),
        (_next_day_off(working_day(first, 1)), (True, False)),
    )
}
"""Whether morning and afternoon are worked: half days, a whole day off, and a morning of a day off."""

OVERRIDES = tuple(
    Override(day, worked, "停电检修", half)
    for day, halves in DECIDED.items()
    for half, worked in zip(Half, halves, strict=True)
)
"""The same as the house is told of it."""

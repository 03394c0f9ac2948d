"""What a timer or a person can do in sla; one transaction each."""

from services.sla.usecases.reading import (
    calendar_for,
    clocks_of,
    explained,
    forecast,
    inner_figures,
    inner_limits,
    order_of,
)
from services.sla.usecases.recounting import RECOUNT, moved, recount
from services.sla.usecases.sweeping import (
    NEW_DIGESTS,
    SWEEP,
    expect_next,
    fire_due,
    note,
    plan_digest,
    plan_new_digests,
)

__all__ = [
    "NEW_DIGESTS",
    "RECOUNT",
    "SWEEP",
    "calendar_for",
    "clocks_of",
    "expect_next",
    "explained",
    "fire_due",
    "forecast",
    "inner_figures",
    "inner_limits",
    "moved",
    "note",
    "order_of",
    "plan_digest",
    "plan_new_digests",
    "recount",
]

"""Provisional dates when a calendar has changed, and what is told of a date that has moved (mechanism §5)."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.sla import store
from services.sla.domain import Clock, State
from services.sla.usecases.sweeping import AT_ONCE, SWEEP
from shared import clock as wall
from shared.db import wake
from shared.events.sla import ClockMoved
from shared.messaging import announce

RECOUNT = "recount provisional dates"


async def recount(session: AsyncSession) -> None:
    """Count provisional dates again by calendars that have changed since, and announce each move (Art. 8)."""
    found = await store.orders_to_recount(session, AT_ONCE)
    if not found:
        return
    # Held as by whoever hears of them: nobody counts from what the other is changing.
    taken = await store.take_orders(session, found)
    now = wall.now()
    running = (clock for order in taken for clock in order.clocks.values() if clock.state is State.RUNNING)
    for clock in running:
        counted, was = await store.counted(session, clock.calendar), (clock.due_at, clock.provisional)
        if clock.calendar_revision < counted.revision and clock.recount(counted, now):
            why = "calendar" if (clock.due_at, clock.provisional) != was else "co_handlers"
            announce(session, moved(clock, was[0], why, now))
    wake(session, SWEEP, RECOUNT)


def moved(clock: Clock, was: datetime, why: str, at: datetime, caused_by: str | None = None) -> ClockMoved:
    """What is told of a due date that has moved, or has become certain."""
    return ClockMoved(
        at=at,
        center=clock.center,
        subject=clock.complaint_id,
        caused_by=caused_by,
        leg=clock.leg,
        revision=clock.revision,
        was=was,
        due_at=clock.due_at,
        provisional=clock.provisional,
        co_handlers_due_at=clock.co_handlers_due_at,
        why=why,
    )

"""Days are summed once they are over, so that figures of many months are told from few rows (`store.sums`)."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.store import sums as store
from services.intake.store.movements import midnight
from shared import clock
from shared.db import wake

SUM = "sum"
"""The name of the job that does."""


async def sum_up(session: AsyncSession) -> datetime | None:
    """Sum some of the days that are over, or what has changed of those that were summed; and go on.

    How far it has come changes no figure: what is not summed yet is counted one by one.
    """
    today = midnight(clock.now())
    until = await store.until(session)
    more = False
    if until is None or until < today:
        await store.alone(session)
        more = await store.sum_days(session, today)
    if not more and await store.anything_changed(session):
        more = await store.sum_changes(session)
    if more:
        wake(session, SUM)
    return None


async def sum_anew(session: AsyncSession) -> None:
    """Have every day summed again from its facts; no figure changes by it, unless a sum was wrong."""
    await store.alone(session)
    await store.forget(session)
    wake(session, SUM)

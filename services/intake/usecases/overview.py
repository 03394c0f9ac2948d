"""What stands above the ledger: a few figures of its period, and of what is open now."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.store import directory
from services.intake.store import overview as store
from services.intake.store.ledger import Within
from services.intake.usecases.ledger import Asked
from services.intake.usecases.reading import scope
from shared import clock
from shared.replica import calendar_of
from shared.security.roles import Actor
from shared.workdays import CHINA


async def overview(session: AsyncSession, actor: Actor, asked: Asked) -> store.Overview:
    """Of the ledger's period (without one, of this month), and of what is open now."""
    now, period = clock.now(), asked.period
    begin = period.begin or (None if period.last else datetime(now.year, now.month, 1, tzinfo=CHINA))
    within = Within(await scope(session, actor, asked.center), begin, period.end)
    county = (await directory.centers(session)).county
    center = asked.center or actor.center or county
    soon = (await calendar_of(session, center)).end_of_next_working_day(now) if center else now
    return await store.overview(session, within, now, soon)

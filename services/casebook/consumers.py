"""What casebook hears, and what it does about it."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.usecases import candidates, reading
from shared.events.dispatch import CaseSuggested
from shared.events.intake import CitationRefused
from shared.messaging import Consumer
from shared.replica import keep_replica

consumer = Consumer("casebook")
keep_replica(consumer)


@consumer.on(CaseSuggested)
async def await_draft(event: CaseSuggested, session: AsyncSession) -> None:
    """A complaint closed as typical awaits its draft, once however often it is told (Art. 11)."""
    await candidates.suggest(session, event)


@consumer.on(CitationRefused)
async def forget_citation(event: CitationRefused, session: AsyncSession) -> None:
    """A case was cited on a complaint that there is not (mechanism §8)."""
    await reading.forget_citation(session, event)

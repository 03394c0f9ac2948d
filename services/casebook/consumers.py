"""What casebook hears, and what it does about it."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook import domain, store, usecases
from shared.events.dispatch import OrderClosed
from shared.messaging import Consumer
from shared.replica import keep_replica

consumer = Consumer("casebook")
keep_replica(consumer)


@consumer.on(OrderClosed)
async def draft_case(event: OrderClosed, session: AsyncSession) -> None:
    """A complaint closed as typical becomes a draft of its center, once however often it is closed (Art. 11)."""
    if event.typical and not await store.case(session, event.subject):
        text = domain.drafted_from(event)
        session.add(usecases.new_case(event.subject, event.center, text, event.by, event.at, event.subject, None))

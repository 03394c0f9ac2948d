"""Telling of the ladder: whoever is late, and those above; and of the week that inspection hears of (Art. 9)."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.domain import digests, partners, told
from services.notify.usecases import keeping
from services.notify.usecases.partners import publish
from services.notify.usecases.recording import record
from shared.events import Event
from shared.events.dispatch import EscalationReported, EscalationSupervised, EscalationUrged, WeekCompiled


async def urge(event: EscalationUrged, session: AsyncSession) -> None:
    """催办 reaches whoever has not answered (Art. 9)."""
    matter = keeping.matter(session, event.subject)
    record(session, event, told.urged(event, matter))
    publish(session, event, partners.escalated(event, matter))


async def supervise(event: EscalationSupervised, session: AsyncSession) -> None:
    """督办 reaches whoever has not answered, and the head (Art. 9)."""
    keeping.handlers(session, event.subject)
    matter = keeping.matter(session, event.subject)
    record(session, event, told.supervised(event, matter, store.names(session)))
    publish(session, event, partners.escalated(event, matter))


async def report(event: EscalationReported, session: AsyncSession) -> None:
    """通报 reaches government and inspection as well, without the petitioner (Art. 9)."""
    keeping.handlers(session, event.subject)
    matter = keeping.matter(session, event.subject)
    record(session, event, told.reported(event, matter, store.names(session)))
    publish(session, event, partners.escalated(event, matter))


async def tell_week(event: WeekCompiled, session: AsyncSession) -> None:
    """Discipline inspection hears of the week, without the petitioner (mechanism §9)."""
    await store.load_names(session)
    record(session, event, digests.week(event, store.names(session)))
    publish(session, event, partners.week(event))


TOLD: Mapping[type[Event], Callable[[Any, AsyncSession], Awaitable[None]]] = {
    EscalationUrged: urge,
    EscalationSupervised: supervise,
    EscalationReported: report,
    WeekCompiled: tell_week,
}
"""What is done about each of these when it is heard."""

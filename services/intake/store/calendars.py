"""Queries about the centers' calendars as they were known at any time."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.calendars import Calendars
from services.intake.tables import CalendarRow
from shared.events.directory import CenterChanged
from shared.replica import FactRow, calendar_told
from shared.workdays import CHINA, Calendar

_ALWAYS = datetime(2000, 1, 1, tzinfo=CHINA)


async def keep(session: AsyncSession, event: CenterChanged) -> None:
    """Keep the calendar a center has from now on."""
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(CalendarRow).values(center=event.subject, revision=event.revision, since=event.at, data=event.calendar)
    await session.execute(row.on_conflict_do_nothing())


async def known(session: AsyncSession, centers: Collection[str]) -> Calendars:
    """The calendars of these centers; one that was told of before they were kept has had its present one always."""
    history: dict[str, list[tuple[datetime, Calendar]]] = defaultdict(list)
    kept = select(CalendarRow).where(CalendarRow.center.in_(centers))
    for row in await session.scalars(kept.order_by(CalendarRow.center, CalendarRow.revision)):
        history[row.center].append((row.since, calendar_told(row.data)))
    if missing := set(centers) - history.keys():
        query = select(FactRow).where(FactRow.kind == "center", FactRow.code.in_(missing))
        for fact in await session.scalars(query):
            history[fact.code] = [(_ALWAYS, calendar_told(fact.data["calendar"]))]
    return Calendars(history)

"""Queries about the centers' calendars as they were known at any time."""

from collections import defaultdict
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


async def known(session: AsyncSession) -> Calendars:
    """Every center's calendars; one that was told of before they were kept has had its present one always."""
    history: dict[str, list[tuple[datetime, Calendar]]] = defaultdict(list)
    for row in await session.scalars(select(CalendarRow).order_by(CalendarRow.center, CalendarRow.revision)):
        history[row.center].append((row.since, calendar_told(row.data)))
    for fact in await session.scalars(select(FactRow).where(FactRow.kind == "center")):
        if fact.code not in history:
            history[fact.code] = [(_ALWAYS, calendar_told(fact.data["calendar"]))]
    return Calendars(history)

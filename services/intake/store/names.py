"""Queries about what centers and departments were called at any time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.names import Names
from services.intake.tables import NameRow
from shared.events.directory import CenterChanged, DepartmentChanged

_CENTER, _DEPARTMENT = "center", "department"


async def keep(session: AsyncSession, event: CenterChanged | DepartmentChanged) -> None:
    """Keep what it is called from now on; of a revision that is told again, the first time counts."""
    match event:
        case CenterChanged():
            kind, called = _CENTER, event.name
        case DepartmentChanged():
            kind, called = _DEPARTMENT, event.short_name or event.name
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(NameRow).values(kind=kind, code=event.subject, revision=event.revision, since=event.at, name=called)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=["kind", "code", "revision"],
            set_={"since": row.excluded.since},
            where=NameRow.since > row.excluded.since,
        )
    )


async def at(session: AsyncSession, instant: datetime) -> Names:
    """What they were called then; one that was first told of later has been called so from the beginning.

    Of staff, who stand in no ledger and no figure, only today's names are kept.
    """
    called: Mapping[str, dict[str, str]] = {_CENTER: {}, _DEPARTMENT: {}}
    columns = NameRow.kind, NameRow.code, NameRow.since, NameRow.name
    kept = select(*columns).order_by(NameRow.kind, NameRow.code, NameRow.revision)
    for kind, code, since, name in await session.execute(kept):
        if since <= instant or code not in called[kind]:
            called[kind][code] = name
    return Names(called[_CENTER], called[_DEPARTMENT])

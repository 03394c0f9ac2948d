"""Every query of directory."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from services.directory.tables import Account, Change, HolidayNotice, LocalDay, Meeting, ServicePlace
from shared import replica
from shared.replica import FactRow


async def fact(session: AsyncSession, kind: str, code: str) -> tuple[int, dict[str, Any]] | None:
    """A fact's revision and data."""
    row = await session.get(FactRow, (kind, code))
    return (row.revision, row.data) if row else None


async def facts(session: AsyncSession, kind: str) -> Sequence[FactRow]:
    """All facts of a kind, by code."""
    return (await session.scalars(select(FactRow).where(FactRow.kind == kind).order_by(FactRow.code))).all()


async def all_facts(session: AsyncSession) -> dict[str, dict[str, dict[str, Any]]]:
    """All facts there are: by kind, by code."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in await session.scalars(select(FactRow)):
        found.setdefault(row.kind, {})[row.code] = row.data
    return found


async def held(session: AsyncSession) -> dict[str, dict[str, Mapping[str, Any]]]:
    """All facts, by kind, by code, as the process holds them: to be looked at, where nothing is decided by them."""
    found = await replica.facts(session)
    return {kind: {code: fact.data for code, fact in facts.items()} for kind, facts in found.items()}


async def take(session: AsyncSession) -> None:
    """Hold the directory until the transaction ends: who changes it does so one after another."""
    centers = select(FactRow.code).where(FactRow.kind == "center").order_by(FactRow.code)
    await session.execute(centers.with_for_update())


def add(session: AsyncSession, row: Change | HolidayNotice | LocalDay | Meeting | ServicePlace) -> None:
    """Keep something new."""
    session.add(row)


async def changes(session: AsyncSession, kind: str, code: str) -> Sequence[Change]:
    """Everything a fact has been, the latest first."""
    query = select(Change).where(Change.kind == kind, Change.code == code).order_by(Change.revision.desc())
    return (await session.scalars(query)).all()


async def notices(session: AsyncSession, *, withdrawn: bool = False) -> Sequence[HolidayNotice]:
    """The notices that stand, in the order they were loaded; those withdrawn too if asked for."""
    query = select(HolidayNotice).order_by(HolidayNotice.number)
    return (await session.scalars(query if withdrawn else query.where(HolidayNotice.withdrawn_at.is_(None)))).all()


async def notice(session: AsyncSession, number: int) -> HolidayNotice | None:
    """One of them."""
    return await session.get(HolidayNotice, number)


async def next_notice(session: AsyncSession) -> int:
    """The number the next one gets."""
    return (await session.scalar(select(func.max(HolidayNotice.number))) or 0) + 1


async def local_days(session: AsyncSession, center: str | None = None, *, removed: bool = False) -> Sequence[LocalDay]:
    """The local days that stand, of a center or of all, in the order they were set; those removed too if asked for."""
    query = select(LocalDay).order_by(LocalDay.id)
    if center:
        query = query.where(LocalDay.center == center)
    return (await session.scalars(query if removed else query.where(LocalDay.removed_at.is_(None)))).all()


async def local_day(session: AsyncSession, local_day_id: str) -> LocalDay | None:
    """One of them, removed or not."""
    return await session.get(LocalDay, local_day_id)


async def places(session: AsyncSession, center: str) -> Sequence[ServicePlace]:
    """Everything that was recorded of a center's places, by kind, the latest first."""
    query = select(ServicePlace).where(ServicePlace.center == center)
    return (await session.scalars(query.order_by(ServicePlace.kind, ServicePlace.revision.desc()))).all()


async def meetings(session: AsyncSession, center: str | None, limit: int) -> Sequence[Meeting]:
    """The meetings of a center, or of all; the one held last first."""
    query = select(Meeting).order_by(Meeting.held_at.desc(), Meeting.id.desc()).limit(limit)
    return (await session.scalars(query.where(Meeting.center == center) if center else query)).all()


async def account(session: AsyncSession, username: str, *, take: bool = False) -> Account | None:
    """How someone logs in; taken, nobody else changes it until the transaction ends."""
    return await session.get(Account, username, with_for_update=take or None)


async def accounts(session: AsyncSession) -> dict[str, Account]:
    """How everyone logs in, by username."""
    return {row.username: row for row in await session.scalars(select(Account))}


async def set_password(session: AsyncSession, username: str, password_hash: str, *, must_change: bool = False) -> None:
    """Keep a new password's hash."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    kept = {"password_hash": password_hash, "must_change": must_change}
    row = insert(Account).values(username=username, recovery=[], **kept)
    await session.execute(row.on_conflict_do_update(index_elements=["username"], set_=kept))


async def has_facts(session: AsyncSession) -> bool:
    """Whether the directory has been filled."""
    return await session.scalar(select(FactRow.code).limit(1)) is not None

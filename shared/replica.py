"""The directory's facts as each service keeps them: fed by events, latest revision wins, read without asking anyone."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import JSON, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import wake
from shared.events.directory import (
    CenterChanged,
    ChannelChanged,
    DepartmentChanged,
    DirectoryFact,
    LiaisonChanged,
    MemberChanged,
    PartnerChanged,
    UnitChanged,
)
from shared.messaging import Consumer, Unknown
from shared.messaging.tables import KernelBase
from shared.security.roles import Role
from shared.security.sessions import digest
from shared.workdays import Calendar


class FactRow(KernelBase):
    """One fact of the directory."""

    __tablename__ = "directory_facts"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    revision: Mapped[int]
    lookup: Mapped[str | None] = mapped_column(String(80), index=True)
    """What it is also found by: a channel's key hash, a member's role and center."""
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


@dataclass(frozen=True)
class Channel:
    """Who may hand complaints over."""

    code: str
    name: str


@dataclass(frozen=True)
class Member:
    """Someone who works here."""

    username: str
    name: str
    role: Role
    center: str
    department: str | None
    phone: str | None


_KINDS: dict[type[DirectoryFact], str] = {
    CenterChanged: "center",
    DepartmentChanged: "department",
    MemberChanged: "member",
    ChannelChanged: "channel",
    PartnerChanged: "partner",
    UnitChanged: "unit",
    LiaisonChanged: "liaison",
}

OPEN_PARTNERS = "open partners' queues"
"""The name of the job that does."""


def keep_replica(consumer: Consumer) -> None:
    """Let this consumer hear the directory."""
    for event in _KINDS:
        consumer.on(event)(_keep)


async def _keep(event: DirectoryFact, session: AsyncSession) -> None:
    data = event.model_dump(mode="json", exclude={"event_id", "at", "caused_by", "subject", "revision"})
    await put(session, _KINDS[type(event)], event.subject, event.revision, data)
    if isinstance(event, PartnerChanged):
        wake(session, OPEN_PARTNERS)


async def put(session: AsyncSession, kind: str, code: str, revision: int, data: dict[str, Any]) -> None:
    """Keep a fact, unless a later revision of it is here already."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(FactRow).values(kind=kind, code=code, revision=revision, lookup=_lookup(kind, data), data=data)
    latest = {"revision": row.excluded.revision, "lookup": row.excluded.lookup, "data": row.excluded.data}
    await session.execute(
        row.on_conflict_do_update(
            index_elements=["kind", "code"], set_=latest, where=FactRow.revision < row.excluded.revision
        ).returning(FactRow),
        execution_options={"populate_existing": True},  # who has read the fact in this transaction reads it anew
    )


def _lookup(kind: str, data: dict[str, Any]) -> str | None:
    if kind == "channel":
        return str(data["key_hash"])
    return f"{data['role']}@{data['center']}" if kind == "member" else None


async def center_codes(session: AsyncSession) -> dict[str, str]:
    """The active centers and their area codes."""
    rows = await session.scalars(select(FactRow).where(FactRow.kind == "center"))
    return {row.code: row.data["area_code"] for row in rows if row.data["active"]}


async def center_exists(session: AsyncSession, code: str) -> bool:
    """Whether there is such a center, and it is active."""
    row = await session.get(FactRow, ("center", code))
    return row is not None and bool(row.data["active"])


async def parent_of(session: AsyncSession, code: str) -> str | None:
    """The county's center that a township's belongs to; None for that one itself, or one that is unknown."""
    row = await session.get(FactRow, ("center", code))
    return row.data["parent"] if row else None


async def center_parents(session: AsyncSession) -> dict[str, str | None]:
    """Every center, and the county's center it belongs to."""
    rows = await session.scalars(select(FactRow).where(FactRow.kind == "center"))
    return {row.code: row.data["parent"] for row in rows}


async def root_center(session: AsyncSession) -> str:
    """The county's own center; raises `Unknown` while the directory has not told of it."""
    for code, parent in (await center_parents(session)).items():
        if parent is None:
            return code
    raise Unknown("county")


async def center_name(session: AsyncSession, code: str) -> str:
    """A center's name; its code while it is unknown."""
    row = await session.get(FactRow, ("center", code))
    return str(row.data["name"]) if row else code


async def department_names(session: AsyncSession) -> dict[str, str]:
    """The short names of all departments, by `<center>/<code>`."""
    rows = await session.scalars(select(FactRow).where(FactRow.kind == "department"))
    return {row.code: row.data["short_name"] for row in rows}


async def department_titles(session: AsyncSession) -> dict[str, str]:
    """The full names of all departments, as papers say them, by `<center>/<code>`."""
    rows = await session.scalars(select(FactRow).where(FactRow.kind == "department"))
    return {row.code: row.data["name"] for row in rows}


async def department_exists(session: AsyncSession, center: str, code: str) -> bool:
    """Whether this center has such a department, and it is active."""
    return bool(await department_is_active(session, center, code))


async def department_is_active(session: AsyncSession, center: str, code: str) -> bool | None:
    """Whether this department works here; None while the directory has not told of it."""
    row = await session.get(FactRow, ("department", f"{center}/{code}"))
    return bool(row.data["active"]) if row else None


async def members(session: AsyncSession, role: Role, center: str) -> Sequence[Member]:
    """Who holds this role at this center."""
    rows = await session.scalars(
        select(FactRow).where(FactRow.kind == "member", FactRow.lookup == f"{role}@{center}").order_by(FactRow.code)
    )
    return [
        Member(row.code, row.data["name"], role, center, row.data["department"], row.data["phone"])
        for row in rows
        if row.data["active"]
    ]


async def channel_of_key(session: AsyncSession, key: str) -> Channel | None:
    """The active channel this key belongs to."""
    row = await session.scalar(select(FactRow).where(FactRow.kind == "channel", FactRow.lookup == digest(key)))
    return Channel(row.code, row.data["name"]) if row and row.data["active"] else None


async def source_is_active(session: AsyncSession, source: str) -> bool | None:
    """Whether this channel may hand complaints over; None while the directory has not told of it."""
    row = await session.get(FactRow, ("channel", source))
    return bool(row.data["active"]) if row else None


async def partners(session: AsyncSession) -> frozenset[str]:
    """The partners that are switched on, by the name of their queue."""
    rows = await session.scalars(select(FactRow).where(FactRow.kind == "partner"))
    return frozenset(row.code for row in rows if row.data["active"])


async def calendar_of(session: AsyncSession, center: str) -> Calendar:
    """The working-day calendar of a center; raises `Unknown` while the directory has not told of it."""
    row = await session.get(FactRow, ("center", center))
    if row is None:
        raise Unknown(center)
    return calendar_told(row.data["calendar"])


def calendar_told(facts: dict[str, Any]) -> Calendar:
    """The calendar that a `center.changed` told of; built once, however often it is asked for."""
    return _calendar(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS))


@lru_cache(maxsize=256)
def _calendar(facts: bytes) -> Calendar:
    return Calendar.from_facts(orjson.loads(facts))


async def knows_the_county(session: AsyncSession) -> bool:
    """Whether the directory has been heard: it tells of the county's own center last."""
    rows = await session.scalars(select(FactRow).where(FactRow.kind == "center"))
    return any(row.data["parent"] is None for row in rows)

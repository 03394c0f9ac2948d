"""The facts as each store keeps them and each process holds them in memory."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, String, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.event import listen
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import Store, wake
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
from shared.messaging import Consumer
from shared.messaging.tables import KernelBase


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
class Fact:
    """One fact as it is held in memory."""

    code: str
    revision: int
    lookup: str | None
    data: Mapping[str, Any]


Facts = Mapping[str, Mapping[str, Fact]]
"""All facts, by kind and code."""


@dataclass
class _Held:
    """What a process holds of one store."""

    facts: Facts = field(default_factory=dict)
    stamp: tuple[int, int] = (-1, -1)
    good_until: float = 0.0
    changes: int = 0

    def forget(self) -> None:
        self.changes += 1
        self.good_until = 0.0


_KINDS: dict[type[DirectoryFact], str] = {
    CenterChanged: "center",
    DepartmentChanged: "department",
    MemberChanged: "member",
    ChannelChanged: "channel",
    PartnerChanged: "partner",
    UnitChanged: "unit",
    LiaisonChanged: "liaison",
}

FRESH = 1.0
"""Seconds for which what is held counts as what the store says."""
_CHANGED = "replica changed"
"""In a session that has changed facts: the facts as it sees them, None until it asks."""

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
        execution_options={"populate_existing": True},  # who has read the row in this transaction reads it anew
    )
    if _CHANGED not in session.info:
        listen(session.sync_session, "after_commit", lambda _: _held(session.info).forget())
    session.info[_CHANGED] = None


def _lookup(kind: str, data: dict[str, Any]) -> str | None:
    if kind == "channel":
        return str(data["key_hash"])
    return f"{data['role']}@{data['center']}" if kind == "member" else None


async def facts(session: AsyncSession) -> Facts:
    """All facts, as this transaction sees them."""
    if _CHANGED in session.info:
        if session.info[_CHANGED] is None:
            session.info[_CHANGED] = await _load(session)
        changed: Facts = session.info[_CHANGED]
        return changed
    held = _held(session.info)
    if held.good_until < time.monotonic():
        changes, asked = held.changes, time.monotonic()
        # Every change raises a revision or adds a fact.
        total = func.coalesce(func.sum(FactRow.revision), 0)
        count, revisions = (await session.execute(select(func.count(), total).select_from(FactRow))).one()
        found = held.facts if held.stamp == (count, revisions) else await _load(session)
        if held.changes != changes:
            return found  # perhaps as it was before a change that has been committed since: not to be held
        held.facts, held.stamp, held.good_until = found, (count, revisions), asked + FRESH
    return held.facts


async def facts_in(store: Store) -> Facts:
    """The same for whoever has no session yet; the store is asked only when what is held is too old."""
    held = _held({"kept": store.kept})
    if held.good_until >= time.monotonic():
        return held.facts
    async with store.reading() as session:
        return await facts(session)


def _held(info: Mapping[Any, Any]) -> _Held:
    held: _Held = info["kept"].setdefault("replica", _Held())
    return held


async def _load(session: AsyncSession) -> Facts:
    columns = FactRow.kind, FactRow.code, FactRow.revision, FactRow.lookup, FactRow.data
    found: dict[str, dict[str, Fact]] = {kind: {} for kind in _KINDS.values()}
    for kind, code, revision, lookup, data in await session.execute(select(*columns).order_by(FactRow.code)):
        found[kind][code] = Fact(code, revision, lookup, data)
    return found


async def of_kind(session: AsyncSession, kind: str) -> Mapping[str, Fact]:
    """All facts of a kind, by code."""
    return (await facts(session)).get(kind, {})

"""The directory's facts as each service keeps them: fed by events, latest revision wins, read without asking anyone.

They are few, change seldom and are asked for by every request and event, so each process holds them all in memory. What
it has heard itself holds from that commit on; what another replica has heard, after `FRESH` seconds at most.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson
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


async def _of_kind(session: AsyncSession, kind: str) -> Mapping[str, Fact]:
    return (await facts(session)).get(kind, {})


async def center(session: AsyncSession, code: str) -> Fact:
    """A center, active or not; raises `Unknown` while the directory has not told of it."""
    fact = (await _of_kind(session, "center")).get(code)
    if fact is None:
        raise Unknown(code)
    return fact


async def center_codes(session: AsyncSession) -> dict[str, str]:
    """The active centers and their area codes."""
    centers = await _of_kind(session, "center")
    return {fact.code: fact.data["area_code"] for fact in centers.values() if fact.data["active"]}


async def center_exists(session: AsyncSession, code: str) -> bool:
    """Whether there is such a center, and it is active."""
    return code in await center_codes(session)


async def parent_of(session: AsyncSession, code: str) -> str | None:
    """The county's center that a township's belongs to; None for that one itself, or one that is unknown."""
    return (await center_parents(session)).get(code)


async def center_parents(session: AsyncSession) -> dict[str, str | None]:
    """Every center, and the county's center it belongs to."""
    return {fact.code: fact.data["parent"] for fact in (await _of_kind(session, "center")).values()}


async def root_center(session: AsyncSession) -> str:
    """The county's own center; raises `Unknown` while the directory has not told of it."""
    for code, parent in (await center_parents(session)).items():
        if parent is None:
            return code
    raise Unknown("county")


async def center_name(session: AsyncSession, code: str) -> str:
    """A center's name; its code while it is unknown."""
    fact = (await _of_kind(session, "center")).get(code)
    return str(fact.data["name"]) if fact else code


async def names(session: AsyncSession, kind: str) -> dict[str, str]:
    """What all of a kind are called, shortly where they have a short name, by code."""
    return {
        fact.code: fact.data.get("short_name") or fact.data["name"] for fact in (await _of_kind(session, kind)).values()
    }


async def department_names(session: AsyncSession) -> dict[str, str]:
    """The short names of all departments, by `<center>/<code>`."""
    return await names(session, "department")


async def departments_of(session: AsyncSession, centers: Sequence[str]) -> list[tuple[str, str]]:
    """The active departments of these centers, in the order of the centers: `<center>/<code>` and short name."""
    found = [fact for fact in (await _of_kind(session, "department")).values() if fact.data["active"]]
    return [
        (fact.code, fact.data.get("short_name") or fact.data["name"])
        for center in centers
        for fact in found
        if fact.data["center"] == center
    ]


async def department_titles(session: AsyncSession) -> dict[str, str]:
    """The full names of all departments, as papers say them, by `<center>/<code>`."""
    rows = await session.scalars(select(FactRow).where(FactRow.kind == "department"))
    return {row.code: row.data["name"] for row in rows}


async def department_exists(session: AsyncSession, center: str, code: str) -> bool:
    """Whether this center has such a department, and it is active."""
    return bool(await department_is_active(session, center, code))


async def department_is_active(session: AsyncSession, center: str, code: str) -> bool | None:
    """Whether this department works here; None while the directory has not told of it."""
    fact = (await _of_kind(session, "department")).get(f"{center}/{code}")
    return bool(fact.data["active"]) if fact else None


async def members(session: AsyncSession, role: Role, center: str) -> Sequence[Member]:
    """Who holds this role at this center."""
    return [
        Member(fact.code, fact.data["name"], role, center, fact.data["department"], fact.data["phone"])
        for fact in (await _of_kind(session, "member")).values()
        if fact.lookup == f"{role}@{center}" and fact.data["active"]
    ]


async def channel_of_key(store: Store, key: str) -> Channel | None:
    """The active channel this key belongs to."""
    lookup = digest(key)
    for fact in (await facts_in(store)).get("channel", {}).values():
        if fact.lookup == lookup and fact.data["active"]:
            return Channel(fact.code, fact.data["name"])
    return None


async def source_is_active(session: AsyncSession, source: str) -> bool | None:
    """Whether this channel may hand complaints over; None while the directory has not told of it."""
    fact = (await _of_kind(session, "channel")).get(source)
    return bool(fact.data["active"]) if fact else None


async def way_to(session: AsyncSession, unit: str) -> str | None:
    """Whether complaints are referred to this unit (`refer`) or petitioners told to go there (`direct`), if known."""
    fact = (await _of_kind(session, "unit")).get(unit)
    return str(fact.data["way"]) if fact and fact.data["active"] else None


async def partners(session: AsyncSession) -> frozenset[str]:
    """The partners that are switched on, by the name of their queue."""
    return frozenset(fact.code for fact in (await _of_kind(session, "partner")).values() if fact.data["active"])


async def calendar_of(session: AsyncSession, code: str) -> Calendar:
    """The working-day calendar of a center; raises `Unknown` while the directory has not told of it."""
    return calendar_told((await center(session, code)).data["calendar"])


def calendar_told(facts: dict[str, Any]) -> Calendar:
    """The calendar that a `center.changed` told of; built once, however often it is asked for."""
    return _calendar(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS))


@lru_cache(maxsize=256)
def _calendar(given: bytes) -> Calendar:
    return Calendar.from_facts(orjson.loads(given))


async def knows_the_county(session: AsyncSession) -> bool:
    """Whether the directory has been heard: it tells of the county's own center last."""
    return None in (await center_parents(session)).values()

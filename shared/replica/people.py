"""Who works here, and who hands complaints over or reads the bus."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import Store
from shared.replica.kept import facts_in, of_kind
from shared.security.roles import Role
from shared.security.sessions import digest


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


async def members(session: AsyncSession, role: Role, center: str) -> Sequence[Member]:
    """Who holds this role at this center."""
    return [
        Member(fact.code, fact.data["name"], role, center, fact.data["department"], fact.data["phone"])
        for fact in (await of_kind(session, "member")).values()
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
    fact = (await of_kind(session, "channel")).get(source)
    return bool(fact.data["active"]) if fact else None


async def partners(session: AsyncSession) -> frozenset[str]:
    """The partners that are switched on, by the name of their queue."""
    return frozenset(fact.code for fact in (await of_kind(session, "partner")).values() if fact.data["active"])

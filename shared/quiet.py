"""Whether the house is quiet: nothing unsent, in hand or on its way, and nothing due. Drills wait for it."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

import httpx
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.messaging.consumer import parked
from shared.messaging.tables import InboxRow, OutboxRow
from shared.messaging.topology import EVENTS

GLANCE = 0.005
"""Seconds between two looks at a house that is not quiet yet."""


@dataclass
class Counted:
    """What one service's store holds. `announced` counts, by listener, the events it has for it."""

    unsent: int = 0
    parked_live: int = 0
    claimed: int = 0
    announced: dict[str, int] = field(default_factory=dict)

    def agree(self, other: Self) -> None:
        """Another replica has counted the same store, perhaps a moment earlier or later: the less quiet word stands."""
        self.unsent = max(self.unsent, other.unsent)
        self.parked_live = max(self.parked_live, other.parked_live)
        self.claimed = min(self.claimed, other.claimed)
        for listener, count in other.announced.items():
            self.announced[listener] = max(self.announced.get(listener, 0), count)


@dataclass
class Quiet:
    """What is still under way, in one process or in all.

    Over the whole house each service has claimed as many events as were announced for it when nothing is on its way,
    whatever crashed in between. Replicas of a service share a store, which is counted once.
    """

    in_hand: int = 0
    next_fire_at: str | None = None
    stores: dict[str, Counted] = field(default_factory=dict)

    @property
    def unsent(self) -> int:
        """Messages that wait to be sent."""
        return sum(store.unsent for store in self.stores.values())

    @property
    def parked_live(self) -> int:
        """Events that wait for another try."""
        return sum(store.parked_live for store in self.stores.values())

    @property
    def announced(self) -> dict[str, int]:
        """By listener, the events announced for it."""
        total: dict[str, int] = {}
        for store in self.stores.values():
            for listener, count in store.announced.items():
                total[listener] = total.get(listener, 0) + count
        return total

    @property
    def claimed(self) -> dict[str, int]:
        """By service, the events it has taken."""
        return {service: store.claimed for service, store in self.stores.items()}

    def add(self, other: Self) -> None:
        """Count another process's too."""
        self.in_hand += other.in_hand
        self.due(other.next_fire_at)
        for service, counted in other.stores.items():
            if service in self.stores:
                self.stores[service].agree(counted)
            else:
                self.stores[service] = counted

    def due(self, instant: str | None) -> None:
        """Something falls due then."""
        self.next_fire_at = min(filter(None, (self.next_fire_at, instant)), default=None)

    @staticmethod
    async def look(session: AsyncSession, listeners: Mapping[str, set[str]]) -> Counted:
        """Count one service's store."""
        found = Counted()
        sent = func.count(OutboxRow.sent_at)
        kinds = select(OutboxRow.exchange, OutboxRow.kind, func.count(), sent).group_by("exchange", "kind")
        for exchange, kind, announced, gone in await session.execute(kinds):
            found.unsent += announced - gone
            for listener in listeners.get(kind, ()) if exchange == EVENTS else ():
                found.announced[listener] = found.announced.get(listener, 0) + announced
        found.parked_live = (await parked(session))[0]
        events = select(func.count()).select_from(InboxRow).where(~InboxRow.event_id.contains(":"))  # not of a door
        found.claimed = await session.scalar(events) or 0
        return found

    def is_quiet(self, now: datetime) -> bool:
        """Whether nothing is under way, and nothing was due before now."""
        claimed = self.claimed
        return (
            not (self.unsent or self.in_hand or self.parked_live)
            and all(claimed.get(service, 0) >= announced for service, announced in self.announced.items())
            and (self.next_fire_at is None or datetime.fromisoformat(self.next_fire_at) >= now)
        )

    def facts(self) -> dict[str, Any]:
        """As `/health/quiet` tells it."""
        return {"unsent": self.unsent, "parked_live": self.parked_live, **asdict(self)}

    @classmethod
    def told(cls, facts: Mapping[str, Any]) -> Self:
        """What a process has told of itself."""
        stores = {service: Counted(**counted) for service, counted in facts["stores"].items()}
        return cls(facts["in_hand"], facts["next_fire_at"], stores)


async def ask(client: httpx.AsyncClient, peers: list[str]) -> Quiet:
    """The sum over all processes of a drill."""
    total = Quiet()
    for found in await asyncio.gather(*(_of(client, peer) for peer in peers)):
        total.add(found)
    return total


async def _of(client: httpx.AsyncClient, peer: str) -> Quiet:
    try:
        return Quiet.told((await client.get(f"{peer}/health/quiet")).raise_for_status().json())
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        # One that does not answer, having crashed or just started, is not known to be quiet; nor is whoever answers at
        # the port of one that has crashed.
        return Quiet(in_hand=1)

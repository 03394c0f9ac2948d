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
class Quiet:
    """What is still under way, in one process or in all.

    `sent` counts, by listener, the events announced for it; `claimed`, by service, the events it has taken. Over the
    whole house the two are equal when nothing is on its way, whatever crashed in between.
    """

    unsent: int = 0
    in_hand: int = 0
    parked_live: int = 0
    next_fire_at: str | None = None
    sent: dict[str, int] = field(default_factory=dict)
    claimed: dict[str, int] = field(default_factory=dict)

    def add(self, other: Self) -> None:
        """Count another process's too."""
        self.unsent += other.unsent
        self.in_hand += other.in_hand
        self.parked_live += other.parked_live
        self.due(other.next_fire_at)
        for mine, theirs in ((self.sent, other.sent), (self.claimed, other.claimed)):
            for service, count in theirs.items():
                mine[service] = mine.get(service, 0) + count

    def due(self, instant: str | None) -> None:
        """Something falls due then."""
        self.next_fire_at = min(filter(None, (self.next_fire_at, instant)), default=None)

    async def look(self, service: str, session: AsyncSession, listeners: Mapping[str, set[str]]) -> None:
        """Count one service's store."""
        sent = func.count(OutboxRow.sent_at)
        kinds = select(OutboxRow.exchange, OutboxRow.kind, func.count(), sent).group_by("exchange", "kind")
        for exchange, kind, announced, gone in await session.execute(kinds):
            self.unsent += announced - gone
            for listener in listeners.get(kind, ()) if exchange == EVENTS else ():
                self.sent[listener] = self.sent.get(listener, 0) + announced
        self.parked_live += (await parked(session))[0]
        events = select(func.count()).select_from(InboxRow).where(~InboxRow.event_id.contains(":"))  # not of a door
        self.claimed[service] = await session.scalar(events) or 0

    def is_quiet(self, now: datetime) -> bool:
        """Whether nothing is under way, and nothing was due before now."""
        return (
            not (self.unsent or self.in_hand or self.parked_live)
            and all(self.claimed.get(service, 0) >= sent for service, sent in self.sent.items())
            and (self.next_fire_at is None or datetime.fromisoformat(self.next_fire_at) >= now)
        )

    def facts(self) -> dict[str, Any]:
        """As `/health/quiet` tells it."""
        return asdict(self)


async def ask(client: httpx.AsyncClient, peers: list[str]) -> Quiet:
    """The sum over all processes of a drill."""
    total = Quiet()
    for found in await asyncio.gather(*(_of(client, peer) for peer in peers)):
        total.add(found)
    return total


async def _of(client: httpx.AsyncClient, peer: str) -> Quiet:
    try:
        return Quiet(**(await client.get(f"{peer}/health/quiet")).raise_for_status().json())
    except httpx.HTTPError:
        return Quiet(in_hand=1)  # one that does not answer, having crashed or just started, is not known to be quiet

"""Taking what has arrived, durably: what a service's events and the messages at its doors have in common.

One transaction for what has arrived, with the claims that say so. Trouble of the database: keep it all, try again,
acknowledge nothing. Anything else that fails: each message by itself, and what fails alone is parked.
"""

import asyncio
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import bindparam, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock
from shared.among import each, texts_named
from shared.db import Instant, Store, is_passing
from shared.logs import log
from shared.messaging.tables import InboxRow, ParkedRow

M = TypeVar("M")


def _claim(insert: Any) -> Any:
    named = select(each(texts_named("names")).column_valued("value"), bindparam("now", type_=Instant)).where(true())
    inbox = InboxRow.__table__
    claim = insert(inbox).from_select([inbox.c.event_id, inbox.c.taken_at], named).on_conflict_do_nothing()
    return claim.returning(inbox.c.event_id)


_CLAIM, _CLAIM_IN_SQLITE = _claim(postgresql.insert), _claim(sqlite.insert)

UNDECODABLE = "undecodable"
"""The kind of what is no event, or none that could be kept as one."""
LONGEST_PAUSE = 5.0
PATIENCE = 10
"""How often a batch is tried again as a whole; later, what still fails is parked, if the database can keep that."""

_log = log("consumer")


class Taker(ABC, Generic[M]):
    """Takes what has arrived on one queue of a service."""

    def __init__(self, service: str, store: Store) -> None:
        self.service = service
        self.store = store
        self.in_hand = 0

    async def take(self, messages: Sequence[M]) -> None:
        """Deal with these messages; when this returns, each is done or parked, and may be acknowledged."""
        self.in_hand += len(messages)
        pause, tries = 0.05, 0
        try:
            while True:
                try:
                    return await self._take(messages, patient=tries < PATIENCE)
                except Exception as error:
                    say = _log.warning if is_passing(error) else _log.error
                    say("kept", service=self.service, messages=len(messages), error=repr(error)[:300])
                await asyncio.sleep(pause)
                pause, tries = min(pause * 2, LONGEST_PAUSE), tries + 1
        finally:
            self.in_hand -= len(messages)

    @abstractmethod
    async def _take(self, messages: Sequence[M], patient: bool) -> None:
        """Try once; with patience, trouble that passes is raised."""

    async def _claim(self, session: AsyncSession, names: Sequence[str]) -> set[str]:
        """Those of these that nobody has taken before."""
        claim = _CLAIM_IN_SQLITE if self.store.is_sqlite else _CLAIM
        return set(await session.scalars(claim, {"names": sorted(names), "now": clock.machine_now()}))

    async def _park_bytes(self, body: bytes, error: Exception) -> None:
        _log.error("undecodable", service=self.service, error=str(error)[:300])
        async with self.store.transaction() as session:
            # Named by their digest, so that the same bytes delivered again are not a second row.
            name = hashlib.sha256(body).hexdigest()
            if await self._claim(session, [name]):
                session.add(dead(name, UNDECODABLE, body, error))


def dead(name: str, kind: str, body: bytes, error: Exception) -> ParkedRow:
    """A message that stays where it is, as it came, until someone replays it."""
    return ParkedRow(event_id=name, kind=kind, body=body, error=told(error), attempts=1, parked_at=clock.machine_now())


def told(error: Exception) -> str:
    """What went wrong, as a text column takes it."""
    said = f"{type(error).__name__}: {error}"[:2000].replace("\0", "\\0")
    return said.encode(errors="backslashreplace").decode()  # what no text column takes, lone surrogates, is spelt out

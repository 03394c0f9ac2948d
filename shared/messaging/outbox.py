"""The outbox: what was announced is committed with its cause, then relayed until the transport has confirmed it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock
from shared.among import among, texts_named
from shared.db import Store, wake
from shared.events import Event
from shared.ids import first_id
from shared.logs import log
from shared.messaging.tables import InboxRow, OutboxRow
from shared.messaging.topology import EVENTS

RELAY = "relay"
"""The name of the job that empties the outbox."""
RETRY_AFTER = timedelta(seconds=2)
KEPT_SENT = timedelta(days=7)
KEPT_CLAIMS = timedelta(days=30)

_log = log("outbox")


_WAITING = (
    select(OutboxRow)
    .where(OutboxRow.sent_at.is_(None))
    .order_by(OutboxRow.message_id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_FRESH = _WAITING.where(OutboxRow.not_before.is_(None))
_FAILED = _WAITING.where(OutboxRow.not_before < bindparam("now"))
_SENT = (
    update(OutboxRow)
    .where(among(OutboxRow.message_id, texts_named("ids")))
    .values(sent_at=bindparam("now"))
    .execution_options(synchronize_session=False)
)


class Transport(Protocol):
    """What carries messages out of this process."""

    async def publish(self, rows: Sequence[OutboxRow]) -> Mapping[str, str | None]:
        """Send these; say of each, by its message id, that it is safe (None) or what went wrong."""


def announce(session: AsyncSession, event: Event) -> None:
    """Tell the other services, once this transaction has committed and only then."""
    send(session, EVENTS, event.routing_key, event.event_id, event.full_type(), event.subject, event.to_wire())


def send(
    session: AsyncSession, exchange: str, routing_key: str, message_id: str, kind: str, subject: str, body: bytes
) -> None:
    """Put one message on an exchange, once this transaction has committed and only then."""
    session.add(
        OutboxRow(
            message_id=message_id,
            exchange=exchange,
            routing_key=routing_key,
            kind=kind,
            subject=subject,
            body=body,
            made_at=clock.machine_now(),
        )
    )
    wake(session, RELAY)


async def relay(store: Store, transport: Transport, limit: int = 200, *, failed: bool = True) -> None:
    """Send what is unsent until nothing is left to do now; a job of every service. `failed`: what failed before, too.

    Replicas share the work: each holds the rows it sends. Marked only after the transport's word, so a crash in between
    sends twice, and the inboxes at the other end see to that.
    """
    more = True
    while more:
        if store.is_sqlite:
            # One process, and nobody to share with. Delivering inside the transaction would hold the store's only
            # writer while a listener's own relay may be waiting for it.
            async with store.reading() as session:
                rows = await _unsent(session, limit, failed)
            outcome = await transport.publish(rows)
            if outcome:
                async with store.transaction() as session:
                    await _mark(session, outcome)
        else:
            async with store.transaction() as session:
                rows = await _unsent(session, limit, failed)
                outcome = await transport.publish(rows)
                await _mark(session, outcome)
        more = len(rows) == limit and None in outcome.values()


async def prune(store: Store) -> None:
    """Forget what was sent a week ago and claims of a month ago; a job of every service."""
    async with store.transaction() as session:
        now = clock.machine_now()
        # What was sent long ago was made before: a range of the identifiers, so that no more than that is read.
        old = OutboxRow.message_id < first_id(now - KEPT_SENT)
        await session.execute(delete(OutboxRow).where(old, OutboxRow.sent_at < now - KEPT_SENT))
        await session.execute(delete(InboxRow).where(InboxRow.taken_at < now - KEPT_CLAIMS))


async def unsent(session: AsyncSession) -> tuple[int, datetime | None]:
    """How many messages wait to be sent, and since when the oldest has."""
    row = await session.execute(
        select(func.count(), func.min(OutboxRow.made_at)).select_from(OutboxRow).where(OutboxRow.sent_at.is_(None))
    )
    count, oldest = row.one()
    return count, oldest


async def _unsent(session: AsyncSession, limit: int, failed: bool) -> Sequence[OutboxRow]:
    """What has never failed comes first: a heap of messages without a route holds up nobody."""
    found = (await session.scalars(_FRESH, {"limit": limit})).all()
    if len(found) == limit or not failed:
        return found
    again = await session.scalars(_FAILED, {"limit": limit - len(found), "now": clock.machine_now()})
    return [*found, *again.all()]


async def _mark(session: AsyncSession, outcome: Mapping[str, str | None]) -> None:
    now = clock.machine_now()
    sent = [message_id for message_id, error in outcome.items() if error is None]
    failed = {message_id: error for message_id, error in outcome.items() if error is not None}
    if sent:
        await session.execute(_SENT, {"ids": sent, "now": now})
    if failed:
        _log.error("unsent", count=len(failed), first=next(iter(failed.items())))
        await session.execute(
            update(OutboxRow)
            .where(among(OutboxRow.message_id, failed))
            .values(not_before=now + RETRY_AFTER)
            .execution_options(synchronize_session=False)
        )

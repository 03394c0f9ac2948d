"""Delivering what must leave the house, and telling of what could not be delivered."""

import asyncio
from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.domain.means import Means, Provider, State, fate_after, pause_after
from services.notify.domain.templates import TEMPLATES
from services.notify.tables import Message
from services.notify.usecases.letters import letters
from services.notify.usecases.recording import DELIVER, become
from shared import clock
from shared.db import wake
from shared.events.notify import MessageFailed
from shared.messaging import announce

AT_ONCE = 50
"""How many messages one run takes."""
WITHIN = 20.0
"""Seconds a provider may take over them; what it has not answered for by then is tried again."""


async def deliver(session: AsyncSession, connected: Mapping[Means, Provider]) -> None:
    """Hand the messages whose turn it is to their providers; what fails for good stays visible, and is announced.

    A crash between a provider's word and the commit hands a message over once more, under the same id.
    """
    due = await store.to_deliver(session, connected.keys(), clock.machine_now(), AT_ONCE) if connected else []
    for means, provider in connected.items():
        mine = [message for message in due if message.means == means]
        outcome = await _handed_over(session, provider, mine) if mine else {}
        for message in mine:
            _note(session, message, outcome.get(message.message_id, "no answer from the provider"))
    if len(due) == AT_ONCE:
        wake(session, DELIVER)


async def _handed_over(
    session: AsyncSession, provider: Provider, messages: Sequence[Message]
) -> Mapping[str, str | None]:
    ready, hindered = await letters(session, messages)
    try:
        async with asyncio.timeout(WITHIN):
            return {**hindered, **await provider.deliver(ready)}
    except Exception as error:
        return {**hindered, **{letter.message_id: repr(error)[:300] for letter in ready}}


def _note(session: AsyncSession, message: Message, error: str | None) -> None:
    message.attempts += 1
    message.error = error
    fate = fate_after(message.attempts, error)
    become(session, message, fate, pause_after(message.attempts))
    if error and fate.state is State.FAILED:
        announce(
            session,
            MessageFailed(
                at=clock.now(),
                center=message.center,
                subject=message.complaint_id,
                caused_by=message.event_id,
                message_id=message.message_id,
                recipient=message.recipient,
                about=TEMPLATES[message.template].title,
                error=error,
            ),
        )

"""Recording messages, and what becomes of each."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.domain.facts import Notice
from services.notify.domain.means import CONNECTED, MEANS_OF, Fate, State, fate_of_new
from services.notify.tables import Message
from shared import clock
from shared.db import wake
from shared.events import Event
from shared.ids import new_id

DELIVER = "deliver"
"""The name of the job that takes messages out of the house."""


def record(session: AsyncSession, event: Event, notices: Sequence[Notice]) -> None:
    """Record these notices of an event, each once; those for the desk have thereby been told."""
    for notice in {(notice.recipient, notice.template): notice for notice in notices}.values():
        means = MEANS_OF[notice.recipient.kind]
        message = Message(
            message_id=new_id(),
            event_id=event.event_id,
            complaint_id=event.subject,
            center=event.center,
            kind=notice.recipient.kind,
            recipient=notice.recipient.code,
            template=notice.template,
            means=means,
            params=dict(notice.params),
            attempts=0,
            at=event.at,
        )
        become(session, message, fate_of_new(means, CONNECTED))
        session.add(message)


def become(session: AsyncSession, message: Message, fate: Fate, pause: timedelta = timedelta()) -> None:
    """Note what has become of a message; one that waits has its turn after the pause (real time)."""
    message.state = fate.state
    if fate.state is State.SENT:
        message.sent_at = clock.now()
    message.next_try_at = clock.machine_now() + pause if fate.waits else None
    if fate.waits and not pause:
        wake(session, DELIVER)

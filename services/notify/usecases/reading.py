"""Looking messages up, and what is decided of one that has reached nobody."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.domain.means import (
    CONNECTED,
    Fate,
    Means,
    Standing,
    State,
    must_be_given_up,
    must_be_retriable,
)
from services.notify.tables import Message
from services.notify.usecases.letters import Shown, shown
from services.notify.usecases.recording import become
from shared import clock
from shared.refusals import NotFound
from shared.security.roles import Action, Actor, Role, must_reach


@dataclass(frozen=True)
class Listed:
    """Messages, the newest first. `total` is None where counting them would cost more than it tells."""

    shown: Sequence[Shown]
    total: int | None


async def listed(
    session: AsyncSession,
    actor: Actor,
    *,
    limit: int,
    complaint_id: str | None = None,
    state: State | None = None,
    standing: Standing | None = None,
    recipient: str | None = None,
    before: str | None = None,
) -> Listed:
    """The messages asked for, as far as this actor may see them; of one complaint, every one is counted."""
    centers = await _readable(session, actor, complaint_id)
    wanted = store.where(
        complaint_id=complaint_id, state=state, standing=standing, recipient=recipient, centers=centers
    )
    found = await store.messages(session, wanted, before=before, limit=limit)
    is_cheap_to_count = complaint_id or recipient or state is State.FAILED or standing is Standing.FAILED
    total = await store.count(session, wanted) if is_cheap_to_count else None
    return Listed(await shown(session, found), total)


async def failed(session: AsyncSession, actor: Actor) -> int:
    """How many messages of this one's centers have failed, and nobody has dealt with."""
    centers = await _readable(session, actor, None)
    return await store.count(session, store.where(standing=Standing.FAILED, centers=centers))


async def numbered(session: AsyncSession, number: str) -> str | None:
    """The complaint with this number, if there is one."""
    return await store.complaint_numbered(session, number)


async def numbers(session: AsyncSession, messages: Iterable[Message]) -> dict[str, str]:
    """The numbers of the complaints that these messages are about, by id."""
    return await store.numbers(session, {message.complaint_id for message in messages})


async def opened(session: AsyncSession, actor: Actor, message_id: str) -> Shown:
    """One message, for who may read it."""
    message = _found(await store.message(session, message_id, to_change=False))
    centers = await _readable(session, actor, message.complaint_id)
    if centers is not None and message.center not in centers:
        must_reach(actor, message.center)
    return (await shown(session, [message]))[0]


async def may_decide(session: AsyncSession, actor: Actor, message: Message) -> bool:
    """Whether this one may have a message tried again, or given up."""
    handling = await _handling(session, message.complaint_id)
    return actor.may(Action.DISPATCH) and actor.reaches(message.center, *handling)


async def retry(session: AsyncSession, actor: Actor, message_id: str, reason: str | None = None) -> Shown:
    """Give a message that has reached nobody another round of tries."""
    message = await _to_decide(session, actor, message_id)
    must_be_retriable(message.fate, Means(message.means), CONNECTED)
    message.attempts, message.error = 0, None
    _decide(message, actor, reason)
    become(session, message, Fate(State.RECORDED, waits=True))
    return (await shown(session, [message]))[0]


async def give_up(session: AsyncSession, actor: Actor, message_id: str, reason: str) -> Shown:
    """Try a message no more: whoever it is for was told otherwise, or need not be told."""
    message = await _to_decide(session, actor, message_id)
    must_be_given_up(message.fate)
    _decide(message, actor, reason)
    become(session, message, Fate(State.GIVEN_UP))
    return (await shown(session, [message]))[0]


def _decide(message: Message, actor: Actor, reason: str | None) -> None:
    message.decision, message.decided_by, message.decided_at = reason, actor.id, clock.now()


def _found(message: Message | None) -> Message:
    if message is None:
        raise NotFound("no-such-message", "没有这条消息。")
    return message


async def _to_decide(session: AsyncSession, actor: Actor, message_id: str) -> Message:
    message = _found(await store.message(session, message_id))
    must_reach(actor, message.center, *await _handling(session, message.complaint_id))
    return message


async def _readable(session: AsyncSession, actor: Actor, complaint_id: str | None) -> Collection[str] | None:
    """The centers whose messages this actor reads here; None: of any.

    A complaint's are read by the center that took it in, the one that handles it, and the county above them.
    """
    complaint = await store.complaint(session, complaint_id) if complaint_id else None
    parents = await store.parents(session)
    if complaint:
        centers = {complaint.center, *await _handling(session, complaint.complaint_id)}
        above = {parent for center in centers if (parent := parents.get(center))}
        must_reach(actor, *centers, *above)
        return None
    if actor.role is Role.AUDITOR:
        return None
    return [center for center, parent in parents.items() if actor.center in (center, parent)]


async def _handling(session: AsyncSession, complaint_id: str) -> list[str]:
    order = await store.order(session, complaint_id)
    return [order.handling_center] if order else []

"""Looking messages up, and trying one again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.domain.means import CONNECTED, Fate, Means, State, must_be_retriable
from services.notify.usecases.letters import Shown, shown
from services.notify.usecases.recording import become
from shared.refusals import NotFound
from shared.security.roles import Actor, Role, must_reach


@dataclass(frozen=True)
class Listed:
    """Messages, the newest first. `total` is None where counting them would cost more than it tells."""

    shown: Sequence[Shown]
    total: int | None


async def listed(
    session: AsyncSession,
    actor: Actor,
    *,
    complaint_id: str | None,
    state: State | None,
    recipient: str | None,
    before: str | None,
    limit: int,
) -> Listed:
    """The messages asked for, as far as this actor may see them; of one complaint, every one is counted."""
    centers = await _readable(session, actor, complaint_id)
    wanted = store.where(complaint_id=complaint_id, state=state, recipient=recipient, centers=centers)
    found = await store.messages(session, wanted, before=before, limit=limit)
    is_cheap_to_count = complaint_id or recipient or state is State.FAILED
    total = await store.count(session, wanted) if is_cheap_to_count else None
    return Listed(await shown(session, found), total)


async def retry(session: AsyncSession, actor: Actor, message_id: str) -> Shown:
    """Give a message that has reached nobody another round of tries."""
    message = await store.message(session, message_id)
    if message is None:
        raise NotFound("no-such-message", "没有这条消息。")
    must_reach(actor, message.center, *await _handling(session, message.complaint_id))
    must_be_retriable(message.fate, Means(message.means), CONNECTED)
    message.attempts, message.error = 0, None
    become(session, message, Fate(State.RECORDED, waits=True))
    return (await shown(session, [message]))[0]


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

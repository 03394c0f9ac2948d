"""What each desk was told at the console: read by its own people alone; who has opened it first is noted."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.domain import recipients
from services.notify.domain.means import Means
from services.notify.domain.recipients import Recipient
from services.notify.usecases import letters
from services.notify.usecases.letters import Shown
from shared import clock
from shared.refusals import NotFound
from shared.security.roles import Actor, Role

MOST_COUNTED = 1_000
MOST_MARKED = 1_000
"""At once."""
OFFICES: Mapping[Role, Callable[[str], Recipient]] = {
    Role.COORDINATOR: recipients.coordinator,
    Role.HEAD: recipients.head,
    Role.GOVERNMENT: recipients.government,
    Role.SUPERVISOR: recipients.inspection,
    Role.CASE_EDITOR: recipients.case_editor,
    Role.CASE_APPROVER: recipients.case_approver,
}
"""As whom each role is told something; an officer as his department."""


def codes_of(actor: Actor) -> list[str]:
    """Under which codes what is for this one is found; a head is a coordinator, too (contract, Roles)."""
    if actor.role is Role.OFFICER:
        return [f"{actor.center}/{actor.department}"]
    roles = [Role.HEAD, Role.COORDINATOR] if actor.role is Role.HEAD else [actor.role]
    return [OFFICES[role](actor.center or "").code for role in roles]


async def listed(
    session: AsyncSession, actor: Actor, *, unread: bool, before: str | None, limit: int
) -> Sequence[Shown]:
    """The newest that this one was told, or the newest before one of them; all, or those that nobody has opened."""
    wanted = store.at_desk(codes_of(actor), unread=unread)
    return await letters.told(session, await store.messages(session, wanted, before=before, limit=limit))


async def how_many_unread(session: AsyncSession, actor: Actor) -> int:
    """How many nobody has opened; counted no further than anybody reads."""
    return await store.count(session, store.at_desk(codes_of(actor), unread=True), most=MOST_COUNTED)


async def opened(session: AsyncSession, actor: Actor, message_id: str) -> Shown:
    """One of them, which is thereby read; raises `NotFound`."""
    message = await store.message(session, message_id)
    if message is None or message.recipient not in codes_of(actor) or message.means != Means.CONSOLE:
        raise NotFound("no-such-message", "没有这条消息，或者它不是发给您的。")
    if message.read_at is None:
        message.read_by, message.read_at = actor.id, clock.now()
    return (await letters.told(session, [message]))[0]


async def mark_read(session: AsyncSession, actor: Actor, newest: str) -> int:
    """Note that those up to this one are read, as far as nobody has opened them; how many were."""
    return await store.mark_read(session, codes_of(actor), newest, actor.id, clock.now(), MOST_MARKED)

"""What discipline inspection and the government read, and what a center copies to them by hand (mechanism §6, §9)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain.states import Action
from services.dispatch.tables import Clue, Inspection, Order
from services.dispatch.usecases import desk, petitioners, reading
from shared import clock, replica
from shared.events.dispatch import ClueCopied
from shared.papers.kinds import Kind
from shared.papers.tables import IssuedPaper
from shared.refusals import NotFound
from shared.security.mask import mask_text
from shared.security.roles import Actor, Role, must_reach

ADDRESSED: Mapping[Role, frozenset[Kind]] = {
    Role.SUPERVISOR: frozenset({Kind.CIRCULAR, Kind.COPY}),
    Role.GOVERNMENT: frozenset({Kind.CIRCULAR, Kind.REPORT}),
}
"""The papers that are theirs: 通报 goes to both, the report to the government, the copy letter to inspection."""


def is_addressed(actor: Actor, order: Order, kind: Kind, occasion: str) -> bool:
    """Whether a paper that was issued about an order is this reader's: of these kinds, and of what was late there."""
    legs = {f"leg-{leg.number}": leg for leg in order.legs}
    if kind not in ADDRESSED.get(actor.role, ()) or occasion not in legs:
        return False
    return any(fired.level == actor.center for fired in legs[occasion].rungs)


async def addressed(
    session: AsyncSession, actor: Actor, kind: Kind | None, before: str | None, limit: int
) -> Sequence[IssuedPaper]:
    """The papers addressed to this reader, the newest first."""
    kinds = ADDRESSED.get(actor.role, frozenset())
    return await store.addressed(session, actor.center or "", kinds & {kind} if kind else kinds, before, limit)


async def inspect(session: AsyncSession, actor: Actor, number: str, reason: str) -> dict[str, Any]:
    """One file by its number, without the petitioner, for discipline inspection; who asked for it and why is kept."""
    return await reading.told_to(session, actor, await inspected(session, actor, number, reason))


async def inspected(session: AsyncSession, actor: Actor, number: str, reason: str) -> Order:
    """The order of that file, for one who is shown it as `reading.told_to` tells it."""
    complaint_id = await store.complaint_id_of(session, number)
    order = await store.order_file(session, complaint_id) if complaint_id else None
    if order is None:
        raise NotFound("no-such-order", "没有这个编号的工作单，请核对编号。")
    places = {order.center, order.handling_center, *(party.center for party in order.parties)}
    must_reach(actor, *places, *[await replica.parent_of(session, place) for place in sorted(places)])
    session.add(
        Inspection(
            complaint_id=order.complaint_id,
            number=order.complaint.number,
            center=actor.center,
            reason=reason,
            at=clock.now(),
            by=actor.id,
        )
    )
    return order


async def inspections(
    session: AsyncSession, actor: Actor, limit: int, before: str | None = None
) -> Sequence[Inspection]:
    """Which files were asked for: by this level's inspection; to auditors, by any."""
    return await store.inspections(session, None if actor.role is Role.AUDITOR else actor.center, limit, before)


async def copy_clue(session: AsyncSession, actor: Actor, complaint_id: str, text: str) -> Order:
    """Copy a clue of misconduct to the inspection of the level the department belongs to, without who complains."""
    order, now = await desk.take(session, complaint_id, actor, Action.CLUE)
    level = order.parties[0].center if order.parties else order.handling_center
    shown = mask_text(petitioners.striker(await store.petitioner(session, complaint_id))(text))
    session.add(
        Clue(
            complaint_id=order.complaint_id,
            number=order.complaint.number,
            center=order.handling_center,
            level=level,
            text=shown,
            at=now,
            by=actor.id,
        )
    )
    desk.tell(session, order, ClueCopied, now, level=level, text=shown, by=actor.id)
    return order


async def clues(session: AsyncSession, actor: Actor, limit: int, before: str | None = None) -> Sequence[Clue]:
    """The clues that went to this level's inspection, or that this office has copied; to auditors, all."""
    if actor.role is Role.AUDITOR:
        return await store.clues(session, None, None, limit, before)
    if actor.role is Role.SUPERVISOR:
        return await store.clues(session, None, actor.center, limit, before)
    return await store.clues(session, actor.center, None, limit, before)

"""多人同诉 once they are joined: what moves the handling moves all that wait, and nobody is left behind at an end.

Every complaint keeps its own number, limit, answers and end; only the handling is joined (mechanism §4, §7). So the
end of the leading one is the end of none of the others: the first of those that still wait leads them from then on.
Were they only freed, the lead would owe each of them an answer of its own until somebody had joined them anew, though
nothing has changed for their petitioners. What is dealt with by itself, or cannot go where the leading one goes, is
handled by itself; so is what comes back to its departments when the one that it was joined to has ended.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import together
from services.dispatch.domain.states import Action, State
from services.dispatch.domain.together import Side
from services.dispatch.tables import Order, Step
from services.dispatch.usecases import desk
from shared.events.dispatch import JoiningChanged, Party
from shared.security.roles import Actor

ENDED = "主办件已经办结。"
"""Why most are joined no more."""


@dataclass(frozen=True)
class Cause:
    """When, by whom and why something is joined otherwise."""

    at: datetime
    by: str
    reason: str


def side(order: Order, *, leads_others: bool = False) -> Side:
    """What the rules ask of one of them."""
    return Side(
        complaint_id=order.complaint_id,
        state=order.state,
        triage=order.triage,
        handling_center=order.handling_center,
        lead=_lead(order),
        is_joined=order.joined_to is not None,
        leads_others=leads_others,
    )


def _lead(order: Order) -> Party | None:
    return order.parties[0].party if order.state is State.HANDLING else None


def note(session: AsyncSession, order: Order, leading_number: str | None, cause: Cause) -> None:
    """Keep in the record of an order to which one it is joined now."""
    session.add(
        Step(
            complaint_id=order.complaint_id,
            round=order.round,
            action=Action.JOIN,
            target=leading_number,
            text=cause.reason,
            at=cause.at,
            by=cause.by,
        )
    )


def along(leading: Order, joined: Sequence[Order], actor: Actor) -> list[Order]:
    """What is under review with the leading one, and goes where this actor sends that; never what is about him."""
    others = [each for each in joined if not desk.is_about_him(each, actor)]
    return [each for each in others if together.goes_along(side(each), side(leading))]


async def part(session: AsyncSession, order: Order, cause: Cause) -> None:
    """It is handled by itself from now on, if it was joined to another one.

    Who has it on the leg that runs hears of it: where a new one begins, this is done after that.
    """
    if order.joined_to:
        _change(session, order, await _number(session, order.joined_to), None, cause)


async def part_if_left(session: AsyncSession, order: Order, now: datetime, by: str) -> None:
    """It has come back to its departments: it is handled by itself if what it was joined to has ended meanwhile."""
    if order.joined_to and not await store.leads_still(session, order.joined_to):
        _change(session, order, await _number(session, order.joined_to), None, Cause(now, by, ENDED))


def part_others(
    session: AsyncSession, leading: Order, joined: Sequence[Order], gone: Collection[Order], cause: Cause
) -> None:
    """The leading one has gone on, these with it: what still waits, and not for the same lead, is parted from it."""
    for each in joined:
        waits_there = each.state is State.HANDLING and _lead(each) == _lead(leading)
        if each.joined_to and each.state in together.UNANSWERED and each not in gone and not waits_there:
            _change(session, each, leading.complaint.number, None, cause)


async def pass_on(session: AsyncSession, leading: Order, cause: Cause) -> None:
    """The leading one leads no more: the first of those that still wait leads the others.

    It was taken with all that is joined to it (`desk.take_all`).
    """
    _, *joined = await store.orders_answered_with(session, leading.complaint_id)
    waiting = [each for each in joined if each.state in together.UNANSWERED]
    first, others = together.succession([side(each) for each in waiting])
    heir = next((each for each in waiting if each.complaint_id == first), None)
    for each in waiting:
        _change(session, each, leading.complaint.number, heir if each.complaint_id in others else None, cause)


async def _number(session: AsyncSession, complaint_id: str) -> str:
    number = await store.number_of(session, complaint_id)
    assert number
    return number


def _change(session: AsyncSession, order: Order, former_number: str, leading: Order | None, cause: Cause) -> None:
    former = order.joined_to
    assert former
    number = leading.complaint.number if leading else None
    order.joined_to = leading.complaint_id if leading else None
    if leading:
        leading.last_joined = order.complaint_id
    said = f"不再并入{former_number}办理：{cause.reason}"
    note(session, order, number, Cause(cause.at, cause.by, said))
    desk.tell(
        session,
        order,
        JoiningChanged,
        cause.at,
        former=former,
        former_number=former_number,
        leading=order.joined_to,
        leading_number=number,
        leg=order.leg if order.state is State.HANDLING else None,
        reason=cause.reason,
        by=cause.by,
    )

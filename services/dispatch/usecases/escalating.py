"""催办, 督办, 通报 (Art. 9): when sla says that a rung's instant has come, and by hand beside the ladder."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import ladder
from services.dispatch.domain.states import Action, State
from services.dispatch.tables import FiredRung, HandNotice, Leg, Order
from services.dispatch.usecases import desk, supervising
from shared.events.dispatch import Escalation, EscalationReported, EscalationSupervised, EscalationUrged, Party
from shared.events.sla import Rung, RungDue
from shared.live import concern
from shared.security.roles import Actor

EVENTS: Mapping[Rung, type[Escalation]] = {
    Rung.URGED: EscalationUrged,
    Rung.SUPERVISED: EscalationSupervised,
    Rung.REPORTED: EscalationReported,
}


async def climb(session: AsyncSession, order: Order, leg: Leg, due: RungDue, now: datetime) -> None:
    """Let a rung fire, unless its leg was answered in time or it has fired already.

    `now` is when it is really given, from which the next rung's time counts. A late answer stands in the record as late
    even when the order is closed, or the answer returned at the check, by the time this is asked; one closed without an
    answer is left in peace.
    """
    if any(fired.rung is due.rung for fired in leg.rungs):
        return
    if order.state is State.CLOSED and leg.ended_at is None:
        return
    ended_at = leg.ended_at
    if due.round is not None and due.round < leg.round:  # the check has returned the answer that sla asked about
        ended_at = await store.answered_in(session, order.complaint_id, leg.number, due.round)
    if not ladder.fires(due.instant, ended_at):
        return
    if ladder.is_overtaken(
        due.instant, due.committed_by, committed_by=leg.committed_by, recommitted_at=leg.recommitted_at
    ):
        return
    late = ladder.late_parties(order.answered(leg), due.instant)
    leg.rungs.append(
        FiredRung(rung=due.rung, fell_due_at=due.instant, at=now, told=_written(late), level=_level(order, leg))
    )
    if due.rung is Rung.SUPERVISED:  # whatever later date is granted, at this instant nobody had answered
        order.overdue = True
    told = {"fell_due_at": due.instant, "caused_by": due.event_id, "requirement": ladder.REQUIREMENTS.get(due.rung)}
    _tell(session, order, leg, due.rung, now, late, **told)


async def urge(session: AsyncSession, actor: Actor, complaint_id: str) -> Order:
    """Urge by hand, at any time while unanswered; it uses up no rung (mechanism §6)."""
    order, now = await desk.take(session, complaint_id, actor, Action.URGE)
    return _by_hand(session, order, Rung.URGED, now, actor, None)


async def supervise(session: AsyncSession, actor: Actor, complaint_id: str, requirement: str) -> Order:
    """Supervise by hand, once overdue, saying what must be done; it uses up no rung (mechanism §6)."""
    order, now = await desk.take(session, complaint_id, actor, Action.SUPERVISE)
    ladder.must_be_overdue(order.current_leg.due_at, now)
    return _by_hand(session, order, Rung.SUPERVISED, now, actor, requirement)


def _by_hand(
    session: AsyncSession, order: Order, rung: Rung, now: datetime, actor: Actor, requirement: str | None
) -> Order:
    leg = order.current_leg
    late = ladder.late_parties(order.answered(leg), now)
    session.add(
        HandNotice(
            complaint_id=order.complaint_id,
            leg=leg.number,
            rung=rung,
            requirement=requirement,
            told=_written(late),
            at=now,
            by=actor.id,
        )
    )
    _tell(session, order, leg, rung, now, late, by=actor.id, requirement=requirement)
    return order


def _tell(
    session: AsyncSession, order: Order, leg: Leg, rung: Rung, now: datetime, late: list[Party], **data: Any
) -> None:
    level = _level(order, leg)
    told = {"leg": leg.number, "round": leg.round, "to": late, "level": level}
    if rung is not Rung.URGED:
        concern(session, lambda: [supervising.desk_of(level)])
    desk.tell(session, order, EVENTS[rung], now, **told, **data)


def _level(order: Order, leg: Leg) -> str:
    """The center of the level that the lead belongs to: whose government and inspection hear of it."""
    return order.parties_of(leg)[0].center


def _written(parties: list[Party]) -> list[dict[str, str]]:
    return [party.model_dump() for party in parties]

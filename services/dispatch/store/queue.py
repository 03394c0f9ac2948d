"""What waits for the office: of which task, since when, and who asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.dispatch.domain.office import Task
from services.dispatch.domain.states import State
from services.dispatch.store.escalations import UNSIGNED
from services.dispatch.tables import Assignment, Decline, Extension, FiredRung, Leg, Order, Reply, Withdrawal
from shared.among import among
from shared.settings import settings


@dataclass(frozen=True)
class Waiting:
    """An order that waits for the office, and whose question it is, where a department asked."""

    task: Task
    complaint_id: str
    since: datetime | None
    asked_by: str | None
    """`<center>/<department>`."""


_STATES = {
    Task.CHECK: State.CHECKING,
    Task.FOLLOW_UP: State.FOLLOWING_UP,
    Task.CONCLUDE: State.CONCLUDING,
    Task.APPROVE: State.APPROVING,
    Task.REFERRAL: State.REFERRED,
}
MOST_COUNTED = 1_000
"""Of one task: so many or more are told as `999+`."""
STILL_OPEN = Order.state != literal_column(f"'{State.CLOSED}'")
"""Said in so many words, because an index holds only those."""


@dataclass(frozen=True)
class Office:
    """Whose queue it is, at which instant, and which departments were retired by then (`<center>/<department>`)."""

    center: str
    now: datetime
    retired: Collection[str]


_NOBODY: ColumnElement[str] = cast(null(), String)
_STILL_OWES = and_(Assignment.answered_at.is_(None), Assignment.overruled_at.is_(None))
_LATE_CO_HANDLER = exists().where(
    Assignment.complaint_id == Leg.complaint_id,
    Assignment.dispatch == Leg.dispatch,
    Assignment.position > 0,
    _STILL_OWES,
)


def _waiting(task: Task, office: Office) -> Select[str, datetime | None, str | None]:
    """What of this waits at a center: the complaint, since when, and who asked."""
    center = office.center
    match task:
        case Task.DISPATCH | Task.ADJUDICATE:
            is_for_the_head = Order.dispatches >= settings().dispatches_before_head
            return _standing(center, State.PENDING).where(
                is_for_the_head if task is Task.ADJUDICATE else ~is_for_the_head
            )
        case Task.DECLINE:
            asked = and_(Order.complaint_id == Decline.complaint_id, Order.dispatches == Decline.dispatch)
            return (
                _asked(center, Decline.at, Decline.center + "/" + Decline.department)
                .join(Decline, asked)
                .where(Order.state == State.HANDLING, Decline.decided_at.is_(None))
            )
        case Task.EXTENSION:
            asked = and_(Order.complaint_id == Extension.complaint_id, Order.leg == Extension.leg)
            return (
                _asked(center, Extension.at)
                .join(Extension, asked)
                .where(Order.state == State.HANDLING, Extension.decided_at.is_(None))
            )
        case Task.CONSENT:
            asked = and_(Order.complaint_id == Reply.complaint_id, Order.leg == Reply.leg + 1)
            return (
                _asked(center, Reply.at, Reply.center + "/" + Reply.department)
                .join(Reply, asked)
                .where(Order.state == State.HANDLING, Reply.needs_consent, Reply.consented.is_(None))
            )
        case Task.OVERRULE:
            current = and_(Leg.complaint_id == Order.complaint_id, Leg.number == Order.leg)
            return (
                _asked(center, Leg.co_handlers_due_at)
                .join(Leg, current)
                .where(
                    Order.state == State.HANDLING,
                    Leg.answered_at.is_(None),
                    Leg.co_handlers_due_at < office.now,
                    _LATE_CO_HANDLER,
                )
            )
        case Task.TAKE_BACK:
            with_one = exists().where(
                Assignment.complaint_id == Order.complaint_id,
                Assignment.dispatch == Order.dispatches,
                among(Assignment.center + "/" + Assignment.department, office.retired),
                or_(Assignment.position == 0, _STILL_OWES),
            )
            waits = and_(Order.joined_to.is_(None), with_one) if office.retired else false()
            return _standing(center, State.HANDLING).where(waits)
        case Task.WITHDRAWAL:
            asked = Withdrawal.complaint_id == Order.complaint_id
            return (
                _asked(center, Withdrawal.at)
                .join(Withdrawal, asked)
                .where(Order.state != State.CLOSED, Withdrawal.decided_at.is_(None))
            )
        case Task.SIGN:
            # Also of what was closed since: it was reported all the same.
            found: Select[Any, Any, Any] = select(Order.complaint_id, FiredRung.at, _NOBODY)
            return found.join(FiredRung, FiredRung.complaint_id == Order.complaint_id).where(
                Order.handling_center == center, UNSIGNED
            )
        case _:
            return _standing(center, _STATES[task])


def _standing(center: str, state: State) -> Select[str, datetime | None, str | None]:
    return _asked(center, Order.since).where(Order.state == state)


def _asked(
    center: str, since: InstrumentedAttribute[Any], asked_by: ColumnElement[str] = _NOBODY
) -> Select[str, datetime | None, str | None]:
    found: Select[Any, Any, Any] = select(Order.complaint_id, since, asked_by)
    return found.where(Order.handling_center == center, STILL_OPEN)


async def waiting(session: AsyncSession, office: Office, tasks: Collection[Task], limit: int) -> list[Waiting]:
    """What of these waits at a center: of each the first so many, the longest waiting first."""
    parts = []
    for task in tasks:
        one = _waiting(task, office).subquery()
        waits, since, who = one.c
        parts.append(
            select(
                select(literal(task.value).label("task"), waits, since, who)
                .order_by(since, waits)
                .limit(limit)
                .subquery()
            )
        )
    found = await session.execute(union_all(*parts))
    return [Waiting(Task(task), complaint_id, since, who) for task, complaint_id, since, who in found]


async def how_many_wait(session: AsyncSession, office: Office, tasks: Collection[Task]) -> dict[Task, int]:
    """How many of each wait at a center; where more than anybody goes through do, `MOST_COUNTED`."""
    counted = [
        select(literal(task.value), func.count()).select_from(_waiting(task, office).limit(MOST_COUNTED).subquery())
        for task in tasks
    ]
    return {Task(task): count for task, count in await session.execute(union_all(*counted))}

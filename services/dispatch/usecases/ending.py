"""What the petitioner wants of the end (mechanism §7): to withdraw, or to have reopened what was closed."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import endings
from services.dispatch.domain.states import REDONE_FROM, Action, State, after_triage
from services.dispatch.tables import Order, Step, Withdrawal
from services.dispatch.usecases import closing, desk, joining
from services.dispatch.usecases.joining import Cause
from shared.events.dispatch import Final, OrderReopened, WithdrawalAsked, WithdrawalRefused
from shared.events.intake import ReopeningAsked
from shared.refusals import Forbidden, NotPossible
from shared.security.roles import Actor, Role
from shared.settings import settings

PETITIONER = "petitioner"
"""Who acts through the public door."""


async def withdraw(session: AsyncSession, actor: Actor, complaint_id: str, words: str, method: str) -> Order:
    """Log the petitioner's words; nothing stops until a second person has confirmed them by phone."""
    order, now = await desk.take(session, complaint_id, actor, Action.WITHDRAW)
    waiting = await store.withdrawal_waiting(session, order.complaint_id)
    endings.must_be_withdrawable(pending=waiting is not None)
    session.add(
        Withdrawal(complaint_id=order.complaint_id, round=order.round, reason=words, method=method, at=now, by=actor.id)
    )
    desk.tell(session, order, WithdrawalAsked, now, words=words, method=method, by=actor.id)
    return order


async def confirm(session: AsyncSession, actor: Actor, complaint_id: str, is_so: bool, words: str) -> Order:
    """Having phoned the petitioner, confirm the withdrawal, which ends it; or not, and it goes on.

    It takes a second person to end it, and none to let it go on.
    """
    order, _, now = await desk.take_all(session, complaint_id, actor, Action.CONFIRM)
    if actor.role is not Role.HEAD:
        raise Forbidden("head-only", "撤回须由管理机构负责人电话确认，请提交负责人。")
    waiting = await store.withdrawal_waiting(session, order.complaint_id)
    if waiting is None:
        raise NotPossible("nothing-to-decide", "没有待确认的撤回。")
    if is_so:
        endings.must_be_another(actor.id, waiting.by)
    waiting.decide(now, actor.id, granted=is_so, decision=words)
    if is_so:
        grounds = closing.Grounds(waiting.by, waiting.reason, None, actor.id)
        await closing.close(session, order, Final.WITHDRAWN, now, grounds)
    else:
        desk.tell(session, order, WithdrawalRefused, now, words=words, by=actor.id)
    return order


async def reopen(session: AsyncSession, actor: Actor, complaint_id: str, words: str) -> Order:
    """Reopen it for a petitioner who asks for that at the office."""
    order, now = await desk.take(session, complaint_id, actor, Action.REOPEN)
    await _begin_anew(session, order, words, now, actor.id, asked_at=now)
    return order


async def reopen_as_asked(session: AsyncSession, order: Order, asked: ReopeningAsked, now: datetime) -> None:
    """Reopen it for a petitioner who asked at the public door; nothing when that has been done meanwhile.

    It was asked for in time when that was so at the door, however late it is heard here; the new leg starts now.
    """
    if order.state is State.CLOSED and order.reopened_at is None:
        await _begin_anew(session, order, asked.words, now, PETITIONER, asked_at=asked.at, caused_by=asked.event_id)


async def _begin_anew(
    session: AsyncSession,
    order: Order,
    words: str,
    now: datetime,
    by: str,
    *,
    asked_at: datetime,
    caused_by: str | None = None,
) -> None:
    """A new round: with its departments on a new leg of full length, or where it was dealt with before."""
    assert order.closed_at
    calendar = await desk.calendar_of(session, order.handling_center)
    within = settings().reopening_working_days
    endings.must_be_reopenable(order.closed_at, order.reopened_at, asked_at, calendar, within)
    if waiting := await store.withdrawal_waiting(session, order.complaint_id):
        waiting.decide(now, by, granted=False, decision=words)  # who wants it reopened withdraws nothing
    order.reopened_at, order.final, order.closed_at, order.typical = now, None, None, False
    order.go(REDONE_FROM[order.way] if order.way else after_triage(order.triage), now)
    session.add(
        Step(complaint_id=order.complaint_id, round=order.round, action=Action.REOPEN, text=words, at=now, by=by)
    )
    leg = await closing.begin_round(session, order, now)
    told = {"round": order.round, "leg": leg, "words": words, "by": by, "caused_by": caused_by}
    desk.tell(session, order, OrderReopened, now, **told)
    await joining.part(session, order, Cause(now, by, "诉求人申请重新办理。"))

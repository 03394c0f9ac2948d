"""What is asked about a committed date (Art. 8): the lead asks to extend it, the coordinator consents to a far one."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import commitments
from services.dispatch.domain.states import Action
from services.dispatch.tables import Extension, Order
from services.dispatch.usecases import desk
from shared.events.dispatch import (
    ConsentGiven,
    ConsentRefused,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
)
from shared.refusals import Forbidden, NotPossible
from shared.security import roles
from shared.security.roles import Actor
from shared.settings import settings


@dataclass(frozen=True)
class Word:
    """What the coordinator says; a no says why."""

    approve: bool
    reasons: str | None = None


async def extend(session: AsyncSession, actor: Actor, complaint_id: str, *, reason: str, committed_on: date) -> Order:
    """Ask, as the lead and before it is due, for a later committed date; the old one stands until that is granted."""
    desk.must_be(actor, roles.Action.REPLY)
    order, assignment, now = await desk.take_own(session, complaint_id, actor, Action.EXTEND)
    if not assignment.is_lead:
        raise Forbidden("lead-only", "延期由牵头部门申请，协办部门请与牵头部门协商。")
    leg = order.current_leg
    found = [each for each in await store.extensions(session, order.complaint_id) if each.leg == leg.number]
    commitments.must_be_extendable(
        leg.rule,
        leg.due_at,
        now,
        pending=any(each.decided_at is None for each in found),
        granted=any(each.granted is True for each in found),
    )
    assert leg.committed_on
    calendar = await desk.calendar_of(session, order.handling_center)
    commitments.must_be_soon_enough(leg.committed_on, committed_on, calendar, settings().extension_working_days)
    session.add(
        Extension(
            complaint_id=order.complaint_id,
            leg=leg.number,
            was=leg.committed_on,
            committed_on=committed_on,
            reason=reason,
            at=now,
            by=actor.id,
        )
    )
    told = {"party": assignment.party, "leg": leg.number, "was": leg.committed_on, "committed_on": committed_on}
    desk.tell(session, order, ExtensionAsked, now, **told, reason=reason, by=actor.id)
    return order


async def decide(session: AsyncSession, actor: Actor, complaint_id: str, word: Word) -> Order:
    """Grant a later date, which moves the clock, or refuse it."""
    desk.must_be(actor, roles.Action.DISPATCH)
    order, now = await desk.take(session, complaint_id, actor, Action.GRANT)
    leg = order.current_leg
    found = await store.extensions(session, order.complaint_id)
    waiting = next((each for each in found if each.leg == leg.number and each.decided_at is None), None)
    if waiting is None:
        raise NotPossible("nothing-to-decide", "没有待审核的延期申请。")
    if word.approve and leg.committed_on:
        calendar = await desk.calendar_of(session, order.handling_center)
        most = settings().extension_working_days
        commitments.must_still_be_soon_enough(leg.committed_on, waiting.committed_on, calendar, most)
    waiting.decide(now, actor.id, granted=word.approve, decision=word.reasons)
    told = {"party": order.parties[0].party, "leg": leg.number, "reasons": word.reasons, "by": actor.id}
    if word.approve:
        dates = {"was": waiting.was, "committed_on": waiting.committed_on}
        desk.tell(session, order, ExtensionGranted, now, **told, **dates)
        leg.recommit(waiting.committed_on, order.revision, now)
    else:
        desk.tell(session, order, ExtensionRefused, now, **told)
    return order


async def consent(session: AsyncSession, actor: Actor, complaint_id: str, word: Word) -> Order:
    """Consent to a `hard` matter's far date, or not: then the last day that needs no consent stands (mechanism §5)."""
    order, now = await desk.take(session, complaint_id, actor, Action.CONSENT)
    leg = order.current_leg
    plan = await store.plan_to_consent_to(session, order.complaint_id, leg.number)
    if plan is None or leg.committed_on is None:
        raise NotPossible("nothing-to-decide", "没有待审定的承诺日期。")
    plan.consented, plan.consent_said = word.approve, word.reasons
    plan.consented_at, plan.consented_by = now, actor.id
    told = {"party": order.parties[0].party, "leg": leg.number, "reasons": word.reasons, "by": actor.id}
    if word.approve:
        desk.tell(session, order, ConsentGiven, now, **told, committed_on=leg.committed_on)
        return order
    assert order.dispatched_at
    calendar = await desk.calendar_of(session, order.handling_center)
    was, beyond = leg.committed_on, settings().consent_beyond_working_days
    day = commitments.without_consent(order.dispatched_at, was, now, calendar, beyond)
    desk.tell(session, order, ConsentRefused, now, **told, was=was, committed_on=day)
    leg.recommit(day, order.revision, now)
    return order

"""What was asked and done about an order, and what of it still waits."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.domain.states import Action
from services.dispatch.tables import Assignment, Conclusion, Decline, Extension, FollowUp, Reply, Step, Withdrawal
from shared.among import among
from shared.events.dispatch import Satisfaction


async def pending_conclusion(session: AsyncSession, complaint_id: str) -> Conclusion | None:
    """The conclusion that awaits its second person."""
    return await session.scalar(
        select(Conclusion).where(Conclusion.complaint_id == complaint_id, Conclusion.approved.is_(None))
    )


async def declines(session: AsyncSession, complaint_ids: Collection[str]) -> Sequence[Decline]:
    """Every decline of these orders, the earliest first."""
    found = await session.scalars(
        select(Decline).where(among(Decline.complaint_id, complaint_ids)).order_by(Decline.decline_id)
    )
    return found.all()


async def extensions(session: AsyncSession, complaint_id: str) -> Sequence[Extension]:
    """Every extension of an order that was asked for, the earliest first."""
    found = await session.scalars(
        select(Extension).where(Extension.complaint_id == complaint_id).order_by(Extension.extension_id)
    )
    return found.all()


async def plan_to_consent_to(session: AsyncSession, complaint_id: str, leg: int) -> Reply | None:
    """The plan that began this leg, if it awaits the coordinator's consent."""
    return await session.scalar(
        select(Reply).where(
            Reply.complaint_id == complaint_id, Reply.leg == leg - 1, Reply.needs_consent, Reply.consented.is_(None)
        )
    )


async def withdrawal_waiting(session: AsyncSession, complaint_id: str) -> Withdrawal | None:
    """The withdrawal that awaits its confirmation."""
    return await session.scalar(
        select(Withdrawal).where(Withdrawal.complaint_id == complaint_id, Withdrawal.decided_at.is_(None))
    )


async def last_referral(session: AsyncSession, complaint_id: str) -> Step | None:
    """When a complaint was last referred, or its unit chased, and to whom."""
    last = select(Step).where(Step.complaint_id == complaint_id, Step.action == Action.REFER)
    return await session.scalar(last.order_by(Step.step_id.desc()).limit(1))


async def answered_in(session: AsyncSession, complaint_id: str, leg: int, round_: int) -> datetime | None:
    """When the lead answered this leg in this round, whatever the check made of it; None if it did not."""
    answer = select(Reply.at).where(
        Reply.complaint_id == complaint_id, Reply.leg == leg, Reply.round == round_, Reply.is_lead
    )
    return await session.scalar(answer.order_by(Reply.reply_id).limit(1))


async def unreached(session: AsyncSession, complaint_id: str, round_: int) -> Sequence[datetime]:
    """When the petitioner was called in vain in this round."""
    found = await session.scalars(
        select(FollowUp.at).where(
            FollowUp.complaint_id == complaint_id,
            FollowUp.round == round_,
            FollowUp.satisfaction == Satisfaction.UNREACHABLE,
        )
    )
    return found.all()


async def last_follow_up(session: AsyncSession, complaint_id: str) -> FollowUp | None:
    """What was heard of the petitioner last, if no conclusion has been proposed since."""
    proposed = select(func.max(Conclusion.conclusion_id)).where(Conclusion.complaint_id == complaint_id)
    last = select(FollowUp).where(
        FollowUp.complaint_id == complaint_id,
        FollowUp.follow_up_id > func.coalesce(proposed.scalar_subquery(), ""),
    )
    return await session.scalar(last.order_by(FollowUp.follow_up_id.desc()).limit(1))


async def answer_of(session: AsyncSession, part: Assignment) -> Reply | None:
    """What a co-handler has answered last since it has this part."""
    given = select(Reply).where(
        Reply.complaint_id == part.complaint_id,
        Reply.center == part.center,
        Reply.department == part.department,
        Reply.at >= part.assigned_at,
        ~Reply.is_lead,
    )
    return await session.scalar(given.order_by(Reply.reply_id.desc()).limit(1))


async def mark_returned(session: AsyncSession, complaint_id: str, leg: int, at: datetime) -> None:
    """The lead's answer to this leg was returned by the check."""
    await session.execute(
        update(Reply)
        .where(Reply.complaint_id == complaint_id, Reply.leg == leg, Reply.is_lead, Reply.returned_at.is_(None))
        .values(returned_at=at)
        .execution_options(synchronize_session=False)
    )

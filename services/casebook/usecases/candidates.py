"""Complaints closed as typical, until a case is drawn from them (Art. 11; mechanism §8)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.domain.personal import with_short_title
from services.casebook.domain.text import drafted_from
from services.casebook.store import cases as store
from services.casebook.tables import Candidate, kept
from services.casebook.usecases import desk
from shared import clock, replica
from shared.db import wake
from shared.events.casebook import CandidateWaited
from shared.events.dispatch import CaseSuggested
from shared.messaging import announce
from shared.refusals import NotFound, NotPossible
from shared.security.roles import Action, Actor, Role, must_reach
from shared.settings import settings

REMIND = "remind of candidates"
"""The name of the job that does."""
_AT_ONCE = 100


async def suggest(session: AsyncSession, event: CaseSuggested) -> None:
    """Keep what was suggested, without personal data; suggested again after a reopening, it is awaited anew."""
    calendar = await replica.calendar_of(session, event.center)
    due_at = calendar.due_after(event.at, settings().case_draft_working_days).due_at
    text, struck = with_short_title(*await desk.anonymous(session, drafted_from(event)))
    candidate = await store.candidate(session, event.subject)
    if candidate is None:
        candidate = Candidate(complaint_id=event.subject, center=event.center, number=event.number)
        session.add(candidate)
    elif candidate.closed_at >= event.at or candidate.case_id:
        return
    candidate.title, candidate.problem = text.title, text.problem
    candidate.conclusion, candidate.basis = text.conclusion, text.basis
    candidate.struck = [kept(each) for each in struck]
    candidate.closed_at, candidate.due_at = event.at, due_at
    candidate.dismissed_by = candidate.dismissed_because = None
    # Who drafts it at the very due instant is not late.
    candidate.remind_at = due_at + timedelta(microseconds=1)
    wake(session, REMIND)


async def browse(session: AsyncSession, actor: Actor, *, overdue: bool) -> Sequence[Candidate]:
    """The candidates this actor's center may draft, and the county's editor its townships' too; oldest first."""
    parents = await replica.center_parents(session)
    reach = None if actor.role is Role.AUDITOR or actor.may(Action.APPROVE_CASE) else desk.reach(actor, parents)
    return await store.candidates(session, reach, clock.now() if overdue else None)


async def dismiss(session: AsyncSession, actor: Actor, complaint_id: str, reason: str) -> Candidate:
    """Say why no case is drawn from it after all."""
    candidate = await to_draft(session, actor, complaint_id)
    candidate.dismissed_by, candidate.dismissed_because, candidate.remind_at = actor.id, reason, None
    return candidate


async def to_draft(session: AsyncSession, actor: Actor, complaint_id: str, *, to_change: bool = True) -> Candidate:
    """The candidate for who may draw a case from it; held when it is to change."""
    candidate = await store.candidate(session, complaint_id, to_change=to_change)
    if candidate is None:
        raise NotFound("not-typical", "这件诉求没有在办结时标记为典型，不能据此编写案例；其他来源的请写明来源。")
    must_reach(actor, candidate.center, await replica.parent_of(session, candidate.center))
    if candidate.case_id:
        raise NotPossible("drafted-already", "这件诉求已经有一个案例，请在原案例上修改。")
    if candidate.dismissed_by:
        raise NotPossible("dismissed", f"这件诉求已决定不编写案例，理由：{candidate.dismissed_because}。")
    return candidate


async def remind(session: AsyncSession) -> datetime | None:
    """Tell the case editors of typical complaints that have been without a draft for too long; when there is more."""
    now = clock.now()
    for candidate in await store.to_remind_of(session, now, _AT_ONCE):
        candidate.remind_at = None
        announce(
            session,
            CandidateWaited(
                at=now,
                center=candidate.center,
                subject=candidate.complaint_id,
                number=candidate.number,
                closed_at=candidate.closed_at,
                office=await desk.office_of(session, candidate.center, Role.CASE_EDITOR),
            ),
        )
    await session.flush()
    return await store.next_reminder(session)

"""Reading and citing cases: the public what is public, a center its own, the bureau what was submitted to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.domain.cases import State, Step
from services.casebook.store import cases as store
from services.casebook.tables import Case, CaseReview, Cosignature
from services.casebook.usecases import desk
from shared import clock, replica
from shared.events.casebook import CaseCited
from shared.events.intake import CitationRefused
from shared.messaging import announce
from shared.refusals import NotFound
from shared.security.roles import Action, Actor, Role


@dataclass(frozen=True)
class Whole:
    """A case, how it came to be, and who has signed it."""

    case: Case
    reviews: Sequence[CaseReview]
    signatures: Sequence[Cosignature]
    is_inside: bool
    """Whether whoever asks may know more of it than the public."""


async def read(session: AsyncSession, actor: Actor, case_id: str) -> Whole:
    """A case; one that is not public only to those who have to do with it. A replaced one still names its successor."""
    case = await store.case(session, case_id)
    inside = case is not None and await _is_inside(session, actor, case)
    if case is None or not (inside or case.state in (State.PUBLISHED, State.REPLACED)):
        raise NotFound("no-such-case", "没有这个案例，或它还没有发布。")
    return Whole(case, await store.reviews(session, case_id), await store.cosignatures(session, case_id), inside)


async def versions(session: AsyncSession, actor: Actor, case_id: str) -> list[Case]:
    """The case and all that it replaced and was replaced by, the oldest first, as far as this actor may see them."""
    case = (await read(session, actor, case_id)).case
    chain = [case]
    while (before := chain[0].replaces) and (older := await store.case(session, before)):
        chain.insert(0, older)
    while (after := chain[-1].replaced_by) and (newer := await store.case(session, after)):
        chain.append(newer)
    shown = (State.PUBLISHED, State.REPLACED)
    return [each for each in chain if each.state in shown or await _is_inside(session, actor, each)]


async def browse(session: AsyncSession, actor: Actor, state: State | None, limit: int) -> Sequence[Case]:
    """The newest cases this actor may see."""
    own = actor.center if actor.may(Action.WRITE_CASE) else None
    signs = f"{actor.center}/{actor.department}" if actor.role is Role.OFFICER else None
    submitted = actor.may(Action.APPROVE_CASE)
    return await store.cases(session, state, own, submitted=submitted, department=signs, limit=limit)


async def most_cited(session: AsyncSession, limit: int) -> Sequence[Case]:
    """The public cases that help most."""
    return await store.most_cited(session, limit)


async def cite(session: AsyncSession, actor: Actor, case_id: str, complaint_id: str) -> Case:
    """Note that a public case helps with a complaint: counted once for that one, and told to its history."""
    case, _ = await desk.take(session, actor, case_id, Step.CITE)
    if await store.cite(session, case.id, complaint_id, actor.id, clock.now()):
        case.citations += 1
        announce(
            session,
            CaseCited(
                at=clock.now(),
                center=actor.center or case.center,
                subject=case.id,
                title=case.title,
                complaint_id=complaint_id,
                by=actor.id,
            ),
        )
    return case


async def forget_citation(session: AsyncSession, event: CitationRefused) -> None:
    """It was cited on a complaint that there is not: nothing is counted."""
    case = await store.case(session, event.subject, to_change=True)
    if case and await store.forget_citation(session, case.id, event.complaint_id):
        case.citations -= 1


async def _is_inside(session: AsyncSession, actor: Actor, case: Case) -> bool:
    if actor.may(Action.WRITE_CASE):
        return actor.reaches(case.center, await replica.parent_of(session, case.center))
    if actor.may(Action.APPROVE_CASE):
        return case.state != State.DRAFT
    named = f"{actor.center}/{actor.department}" in case.departments
    return actor.role is Role.OFFICER and named and case.state == State.APPROVED

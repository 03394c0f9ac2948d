"""Cases and their way, candidates, signatures, citations. Whoever changes a case holds its row."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.domain.cases import State
from services.casebook.tables import Candidate, Case, CaseReview, Citation, Cosignature

_OPEN = and_(Candidate.case_id.is_(None), Candidate.dismissed_by.is_(None))


async def case(session: AsyncSession, case_id: str, *, to_change: bool = False) -> Case | None:
    """A case; held until the transaction ends when it is to change."""
    return await session.get(Case, case_id, with_for_update=True if to_change else None)


async def cases_of(session: AsyncSession, case_ids: Collection[str]) -> dict[str, Case]:
    """These cases, by id."""
    found = await session.scalars(select(Case).where(Case.id.in_(case_ids)))
    return {row.id: row for row in found}


async def cases(
    session: AsyncSession,
    state: State | None,
    center: str | None,
    *,
    submitted: bool,
    department: str | None,
    limit: int,
) -> Sequence[Case]:
    """The newest cases: public ones; all of this center when given; when asked everyone's that were submitted; and of a
    department those it is to sign.
    """
    mine: list[ColumnElement[bool]] = [Case.state == State.PUBLISHED]
    if center:
        mine.append(Case.center == center)
    if submitted:
        mine.append(Case.state != State.DRAFT)
    found = select(Case).where(or_(*mine)).order_by(Case.changed_at.desc(), Case.id).limit(limit)
    rows = list((await session.scalars(found.where(Case.state == state) if state else found)).all())
    if department and state in (None, State.APPROVED):
        approved = await session.scalars(select(Case).where(Case.state == State.APPROVED).order_by(Case.id))
        rows = [row for row in approved if department in row.departments][:limit] + rows
    return rows[:limit]


async def most_cited(session: AsyncSession, limit: int) -> Sequence[Case]:
    """The public cases that were cited, the most cited first."""
    found = select(Case).where(Case.citations > 0, Case.state == State.PUBLISHED)
    return (await session.scalars(found.order_by(Case.citations.desc(), Case.id).limit(limit))).all()


async def standing_case_of(session: AsyncSession, complaint_id: str) -> Case | None:
    """The case that was drawn from a complaint and neither withdrawn nor replaced."""
    gone = (State.WITHDRAWN, State.REPLACED)
    return await session.scalar(select(Case).where(Case.complaint_id == complaint_id, Case.state.not_in(gone)).limit(1))


async def replacement_of(session: AsyncSession, case_id: str) -> Case | None:
    """The newer case that is being written to replace this one."""
    done = (State.PUBLISHED, State.WITHDRAWN, State.REPLACED)
    return await session.scalar(select(Case).where(Case.replaces == case_id, Case.state.not_in(done)).limit(1))


async def reviews(session: AsyncSession, case_id: str) -> Sequence[CaseReview]:
    """A case's steps, in order."""
    found = await session.scalars(select(CaseReview).where(CaseReview.case_id == case_id).order_by(CaseReview.id))
    return found.all()


async def cosignatures(session: AsyncSession, case_id: str) -> Sequence[Cosignature]:
    """Who has signed a case, in the order they did."""
    found = select(Cosignature).where(Cosignature.case_id == case_id).order_by(Cosignature.at, Cosignature.department)
    return (await session.scalars(found)).all()


async def forget_cosignatures(session: AsyncSession, case_id: str) -> None:
    """What was signed is returned: the departments sign it anew."""
    for signature in await cosignatures(session, case_id):
        await session.delete(signature)


async def cite(session: AsyncSession, case_id: str, complaint_id: str, by: str, at: datetime) -> bool:
    """Keep that a case was cited on a complaint; False when it was already."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(Citation).values(case_id=case_id, complaint_id=complaint_id, by=by, at=at)
    kept = await session.execute(row.on_conflict_do_nothing().returning(Citation.case_id))
    return kept.first() is not None


async def forget_citation(session: AsyncSession, case_id: str, complaint_id: str) -> bool:
    """Forget that a case was cited on a complaint; False when nothing is kept of it."""
    of = (Citation.case_id == case_id, Citation.complaint_id == complaint_id)
    return (await session.execute(delete(Citation).where(*of).returning(Citation.case_id))).first() is not None


async def of_states(
    session: AsyncSession, states: Collection[State], centers: Collection[str] | None, *, limit: int, offset: int = 0
) -> Sequence[Case]:
    """The cases in these states, of these centers or all; what changed last first."""
    found = select(Case).where(Case.state.in_(states)).order_by(Case.changed_at.desc(), Case.id)
    if centers is not None:
        found = found.where(Case.center.in_(centers))
    return (await session.scalars(found.limit(limit).offset(offset))).all()


async def how_many(session: AsyncSession, centers: Collection[str] | None) -> dict[str, int]:
    """How many cases are in each state, of these centers or all."""
    counted = select(Case.state, func.count().label("number")).group_by(Case.state)
    if centers is not None:
        counted = counted.where(Case.center.in_(centers))
    return {row.state: row.number for row in await session.execute(counted)}


async def approved(session: AsyncSession) -> list[tuple[Case, set[str]]]:
    """The cases that are approved and not public yet, the oldest first, each with the departments that have signed."""
    found = select(Case).where(Case.state == State.APPROVED).order_by(Case.changed_at, Case.id)
    cases = (await session.scalars(found)).all()
    signed: dict[str, set[str]] = {case.id: set() for case in cases}
    for row in await session.scalars(select(Cosignature).where(Cosignature.case_id.in_(signed))):
        signed[row.case_id].add(row.department)
    return [(case, signed[case.id]) for case in cases]


async def candidate(session: AsyncSession, complaint_id: str, *, to_change: bool = True) -> Candidate | None:
    """What was suggested of this complaint; held until the transaction ends when it is to change."""
    return await session.get(Candidate, complaint_id, with_for_update=True if to_change else None)


async def candidates(
    session: AsyncSession, centers: Collection[str] | None, overdue_at: datetime | None
) -> Sequence[Candidate]:
    """The open candidates of these centers, or all; when asked only those whose draft was due by then. Oldest first."""
    found = select(Candidate).where(_OPEN).order_by(Candidate.due_at, Candidate.complaint_id)
    if centers is not None:
        found = found.where(Candidate.center.in_(centers))
    if overdue_at is not None:
        found = found.where(Candidate.due_at <= overdue_at)
    return (await session.scalars(found)).all()


async def open_candidates(session: AsyncSession, centers: Collection[str]) -> int:
    """How many candidates of these centers await their draft."""
    counted = select(func.count()).select_from(Candidate).where(_OPEN, Candidate.center.in_(centers))
    return await session.scalar(counted) or 0


async def to_remind_of(session: AsyncSession, now: datetime, limit: int) -> Sequence[Candidate]:
    """The candidates whose editor is to be reminded by now; replicas share them."""
    found = select(Candidate).where(Candidate.remind_at <= now).order_by(Candidate.remind_at).limit(limit)
    return (await session.scalars(found.with_for_update(skip_locked=True))).all()


async def next_reminder(session: AsyncSession) -> datetime | None:
    """When the next editor is to be reminded."""
    return await session.scalar(select(func.min(Candidate.remind_at)))

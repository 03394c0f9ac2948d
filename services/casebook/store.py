"""Every query of casebook."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.domain import Posting, State
from services.casebook.tables import Case, CaseReview, CaseTerm


async def case(session: AsyncSession, case_id: str, *, to_change: bool = False) -> Case | None:
    """A case; held until the transaction ends when it is to change."""
    return await session.get(Case, case_id, with_for_update=True if to_change else None)


async def cases(
    session: AsyncSession, state: State | None, center: str | None, *, submitted: bool, limit: int
) -> Sequence[Case]:
    """The newest cases: public ones, all of this center when given, and when asked everyone's that were submitted."""
    mine = [Case.state == State.PUBLISHED]
    if center:
        mine.append(Case.center == center)
    if submitted:
        mine.append(Case.state != State.DRAFT)
    found = select(Case).where(or_(*mine)).order_by(Case.changed_at.desc(), Case.id).limit(limit)
    return (await session.scalars(found.where(Case.state == state) if state else found)).all()


async def cases_of(session: AsyncSession, case_ids: Collection[str]) -> dict[str, Case]:
    """These cases, by id."""
    found = await session.scalars(select(Case).where(Case.id.in_(case_ids)))
    return {row.id: row for row in found}


async def reviews(session: AsyncSession, case_id: str) -> Sequence[CaseReview]:
    """A case's steps, in order."""
    found = await session.scalars(select(CaseReview).where(CaseReview.case_id == case_id).order_by(CaseReview.id))
    return found.all()


async def keep_terms(session: AsyncSession, case_id: str, counts: Mapping[str, int]) -> None:
    """Let a case be found by these terms, and by no others."""
    await session.execute(delete(CaseTerm).where(CaseTerm.case_id == case_id))
    if counts:
        rows = [{"term": term, "case_id": case_id, "count": count} for term, count in sorted(counts.items())]
        await session.execute(insert(CaseTerm), rows)


async def size(session: AsyncSession) -> tuple[int, float]:
    """How many cases are public, and how many terms they have on average."""
    found = await session.execute(select(func.count(), func.avg(Case.length)).where(Case.state == State.PUBLISHED))
    count, average = found.one()
    return count, float(average or 1)


async def frequencies(session: AsyncSession, terms: Collection[str]) -> dict[str, int]:
    """How many cases have each of these terms."""
    found = await session.execute(
        select(CaseTerm.term, func.count()).where(CaseTerm.term.in_(terms)).group_by(CaseTerm.term)
    )
    return dict(found.all())


async def postings(session: AsyncSession, terms: Collection[str]) -> list[Posting]:
    """Where these terms occur."""
    found = await session.execute(
        select(CaseTerm.case_id, CaseTerm.term, CaseTerm.count, Case.length)
        .join(Case, Case.id == CaseTerm.case_id)
        .where(CaseTerm.term.in_(terms))
    )
    return [Posting(*row) for row in found]

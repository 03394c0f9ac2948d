"""The terms by which public cases are found, and the synonym table.

Whoever adds or removes terms holds the one row of `Collection` first: counts stay true, and nobody meets in a deadlock.
"""

from collections import Counter
from collections.abc import Collection as Several
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Float, String, column, delete, func, insert, or_, select, update, values
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import Select

from services.casebook.domain.cases import State
from services.casebook.domain.ranking import LENGTH_MATTERS, SATURATION, Asked
from services.casebook.domain.words import TOKENIZER, Concept, length_of, term_of
from services.casebook.tables import Case, CaseTerm, Collection, Synonym, TermCount

Terms = Mapping[str, float]


async def hold(session: AsyncSession) -> None:
    """Change the terms alone, until the transaction ends."""
    await session.execute(update(Collection).values(id=Collection.id))


async def keep_terms(session: AsyncSession, found_by: Sequence[tuple[Case, Terms]]) -> None:
    """Let these cases, found by nothing yet, be found by these terms."""
    await session.flush()
    rows: list[dict[str, Any]] = []
    for case, counts in found_by:
        case.length, case.indexed = length_of(dict(counts)), TOKENIZER
        rows += [
            {"term": term, "case_id": case.id, "count": count, "length": case.length}
            for term, count in sorted(counts.items())
        ]
    if rows:
        await session.execute(insert(CaseTerm), rows)
    await _count(session, Counter(row["term"] for row in rows))
    await _grow(session, len(found_by), sum(case.length for case, _ in found_by))


async def forget_terms(session: AsyncSession, case: Case) -> None:
    """Let a case be found no more."""
    if not case.indexed:
        return
    gone = await session.scalars(delete(CaseTerm).where(CaseTerm.case_id == case.id).returning(CaseTerm.term))
    await _count(session, dict.fromkeys(gone.all(), -1))
    await _grow(session, -1, -case.length)
    case.length, case.indexed = 0, 0


async def unindexed(session: AsyncSession, limit: int) -> Sequence[Case]:
    """Public cases that have no terms yet, or those of another tokenizer."""
    other = or_(Case.indexed < TOKENIZER, Case.indexed > TOKENIZER)
    return (await session.scalars(select(Case).where(Case.state == State.PUBLISHED, other).limit(limit))).all()


async def size(session: AsyncSession) -> tuple[int, float]:
    """How many cases are found, and how long they are in all."""
    row = (await session.execute(select(Collection.cases, Collection.length))).one()
    return row.cases, row.length


async def frequencies(session: AsyncSession, terms: Several[str]) -> dict[str, int]:
    """How many cases have each of these terms."""
    found = await session.execute(select(TermCount.term, TermCount.cases).where(TermCount.term.in_(terms)))
    return {row.term: row.cases for row in found}


async def most_like(session: AsyncSession, sought: Asked, limit: int) -> list[tuple[str, float]]:
    """The ids of the cases most like it, with their scores, the most similar first."""
    if not sought.worths:
        return []
    return [(row.case_id, row.score) for row in await session.execute(ranking(sought, limit))]


def ranking(sought: Asked, limit: int) -> Select[str, Any]:
    """BM25 in one statement that looks up each term in the index, and nothing else."""
    asked = values(column("term", String), column("worth", Float)).data(list(sought.worths.items())).cte("asked")
    length = 1 - LENGTH_MATTERS + LENGTH_MATTERS / sought.average_length * CaseTerm.length
    often = CaseTerm.count * (SATURATION + 1) / (CaseTerm.count + SATURATION * length)
    score = func.sum(asked.c.worth * often).label("score")
    return (
        select(CaseTerm.case_id, score)
        .join_from(asked, CaseTerm, CaseTerm.term == asked.c.term)
        .group_by(CaseTerm.case_id)
        .order_by(score.desc(), CaseTerm.case_id)
        .limit(limit)
    )


async def concepts(session: AsyncSession) -> list[Concept]:
    """What the synonym table says now."""
    found = await session.execute(select(Synonym.id, Synonym.words).order_by(Synonym.id))
    return [Concept(number, tuple(words.split())) for number, words in found]


async def synonyms(session: AsyncSession) -> Sequence[Synonym]:
    """The synonym table."""
    return (await session.scalars(select(Synonym).order_by(Synonym.id))).all()


async def add_synonym(session: AsyncSession, words: Sequence[str], by: str, at: datetime) -> Concept:
    """Add a group, and let every public case that says one of its words be found by it."""
    row = Synonym(words=" ".join(words), by=by, at=at)
    session.add(row)
    await session.flush()
    concept = Concept(row.id, tuple(words))
    said = [func.lower(Case.title + "\n" + Case.problem).contains(word, autoescape=True) for word in words]
    cases = await session.execute(select(Case.id, Case.length).where(Case.indexed > 0, or_(*said)))
    rows = [{"term": concept.term, "case_id": case_id, "count": 1, "length": length} for case_id, length in cases]
    if rows:
        await session.execute(insert(CaseTerm), rows)
    await _count(session, {concept.term: len(rows)})
    return concept


async def remove_synonym(session: AsyncSession, row: Synonym) -> None:
    """Remove a group; nothing is found by it any more."""
    term = term_of(row.id)
    await session.execute(delete(CaseTerm).where(CaseTerm.term == term))
    await session.execute(delete(TermCount).where(TermCount.term == term))
    await session.delete(row)


async def synonym(session: AsyncSession, number: int) -> Synonym | None:
    """A group of the synonym table."""
    return await session.get(Synonym, number)


async def _count(session: AsyncSession, more: Mapping[str, int]) -> None:
    if not more:
        return
    dialect = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = dialect(TermCount)
    added = row.on_conflict_do_update(index_elements=["term"], set_={"cases": TermCount.cases + row.excluded.cases})
    await session.execute(added, [{"term": term, "cases": count} for term, count in sorted(more.items())])


async def _grow(session: AsyncSession, cases: int, length: float) -> None:
    grown = {"cases": Collection.cases + cases, "length": Collection.length + length}
    await session.execute(update(Collection).values(grown))

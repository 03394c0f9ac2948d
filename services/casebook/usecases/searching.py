"""Finding cases by what people say, and keeping the words that mean the same (mechanism §8)."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.domain import ranking, words
from services.casebook.store import cases as store
from services.casebook.store import search
from services.casebook.tables import Case, Synonym
from shared import clock
from shared.db import wake
from shared.refusals import NotFound, NotPossible
from shared.security.roles import Actor

INDEX = "index cases"
"""The name of the job that does."""
ASKED_LENGTH = 500
"""How much of a text is looked at when similar cases are sought, in characters."""
_AT_ONCE = 200


async def similar(session: AsyncSession, text: str, limit: int) -> list[tuple[Case, float]]:
    """The public cases most like a text, with their scores."""
    asked = words.sought(text[:ASKED_LENGTH], await search.concepts(session))
    cases, length = await search.size(session)
    sought = ranking.asked(await search.frequencies(session, asked.keys()), cases, length)
    found = await search.most_like(session, sought, limit)
    by_id = await store.cases_of(session, [case_id for case_id, _ in found])
    return [(by_id[case_id], score) for case_id, score in found]


async def index(session: AsyncSession, cases: Sequence[Case]) -> None:
    """Let these cases be found by what they say; whoever asks for it holds the search."""
    concepts = await search.concepts(session)
    await search.keep_terms(session, [(case, words.terms_of(case.text, concepts)) for case in cases])


async def index_again(session: AsyncSession) -> None:
    """Find public cases by today's terms whose terms were kept by another tokenizer, or never; some at a time."""
    if not await search.unindexed(session, 1):
        return
    await search.hold(session)
    cases = await search.unindexed(session, _AT_ONCE)
    for case in cases:
        await search.forget_terms(session, case)
    await index(session, cases)
    if len(cases) == _AT_ONCE:
        wake(session, INDEX)


async def synonyms(session: AsyncSession) -> Sequence[Synonym]:
    """The synonym table."""
    return await search.synonyms(session)


async def add_synonym(session: AsyncSession, actor: Actor, given: Sequence[str]) -> Synonym:
    """Add a group of words that mean the same; cases are found by it at once, in every replica."""
    group = words.must_be_synonyms(given)
    await search.hold(session)
    for concept in await search.concepts(session):
        if set(group) <= set(concept.words):
            raise NotPossible("known-synonyms", f"这些词已在同一组中：{'、'.join(concept.words)}。")
    concept = await search.add_synonym(session, group, actor.id, clock.now())
    row = await search.synonym(session, concept.id)
    assert row
    return row


async def remove_synonym(session: AsyncSession, number: int) -> None:
    """Remove a group; what was found by it is not, at once, in every replica."""
    await search.hold(session)
    row = await search.synonym(session, number)
    if row is None:
        raise NotFound("no-such-synonyms", "没有这组同义词，可能已被删除。")
    await search.remove_synonym(session, row)


async def change_synonym(session: AsyncSession, actor: Actor, number: int, given: Sequence[str]) -> Synonym:
    """Put another group in the place of one."""
    await remove_synonym(session, number)
    await session.flush()
    return await add_synonym(session, actor, given)

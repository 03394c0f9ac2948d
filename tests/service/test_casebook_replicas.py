"""Two replicas of casebook on one PostgreSQL: what one changes the other finds by, and nothing is counted twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.app import service
from services.casebook.domain.ranking import Asked
from services.casebook.store import search
from services.casebook.tables import CaseTerm, Collection, TermCount
from services.casebook.usecases.candidates import remind
from tests.support.alone import Alone
from tests.support.casebook import (
    APPROVER,
    CLERK,
    COMPLAINT,
    EDITOR,
    approved,
    ask,
    found,
    published,
    staffed,
    step,
    suggested,
)


@pytest.fixture
async def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> AsyncIterator[list[Alone]]:
    async with AsyncExitStack() as both:
        replicas = [
            await both.enter_async_context(Alone.at_work(service, tmp_path, monkeypatch, database_url))
            for _ in range(2)
        ]
        await staffed(replicas[0])
        yield replicas


async def test_synonyms_that_one_learns_help_the_other_at_once(two: list[Alone]) -> None:
    case_id = await published(two[0], title="电动自行车登记上牌", problem="群众反映上牌点太少。")
    added = await ask(two[0], EDITOR, "POST", "synonyms", 201, json={"words": ["小毛驴", "电动自行车"]})
    assert await found(two[1], "小毛驴") == [case_id]
    await ask(two[1], EDITOR, "DELETE", f"synonyms/{added['id']}")
    assert await found(two[0], "小毛驴") == []


async def test_cases_published_at_once_are_all_counted(two: list[Alone]) -> None:
    cases = [await approved(two[0], title=f"集资房办证{n}", problem="老楼没有房产证") for n in range(8)]
    await asyncio.gather(*(step(two[n % 2], APPROVER, case_id, "publish") for n, case_id in enumerate(cases)))
    assert set(await found(two[1], "集资房")) == set(cases)
    async with two[0].store.reading() as session:
        counts = dict((await session.execute(select(TermCount.term, TermCount.cases))).all())
        kept = select(CaseTerm.term, func.count()).group_by(CaseTerm.term)
        assert counts == dict((await session.execute(kept)).all())
        assert await session.scalar(select(Collection.cases)) == 8


async def test_two_who_cite_at_once_are_counted_once(two: list[Alone]) -> None:
    case_id = await published(two[0])
    given = {"complaint_id": COMPLAINT}
    answers = await asyncio.gather(*(step(each, CLERK, case_id, "cite", **given) for each in two * 3))
    assert answers == [{"citations": 1}] * 6


async def test_an_editor_is_reminded_once_although_both_look(two: list[Alone]) -> None:
    await two[0].hear(suggested())
    two[0].now("12-09 10:00")
    await asyncio.gather(*(each.do(remind) for each in two))
    assert [type(event).__name__ for event in await two[0].told()] == ["CandidateWaited"]


async def test_ranking_looks_each_term_up_in_the_index(two: list[Alone]) -> None:
    given = json.loads((Path(__file__).parents[1] / "data" / "cases.json").read_text())["cases"]
    await ask(two[0], APPROVER, "POST", "cases/import", json=given)
    compiled = search.ranking(Asked({"公积": 2.0, "积金": 2.0}, 30.0), 3).compile(
        two[0].store.engine.sync_engine, compile_kwargs={"literal_binds": True}
    )

    async def explained(session: AsyncSession) -> str:
        await session.execute(text("ANALYZE case_terms"))
        return "\n".join(row[0] for row in await session.execute(text(f"EXPLAIN {compiled}")))

    plan = await two[0].do(explained)
    assert "Scan using case_terms_pkey" in plan or "Bitmap Index Scan on case_terms_pkey" in plan, plan
    assert "Seq Scan" not in plan, plan

"""Facts summed by the day: whatever is summed, changed after or still to come, figures are what the facts give."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.counted import Counted
from services.intake.domain.tally import By, Tally
from services.intake.store import figures, sums
from services.intake.store.figures import Counting
from services.intake.store.movements import OF_ORGANISATIONS, SPLITS
from services.intake.tables import ChangeRow, FigureRow, ProfileRow, SumRow
from services.intake.usecases import journal, summing
from shared.events.dispatch import OrderChecked, Satisfaction
from tests.service.test_intake_figures import asked, due, ended, of
from tests.support.alone import at, waited_for
from tests.support.intake import (
    COUNTY,
    HELPER,
    ORGANISATION,
    TOWNSHIP,
    Intake,
    dispatched,
    intake_at_work,
    replied,
)

BY = (By.CENTER, *SPLITS)
SPANS = (("09-01 00:00", "10-01 00:00"), ("09-28 00:00", "12-01 00:00"), ("10-09 00:00", "10-10 00:00"))
WHEN = ("09-28 23:59:59.999999", "09-30 12:00", "10-08 23:59:59.999999", "10-09 10:30", "10-12 00:00", "11-04 10:00")
Same = tuple[Counted, str | None, str | None, bool | None, bool, int]


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


@pytest.fixture
async def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> AsyncIterator[list[Intake]]:
    async with AsyncExitStack() as both:
        yield [
            await both.enter_async_context(intake_at_work(tmp_path, monkeypatch, database_url=database_url))
            for _ in range(2)
        ]


async def recounted(session: AsyncSession, counting: Counting) -> dict[By, Counter[tuple[Same, str]]]:
    """What the facts give, one by one."""
    found: dict[By, Counter[tuple[Same, str]]] = {by: Counter() for by in BY}
    joined = select(FigureRow, ProfileRow).outerjoin(ProfileRow, ProfileRow.complaint_id == FigureRow.complaint_id)
    for fact, profile in await session.execute(joined.where(*counting.conditions())):
        in_time = int(fact.done_at is not None and fact.done_at <= fact.at)
        for by in BY:
            if by in OF_ORGANISATIONS and fact.petitioner != "organisation":
                continue
            key = getattr(profile, by, None) if by in OF_ORGANISATIONS else getattr(fact, COLUMNS.get(by, by.value))
            same = (Counted(fact.counted), key, fact.detail, fact.yes, fact.also, in_time)
            sums = {(same, "n"): 1, (same, "working"): fact.working or 0, (same, "elapsed"): fact.elapsed or 0}
            found[by].update(sums)
    return found


COLUMNS = {By.CHANNEL: "source"}


def as_counted(tallies: list[Tally]) -> Counter[tuple[Same, str]]:
    found: Counter[tuple[Same, str]] = Counter()
    for each in tallies:
        same = (each.counted, each.key, each.detail, each.yes, each.also, each.in_time)
        found.update({(same, name): getattr(each, name) for name in ("n", "working", "elapsed")})
    return found


async def must_be_what_the_facts_give(intake: Intake) -> None:
    async def compare(session: AsyncSession) -> None:
        for begin, end in SPANS:
            for when in WHEN:
                counting = Counting((COUNTY, TOWNSHIP), at(begin), at(end), at(when))
                told = await figures.tallies_by(session, counting, *BY)
                assert {by: as_counted(told[by]) for by in BY} == await recounted(session, counting), (begin, when)

    await intake.do(compare)


async def summed(intake: Intake, when: str) -> tuple[int, int]:
    """Sum all that is over by then; how many sums there are, and how many changes are not in them."""
    intake.now(when)
    intake.woken.add(summing.SUM)
    while summing.SUM in intake.woken:
        intake.woken.clear()
        await intake.do(summing.sum_up)
    return await intake.do(rows)


async def rows(session: AsyncSession) -> tuple[int, int]:
    counted = [await session.scalar(select(func.count()).select_from(table)) for table in (SumRow, ChangeRow)]
    return counted[0] or 0, counted[1] or 0


async def spoil_sums(session: AsyncSession) -> None:
    await session.execute(update(SumRow).values(n=SumRow.n + 1))


async def lives(intake: Intake) -> list[str]:
    """Three complaints of as many kinds, of which one ends on 9 October."""
    given = [{}, {"center": TOWNSHIP, "category": "question"}, {"petitioner": ORGANISATION}]
    ids = [(await intake.registered(f"WB-{n}", **more))["complaint_id"] for n, more in enumerate(given)]
    for one in ids:
        await intake.hear(dispatched(one, "09-28 10:10", 1), due(one, 1, "09-28 10:10", "10-08 17:30"))
    await intake.hear(
        replied(ids[2], "10-08 17:00", 2),
        OrderChecked(passed=True, leg=1, round=1, **of(ids[2], 3, "10-09 09:00")),
        asked(ids[2], 4, "10-09 10:00", Satisfaction.SATISFIED),
        ended(ids[2], 5, "10-09 10:00"),
    )
    return ids


async def happens(intake: Intake) -> None:
    """All that may happen to sums: days come to an end, something is heard late, or comes between what was known."""
    one, other, ended_one = await lives(intake)
    await must_be_what_the_facts_give(intake)
    many, none = await summed(intake, "10-09 10:30")
    assert many > 0 == none
    await must_be_what_the_facts_give(intake)

    await intake.hear(replied(one, "10-09 10:20", 2))  # on a day that is not over
    assert await intake.do(rows) == (many, 0)
    await intake.hear(replied(other, "10-07 10:00", 2))  # on one that is summed
    await must_be_what_the_facts_give(intake)
    moved = dispatched(ended_one, "09-30 09:00", 1, lead=HELPER)  # and before what was known to follow it
    await intake.hear(moved)
    await intake.do(journal.recompute)
    assert (await intake.do(rows))[1] > 0
    await must_be_what_the_facts_give(intake)

    more, none = await summed(intake, "10-31 10:00")
    assert more > many > 0 == none
    await must_be_what_the_facts_give(intake)
    await intake.do(spoil_sums)
    assert (await intake.do(journal.rebuild))[1] == 0
    assert await intake.do(rows) == (0, 0)
    await must_be_what_the_facts_give(intake)
    resummed = await summed(intake, "10-31 10:01")
    assert 0 < resummed[0] <= more, resummed
    assert resummed[1] == 0
    await must_be_what_the_facts_give(intake)


async def test_summed_figures_are_what_the_facts_give(intake: Intake) -> None:
    await happens(intake)


async def test_so_they_are_on_postgresql_and_who_sums_waits_for_who_writes(two: list[Intake]) -> None:
    await happens(two[0])
    one = (await two[0].registered("WD-1"))["complaint_id"]
    two[1].now("11-04 10:00")
    summing_up: list[asyncio.Task[None]] = []

    async def write(session: AsyncSession) -> None:
        event = dispatched(one, "11-03 17:00", 1)
        await journal.open_journals(session, [one], [event])
        journal.enter(session, one, event)
        await session.flush()
        summing_up.extend(asyncio.create_task(sum_up(each)) for each in two)
        await waited_for(session, summing_up[0])

    async def sum_up(intake: Intake) -> None:
        await intake.do(summing.sum_up)

    await two[0].do(write)
    await asyncio.gather(*summing_up)
    assert await two[0].do(sums.until) == at("11-04 00:00")
    assert (await two[0].do(rows))[1] == 0
    await must_be_what_the_facts_give(two[1])


async def test_days_are_summed_a_few_at_a_time(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.intake.store.sums.DAYS_AT_ONCE", 2)
    await lives(intake)
    intake.now("10-12 10:00")
    await intake.do(summing.sum_up)
    assert await intake.do(sums.until) == at("09-28 00:00") + timedelta(days=2)
    await must_be_what_the_facts_give(intake)
    assert summing.SUM in intake.woken

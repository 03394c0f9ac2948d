"""What the ledger hears, it hears once whatever happens; live it is the same as rebuilt or as of any day (§10)."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy import event as happening

from services.intake.tables import FigureRow, JournalRow, LedgerRow
from services.intake.usecases import journal
from shared.events import Event, casebook
from shared.messaging.tables import ParkedRow
from tests.support.alone import at
from tests.support.intake import ADMINISTRATOR, CLERK, COUNTY, Intake, dispatched, leg
from tests.support.ledgers import bytes_of, intake, life

__all__ = ["intake"]


async def facts(intake: Intake) -> list[tuple[Any, ...]]:
    """Everything that is counted, and as long as it held."""
    columns = FigureRow.__table__.columns
    async with intake.store.reading() as session:
        return [tuple(row) for row in await session.execute(select(*columns).order_by(*list(columns)[:4]))]


async def journalled(intake: Intake) -> int:
    async with intake.store.reading() as session:
        return await session.scalar(select(func.count()).select_from(JournalRow)) or 0


@pytest.mark.parametrize("index", range(7))
async def test_each_event_is_heard_once_twice_and_after_a_failure_half_way(
    intake: Intake, monkeypatch: pytest.MonkeyPatch, index: int
) -> None:
    one = (await intake.registered())["complaint_id"]
    event = life(one)[index]
    with monkeypatch.context() as broken:
        broken.setattr(journal.store, "put", lambda *_: 1 / 0)
        await intake.hear(event)
    assert (await intake.parked(), await journalled(intake)) == (1, 1)
    await intake.do(_make_due)
    await intake.receiver.retry_due()
    once = await bytes_of(intake)
    assert (await intake.parked(), await journalled(intake)) == (0, 2)
    await intake.hear(event, event)
    assert await bytes_of(intake) == once
    assert await journalled(intake) == 2


async def _make_due(session: Any) -> None:
    await session.execute(update(ParkedRow).values(next_try_at=at("2020-01-01 00:00")))


async def test_an_event_of_an_unknown_complaint_waits(intake: Intake) -> None:
    await intake.hear(dispatched("01900000-0000-7000-8000-000000000000"))
    assert await intake.parked() == 1
    assert await journalled(intake) == 0


async def test_a_published_case_belongs_to_its_complaint_or_to_none(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    of = {"at": at("10-20 09:00"), "center": COUNTY, "title": "证明早已取消", "by": "an"}
    await intake.hear(
        casebook.CasePublished(subject="case-1", complaint_id=one, **of),
        casebook.CasePublished(subject="case-2", complaint_id=None, **of),
    )
    lines = (await intake.ask("GET", f"complaints/{one}/history", CLERK)).json()
    assert [line["what"] for line in lines] == ["登记受理", "已形成指导案例"]
    assert await intake.parked() == 0


@pytest.mark.parametrize("seed", range(4))
async def test_live_is_rebuilt_byte_for_byte_whatever_order_events_came_in(intake: Intake, seed: int) -> None:
    receipts = [await intake.registered(f"WB-{n}") for n in range(4)]
    events = [event for each in receipts for event in life(each["complaint_id"], each["number"])]
    chance = random.Random(seed)
    chance.shuffle(events)
    while events:
        size = chance.randint(1, 9)
        await intake.hear(*events[:size])
        events = events[size:]
    live = await bytes_of(intake)

    async def spoil(session: Any) -> None:
        await session.execute(update(LedgerRow).values(state="registered", due_at=None, data={}))
        await session.execute(update(FigureRow).values(center="", working=7, until=None))
        await session.execute(delete(FigureRow).where(FigureRow.counted == "due"))

    await intake.do(journal.recompute)  # what held between events of which the earlier was heard later
    kept = await facts(intake)
    assert await intake.do(journal.rebuild) == (4, 0, None)
    await intake.do(spoil)
    answer = await intake.ask("POST", "ledger/rebuild", ADMINISTRATOR, json={"limit": 3})
    assert answer.json() == {"rebuilt": 3, "changed": 3, "next": sorted(each["complaint_id"] for each in receipts)[2]}
    answer = await intake.ask(
        "POST", "ledger/rebuild", ADMINISTRATOR, json={"after": answer.json()["next"], "limit": 3}
    )
    assert answer.json() == {"rebuilt": 1, "changed": 1, "next": None}
    assert await facts(intake) == kept
    assert await bytes_of(intake) == live
    intake.now("10-31 09:00")
    assert await bytes_of(intake, as_of="2026-10-31") == await bytes_of(intake) == live


async def test_as_of_a_day_it_is_what_it_was_at_the_end_of_that_day(intake: Intake) -> None:
    one = (await intake.registered())["complaint_id"]
    then: dict[str, bytes] = {"2026-09-27": b"[]"}
    by_day: dict[str, list[Event]] = {}
    for event in life(one):
        by_day.setdefault(event.at.date().isoformat(), []).append(event)
    for day, events in by_day.items():
        intake.now(f"{day} 18:00")
        await intake.hear(*events)
        given = {"petitioner": {"phone": f"199000{day[5:7]}{day[8:]}1"}, "reason": "换了号码"}
        answer = await intake.ask("POST", f"complaints/{one}/correct", CLERK, json=given)
        assert answer.status_code == 200, answer.text
        then[day] = await bytes_of(intake)
    intake.now("10-10 09:00")
    await intake.registered("WB-2")
    for day, content in then.items():
        assert await bytes_of(intake, as_of=day) == content
    assert len(set(then.values())) == 5


async def test_a_batch_takes_one_query_a_table_however_many_complaints_it_touches(intake: Intake) -> None:
    receipts = [await intake.registered(f"WB-{n}") for n in range(30)]
    events = [dispatched(each["complaint_id"], leg=leg()) for each in receipts]
    asked: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN") and "parked" not in statement:  # which is asked about once a second
            asked.append(statement.split()[0])

    happening.listen(intake.store.engine.sync_engine, "before_cursor_execute", note)
    try:
        await intake.hear(*events)
    finally:
        happening.remove(intake.store.engine.sync_engine, "before_cursor_execute", note)
    assert asked.count("SELECT") == 4  # complaints, journal, rows, facts
    assert asked.count("INSERT") == 3  # the claims, the journal, the facts
    assert asked.count("UPDATE") == 1

"""Several people and replicas at one order at once, on PostgreSQL: its row is the lock of the whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.dispatch.usecases import papers, together
from shared import clock
from shared.audit.tables import AuditRow
from shared.events.dispatch import Escalation, OrderClosed, OrderDispatched, OrderReplied
from shared.events.intake import PetitionerErased, Triage
from shared.events.sla import Rung
from shared.papers.kinds import Kind
from shared.papers.tables import IssuedPaper
from tests.support.alone import at, waited_for
from tests.support.dispatching import COORDINATOR, HEAD, Desk, officer
from tests.support.joined import joined_to, sent_back

ZRZY = officer("sq/zrzy")
REASONS: dict[str, Any] = {"kind": "reasons", "text": "不符合条件。", "legal_basis": "《条例》第五条"}
SATISFIED: dict[str, Any] = {"satisfaction": "satisfied", "opinion": "满意", "method": "phone"}
DUE = at("11-26 17:30")


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> AsyncIterator[Desk]:
    async with Desk.open(tmp_path, monkeypatch, database_url) as opened:
        yield opened


async def _statuses(desk: Desk, complaint_id: str, action: str, *actors: Any, **given: Any) -> list[int]:
    asked = (desk.ask("POST", f"orders/{complaint_id}/{action}", actor, json=given) for actor in actors)
    return sorted(answer.status_code for answer in await asyncio.gather(*asked))


async def test_of_those_who_do_the_same_at_once_one_succeeds(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    assert await _statuses(desk, complaint_id, "dispatch", *[COORDINATOR, HEAD] * 3, lead="zrzy") == [200, *[409] * 5]
    assert await _statuses(desk, complaint_id, "reply", *[ZRZY] * 6, **REASONS) == [200, *[409] * 5]
    assert await _statuses(desk, complaint_id, "check", *[COORDINATOR, HEAD] * 3, passed=True) == [200, *[409] * 5]
    assert await _statuses(desk, complaint_id, "follow-up", *[HEAD] * 6, **SATISFIED) == [200, *[409] * 5]
    for kind in (OrderDispatched, OrderReplied, OrderClosed):
        assert len(await desk.announced(kind)) == 1


async def test_what_is_done_to_several_orders_at_once_shares_a_transaction(desk: Desk) -> None:
    complaints = [await desk.complaint() for _ in range(8)]
    before = desk.store.commits
    assert await _dispatched(desk, complaints) == [200] * 8
    assert desk.store.commits - before < 8
    assert len(await desk.announced(OrderDispatched)) == 8


async def test_where_one_is_refused_the_others_are_done_all_the_same(desk: Desk) -> None:
    complaints = [await desk.complaint() for _ in range(3)]
    await desk.act(complaints[1], "dispatch", lead="zrzy")
    assert await _dispatched(desk, [*complaints, "none-such"]) == [200, 409, 200, 404]
    assert len(await desk.announced(OrderDispatched)) == 3


async def test_the_audit_log_knows_each_of_them_by_the_same_commit(desk: Desk) -> None:
    complaints = [await desk.complaint() for _ in range(4)]
    await _dispatched(desk, [*complaints, "none-such"])
    async with desk.store.reading() as session:
        rows = (await session.scalars(select(AuditRow))).all()
    assert {(row.subject, row.action, row.result) for row in rows} == {
        (complaint_id, "dispatch", "allowed") for complaint_id in complaints
    }
    assert len(rows) == 4


async def _dispatched(desk: Desk, complaints: Sequence[str]) -> list[int]:
    asked = (desk.ask("POST", f"orders/{each}/dispatch", COORDINATOR, json={"lead": "zrzy"}) for each in complaints)
    return [answer.status_code for answer in await asyncio.gather(*asked)]


async def test_a_rung_asked_for_by_several_replicas_at_once_is_given_once(desk: Desk) -> None:
    complaints = [await desk.complaint() for _ in range(5)]
    for complaint_id in complaints:
        await desk.act(complaint_id, "dispatch", lead="zrzy")
    desk.now("11-27 09:00")
    batches = [[desk.due(each, Rung.SUPERVISED, DUE) for each in complaints] for _ in range(6)]
    await asyncio.gather(*(desk.hear(*batch) for batch in batches))
    told = [event.subject for event in await desk.told() if isinstance(event, Escalation)]
    assert sorted(told) == sorted(complaints)
    assert await desk.parked() == 0


async def test_what_is_joined_while_somebody_waits_to_answer_the_leading_one_is_answered_too(desk: Desk) -> None:
    leading, other = await desk.complaint(), await desk.complaint()
    await desk.act(leading, "dispatch", lead="zrzy")
    await sent_back(desk, await joined_to(desk, leading, Triage.CANNOT))
    async with desk.store.transaction() as session:
        await together.join(session, HEAD, other, to=leading, reason="反映同一事项。")
        await session.flush()
        answering = asyncio.create_task(desk.act(leading, "reply", ZRZY, **REASONS))
        await waited_for(session, answering)
    assert (await answering)["not_reached"] == []
    assert (await desk.file(other))["state"] == "checking"


async def test_who_is_erased_while_a_paper_that_names_him_is_issued_is_not_kept_with_it(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.OUT_OF_SCOPE)
    await desk.act(complaint_id, "refer", unit="供电公司")
    erased = PetitionerErased(at=clock.now(), center="sq", subject=complaint_id, by="head-sq", reason="保存期满。")
    async with desk.store.transaction() as session:
        paper = await papers.issue(session, COORDINATOR, complaint_id, Kind.REFERRAL, None)
        assert paper.petitioner
        erasing = asyncio.create_task(desk.hear(erased))
        await waited_for(session, erasing)
    await erasing
    async with desk.store.reading() as session:
        assert (await session.scalars(select(IssuedPaper.petitioner))).all() == [None]


async def test_a_complaint_triaged_twice_at_once_has_one_order(desk: Desk) -> None:
    registered = desk.registered()
    await desk.hear(registered)
    first, second = (desk.triaged(registered.subject, t, n) for t, n in ((Triage.GENERAL, 1), (Triage.HARD, 2)))
    await asyncio.gather(desk.hear(first), desk.hear(second))
    await desk.receiver.retry(first.event_id)
    await desk.receiver.retry(second.event_id)
    order = await desk.file(registered.subject)
    assert (order["triage"], order["state"]) == ("hard", "pending")

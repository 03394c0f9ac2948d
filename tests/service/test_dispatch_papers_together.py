"""Several who sign at once, on PostgreSQL: each paper once, and numbers without gaps (mechanism §2)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.events.intake import Triage
from tests.support.dispatching import COORDINATOR, HEAD, Desk


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> AsyncIterator[Desk]:
    async with Desk.open(tmp_path, monkeypatch, database_url) as opened:
        yield opened


async def test_each_paper_is_issued_once_and_numbers_have_no_gap(desk: Desk) -> None:
    complaints = [await desk.complaint(Triage.OUT_OF_SCOPE) for _ in range(3)]
    for complaint_id in complaints:
        await desk.act(complaint_id, "refer", unit="供电公司")
    asked = [
        desk.ask("POST", f"orders/{complaint_id}/papers/referral", actor, json={})
        for complaint_id in complaints
        for actor in (COORDINATOR, HEAD, COORDINATOR)
    ]
    answers = await asyncio.gather(*asked)
    numbers = [answer.json()["number"] for answer in answers if answer.status_code == 201]
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 6
    assert sorted(int(number.rpartition("〕")[2].rstrip("号")) for number in numbers) == [1, 2, 3]
    assert (await desk.ask("GET", "papers/unsigned", HEAD)).json() == []

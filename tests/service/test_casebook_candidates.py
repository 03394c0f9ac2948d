"""Typical complaints until a case is drawn from them (Art. 11; mechanism §8): heard once, twice, half-way; reminded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.casebook.app import service
from services.casebook.consumers import consumer
from services.casebook.usecases.candidates import REMIND, remind
from shared.events.casebook import CandidateWaited
from shared.events.dispatch import CaseSuggested
from tests.support.alone import Alone, at
from tests.support.casebook import (
    APPROVER,
    COMPLAINT,
    EDITOR,
    TOWNSHIP,
    WHOLE,
    ask,
    refused,
    staffed,
    suggested,
)

FROM_COMPLAINT = {"complaint_id": COMPLAINT}


@pytest.fixture
async def casebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        await staffed(alone)
        yield alone


async def candidates(casebook: Alone, **params: Any) -> list[str]:
    return [each["complaint_id"] for each in await ask(casebook, EDITOR, "GET", "candidates", params=params)]


async def test_a_typical_complaint_is_a_candidate_once_and_tells_nothing_personal(casebook: Alone) -> None:
    event = suggested()
    await casebook.hear(event)
    await casebook.hear(event)
    await casebook.hear(suggested())
    [candidate] = await ask(casebook, EDITOR, "GET", "candidates")
    assert candidate["problem"] == "老楼办不下房产证。电话〔电话已隐去〕"
    assert [(each["kind"], each["found"]) for each in candidate["struck"]] == [("phone", "199****1001")]
    assert candidate["due_at"] == at("12-07 17:30").isoformat()
    assert casebook.woken >= {REMIND}


async def test_a_candidate_that_fails_half_way_is_not_there(casebook: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    event = suggested()

    async def fail(*_: Any) -> None:
        raise RuntimeError("half-way")

    with monkeypatch.context() as broken:
        broken.setitem(consumer.handlers, CaseSuggested, [*consumer.handlers[CaseSuggested], fail])
        await casebook.hear(event)
    assert (await casebook.parked(), await candidates(casebook)) == (1, [])
    await casebook.receiver.retry(event.event_id)
    assert await candidates(casebook) == [COMPLAINT]


async def test_a_draft_begins_with_what_the_closing_told_and_there_is_one(casebook: Alone) -> None:
    await casebook.hear(suggested())
    draft = await ask(casebook, EDITOR, "POST", "cases", 201, json=FROM_COMPLAINT)
    assert draft["id"] != COMPLAINT
    assert (draft["problem"], draft["conclusion"]) == ("老楼办不下房产证。电话〔电话已隐去〕", "容缺受理。")
    inside = await ask(casebook, EDITOR, "GET", f"cases/{draft['id']}")
    assert inside["complaint_id"] == COMPLAINT
    assert [(each["kind"], each["found"]) for each in inside["struck"]] == [("phone", "199****1001")]
    assert await candidates(casebook) == []
    assert await refused(casebook, EDITOR, "POST", "cases", json=FROM_COMPLAINT) == "drafted-already"


async def test_after_ten_working_days_without_a_draft_it_is_listed_and_its_editor_reminded_once(
    casebook: Alone,
) -> None:
    await casebook.hear(suggested(), suggested("c-2", "11-24 09:00", "sq-zhidian"))
    casebook.now("12-07 17:30")
    assert await casebook.do(remind) == at("12-07 17:30:00.000001")
    assert await casebook.told() == []
    casebook.now("12-07 17:31")
    assert await candidates(casebook, overdue=True) == [COMPLAINT]
    casebook.now("12-08 18:00")
    for _ in range(2):
        assert await casebook.do(remind) is None
    first, second = await casebook.told()
    assert isinstance(first, CandidateWaited)
    assert isinstance(second, CandidateWaited)
    assert (first.subject, first.number, first.office) == (COMPLAINT, "SQ-2026-0001", "sq")
    assert (second.subject, second.center, second.office) == ("c-2", "sq-zhidian", "sq")


async def test_who_has_a_draft_is_not_reminded(casebook: Alone) -> None:
    await casebook.hear(suggested())
    await ask(casebook, EDITOR, "POST", "cases", 201, json=FROM_COMPLAINT)
    casebook.now("12-09 10:00")
    assert await casebook.do(remind) is None
    assert await casebook.told() == []


async def test_why_no_case_is_drawn_from_it_can_be_said(casebook: Alone) -> None:
    await casebook.hear(suggested())
    path = f"candidates/{COMPLAINT}/dismiss"
    assert await refused(casebook, EDITOR, "POST", path, json={"reason": " "}) == "invalid reason"
    dismissed = await ask(casebook, EDITOR, "POST", path, json={"reason": "与已有案例相同"})
    assert dismissed["dismissed_because"] == "与已有案例相同"
    assert await candidates(casebook) == []
    assert await refused(casebook, EDITOR, "POST", "cases", json=FROM_COMPLAINT) == "dismissed"
    await casebook.hear(suggested(when="11-24 09:00"))
    assert await candidates(casebook) == [COMPLAINT], "closed as typical again, after a reopening"


async def test_a_township_sees_its_own_the_county_all(casebook: Alone) -> None:
    await casebook.hear(suggested(), suggested("c-2", center="sq-zhidian"))
    assert await candidates(casebook) == ["01990000-0000-7000-8000-00000000000a", "c-2"]
    assert [each["complaint_id"] for each in await ask(casebook, TOWNSHIP, "GET", "candidates")] == ["c-2"]
    assert len(await ask(casebook, APPROVER, "GET", "candidates")) == 2
    assert await refused(casebook, TOWNSHIP, "POST", "cases", json=WHOLE | FROM_COMPLAINT) == "no-source mechanism"
    assert await refused(casebook, TOWNSHIP, "POST", "cases", json=FROM_COMPLAINT) == "other-center"

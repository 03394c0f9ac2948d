"""Intake alone with its ledger: a complaint that others have handled, and the bytes of all rows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from shared.events import Event
from shared.events.dispatch import EscalationUrged, Final, OrderChecked, OrderClosed, OrderFollowedUp, Satisfaction
from shared.events.intake import Triage
from shared.events.sla import ClockStarted
from tests.support.alone import at
from tests.support.intake import AUDITOR, COUNTY, LEAD, Intake, dispatched, intake_at_work, replied


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


def life(one: str, number: str = "SQ-2026-0001") -> list[Event]:
    """What others announce of it, from dispatch to its end on 9 October."""
    of = {"center": COUNTY, "subject": one, "by": "li"}
    end = {"triage": Triage.CANNOT, "redo": 0, "overdue": False, "problem": "", "result": "", "number": number}
    return [
        dispatched(one, revision=1),
        ClockStarted(
            at=at("09-28 10:10"), center=COUNTY, subject=one, leg=1, due_at=at("10-08 17:30"), provisional=False
        ),
        EscalationUrged(
            at=at("09-30 17:30"), center=COUNTY, subject=one, leg=1, round=1, to=[LEAD], level=COUNTY,
            fell_due_at=at("09-30 17:30"),
        ),
        replied(one, "10-08 10:00", 2, text="因电话19900001001核实，已办好。"),
        OrderChecked(at=at("10-08 11:00"), revision=3, passed=True, leg=1, round=1, **of),
        OrderFollowedUp(
            at=at("10-09 09:00"), revision=4, satisfaction=Satisfaction.SATISFIED, opinion="好", method="phone", **of
        ),
        OrderClosed(at=at("10-09 09:00"), revision=5, final=Final.ZEROED, **end, **of),
    ]  # fmt: skip


async def bytes_of(intake: Intake, **params: Any) -> bytes:
    answer = await intake.ask("GET", "ledger", AUDITOR, params=params)
    assert answer.status_code == 200, answer.text
    return answer.content

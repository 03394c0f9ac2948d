"""Limits and plans (Art. 8, mechanism §5): numbers as they are set, dates that are not over, far ones on days off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.dispatch.app import service
from shared.events.directory import DepartmentChanged
from shared.events.dispatch import OrderDispatched, OrderReplied
from shared.events.intake import Triage
from shared.settings import settings
from tests.support.dispatching import COORDINATOR, Desk, desk, officer

__all__ = ["desk"]

ZRZY = officer("sq/zrzy")


@pytest.mark.parametrize(("day", "needed"), [("2026-12-25", False), ("2026-12-26", True)])
async def test_a_day_off_needs_consent_where_the_day_it_rolls_to_does(desk: Desk, day: str, needed: bool) -> None:
    desk.now("11-27 09:00")
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.act(complaint_id, "reply", ZRZY, kind="plan", text="方案", committed_on=day)
    (event,) = await desk.announced(OrderReplied)
    assert event.needs_consent is needed


async def test_the_limits_are_those_that_are_set(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, days in (("PLAN", 4), ("REASONS", 2), ("REFUSED", 1), ("CONSENT_BEYOND", 2)):
        monkeypatch.setenv(f"YOUSU_{name}_WORKING_DAYS", str(days))
    settings.cache_clear()
    for triage in (Triage.HARD, Triage.CANNOT, Triage.REFUSED):
        complaint_id = await desk.complaint(triage)
        await desk.act(complaint_id, "dispatch", lead="zrzy")
        if triage is Triage.HARD:
            await desk.act(complaint_id, "reply", ZRZY, kind="plan", text="方案", committed_on="2026-11-26")
    legs = [(event.leg.rule, event.leg.working_days) for event in await desk.announced(OrderDispatched)]
    assert legs == [("working_days", 4), ("working_days", 2), ("working_days", 1)]
    assert [event.needs_consent for event in await desk.announced(OrderReplied)] == [True]


async def test_a_plan_given_after_close_does_not_commit_to_today(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    plan: dict[str, Any] = {"kind": "plan", "text": "方案"}
    desk.now("11-24 17:30")
    today = plan | {"committed_on": "2026-11-24"}
    assert await desk.refused(complaint_id, "reply", ZRZY, **today) == (422, "bad-commitment", ["committed_on"])
    await desk.act(complaint_id, "reply", ZRZY, **plan, committed_on="2026-11-25")


async def test_before_the_centers_calendar_has_come_no_day_is_fixed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Desk.at_work(service, tmp_path, monkeypatch) as desk:
        desk.now("11-23 09:00")
        await desk.hear(*[event for event in desk._county() if isinstance(event, DepartmentChanged)])
        complaint_id = await desk.complaint(Triage.REFUSED)
        given = {"lead": "zrzy", "committed_working_days": 3}
        answer = await desk.ask("POST", f"orders/{complaint_id}/dispatch", COORDINATOR, json=given)
        assert (answer.status_code, answer.json()["code"]) == (503, "no-calendar")
        assert (await desk.file(complaint_id))["state"] == "pending"

"""The clocks of sla, and what dispatch would tell it of one order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.sla import store
from services.sla.app import service
from services.sla.domain import Clock
from shared.events import Event
from shared.events.dispatch import (
    EscalationReported,
    EscalationSupervised,
    EscalationUrged,
    ExtensionGranted,
    Final,
    Leg,
    LimitRule,
    OrderChecked,
    OrderClosed,
    OrderDispatched,
    OrderReplied,
    Party,
    RedoStarted,
    ReplyKind,
    Stage,
)
from shared.events.intake import Triage
from shared.events.sla import Rung, RungDue
from shared.ids import new_id
from tests.support.alone import Alone, at

LEAD = Party(center="sq", department="zrzy")


@pytest.fixture
async def sla(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    """Alone with its clocks: the mornings' digests are another matter."""
    monkeypatch.setenv("YOUSU_DAILY_DIGEST", "false")
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        await alone.knows("sq")
        yield alone


class Told:
    """The events dispatch would tell of one order; each is made once and can be delivered in any order."""

    def __init__(self) -> None:
        self.id = new_id()
        self.revision = 0

    def _make(self, kind: type[Event], when: str, /, **data: Any) -> Any:
        self.revision += 1
        if "revision" in kind.model_fields:
            data["revision"] = self.revision
        return kind(at=at(when), center="sq-zhidian", subject=self.id, **data)

    def leg(self, when: str, number: int = 1, round_number: int = 1, days: int | None = 3, **given: Any) -> Leg:
        stage = given.pop("stage", Stage.REPLY)
        rule = LimitRule.WORKING_DAYS if days else given.pop("rule", LimitRule.SAME_DAY)
        return Leg(
            number=number, stage=stage, round=round_number, starts_at=at(when), rule=rule, working_days=days,
            calendar="sq", **given,
        )  # fmt: skip

    def dispatched(self, when: str, number: int = 1, **given: Any) -> OrderDispatched:
        leg = self.leg(when, number, **given)
        return self._make(OrderDispatched, when, handling_center="sq", lead=LEAD, leg=leg, by="k")

    def replied(
        self, when: str, leg: int = 1, round_number: int = 1, next_leg: Leg | None = None, is_lead: bool = True
    ) -> OrderReplied:
        return self._make(
            OrderReplied, when, reply_id=new_id(), party=LEAD, is_lead=is_lead, kind=ReplyKind.RESULT, text="办结",
            round=round_number, leg=leg, triage=Triage.HARD, next_leg=next_leg, by="k",
        )  # fmt: skip

    def returned(self, when: str, round_number: int = 2, leg: int = 1) -> OrderChecked:
        return self._make(OrderChecked, when, passed=False, reasons="不实", leg=leg, round=round_number, by="k")

    def planned(self, when: str, committed_on: date, **given: Any) -> list[Event]:
        """Dispatched at nine on the day, and a plan in answer: the leg of its result is the second."""
        leg = self.leg(
            when, 2, days=None, rule=LimitRule.COMMITTED, committed_on=committed_on, stage=Stage.RESULT, **given
        )
        return [self.dispatched(f"{when[:5]} 09:00", days=5), self.replied(when, next_leg=leg)]

    def extended(self, when: str, committed_on: date) -> ExtensionGranted:
        was = date(2026, 11, 26)
        return self._make(ExtensionGranted, when, party=LEAD, leg=2, was=was, committed_on=committed_on, by="k")

    def redo(self, when: str, leg: Leg | None, round_number: int = 2) -> RedoStarted:
        return self._make(RedoStarted, when, round=round_number, leg=leg, reason="不满意", by="k")

    def closed(self, when: str) -> OrderClosed:
        return self._make(
            OrderClosed, when, final=Final.ZEROED, number="SQ-2026-0001", triage=Triage.HARD, redo=0, overdue=False,
            problem="问题", result="结果", by="k",
        )  # fmt: skip

    def given(self, rung: Rung, when: str, leg: int = 1, fell_due_at: str | None = "11-25 17:30") -> Any:
        kind = {
            Rung.URGED: EscalationUrged,
            Rung.SUPERVISED: EscalationSupervised,
            Rung.REPORTED: EscalationReported,
        }[rung]
        fell = at(fell_due_at) if fell_due_at else None
        return self._make(kind, when, leg=leg, round=1, fell_due_at=fell, to=[LEAD], level="sq")


async def clock(sla: Alone, order: Told, leg: int = 1) -> Clock:
    async with sla.store.reading() as session:
        kept = await store.order(session, order.id)
        assert kept
        return kept.clocks[leg]


async def asked(sla: Alone) -> list[tuple[Rung, datetime, int | None]]:
    return [(event.rung, event.instant, event.round) for event in await sla.told() if isinstance(event, RungDue)]


def of(events: list[Event], kind: type[Event]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]

"""A county with complaints on dispatch's desk, and everyone who does something about them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import pytest

from services.dispatch.app import service
from shared import clock
from shared.events import Event
from shared.events.directory import CenterChanged, DepartmentChanged
from shared.events.dispatch import OrderDispatched, OrderReplied, RedoStarted
from shared.events.intake import ComplaintRegistered, ComplaintSettled, ComplaintTriaged, SealedPetitioner, Triage
from shared.events.sla import ClockStarted, Rung, RungDue
from shared.ids import new_id
from shared.security.roles import Actor, Role
from shared.security.seal import Sealer
from shared.settings import settings
from shared.workdays import Calendar
from tests.support.alone import Alone, at

E = TypeVar("E", bound=Event)

CENTERS = {"sq": None, "sq-zhidian": "sq", "sq-fujing": "sq"}
DEPARTMENTS = {"sq/zrzy": "自然资源局", "sq/zjj": "住建局", "sq/swj": "税务局"} | {
    f"{township}/zhfw": "综合服务站" for township in ("sq-zhidian", "sq-fujing")
}

COORDINATOR = Actor("coordinator-sq", "金永强", Role.COORDINATOR, "sq")
HEAD = Actor("head-sq", "汪涛", Role.HEAD, "sq")
CLERK = Actor("clerk-sq", "张敏", Role.CLERK, "sq")
AUDITOR = Actor("auditor-sq", "审计", Role.AUDITOR, "sq")
SUPERVISOR = Actor("supervisor-sq", "纪检", Role.SUPERVISOR, "sq")
GOVERNMENT = Actor("government-sq", "督查", Role.GOVERNMENT, "sq")
OF_TOWNSHIP = Actor("coordinator-sq-zhidian", "黄静", Role.COORDINATOR, "sq-zhidian")


def officer(code: str) -> Actor:
    """An officer of this department, `<center>/<code>`."""
    center, _, department = code.partition("/")
    return Actor(f"officer-{department}", "经办人", Role.OFFICER, center, department)


class Desk(Alone):
    """dispatch alone, in a county of three centers."""

    @classmethod
    @asynccontextmanager
    async def open(
        cls, folder: Path, monkeypatch: pytest.MonkeyPatch, database_url: str | None = None
    ) -> AsyncIterator[Self]:
        """The desk, on a Monday in November at nine."""
        async with cls.at_work(service, folder, monkeypatch, database_url) as desk:
            desk.now("11-23 09:00")
            await desk.hear(*desk._county())
            yield desk

    def _county(self) -> list[Event]:
        when, calendar = at("01-01 00:00"), Calendar().to_facts()
        told: list[Event] = [
            CenterChanged(
                at=when, center=code, subject=code, revision=1, name=code, parent=parent, area_code="0394",
                calendar=calendar,
            )
            for code, parent in CENTERS.items()
        ]  # fmt: skip
        for subject, name in DEPARTMENTS.items():
            center, _, code = subject.partition("/")
            told.append(
                DepartmentChanged(
                    at=when, center=center, subject=subject, revision=1, name=name, code=code, short_name=name
                )
            )
        return told

    async def complaint(self, triage: Triage | None = Triage.CANNOT, center: str = "sq", **given: Any) -> str:
        """A complaint, registered and sorted now; returns its id."""
        registered = self.registered(center, **given)
        await self.hear(registered)
        if triage:
            await self.hear(self.triaged(registered.subject, triage, center=center))
        return registered.subject

    def registered(self, center: str = "sq", **given: Any) -> ComplaintRegistered:
        """Intake has registered a complaint."""
        complaint_id = new_id()
        return ComplaintRegistered(
            at=clock.now(),
            center=center,
            subject=complaint_id,
            number=f"SQ-2026-{complaint_id[-4:]}",
            source="window",
            source_ref=complaint_id,
            reported_at=clock.now(),
            category="complaint",
            petitioner=sealed_petitioner(complaint_id),
            query_code="sealed",
            **{"content": "窗口不给办，电话19900001234。"} | given,
        )

    def triaged(self, complaint_id: str, triage: Triage, revision: int = 1, center: str = "sq") -> ComplaintTriaged:
        """Intake has sorted it."""
        return ComplaintTriaged(
            at=clock.now(), center=center, subject=complaint_id, revision=revision, triage=triage, by="clerk-sq"
        )

    def settled(self, complaint_id: str, result: str = "当场解决。") -> ComplaintSettled:
        """Intake has settled it on the spot."""
        return ComplaintSettled(at=clock.now(), center="sq", subject=complaint_id, result=result, by="clerk-sq")

    def due(
        self,
        complaint_id: str,
        rung: Rung,
        instant: datetime,
        leg: int = 1,
        round_number: int | None = 1,
        committed_by: int | None = 0,
    ) -> RungDue:
        """Sla says that a rung's instant has come."""
        return RungDue(
            at=clock.now(), center="sq", subject=complaint_id, leg=leg, round=round_number, committed_by=committed_by,
            rung=rung, instant=instant,
        )  # fmt: skip

    async def due_at(self, complaint_id: str, when: str, leg: int = 1) -> datetime:
        """Sla says when a leg is due."""
        due = at(when)
        await self.hear(
            ClockStarted(at=clock.now(), center="sq", subject=complaint_id, leg=leg, due_at=due, provisional=False)
        )
        return due

    async def act(self, complaint_id: str, action: str, actor: Actor = COORDINATOR, **given: Any) -> dict[str, Any]:
        """Do something through the door; it must succeed."""
        answer = await self.ask("POST", f"orders/{complaint_id}/{action}", actor, json=given)
        assert answer.status_code == 200, answer.text
        standing: dict[str, Any] = answer.json()
        return standing

    async def refused(
        self, complaint_id: str, action: str, actor: Actor = COORDINATOR, **given: Any
    ) -> tuple[int, str, list[str]]:
        """Do something through the door that must be refused: status, code, and the fields at fault."""
        answer = await self.ask("POST", f"orders/{complaint_id}/{action}", actor, json=given)
        problem = answer.json()
        assert answer.is_client_error, answer.text
        assert problem["detail"].endswith("。"), problem
        return answer.status_code, problem["code"], [fault["field"] for fault in problem.get("errors", [])]

    async def file(self, complaint_id: str, actor: Actor = COORDINATOR) -> dict[str, Any]:
        """Everything about an order."""
        answer = await self.ask("GET", f"orders/{complaint_id}", actor)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def announced(self, kind: type[E]) -> list[E]:
        """What was announced of this kind, in order."""
        return [event for event in await self.told() if isinstance(event, kind)]

    async def legs_announced(self) -> list[tuple[int, str, int | None]]:
        """Number, rule and working days of every leg announced."""
        legs = []
        for event in await self.told():
            if isinstance(event, OrderDispatched | RedoStarted):
                legs.append(event.leg)
            elif isinstance(event, OrderReplied):
                legs.append(event.next_leg)
        return [(leg.number, leg.rule.value, leg.working_days) for leg in legs if leg]


def sealed_petitioner(complaint_id: str, name: str = "张三丰", phone: str = "19900001234") -> SealedPetitioner:
    """Who complains, sealed as intake does."""
    fields = {"name": name, "phone": phone, "address": "沈丘县纸店镇前街5号"}
    sealer = Sealer(settings().secret("seal_keys"))
    return SealedPetitioner(kind="individual", **sealer.seal_fields(fields, complaint_id))


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """dispatch at work."""
    async with Desk.open(tmp_path, monkeypatch) as opened:
        yield opened

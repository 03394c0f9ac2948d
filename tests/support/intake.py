"""Intake alone, in a small county; submissions to send it, and events of the others to tell it."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from services.intake.app import service
from services.intake.store.complaints import complaint_numbered
from shared.events import Event
from shared.events.directory import CenterChanged, ChannelChanged, DepartmentChanged, MemberChanged
from shared.events.dispatch import Leg, LimitRule, OrderDispatched, OrderReplied, Party, ReplyKind, Stage
from shared.events.intake import Triage
from shared.security.roles import Actor, Role
from shared.security.sessions import digest
from shared.workdays import Calendar
from tests.support.alone import Alone, at

COUNTY, TOWNSHIP, ELSEWHERE = "sq", "sq-zhidian", "sq-fujing"
CLERK = Actor("wang", "王", Role.CLERK, COUNTY)
COORDINATOR = Actor("li", "李", Role.COORDINATOR, COUNTY)
TOWN_CLERK = Actor("zhao", "赵", Role.CLERK, TOWNSHIP)
AUDITOR = Actor("shen", "审", Role.AUDITOR, COUNTY)
ADMINISTRATOR = Actor("guan", "管", Role.ADMINISTRATOR, COUNTY)
OFFICER = Actor("officer", "办", Role.OFFICER, COUNTY, "zrzy")
WEB_KEY = "sample-web"
LEAD = Party(center=COUNTY, department="zrzy")
HELPER = Party(center=COUNTY, department="zjj")

SUBMISSION: dict[str, Any] = {
    "source": "web",
    "source_ref": "WB-1",
    "center": COUNTY,
    "reported_at": "2026-09-28T09:00:00+08:00",
    "petitioner": {
        "kind": "individual",
        "name": "孙巧玲",
        "phone": "19900001001",
        "address": "沈丘县槐店镇吉祥路14号",
    },
    "category": "complaint",
    "content": "窗口让我补一张早就取消的证明，孙巧玲，电话19900001001。",
}
ORGANISATION = {
    "kind": "organisation",
    "name": "沈丘县同心家电维修部",
    "contact_person": "王建国",
    "phone": "0394-5000904",
    "profile": {"size": "small"},
}


def submission(ref: str = "WB-1", **changed: Any) -> dict[str, Any]:
    """A good submission, with some of its fields changed."""
    return {**copy.deepcopy(SUBMISSION), "source_ref": ref, **changed}


class Intake(Alone):
    """Intake, and what a test asks of it."""

    async def submit(self, given: Any, by: str | Actor = WEB_KEY, kind: str = "application/json") -> httpx.Response:
        """Hand something over as a channel with its key, or at a window: bytes as they are, anything else as JSON."""
        body = given if isinstance(given, bytes) else orjson.dumps(given)
        secret = by if isinstance(by, str) else await self.sessions.open(by)
        headers = {"authorization": f"Bearer {secret}", "content-type": kind}
        return await self.knock("POST", "/api/submissions", headers=headers, content=body)

    async def page(self, path: str, actor: Actor | None = AUDITOR, **params: str) -> httpx.Response:
        """Look at a page."""
        headers = {"authorization": f"Bearer {await self.sessions.open(actor)}"} if actor else {}
        return await self.knock("GET", path, headers=headers, params=params)

    async def knock(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Ask the application as it stands under its prefix."""
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:
            return await client.request(method, path, **given)

    async def registered(self, ref: str = "WB-1", **changed: Any) -> dict[str, str]:
        """Register one; its number, id and query code."""
        answer = await self.submit(submission(ref, **changed))
        assert answer.status_code == 201, answer.text
        receipt: dict[str, str] = answer.json()
        return receipt

    async def id_of(self, number: str) -> str:
        """The id of the complaint with this number."""
        found = await self.do(lambda session: complaint_numbered(session, number))
        assert found
        return found.id

    async def triaged(self, complaint_id: str, triage: Triage = Triage.CANNOT) -> None:
        """Sort one."""
        given = {"triage": triage}
        answer = await self.ask("POST", f"complaints/{complaint_id}/triage", COORDINATOR, json=given)
        assert answer.status_code == 200, answer.text

    async def ledger(self, actor: Actor = AUDITOR, **params: Any) -> list[dict[str, Any]]:
        """The ledger's rows."""
        answer = await self.ask("GET", "ledger", actor, params=params)
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()
        return rows


@asynccontextmanager
async def intake_at_work(
    folder: Path, monkeypatch: pytest.MonkeyPatch, now: str = "09-28 10:00", database_url: str | None = None
) -> AsyncIterator[Intake]:
    """Intake at work in a county that it knows; on PostgreSQL where a database is given."""
    async with Intake.at_work(service, folder, monkeypatch, database_url) as intake:
        intake.now(now)
        await intake.hear(*county())
        yield intake


def county() -> list[Event]:
    """A county's center and two townships', two departments, a member, and the web channel."""
    here = {"at": at("01-01 00:00"), "revision": 1}
    calendar = Calendar().to_facts()
    centers = [
        (COUNTY, None, "沈丘县政务服务中心"),
        (TOWNSHIP, COUNTY, "纸店镇中心"),
        (ELSEWHERE, COUNTY, "付井镇中心"),
    ]
    facts: list[Event] = [
        CenterChanged(center=code, subject=code, name=name, parent=parent, area_code="0394", calendar=calendar, **here)
        for code, parent, name in centers
    ]
    for code, name in (("zrzy", "县自然资源局"), ("zjj", "县住建局")):
        of = {"center": COUNTY, "subject": f"{COUNTY}/{code}", "code": code}
        facts.append(DepartmentChanged(name=name, short_name=name, **of, **here))
    facts.append(MemberChanged(center=COUNTY, subject="li", name="李主任", role=Role.COORDINATOR, **here))
    for source in ("web", "hotline-12345"):
        key = digest(f"sample-{source}")
        facts.append(ChannelChanged(center=COUNTY, subject=source, name=source, key_hash=key, **here))
    return facts


def leg(number: int = 1, stage: Stage = Stage.REPLY, when: str = "09-28 10:10") -> Leg:
    """A leg that begins then."""
    return Leg(
        number=number,
        stage=stage,
        round=1,
        starts_at=at(when),
        rule=LimitRule.WORKING_DAYS,
        working_days=3,
        calendar="sq",
    )


def dispatched(subject: str, when: str = "09-28 10:10", revision: int = 2, **changed: Any) -> OrderDispatched:
    """The coordinator has dispatched it to one department."""
    given = {"handling_center": COUNTY, "lead": LEAD, "leg": leg(when=when), "by": "li"} | changed
    center = given.pop("center", COUNTY)
    return OrderDispatched(at=at(when), center=center, subject=subject, revision=revision, **given)


def replied(subject: str, when: str, revision: int, kind: ReplyKind = ReplyKind.RESULT, **changed: Any) -> OrderReplied:
    """The lead has answered."""
    given = {
        "reply_id": f"r{revision}", "party": LEAD, "is_lead": True, "kind": kind, "text": "已办结。", "round": 1,
        "leg": 1, "triage": Triage.CANNOT, "by": "officer",
    }  # fmt: skip
    return OrderReplied(at=at(when), center=COUNTY, subject=subject, revision=revision, **given | changed)

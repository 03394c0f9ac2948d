"""What sla, notify and casebook show on the complaint's page, and on pages of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.casebook.app import service as casebook_service
from services.notify.app import service as notify_service
from services.sla.app import service as sla_service
from shared.events.directory import CenterChanged
from shared.events.dispatch import Leg, LimitRule, OrderDispatched, Party, Stage
from shared.security.roles import Actor, Role
from shared.workdays import Calendar
from tests.support.alone import Alone, at
from tests.support.browser import HOST, Browser
from tests.support.casebook import WHOLE, published, staffed
from tests.support.told import Story, happened, let_know_departments

CLERK = Actor("wang", "王", Role.CLERK, "sq")
COORDINATOR = Actor("coordinator-sq", "管理机构", Role.COORDINATOR, "sq")


async def test_the_clock_of_a_complaint_says_when_and_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leg = Leg(
        number=1, stage=Stage.REPLY, round=1, starts_at=at("09-28 10:00"), rule=LimitRule.WORKING_DAYS, working_days=3,
        calendar="sq",
    )  # fmt: skip
    lead = Party(center="sq", department="zrzy")
    async with Alone.at_work(sla_service, tmp_path, monkeypatch) as sla:
        await sla.knows("sq")
        await sla.hear(
            OrderDispatched(
                at=at("09-28 10:00"), center="sq", subject="c-1", revision=1, handling_center="sq", lead=lead, leg=leg,
                by="k",
            )
        )  # fmt: skip
        browser = await Browser(sla).logged_in(CLERK)
        for path in ("/sla/fragments/clocks/c-1", "/sla/clocks/c-1"):
            page = await browser.open(path)
            assert page.status_code == 200
            assert "2026-10-08 17:30" in page.text
            assert "国庆" in page.text, "why no day of the holiday counts"
        assert "还没有计时" in (await browser.open("/sla/fragments/clocks/c-2")).text
        assert (await Browser(sla).client.get("/sla/fragments/clocks/c-1")).status_code in (303, 401)


async def test_who_was_told_what_is_masked_and_only_for_the_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Alone.at_work(notify_service, tmp_path, monkeypatch) as notify:
        notify.now("11-23 12:00")
        told: dict[str, Any] = {"center": "sq", "parent": None, "calendar": Calendar().to_facts()}
        await notify.hear(happened(CenterChanged, "sq", **told))
        await let_know_departments(notify)
        story = Story()
        for event in story.events:
            await notify.hear(event)
        browser = await Browser(notify).logged_in(COORDINATOR)
        for path in (f"/notify/fragments/messages/{story.id}", f"/notify/messages/{story.id}"):
            page = await browser.open(path)
            assert page.status_code == 200
            assert "短信" in page.text
            assert "19900001001" not in page.text
        assert "还没有向任何人发出通知" in (await browser.open("/notify/fragments/messages/none")).text
        assert (await (await Browser(notify).logged_in(CLERK)).open("/notify/messages/none")).status_code == 403


async def test_anyone_seeks_and_reads_public_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Alone.at_work(casebook_service, tmp_path, monkeypatch) as casebook:
        await staffed(casebook)
        browser = Browser(casebook)
        assert "还没有发布案例" in (await browser.open("/casebook/cases")).text
        case_id = await published(casebook)
        assert WHOLE["title"] in (await browser.open("/casebook/cases?q=集资房办证")).text
        assert "没有相似的案例" in (await browser.open("/casebook/cases?q=zzz")).text
        assert WHOLE["conclusion"] in (await browser.open(f"/casebook/cases/{case_id}")).text
        assert (await browser.open("/casebook/cases/none")).status_code == 404
        like = await browser.client.post(
            "/casebook/fragments/similar", data={"content": "集资房办证难"}, headers={"origin": HOST}
        )
        assert f"/casebook/cases/{case_id}" in like.text

"""What a service could not take, in a browser without script: why, tried again at once, given up with a reason."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from services.sla.app import service
from shared.audit.tables import AuditRow
from shared.events.dispatch import OrderReplied
from shared.security.roles import Actor, Role
from shared.settings import SERVICES
from tests.support.alone import Alone
from tests.support.browser import Browser, forms
from tests.support.examples import example

ADMINISTRATOR = Actor("admin", "管理员", Role.ADMINISTRATOR, "sq")
COORDINATOR = Actor("coordinator-sq", "金永强", Role.COORDINATOR, "sq")
PARKED, REPLAY, GIVE_UP = "/sla/parked", "/sla/parked/replay", "/sla/parked/give-up"


@pytest.fixture
async def sla(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        await alone.knows("sq")
        yield alone


async def early(sla: Alone) -> OrderReplied:
    """An answer to an order of which nothing was heard yet."""
    event = example(OrderReplied)
    await sla.hear(event)
    return event


async def administrator(sla: Alone) -> Browser:
    browser = await Browser(sla).logged_in(ADMINISTRATOR)
    await browser.open(PARKED)
    return browser


async def test_an_empty_page_says_so_and_leads_to_the_other_services(sla: Alone) -> None:
    page = (await administrator(sla)).page
    assert 'class="empty"' in page.text
    assert all(f'href="/{service}/parked"' in page.text for service in SERVICES)


async def test_what_waits_and_what_is_dead_is_listed_with_its_error_and_nothing_of_its_content(sla: Alone) -> None:
    event = await early(sla)
    await sla.receiver.take([b"nonsense"])
    browser = await administrator(sla)
    for shown in ("order.replied.v1", "等待前因", event.subject, "无法识别", "不再重试"):
        assert shown in browser.page.text
    assert event.text not in browser.page.text
    assert "无法识别" not in (await browser.open(f"{PARKED}?show=waiting")).text
    assert "order.replied" not in (await browser.open(f"{PARKED}?show=dead")).text
    count = (await browser.open("/sla/fragments/parked")).text
    assert '<b title="时限">1<' in count
    assert "1条等待重试" in count


async def test_one_is_tried_again_at_once(sla: Alone) -> None:
    await early(sla)
    browser = await administrator(sla)
    sla.woken.clear()
    page = await browser.send(REPLAY)
    assert "已安排重试" in page.text
    assert "等待重试 <b>1</b>" in page.text
    assert "retry parked" in sla.woken
    page = await browser.send(REPLAY, id="none")
    assert page.status_code == 404


async def test_what_nobody_can_read_stays_dead_and_the_page_says_what_to_do_instead(sla: Alone) -> None:
    await sla.receiver.take([b"nonsense"])
    browser = await administrator(sla)
    page = await browser.send(REPLAY)
    assert page.status_code == 409
    assert "请先升级再重试" in page.text
    assert "不再重试 <b>1</b>" in page.text


async def test_one_is_given_up_for_a_reason_that_the_audit_log_keeps_and_is_not_taken_when_it_comes_again(
    sla: Alone,
) -> None:
    event = await early(sla)
    browser = await administrator(sla)
    await browser.open(f"{PARKED}?give-up={event.event_id}")
    page = await browser.send(GIVE_UP, reason="")
    assert page.status_code == 422
    assert "放弃的理由：必填，请填写。" in page.text
    assert forms(page.text)[GIVE_UP]["id"] == event.event_id
    page = await browser.send(GIVE_UP, reason="测试数据")
    assert "已放弃这条消息" in page.text
    assert 'class="empty"' in page.text
    async with sla.store.reading() as session:
        [kept] = await session.scalars(select(AuditRow).where(AuditRow.result == "allowed", AuditRow.reason != ""))
    assert (kept.actor, kept.subject) == ("admin", event.event_id)
    assert kept.reason == f"{event.full_type()}：测试数据"
    await sla.hear(event)
    assert await sla.parked() == 0


async def test_the_same_by_the_json_door(sla: Alone) -> None:
    event = await early(sla)
    path = f"parked/{event.event_id}/give-up"
    assert (await sla.ask("POST", path, COORDINATOR, json={"reason": "x"})).status_code == 403
    assert (await sla.ask("POST", path, ADMINISTRATOR, json={})).status_code == 422
    given_up = await sla.ask("POST", path, ADMINISTRATOR, json={"reason": "测试数据"})
    assert given_up.json() == {"id": event.event_id, "kind": "order.replied.v1"}
    assert (await sla.ask("POST", path, ADMINISTRATOR, json={"reason": "测试数据"})).status_code == 404


async def test_only_an_administrator_comes_in(sla: Alone) -> None:
    browser = await Browser(sla).logged_in(COORDINATOR)
    page = await browser.open(PARKED)
    assert page.status_code == 403
    assert 'href="/intake/parked"' not in page.text
    assert (await browser.open("/sla/fragments/parked")).status_code == 403

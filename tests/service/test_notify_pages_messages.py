"""The desk of messages in a browser without script: each message's fate, tried again or given up for a reason."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from services.notify import jobs
from services.notify.app import service
from services.notify.domain.means import ATTEMPTS, CONNECTED, Means
from services.notify.tables import Message
from shared import clock
from shared.audit.tables import AuditRow
from shared.events.directory import CenterChanged
from shared.security.roles import Actor, Role
from shared.web.tabs import TABS
from shared.workdays import Calendar
from tests.support.alone import Alone
from tests.support.browser import Browser
from tests.support.gateway import Gateway
from tests.support.told import PERSON, QUERY_CODE, Story, happened, let_know_departments

COORDINATOR = Actor("coordinator-sq", "管理机构", Role.COORDINATOR, "sq")
HEAD = Actor("head-sq", "负责人", Role.HEAD, "sq")
AUDITOR = Actor("auditor-sq", "审计", Role.AUDITOR, "sq")
CLERK = Actor("clerk-sq", "窗口", Role.CLERK, "sq")
OFFICER = Actor("officer-zrzy", "承办", Role.OFFICER, "sq", "zrzy")
ADMINISTRATOR = Actor("admin", "管理员", Role.ADMINISTRATOR, "sq")
OF_ANOTHER = Actor("coordinator-zhidian", "管理机构", Role.COORDINATOR, "sq-zhidian")
DESK = "/notify/messages"


@pytest.fixture
async def notify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 10:00")
        facts = Calendar().to_facts()
        for code, parent in (("sq", None), ("sq-zhidian", "sq")):
            await alone.hear(happened(CenterChanged, code, center=code, parent=parent, calendar=facts))
        await let_know_departments(alone)
        yield alone


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    gateway = Gateway()
    monkeypatch.setitem(CONNECTED, Means.SMS, gateway)
    return gateway


async def to_petitioner(notify: Alone) -> Message:
    async with notify.store.reading() as session:
        return (await session.scalars(select(Message).where(Message.kind == "petitioner"))).one()


async def failed(notify: Alone, gateway: Gateway) -> str:
    """A message to a petitioner that was tried in vain until the end; the address of its page."""
    await notify.hear(Story().registered)
    gateway.answer = "number not in service"
    for _ in range(ATTEMPTS):
        await notify.do(jobs.deliver)
        async with notify.store.transaction() as session:
            waits = Message.next_try_at.is_not(None)
            await session.execute(update(Message).where(waits).values(next_try_at=clock.machine_now()))
    return f"{DESK}/one/{(await to_petitioner(notify)).message_id}"


async def at(notify: Alone, actor: Actor, path: str = DESK) -> Browser:
    browser = await Browser(notify).logged_in(actor)
    await browser.open(path)
    return browser


async def test_the_desk_opens_to_the_office_and_the_auditor_and_says_what_comes_first(notify: Alone) -> None:
    tab = next(tab for tab in TABS if tab.key == "messages")
    for actor in (COORDINATOR, HEAD, AUDITOR, CLERK, OFFICER, ADMINISTRATOR):
        page = (await at(notify, actor)).page
        may = actor in (COORDINATOR, HEAD, AUDITOR)
        assert page.status_code == (200 if may else 403), actor
        assert 'class="empty"' in page.text
        assert (f'href="{tab.href}"' in page.text) is may


async def test_messages_are_found_by_fate_number_and_recipient_and_nothing_personal_is_shown(notify: Alone) -> None:
    story, other = Story(), Story(number="SQ-2026-0002")
    await notify.hear(*story.events, other.registered)
    browser = await at(notify, COORDINATOR)
    for secret in (PERSON["phone"], PERSON["address"], QUERY_CODE):
        assert secret
        assert secret not in browser.page.text
    assert "自然资源局" in browser.page.text
    standing = (await browser.open(f"{DESK}?standing=unreached")).text
    assert '<td class="whole">短信</td>' in standing
    assert '<td class="whole">平台</td>' not in standing
    of_other = (await browser.open(f"{DESK}?number=SQ-2026-0002")).text
    assert "共2条" in of_other
    of_department = (await browser.open(f"{DESK}?recipient=sq/zrzy")).text
    assert "短信</td>" not in of_department
    assert 'value="sq/zrzy" selected' in of_department
    assert 'class="empty"' in (await browser.open(f"{DESK}?number=SQ-2026-9999")).text
    assert (await browser.open(f"{DESK}?standing=lost")).status_code == 422


async def test_page_after_page_shows_every_message_once(notify: Alone) -> None:
    for n in range(1, 31):
        await notify.hear(Story(number=f"SQ-2026-{n:04}").registered)
    browser = await at(notify, COORDINATOR)
    first = browser.page.text
    [following] = [part.split('"')[0] for part in first.split('href="')[1:] if "before=" in part.split('"')[0]]
    second = (await browser.open(following)).text
    assert first.count(f'href="{DESK}/one/') == 50
    assert second.count(f'href="{DESK}/one/') == 10
    assert "回到第一页" in second


async def test_a_failed_message_is_tried_again_for_a_reason(notify: Alone, gateway: Gateway) -> None:
    page_of = await failed(notify, gateway)
    browser = await at(notify, COORDINATOR, page_of)
    assert "number not in service" in browser.page.text
    assert (await browser.open("/notify/fragments/counts")).text.count("<b>1") == 1
    await browser.open(page_of)
    page = await browser.send(f"{page_of}/retry", reason="")
    assert page.status_code == 422
    assert "重发理由：必填，请填写。" in page.text
    page = await browser.send(f"{page_of}/retry", reason="已更正联系电话")
    assert "已安排重发" in page.text
    assert f"{page_of}/retry" not in page.text
    gateway.answer = None
    await notify.do(jobs.deliver)
    page = await browser.open(page_of)
    assert "已送达" in page.text
    assert "已更正联系电话" in page.text
    async with notify.store.reading() as session:
        reasons = (await session.scalars(select(AuditRow.reason).where(AuditRow.reason.is_not(None)))).all()
    assert "已更正联系电话" in reasons


async def test_a_message_is_given_up_when_its_recipient_was_told_otherwise(notify: Alone, gateway: Gateway) -> None:
    page_of = await failed(notify, gateway)
    browser = await at(notify, COORDINATOR, page_of)
    assert (await browser.send(f"{page_of}/give-up", reason="")).status_code == 422
    page = await browser.send(f"{page_of}/give-up", reason="已电话告知本人")
    assert "已记录：这条消息不再发送。" in page.text
    assert "已电话告知本人" in page.text
    assert f"{page_of}/give-up" not in page.text
    assert "<b>" not in (await browser.open("/notify/fragments/counts")).text
    assert page_of in (await browser.open(f"{DESK}?standing=given_up")).text
    await notify.do(jobs.deliver)
    assert len(gateway.delivered) == ATTEMPTS


async def test_where_nothing_carries_a_message_it_can_be_given_up_and_not_be_tried(notify: Alone) -> None:
    await notify.hear(Story().registered)
    page_of = f"{DESK}/one/{(await to_petitioner(notify)).message_id}"
    browser = await at(notify, COORDINATOR, page_of)
    assert "短信还没有接通" in browser.page.text
    assert f"{page_of}/retry" not in browser.page.text
    assert "已记录" in (await browser.send(f"{page_of}/give-up", reason="已当面告知")).text


async def test_who_only_reads_decides_nothing_and_another_township_does_not_read(
    notify: Alone, gateway: Gateway
) -> None:
    page_of = await failed(notify, gateway)
    of_auditor = (await at(notify, AUDITOR, page_of)).page
    assert of_auditor.status_code == 200
    assert f"{page_of}/give-up" not in of_auditor.text
    assert (await at(notify, OF_ANOTHER, page_of)).page.status_code == 403
    assert page_of not in (await at(notify, OF_ANOTHER)).page.text

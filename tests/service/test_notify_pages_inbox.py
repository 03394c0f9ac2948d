"""What each desk was told, read by its own people: unread ones counted and marked, who opened one first is noted."""

from __future__ import annotations

import re

import pytest

from shared.events.casebook import CaseSubmitted
from shared.events.dispatch import AgendaCompiled, WeekCompiled
from shared.events.intake import ComplaintNudged
from shared.security.roles import Actor, Role
from tests.service.test_notify_pages_messages import (
    ADMINISTRATOR,
    AUDITOR,
    CLERK,
    COORDINATOR,
    HEAD,
    OF_ANOTHER,
    OFFICER,
    notify,
)
from tests.support.alone import Alone
from tests.support.browser import Browser, changes
from tests.support.told import PERSON, ZRZY, Story, happened

__all__ = ["notify"]

INBOX = "/notify/inbox"
COLLEAGUE = Actor("officer-zrzy-2", "同事", Role.OFFICER, "sq", "zrzy")
OF_ZJJ = Actor("officer-zjj", "承办", Role.OFFICER, "sq", "zjj")
SUPERVISOR = Actor("supervisor-sq", "纪检", Role.SUPERVISOR, "sq")
GOVERNMENT = Actor("government-sq", "督查", Role.GOVERNMENT, "sq")
EDITOR = Actor("case-editor-sq", "编辑", Role.CASE_EDITOR, "sq")
APPROVER = Actor("case-approver-sq", "审核", Role.CASE_APPROVER, "sq")
OWN = (COORDINATOR, HEAD, OFFICER, SUPERVISOR, GOVERNMENT, EDITOR, APPROVER)


async def at(notify: Alone, actor: Actor, path: str = INBOX) -> Browser:
    browser = await Browser(notify).logged_in(actor)
    await browser.open(path)
    return browser


def listed(html: str) -> list[str]:
    """The addresses of the messages that a page lists."""
    return re.findall(rf'href="({INBOX}/[\w-]+)"', html)


async def waiting(browser: Browser) -> int:
    """How many the tab says are unread."""
    counts = (await browser.open("/notify/fragments/counts")).text
    found = re.search(r'id="count-inbox"[^>]*>(?:<b>(\d+))?', counts)
    assert found
    return int(found[1] or 0)


async def test_whoever_is_told_something_has_a_page_of_it_and_nobody_else(notify: Alone) -> None:
    for actor in (*OWN, CLERK, AUDITOR, ADMINISTRATOR):
        page = (await at(notify, actor)).page
        assert page.status_code == (200 if actor in OWN else 403), actor
        assert 'class="empty"' in page.text
        assert (f'href="{INBOX}"' in page.text) is (actor in OWN)


async def test_each_desk_reads_its_own_and_nothing_of_who_complains(notify: Alone) -> None:
    await notify.hear(*Story(content=f"{PERSON['name']}反映：窗口推诿，电话{PERSON['phone']}。").events)
    expected = {
        OFFICER: ("新的工作单", "催办", "督办通知", "通报", "退回重办"),
        OF_ZJJ: ("新的工作单",),
        COORDINATOR: ("待审核分办", "待质检"),
        HEAD: ("待签发通报", "待审核分办"),
        SUPERVISOR: ("未按督办要求办理的抄送",),
        GOVERNMENT: ("未按督办要求办理的报告",),
    }
    for actor, titles in expected.items():
        page = (await at(notify, actor, f"{INBOX}?show=unread")).page.text
        for title in titles:
            assert f"<b>{title}</b>" in page, (actor, title)
        for secret in (PERSON["name"], PERSON["phone"], "199****1001", "槐店镇", "孙*"):
            assert secret
            assert secret not in page.split("<main")[1], (actor, secret)
    assert "<b>催办</b>" not in (await at(notify, OF_ZJJ)).page.text
    assert "SQ-2026-0001" not in (await at(notify, OF_ANOTHER)).page.text


async def test_what_a_petitioner_says_in_asking_again_tells_no_department_who_it_is(notify: Alone) -> None:
    story = Story()
    words = f"我是{PERSON['name']}，电话{PERSON['phone']}，怎么还没办？"
    nudged = story.of(ComplaintNudged, words=words, with_departments=True)
    await notify.hear(story.registered, story.triaged, story.dispatched, story.started, nudged)
    browser = await at(notify, OFFICER)
    for path in (INBOX, listed(browser.page.text)[0]):
        page = (await browser.open(path)).text
        assert "怎么还没办？" in page
        assert str(PERSON["name"]) not in page


async def test_the_department_is_led_to_its_order_where_it_may_see_who_complains(notify: Alone) -> None:
    story = Story(content=f"{PERSON['name']}反映：窗口推诿。")
    await notify.hear(story.registered, story.triaged, story.dispatched, story.started)
    browser = await at(notify, OFFICER)
    [path] = listed(browser.page.text)
    page = (await browser.open(path)).text
    assert "诉求人：见工作单，电话：见工作单，地址：见工作单。诉求内容：某某反映：窗口推诿。" in page
    assert f'href="/dispatch/orders/{story.id}"' in page
    assert changes(page) == set()


async def test_who_opens_a_message_first_has_read_it_and_the_tab_counts_the_others(notify: Alone) -> None:
    await notify.hear(*Story().events)
    browser = await at(notify, OFFICER)
    [newest, *others] = listed(browser.page.text)
    assert browser.page.text.count(">未读</span>") == 1 + len(others)
    assert await waiting(browser) == 1 + len(others)
    await browser.open(newest)
    assert await waiting(browser) == len(others)
    notify.now("11-24 09:30")
    colleague = await at(notify, COLLEAGUE, newest)
    assert "officer-zrzy" in colleague.page.text
    assert "2026-11-24" not in colleague.page.text.partition("<main")[2].partition("</main>")[0]
    page = (await colleague.open(INBOX)).text
    assert page.count(">未读</span>") == len(others)
    assert "officer-zrzy 11-23 10:00" in page
    assert newest not in (await colleague.open(f"{INBOX}?show=unread")).text
    fate = await at(notify, COORDINATOR, newest.replace("inbox", "messages/one"))
    assert "阅读人" in fate.page.text


async def test_a_head_reads_what_the_coordinator_is_told_and_has_read_it_for_both(notify: Alone) -> None:
    await notify.hear(*Story().events)
    [to_coordinator, *_] = listed((await at(notify, COORDINATOR)).page.text)
    head = await at(notify, HEAD, to_coordinator)
    assert head.page.status_code == 200
    assert to_coordinator not in (await at(notify, COORDINATOR, f"{INBOX}?show=unread")).page.text
    head.page = await head.open(INBOX)
    await head.send(f"{INBOX}/read")
    assert (await waiting(head), await waiting(await at(notify, COORDINATOR))) == (0, 0)


async def test_what_was_told_another_desk_is_not_opened_and_stays_unread(notify: Alone) -> None:
    await notify.hear(*Story().events)
    to_department = listed((await at(notify, OFFICER)).page.text)[0]
    for actor in (OF_ZJJ, COORDINATOR, SUPERVISOR):
        assert (await at(notify, actor, to_department)).page.status_code == 404, actor
    assert to_department in (await at(notify, OFFICER, f"{INBOX}?show=unread")).page.text


async def test_all_that_is_listed_is_marked_as_read_at_once_and_what_comes_later_is_not(notify: Alone) -> None:
    await notify.hear(*Story().events)
    browser = await at(notify, OFFICER)
    shown = browser.page
    how_many = len(listed(shown.text))
    await notify.hear(happened(AgendaCompiled, "sq/zrzy", party=ZRZY))
    browser.page = shown
    page = await browser.send(f"{INBOX}/read")
    assert f"已将{how_many}条消息标为已读。" in page.text
    assert await waiting(browser) == 1
    assert await waiting(await at(notify, OF_ZJJ)) > 0


async def test_digests_and_what_is_told_of_cases_are_among_them(notify: Alone) -> None:
    await notify.hear(happened(AgendaCompiled, "sq/zrzy", party=ZRZY))
    await notify.hear(happened(WeekCompiled, "sq"))
    await notify.hear(happened(CaseSubmitted, "01990000-0000-7000-8000-0000000000c1", office="sq", title="证明取消"))
    for actor, title, desk in (
        (OFFICER, "今日待办", "/dispatch/mine"),
        (SUPERVISOR, "督办通报周报", "/dispatch/supervised"),
        (APPROVER, "案例待审核", "/casebook/approving"),
    ):
        browser = await at(notify, actor)
        assert f"<b>{title}</b>" in browser.page.text
        page = (await browser.open(listed(browser.page.text)[0])).text
        assert f'href="{desk}">' in page.split("<main")[1]


async def test_a_long_list_is_read_page_by_page(notify: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.notify.pages.inbox.AT_ONCE", 3)
    await notify.hear(*Story().events)
    browser = await at(notify, OFFICER)
    seen: list[str] = []
    while True:
        seen += listed(browser.page.text)
        following = re.findall(r'href="([^"]+)" rel="next"', browser.page.text)
        if not following:
            break
        await browser.open(following[0].replace("&amp;", "&"))
    assert len(seen) == len(set(seen)) == await waiting(browser)

"""The desks of those who write, approve and sign guidance cases, and the synonym table, in a browser without script."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.casebook.app import service
from shared.security.roles import Actor, Role
from shared.web.tabs import TABS
from tests.support.alone import Alone
from tests.support.browser import Browser
from tests.support.casebook import (
    APPROVER,
    CLERK,
    COMPLAINT,
    EDITOR,
    SWJ,
    TOWNSHIP,
    ZRZY,
    approved,
    confirmed,
    found,
    published,
    staffed,
    step,
    suggested,
    written,
)

HEAD = Actor("jin", "金", Role.HEAD, "sq")
AUDITOR = Actor("auditor-sq", "审计", Role.AUDITOR, "sq")
MAY = {
    "drafts": {EDITOR, TOWNSHIP, HEAD},
    "approving": {APPROVER},
    "cosigning": {ZRZY},
    "synonyms": {EDITOR, APPROVER},
}
EVERYONE = {EDITOR, TOWNSHIP, HEAD, APPROVER, ZRZY, CLERK, AUDITOR}


@pytest.fixture
async def casebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        await staffed(alone)
        yield alone


async def at(casebook: Alone, actor: Actor, path: str) -> str:
    """What this one sees there."""
    return (await (await Browser(casebook).logged_in(actor)).open(f"/casebook/{path}")).text


@pytest.mark.parametrize("page", MAY)
async def test_each_desk_opens_to_its_roles_alone_and_says_what_to_do_first(casebook: Alone, page: str) -> None:
    for actor in EVERYONE:
        shown = await (await Browser(casebook).logged_in(actor)).open(f"/casebook/{page}")
        assert shown.status_code == (200 if actor in MAY[page] else 403), actor
        if page != "synonyms":  # some are shipped, and it is no tab
            assert 'class="empty"' in shown.text
            tab = next(tab for tab in TABS if tab.key == page)
            assert (f'href="{tab.href}"' in shown.text) is (actor in MAY[page])


async def test_the_editor_finds_what_waits_and_every_other_case_by_its_state(casebook: Alone) -> None:
    await casebook.hear(suggested())
    draft = await written(casebook, title="草稿一件")
    returned = await written(casebook, title="退回一件")
    await confirmed(casebook, returned)
    await step(casebook, EDITOR, returned, "submit")
    await step(casebook, APPROVER, returned, "return", remark="请补依据")
    public = await published(casebook, title="公开一件")
    first = await at(casebook, EDITOR, "drafts")
    for shown in (f"/casebook/write?complaint={COMPLAINT}", f"/cases/{draft}", f"/cases/{returned}"):
        assert shown in first
    assert f"/cases/{public}" not in first
    assert f"/cases/{public}" in await at(casebook, EDITOR, "drafts?show=published")
    assert "SQ-2026-0001" in await at(casebook, EDITOR, "drafts?show=candidates")
    assert 'class="empty"' in await at(casebook, EDITOR, "drafts?show=submitted")
    assert (await (await Browser(casebook).logged_in(EDITOR)).open("/casebook/drafts?show=x")).status_code == 422


async def test_a_township_sees_its_own_and_the_county_all(casebook: Alone) -> None:
    await casebook.hear(suggested(center="sq-zhidian", number="ZD-2026-0001"), suggested(subject="c-2"))
    of_township = await at(casebook, TOWNSHIP, "drafts")
    assert "ZD-2026-0001" in of_township
    assert "SQ-2026-0001" not in of_township
    of_county = await at(casebook, EDITOR, "drafts")
    assert "ZD-2026-0001" in of_county
    assert "SQ-2026-0001" in of_county


async def test_a_complaint_that_makes_no_case_leaves_the_desk_with_a_reason(casebook: Alone) -> None:
    await casebook.hear(suggested())
    browser = await Browser(casebook).logged_in(EDITOR)
    await browser.open(f"/casebook/write?complaint={COMPLAINT}")
    dismiss = f"/casebook/candidates/{COMPLAINT}/dismiss"
    page = await browser.send(dismiss, reason="")
    assert page.status_code == 422
    assert "不编写的理由：必填，请填写。" in page.text
    page = await browser.send(dismiss, reason="已有同类案例")
    assert page.url.path == "/casebook/drafts"
    assert "SQ-2026-0001不编写案例，理由已记录。" in page.text
    page = await browser.open(f"/casebook/write?complaint={COMPLAINT}")
    assert page.status_code == 409
    assert "已有同类案例" in page.text


async def test_the_approver_sees_what_to_approve_and_what_to_publish_and_no_draft(casebook: Alone) -> None:
    await written(casebook, title="别人的草稿")
    submitted = await written(casebook, title="等候审核")
    await confirmed(casebook, submitted)
    await step(casebook, EDITOR, submitted, "submit")
    joint = await approved(casebook, title="等候会签", departments=["sq/zrzy"])
    page = await at(casebook, APPROVER, "approving")
    assert f"/cases/{submitted}" in page
    assert f"/cases/{joint}" in page
    assert "待会签：自然资源局" in page
    assert "别人的草稿" not in page
    assert "show=draft" not in page


async def test_a_department_signs_what_it_is_named_on_and_sees_what_it_has_signed(casebook: Alone) -> None:
    case_id = await approved(casebook, departments=["sq/zrzy", "sq/swj"])
    await approved(casebook, title="与我无关", departments=["sq/swj"])
    browser = await Browser(casebook).logged_in(ZRZY)
    page = await browser.open("/casebook/cosigning")
    assert "待本部门会签" in page.text
    assert "与我无关" not in page.text
    await browser.open(f"/casebook/cases/{case_id}")
    page = await browser.send(f"/casebook/cases/{case_id}/cosign")
    assert "已会签。" in page.text
    assert f"/casebook/cases/{case_id}/cosign" not in page.text
    page = await browser.open("/casebook/cosigning")
    assert "待本部门会签" not in page.text
    assert "本部门已会签" in page.text


async def test_the_tabs_count_what_waits_for_each(casebook: Alone) -> None:
    await casebook.hear(suggested())
    returned = await written(casebook)
    await confirmed(casebook, returned)
    await step(casebook, EDITOR, returned, "submit")
    assert 'id="count-approving" hx-swap-oob="true"><b>1' in await at(casebook, APPROVER, "fragments/counts")
    await step(casebook, APPROVER, returned, "return", remark="请补依据")
    assert 'id="count-drafts" hx-swap-oob="true"><b>2' in await at(casebook, EDITOR, "fragments/counts")
    await approved(casebook, departments=["sq/zrzy"])
    assert 'id="count-cosigning" hx-swap-oob="true"><b>1' in await at(casebook, ZRZY, "fragments/counts")
    assert 'id="count-approving" hx-swap-oob="true"></span>' in await at(casebook, APPROVER, "fragments/counts")
    assert 'id="count-cosigning" hx-swap-oob="true"></span>' in await at(casebook, SWJ, "fragments/counts")
    assert "<b>" not in await at(casebook, CLERK, "fragments/counts")


async def test_words_that_mean_the_same_are_added_changed_and_removed_and_found_by_at_once(casebook: Alone) -> None:
    case_id = await published(casebook, problem="老楼的绿本下不来。")
    browser = await Browser(casebook).logged_in(EDITOR)
    await browser.open("/casebook/synonyms")
    page = await browser.send("/casebook/synonyms", words="绿本")
    assert page.status_code == 422
    assert "同义词：一组同义词应当有2至40个不同的词。" in page.text
    page = await browser.send("/casebook/synonyms", words="绿本、qqzz，wwxx")
    assert "已添加：绿本、qqzz、wwxx。" in page.text
    assert await found(casebook, "wwxx") == [case_id]
    page = await browser.open("/casebook/synonyms?q=qqzz")
    assert "邓玉兰" in page.text
    assert "火葬场" not in page.text
    [remove] = [action for action in _actions(page.text) if action.endswith("/remove")]
    change = remove.removesuffix("/remove")
    await browser.open(change)
    page = await browser.send(change, words="绿本 qqzz")
    assert "已修改：绿本、qqzz。" in page.text
    assert await found(casebook, "wwxx") == []
    page = await browser.open("/casebook/synonyms?q=qqzz")
    [remove] = [action for action in _actions(page.text) if action.endswith("/remove")]
    page = await browser.send(remove)
    assert "已删除这组同义词。" in page.text
    assert await found(casebook, "qqzz") == []


async def test_the_synonym_table_is_turned_page_by_page_and_sought_as_a_whole(casebook: Alone) -> None:
    browser = await Browser(casebook).logged_in(EDITOR)
    shown: list[str] = []
    await browser.open("/casebook/synonyms")
    while True:
        page = [action for action in _actions(browser.page.text) if action.endswith("/remove")]
        assert len(page) <= 50
        shown += page
        if not (following := re.search(r'href="([^"]+)" rel="next"', browser.page.text)):
            break
        await browser.open(following[1])
    groups = (await casebook.ask("GET", "synonyms", EDITOR)).json()
    assert shown == [f"/casebook/synonyms/{group['id']}/remove" for group in groups]
    assert shown[-1] in (await browser.open(f"/casebook/synonyms?q={groups[-1]['words'][0]}")).text


def _actions(html: str) -> list[str]:
    return [part.split('"')[0] for part in html.split('action="')[1:]]

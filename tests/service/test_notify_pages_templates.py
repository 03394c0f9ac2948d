"""The messages' words in a browser without script: looked at, changed from the next message on, never for the past."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.notify.app import service
from shared.events.directory import CenterChanged
from shared.security.roles import Actor, Role
from shared.workdays import Calendar
from tests.support.alone import Alone
from tests.support.browser import Browser
from tests.support.told import Story, happened

HEAD = Actor("head-sq", "负责人", Role.HEAD, "sq")
OF_TOWNSHIP = Actor("head-zhidian", "负责人", Role.HEAD, "sq-zhidian")
ADMINISTRATOR = Actor("admin", "管理员", Role.ADMINISTRATOR, "sq")
COORDINATOR = Actor("coordinator-sq", "管理机构", Role.COORDINATOR, "sq")
REGISTERED = "/notify/templates/petitioner.registered"
WORDS = "沈丘有诉：{number}已受理，查询码{query_code}。"


@pytest.fixture
async def notify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 10:00")
        facts = Calendar().to_facts()
        for code, parent in (("sq", None), ("sq-zhidian", "sq")):
            await alone.hear(happened(CenterChanged, code, center=code, parent=parent, calendar=facts))
        yield alone


async def at(notify: Alone, actor: Actor, path: str = REGISTERED) -> Browser:
    browser = await Browser(notify).logged_in(actor)
    await browser.open(path)
    return browser


async def listed(browser: Browser) -> str:
    """The list of all templates."""
    page = await browser.open("/notify/templates")
    assert page.status_code == 200
    return page.text


async def texts(notify: Alone) -> list[str]:
    """What petitioners were told, the oldest first."""
    found = (await notify.ask("GET", "messages", COORDINATOR, params={"recipient": "petitioner"})).json()["messages"]
    return [message["text"] for message in reversed(found)]


async def test_new_words_hold_from_the_next_message_on_and_what_was_told_stays(notify: Alone) -> None:
    await notify.hear(Story().registered)
    browser = await at(notify, HEAD)
    assert "您的诉求已登记，编号SQ-2026-0231" in browser.page.text, "how it reads"
    page = await browser.send(REGISTERED, body=WORDS)
    assert "已保存，从下一条消息起使用" in page.text
    await notify.hear(Story(number="SQ-2026-0002").registered)
    assert await texts(notify) == [
        "您的诉求已登记，编号SQ-2026-0001，查询码***。凭编号和查询码可随时查询办理进度。",
        "沈丘有诉：SQ-2026-0002已受理，查询码***。",
    ]
    assert "已修改" in await listed(browser)
    await browser.open(REGISTERED)
    page = await browser.send(f"{REGISTERED}/restore")
    assert "已恢复随软件提供的用语。" in page.text
    assert WORDS in page.text, "among the changes"
    await notify.hear(Story(number="SQ-2026-0003").registered)
    assert (await texts(notify))[1:] == [
        "沈丘有诉：SQ-2026-0002已受理，查询码***。",
        "您的诉求已登记，编号SQ-2026-0003，查询码***。凭编号和查询码可随时查询办理进度。",
    ]


async def test_words_are_looked_at_before_they_are_kept(notify: Alone) -> None:
    browser = await at(notify, ADMINISTRATOR)
    page = await browser.send(REGISTERED, body=WORDS, then="preview")
    assert "沈丘有诉：SQ-2026-0231已受理，查询码7H3K9QWX。" in page.text
    assert browser.fields(REGISTERED)["body"] == WORDS
    assert "已修改" not in await listed(browser)


async def test_words_that_could_not_be_filled_are_refused_and_what_was_typed_stays(notify: Alone) -> None:
    browser = await at(notify, HEAD)
    for body, fault in (("{number}{query_code}{phone}", "没有“{phone}”这一项"), ("{number", "花括号没有成对")):
        page = await browser.send(REGISTERED, body=body)
        assert page.status_code == 422
        assert fault in page.text
        assert browser.fields(REGISTERED)["body"] == body
    assert "已修改" not in await listed(browser)


async def test_a_township_reads_the_words_and_changes_none(notify: Alone) -> None:
    browser = await at(notify, OF_TOWNSHIP)
    assert browser.page.status_code == 200
    assert f'action="{REGISTERED}"' not in browser.page.text
    refused = await notify.ask(
        "PUT", "templates/petitioner.registered", OF_TOWNSHIP, json={"title": "登记", "body": WORDS}
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "other-center")
    assert (await at(notify, COORDINATOR)).page.status_code == 403


async def test_the_same_by_the_json_doors(notify: Alone) -> None:
    path, given = "templates/petitioner.registered", {"title": "登记", "body": WORDS}
    changed = (await notify.ask("PUT", path, HEAD, json=given)).json()
    assert (changed["body"], changed["is_shipped"], changed["places"]) == (WORDS, False, ["number", "query_code"])
    listed = {each["name"]: each for each in (await notify.ask("GET", "templates", HEAD)).json()}
    assert listed["petitioner.registered"]["body"] == WORDS
    assert listed["petitioner.closed"]["is_shipped"]
    bad = await notify.ask("PUT", path, HEAD, json=given | {"body": "{number"})
    assert (bad.status_code, bad.json()["code"]) == (422, "bad-template")
    assert (await notify.ask("DELETE", path, HEAD)).json()["is_shipped"]
    assert (await notify.ask("PUT", "templates/none", HEAD, json=given)).status_code == 404

"""A form that comes after its session has ended, or from a page of another one: nothing that was typed is lost."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from fastapi import Request
from starlette.types import Message

from services.directory.app import service as directory_service
from shared.redis import redis_away
from shared.settings import settings
from shared.web.typed import Sent, sent_in_vain
from tests.support.alone import Alone
from tests.support.browser import HOST, Browser
from tests.support.intake import CLERK, Intake, intake_at_work
from tests.support.uploads import picture

REGISTER, FILE = "/intake/register", "/intake/file"
TYPED = {
    "petitioner.kind": "individual",
    "petitioner.name": "李秀英",
    "petitioner.phone": "13800005521",
    "category": "complaint",
    "content": "2003年购买的集资房，<b>原开发单位已注销</b>。\n办理不动产登记时被告知缺少材料。",
    "remarks": "",
    "triage": "hard",
}


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


def kept(page: httpx.Response) -> list[str]:
    """What stands in the areas that can be copied."""
    found = re.findall(r'<textarea id="typed-\d+" rows="\d+" readonly>\n(.*?)</textarea>', page.text, re.DOTALL)
    return [unescape(text) for text in found]


async def sent(browser: Browser, files: bool = False, **headers: str) -> httpx.Response:
    """The register's form, filled in, sent with the token of the page that the browser shows."""
    fields = browser.fields(REGISTER) | TYPED
    with_files = {"attachments": ("图.png", picture(), "image/png")} if files else None
    return await browser.client.post(
        REGISTER, data=fields, files=with_files, headers={"origin": HOST, "referer": HOST + REGISTER} | headers
    )


async def at_the_window(intake: Intake) -> Browser:
    browser = await Browser(intake).logged_in(CLERK)
    await browser.open(REGISTER)
    return browser


@pytest.mark.parametrize("files", [False, True])
async def test_what_was_typed_before_the_session_ended_is_shown_to_be_copied(intake: Intake, files: bool) -> None:
    browser = await at_the_window(intake)
    token = browser.fields(REGISTER)["token"]
    await intake.sessions.end_all(CLERK.id)
    page = await sent(browser, files)
    assert page.status_code == 401
    assert "没有办理" in page.text
    assert kept(page) == ["李秀英", "13800005521", TYPED["content"]]
    assert ">主要内容</label>" in page.text
    assert token not in page.text
    assert "hard" not in page.text, "what was chosen is chosen again"
    assert 'href="/directory/login?next=%2Fintake%2Fregister" target="_blank"' in page.text
    assert ("附件没有保存" in page.text) == files


async def test_a_form_of_another_session_is_shown_to_be_copied_with_the_way_back(intake: Intake) -> None:
    browser = await at_the_window(intake)
    old = browser.page
    await browser.logged_in(CLERK)
    browser.page = old
    page = await sent(browser)
    assert page.status_code == 403
    assert "页面已过期" in page.text
    assert kept(page)[-1] == TYPED["content"]
    assert f'href="{REGISTER}" target="_blank"' in page.text
    page = await sent(browser, referer="http://elsewhere/trap")
    assert "elsewhere" not in page.text
    assert 'href="/" target="_blank"' in page.text


def in_chunks(body: bytes, taken: list[int]) -> Iterator[bytes]:
    """A body as it comes, and how much of it was taken."""
    for begin in range(0, len(body), 64_000):
        taken.append(begin)
        yield body[begin : begin + 64_000]


@pytest.mark.parametrize("refused_before", [0, 2])
async def test_of_what_somebody_sends_who_is_not_logged_in_no_more_is_read_than_what_was_typed(
    intake: Intake, monkeypatch: pytest.MonkeyPatch, refused_before: int
) -> None:
    monkeypatch.setenv("YOUSU_DENIALS_TOLD_PER_MINUTE", "1")
    settings.cache_clear()
    browser = Browser(intake)
    for _ in range(refused_before):
        await browser.client.post(REGISTER, headers={"origin": HOST})
    files = {"attachments": ("图.png", bytes(5_000_000), "image/png")}
    whole = browser.client.build_request("POST", REGISTER, data=TYPED, files=files)
    taken: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        for chunk in in_chunks(whole.read(), taken):
            yield chunk

    headers = {"origin": HOST, "referer": HOST + REGISTER, "content-type": whole.headers["content-type"]}
    page = await browser.client.post(REGISTER, content=body(), headers=headers)
    assert page.status_code == 401
    assert kept(page)[2:] == ([] if refused_before else [TYPED["content"]])
    assert ("附件没有保存" in page.text) != bool(refused_before)
    assert len(taken) == (0 if refused_before else 33), "two megabytes of five"
    assert "/directory/login?next=%2Fintake%2Fregister" in page.text, "the cookie has ended with the browser"


async def test_who_has_hung_up_is_shown_nothing() -> None:
    async def gone() -> Message:
        return {"type": "http.disconnect"}

    headers = [(b"content-type", b"multipart/form-data; boundary=x")]
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": headers}, gone)
    assert await sent_in_vain(request) == Sent()


async def test_what_another_site_makes_a_browser_send_is_not_shown(intake: Intake) -> None:
    browser = await at_the_window(intake)
    page = await sent(browser, origin="http://elsewhere")
    assert page.status_code == 403
    assert kept(page) == []
    assert "李秀英" not in page.text


async def test_what_is_longer_than_a_form_may_be_is_not_shown_either(intake: Intake) -> None:
    browser = await at_the_window(intake)
    await intake.sessions.end_all(CLERK.id)
    fields = {f"content{n}": "长" for n in range(600)}
    file = {"attachments": ("图.png", picture(), "image/png")}
    page = await browser.client.post(REGISTER, data=fields, files=file, headers={"origin": HOST})
    assert page.status_code == 401
    assert kept(page) == []


async def test_no_password_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Alone.at_work(directory_service, tmp_path, monkeypatch) as directory:
        directory.now("11-23 09:00")
        browser = await Browser(directory).logged_in(CLERK)
        await directory.sessions.end_all(CLERK.id)
        given = {"old": "秘密的旧密码", "new": "秘密的新密码", "code": "一二三四五六", "words": "我忘了。"}
        page = await browser.client.post("/directory/account/password", data=given, headers={"origin": HOST})
        assert page.status_code == 401
        assert kept(page) == ["我忘了。"]
        assert "秘密" not in page.text


async def test_what_is_sent_while_nobody_can_be_told_by_the_session_is_shown_too(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await at_the_window(intake)

    async def away(*_: object, **__: object) -> None:
        raise redis_away()

    monkeypatch.setattr(intake.sessions, "actor", away)
    page = await sent(browser)
    assert page.status_code == 503
    assert kept(page)[-1] == TYPED["content"]
    assert f'href="{REGISTER}" target="_blank"' in page.text


async def test_what_a_petitioner_files_from_an_address_that_asks_too_often_is_shown_to_be_copied(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUSU_OPEN_REQUESTS_PER_MINUTE", "1")
    settings.cache_clear()
    browser = Browser(intake)
    await browser.open(FILE)
    page = await browser.client.post(FILE, data=browser.fields(FILE) | TYPED, headers={"origin": HOST})
    assert page.status_code == 429
    assert TYPED["content"] in kept(page)


@pytest.mark.parametrize("files", [False, True])
async def test_what_somebody_at_the_window_sends_too_often_is_shown_to_be_copied(
    intake: Intake, monkeypatch: pytest.MonkeyPatch, files: bool
) -> None:
    monkeypatch.setenv("YOUSU_STAFF_REQUESTS_PER_MINUTE", "1")
    settings.cache_clear()
    page = await sent(await at_the_window(intake), files)
    assert page.status_code == 429
    assert 1 <= int(page.headers["retry-after"]) <= 60
    assert kept(page)[-1] == TYPED["content"]
    assert ("附件没有保存" in page.text) == files

"""Logging in with a browser: by a plain form, back to where one was going, and safe from other sites."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from deploy.county import SAMPLE_PASSWORD
from services.directory.app import service
from services.directory.usecases import telling
from shared.audit import keeping
from shared.audit.tables import AuditRow
from shared.security.roles import Actor, Role
from shared.settings import Settings
from shared.web.browsers import COOKIE, own_path
from tests.support.alone import Alone
from tests.support.browser import HOST, Browser
from tests.support.county import a_few_of_the_county

LOGIN, LOGOUT = "/directory/login", "/directory/logout"
ADMINISTRATOR = Actor("admin", "管理员", Role.ADMINISTRATOR, "sq")
WHO = {"username": "clerk-sq", "password": SAMPLE_PASSWORD}
NOTICE = "/directory/api/holiday-notices"


@pytest.fixture
async def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 09:00")
        await alone.do(lambda session: telling.load_county(session, a_few_of_the_county()))
        yield alone


@pytest.fixture
def browser(directory: Alone) -> Browser:
    return Browser(directory)


async def test_who_logs_in_is_known_by_name_until_logging_out(browser: Browser) -> None:
    await browser.open(LOGIN)
    answer = await browser.client.post(LOGIN, data=WHO | {"next": LOGIN})
    assert (answer.status_code, answer.headers["location"]) == (303, LOGIN)
    cookie = answer.headers["set-cookie"]
    assert all(flag in cookie for flag in ("HttpOnly", "SameSite=lax", "Path=/"))
    assert "Secure" not in cookie, "on one's own machine there is no HTTPS"
    page = await browser.open("/directory/none")
    assert "窗口工作人员：" in page.text
    assert "2026年11月23日 星期一 · 工作日" in page.text
    before = browser.client.cookies[COOKIE]
    await browser.client.post(LOGIN, data=WHO, headers={"origin": HOST})
    assert [before != browser.client.cookies[COOKIE], len(await browser.sessions.all_of("clerk-sq"))] == [True, 1]
    page = await browser.send(LOGOUT)
    assert page.url.path == LOGIN
    assert "您已退出登录。" in page.text
    assert "您已退出登录。" not in (await browser.open(LOGIN)).text, "it is said once"
    assert COOKIE not in browser.client.cookies


async def test_a_wrong_login_is_refused_alike_and_keeps_what_was_typed(browser: Browser) -> None:
    await browser.open(f"{LOGIN}?next=/intake/ledger")
    said = set()
    for username, password in (("clerk-sq", "wrong"), ("nobody", SAMPLE_PASSWORD)):
        page = await browser.send(LOGIN, username=username, password=password)
        assert page.status_code == 401
        assert browser.fields(LOGIN) == {"token": "", "next": "/intake/ledger", "username": username, "password": ""}
        said.add(page.text.replace(username, "…"))
    assert len(said) == 1


async def test_a_form_left_blank_names_the_fields(browser: Browser) -> None:
    await browser.open(LOGIN)
    page = await browser.send(LOGIN)
    assert page.status_code == 422
    assert '<a href="#f-username">用户名：必填，请填写。</a>' in page.text
    assert 'aria-describedby="f-username-fault" aria-invalid="true" aria-required="true"' in page.text


async def test_the_audit_log_names_who_logs_in_and_whose_login_failed(directory: Alone, browser: Browser) -> None:
    await browser.open(LOGIN)
    await browser.send(LOGIN, username="clerk-sq", password="wrong")
    await browser.send(LOGIN, **WHO)
    await browser.client.post("/directory/api/login", json=WHO)
    await keeping.collected(directory.store).write()
    async with directory.store.reading() as session:
        rows = (await session.scalars(select(AuditRow).order_by(AuditRow.id))).all()
    told = [(row.door, row.actor, row.subject, row.result) for row in rows if row.door.endswith("/login")]
    assert told == [
        ("POST /directory/login", "", "clerk-sq", "denied"),
        ("POST /directory/login", "clerk-sq", "clerk-sq", "allowed"),
        ("POST /directory/api/login", "clerk-sq", "clerk-sq", "allowed"),
    ]


async def test_a_page_asked_for_without_login_leads_there_and_back(directory: Alone, browser: Browser) -> None:
    page = await browser.open("/directory/account?x=1")
    assert (page.url.path, page.url.params["next"]) == (LOGIN, "/directory/account?x=1")
    door = await browser.client.get("/directory/api/facts/center")
    assert (door.status_code, door.headers["content-type"]) == (401, "application/problem+json")
    page = await browser.send(LOGIN, **WHO)
    assert str(page.url) == f"{HOST}/directory/account?x=1"
    assert page.status_code == 200


@pytest.mark.parametrize(
    "text",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "", "//[", "/a\r\nb", "x"],
)
def test_nobody_is_led_out_of_the_house(text: str) -> None:
    assert own_path(text) == "/"


def test_a_path_of_the_house_is_kept() -> None:
    assert own_path("/intake/ledger?from=2026-09-01#top") == "/intake/ledger?from=2026-09-01#top"


async def test_everyone_begins_at_a_page_of_their_own(browser: Browser) -> None:
    assert (await browser.client.get("/directory/")).headers["location"] == "/intake/file"
    await browser.logged_in(Actor("wang", "王", Role.CLERK, "sq"))
    assert (await browser.client.get("/directory/")).headers["location"] == "/intake/register"


async def test_a_cookie_opens_a_json_door_to_read_but_changes_nothing_without_the_forms_token(
    directory: Alone, browser: Browser
) -> None:
    await browser.logged_in(ADMINISTRATOR)
    assert (await browser.client.get("/directory/api/facts/center")).status_code == 200
    await browser.open("/directory/none")
    token = browser.fields(LOGOUT)["token"]
    stranger = Browser(directory)
    await stranger.logged_in(ADMINISTRATOR)
    await stranger.open("/directory/none")
    for headers, status in (
        ({}, 403),
        ({"authorization": "Basic YTpi"}, 403),
        ({"x-yousu-token": stranger.fields(LOGOUT)["token"]}, 403),
        ({"x-yousu-token": token, "origin": "https://evil.example"}, 403),
        ({"x-yousu-token": token, "origin": "null"}, 403),
        ({"x-yousu-token": token, "origin": "http://["}, 403),
        ({"x-yousu-token": token, "origin": HOST, "sec-fetch-site": "same-site"}, 403),
        ({"x-yousu-token": token, "origin": HOST, "sec-fetch-site": "same-origin"}, 200),
    ):
        answer = await browser.client.post("/directory/api/announce", headers=headers)
        assert answer.status_code == status, headers
    bearer = {
        "authorization": f"Bearer {await directory.sessions.open(ADMINISTRATOR)}",
        "origin": "https://any.example",
    }
    assert (await browser.client.post("/directory/api/announce", headers=bearer)).status_code == 200


async def test_a_forged_cookie_opens_nothing(browser: Browser) -> None:
    browser.client.cookies.set(COOKIE, "ys_forged", domain="yousu.local")
    assert (await browser.client.get("/directory/api/facts/center")).status_code == 401
    assert (await browser.open(LOGIN)).status_code == 200


async def test_another_site_logs_nobody_in(browser: Browser) -> None:
    answer = await browser.client.post(LOGIN, data=WHO, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "其他网站" in answer.text
    assert COOKIE not in browser.client.cookies


async def test_every_answer_carries_the_headers_that_keep_browsers_safe(browser: Browser) -> None:
    for path in (LOGIN, "/directory/api/facts/center", "/directory/none"):
        headers = (await browser.client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_cookies_travel_over_https_alone_but_on_ones_own_machine_and_in_drills() -> None:
    away = {"amqp_url": "amqp://a", "database_url": "postgresql+asyncpg://b"}
    assert Settings(**away).only_https  # type: ignore[arg-type]
    assert not Settings().only_https
    assert not Settings(drill_clock=Path("clock"), **away).only_https  # type: ignore[arg-type]

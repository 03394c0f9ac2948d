"""One's own account: a password to be changed, a second factor, sessions to see and end; and who guesses is slowed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
from argon2 import PasswordHasher

from deploy.county import SAMPLE_PASSWORD
from services.directory.app import service
from services.directory.usecases import guessing, telling
from shared import clock
from shared.security import passwords, totp
from shared.security.roles import Actor, Role
from shared.security.throttle import Limit
from shared.settings import settings
from tests.support.alone import Alone
from tests.support.browser import HOST, Browser
from tests.support.county import a_few_of_the_county

LOGIN, ACCOUNT = "/directory/login", "/directory/account"
PASSWORD, FACTOR = f"{ACCOUNT}/password", f"{ACCOUNT}/second-factor"
ADMINISTRATOR = Actor("admin", "管理员", Role.ADMINISTRATOR, "sq")
WHO = {"username": "clerk-sq", "password": SAMPLE_PASSWORD}


@pytest.fixture
async def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 09:00")
        await alone.do(lambda session: telling.load_county(session, a_few_of_the_county()))
        yield alone


@pytest.fixture
def browser(directory: Alone) -> Browser:
    return Browser(directory)


async def log_in(browser: Browser, **who: str) -> str:
    """Log in, asking for the account's page; returns where that led."""
    await browser.open(ACCOUNT)
    return (await browser.send(LOGIN, **WHO | who)).url.path


def shown_code(secret: str, later: int = 0) -> str:
    return totp.code_of(secret, totp.step_of(clock.machine_now().timestamp()) + later)


async def enrolled(browser: Browser) -> tuple[str, list[str]]:
    """A second factor set up by pages: its secret, and the recovery codes."""
    await log_in(browser)
    page = await browser.send(FACTOR)
    [shown] = re.findall(r'class="secret">([A-Z2-7 ]+)<', page.text)
    secret = shown.replace(" ", "")
    assert f"secret={secret}" in page.text
    assert 'class="drawn" role="img"' in page.text
    assert (await browser.send(f"{FACTOR}/confirm", code="000")).status_code == 422
    page = await browser.send(f"{FACTOR}/confirm", code=shown_code(secret, -1))
    codes = re.findall(r"<li><code>(\S+)</code>", page.text)
    assert len(codes) == totp.RECOVERY_CODES
    return secret, codes


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "94287082"), (1111111109, "07081804"), (2000000000, "69279037"), (20000000000, "65353130")],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert totp.code_of(secret, totp.step_of(seconds)) == code[-totp.DIGITS :]


async def test_one_changes_ones_own_password_and_is_logged_out_everywhere_else(
    directory: Alone, browser: Browser
) -> None:
    elsewhere = Browser(directory)
    assert await log_in(elsewhere) == ACCOUNT
    await log_in(browser)
    page = await browser.send(PASSWORD, old="falsch", new="Neuer-Mond-2026")
    assert (page.status_code, "原密码不正确" in page.text) == (422, True)
    page = await browser.send(PASSWORD, old=SAMPLE_PASSWORD, new="kurz")
    assert "密码至少10位。" in page.text
    assert "kurz" not in page.text
    page = await browser.send(PASSWORD, old=SAMPLE_PASSWORD, new="Neuer-Mond-2026")
    assert (await browser.open(ACCOUNT)).url.path == ACCOUNT
    assert (await elsewhere.open(ACCOUNT)).url.path == LOGIN
    assert await log_in(elsewhere) == LOGIN
    assert await log_in(elsewhere, password="Neuer-Mond-2026") == ACCOUNT


async def test_a_password_given_by_an_administrator_opens_nothing_but_its_own_change(
    directory: Alone, browser: Browser
) -> None:
    answer = await directory.ask("POST", "members/clerk-sq/password/reset", ADMINISTRATOR)
    once = answer.json()["password"]
    assert await log_in(browser) == LOGIN
    assert await log_in(browser, password=once) == ACCOUNT
    assert "请先更换密码" in browser.page.text
    assert (await browser.client.get("/directory/api/facts/unit")).json()["code"] == "account-first"
    await browser.send(PASSWORD, old=once, new="Neuer-Mond-2026")
    assert (await browser.client.get("/directory/api/facts/unit")).status_code == 200


async def test_an_administrator_does_by_the_doors_what_the_page_of_a_login_offers(
    directory: Alone, browser: Browser
) -> None:
    async def does(act: str, username: str = "clerk-sq") -> int:
        return (await directory.ask("POST", f"members/{username}/{act}", ADMINISTRATOR)).status_code

    await enrolled(browser)
    assert await does("second-factor/reset") == 204
    assert (await browser.open(ACCOUNT)).url.path == LOGIN
    for _ in range(settings().login_tries):
        await log_in(browser, password="falsch")
    await log_in(browser)
    assert browser.page.status_code == 429
    assert await does("unlock") == 204
    assert await log_in(browser) == ACCOUNT, "no code is asked for"
    assert await does("sessions/end") == 204
    assert (await browser.open(ACCOUNT)).url.path == LOGIN
    assert (await does("second-factor/reset", ADMINISTRATOR.id), await does("unlock", "niemand")) == (409, 404)


async def test_one_sees_where_one_is_logged_in_and_ends_it(directory: Alone, browser: Browser) -> None:
    phone = Browser(directory)
    phone.client.headers["user-agent"] = "Handy/1"
    await log_in(phone)
    await log_in(browser)
    page = await browser.open(ACCOUNT)
    assert page.text.count("本次登录") == 1
    assert "Handy/1" in page.text
    assert "127.0.0.1" in page.text
    await browser.send(f"{ACCOUNT}/sessions/end")
    assert (await phone.open(ACCOUNT)).url.path == LOGIN
    assert (await browser.open(ACCOUNT)).url.path == ACCOUNT


async def test_with_a_second_factor_a_password_alone_opens_nothing(directory: Alone, browser: Browser) -> None:
    secret, recovery = await enrolled(browser)
    other = Browser(directory)
    assert await log_in(other) == LOGIN
    assert "动态验证码" in other.page.text
    door = await directory.ask("POST", "login", json=WHO)
    assert (door.status_code, door.json()["code"]) == (401, "second-factor")
    mark = other.fields(f"{LOGIN}/code")["mark"]
    page = await other.send(f"{LOGIN}/code", code=shown_code(secret, -1))
    assert page.status_code == 401, "it was used already"
    assert (await other.send(f"{LOGIN}/code", code=shown_code(secret))).url.path == ACCOUNT
    page = await other.client.post(f"{LOGIN}/code", data={"mark": mark, "code": recovery[1]}, headers={"origin": HOST})
    assert (page.status_code, "等待时间过长" in page.text) == (401, True), "it stands for a password once"
    for status in (200, 401):
        door = await directory.ask("POST", "login", json=WHO | {"code": recovery[0]})
        assert door.status_code == status, "each opens once"


async def test_a_second_factor_is_stopped_by_a_code_of_it(directory: Alone, browser: Browser) -> None:
    secret, _ = await enrolled(browser)
    await browser.open(ACCOUNT)
    statuses = [(await browser.send(f"{FACTOR}/stop", code="000000")).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    assert (await browser.send(f"{FACTOR}/stop", code=shown_code(secret))).status_code == 429, "not even a right one"
    page = await browser.send(PASSWORD, old=SAMPLE_PASSWORD, new="Neuer-Mond-2026")
    assert page.status_code == 429, "whoever has stolen a session guesses no password either"
    await directory.ask("POST", "members/clerk-sq/unlock", ADMINISTRATOR)
    await browser.send(f"{FACTOR}/stop", code=shown_code(secret))
    assert await log_in(Browser(directory)) == ACCOUNT


async def test_a_role_that_needs_a_second_factor_sets_it_up_before_anything_else(
    directory: Alone, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUSU_SECOND_FACTOR_ROLES", "administrator, clerk")
    settings.cache_clear()
    await enrolled(browser)
    assert (await browser.client.get("/directory/api/facts/unit")).status_code == 200
    await browser.open(ACCOUNT)
    assert (await browser.send(f"{FACTOR}/stop", code="x")).status_code == 409
    other = Browser(directory)
    await log_in(other, username="admin")
    assert "请先设置" in other.page.text
    assert (await other.client.get("/directory/api/facts/unit")).status_code == 403


async def test_who_guesses_waits_longer_each_time_and_a_name_that_is_none_no_less(
    directory: Alone, browser: Browser
) -> None:
    for username in ("clerk-sq", "nobody"):
        statuses = [
            (await directory.ask("POST", "login", json={"username": username, "password": f"x{n}"})).status_code
            for n in range(7)
        ]
        assert statuses == [401] * 5 + [429] * 2
    answer = await directory.ask("POST", "login", json=WHO)
    assert answer.status_code == 429, "not even with the right one, now"
    assert answer.json()["detail"] == "尝试次数过多，请1分钟后再试；忘记密码请联系系统管理员。"
    assert 0 < int(answer.headers["retry-after"]) <= 60
    await browser.open(LOGIN)
    page = await browser.send(LOGIN, **WHO)
    assert (page.status_code, "请1分钟后再试" in page.text) == (429, True)
    assert await log_in(browser, username="officer-zrzy") == ACCOUNT, "others are not kept waiting"


async def test_who_guesses_at_a_name_elsewhere_does_not_keep_its_owner_out(directory: Alone) -> None:
    assert (await directory.ask("POST", "login", json=WHO)).status_code == 200
    for username, status in (("clerk-sq", 200), ("officer-zrzy", 429)):
        for _ in range(20):
            await directory.sessions.throttle.failed(Limit(guessing.head(username), 20))
        assert (await directory.ask("POST", "login", json=WHO | {"username": username})).status_code == status
    statuses = [(await directory.ask("POST", "login", json=WHO | {"password": f"x{n}"})).status_code for n in range(6)]
    assert statuses == [401] * 5 + [429], "nobody guesses at home either"


async def test_who_tries_many_passwords_at_once_is_not_told_of_the_right_one_among_them(directory: Alone) -> None:
    tried = [{"username": "clerk-sq", "password": f"x{n}"} for n in range(19)] + [WHO]
    answers = await asyncio.gather(*(directory.ask("POST", "login", json=each) for each in tried))
    assert answers[-1].status_code == 429
    assert await directory.sessions.throttle.left("login:") > 0


async def test_a_wrong_password_takes_as_long_for_who_has_one_for_a_single_login(
    directory: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
            hashed.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Watched())
    await directory.ask("POST", "members/clerk-sq/password/reset", ADMINISTRATOR)
    slow = []
    for username in ("clerk-sq", "nobody"):
        hashed.clear()
        answer = await directory.ask("POST", "login", json={"username": username, "password": "x"})
        slow.append((answer.status_code, [each for each in hashed if "m=65536" in each] != []))
    assert slow == [(401, True)] * 2


async def test_who_mistypes_every_day_is_forgotten_every_day(directory: Alone) -> None:
    throttle, limit = directory.sessions.throttle, Limit("login:@office", 100)
    await throttle.failed(limit)
    await directory.sessions._redis.expire("tries:login:@office", 60)
    await throttle.failed(limit)
    assert 0 < await directory.sessions._redis.ttl("tries:login:@office") <= 60


async def test_what_is_sent_after_the_session_ended_is_said_to_be_in_vain(directory: Alone, browser: Browser) -> None:
    await log_in(browser)
    await browser.open(ACCOUNT)
    await directory.sessions.end_all("clerk-sq")
    page = await browser.send(PASSWORD, old=SAMPLE_PASSWORD, new="Neuer-Mond-2026")
    assert page.status_code == 401
    assert "没有办理" in page.text


async def test_a_form_of_another_session_is_refused(directory: Alone, browser: Browser) -> None:
    await log_in(browser)
    await browser.open(ACCOUNT)
    fields = browser.fields(PASSWORD)
    other = Browser(directory)
    await log_in(other, username="officer-zrzy")
    answer = await other.client.post(PASSWORD, data=fields | {"old": "a", "new": "b"}, headers={"origin": HOST})
    assert answer.status_code == 403
    assert "页面已过期" in answer.text

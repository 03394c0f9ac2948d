"""Who works here and how they log in, on pages: one-time passwords, roles and scope, resets, sessions, pauses."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.county import SAMPLE_PASSWORD
from services.directory.app import service
from services.directory.domain.accounts import Policy, is_common
from services.directory.usecases import telling
from shared.security.roles import Actor, Role
from shared.settings import settings
from tests.service.test_directory_accounts import ACCOUNT, LOGIN, PASSWORD, enrolled, log_in
from tests.support.alone import Alone
from tests.support.browser import Browser
from tests.support.county import a_few_of_the_county

ADMINISTRATOR = Actor("guan", "管理员", Role.ADMINISTRATOR, "sq")
STAFF = "/directory/staff"
WANG = {"code": "wang-lei", "name": "王磊", "role": "officer", "center": "sq", "department": "sq/zrzy"}


@pytest.fixture
async def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 09:00")
        await alone.do(lambda session: telling.load_county(session, a_few_of_the_county()))
        yield alone


@pytest.fixture
async def browser(directory: Alone) -> Browser:
    return await Browser(directory).logged_in(ADMINISTRATOR)


def told_once(html: str) -> str:
    [secret] = re.findall(r'<code class="secret">(\S+)</code>', html)
    return str(secret)


async def test_a_new_member_gets_a_password_for_one_login_and_begins_with_another(
    directory: Alone, browser: Browser
) -> None:
    await browser.open(f"{STAFF}/new")
    page = await browser.send(STAFF, **WANG)
    once = told_once(page.text)
    assert once not in (await browser.open(f"{STAFF}/of/wang-lei")).text, "it is shown once"
    assert "一次性密码，登录后须更换" in browser.page.text
    wang = Browser(directory)
    assert await log_in(wang, username="wang-lei", password=once) == ACCOUNT
    await wang.send(PASSWORD, old=once, new="Neuer-Mond-2026")
    page = await wang.open(ACCOUNT)
    assert "部门承办人员：王磊（沈丘县政务服务中心）" in page.text
    assert "本人已设置" in (await browser.open(f"{STAFF}/of/wang-lei")).text


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"department": ""}, "部门：承办人员必须属于一个部门，其他岗位不填部门。"),
        ({"role": "clerk"}, "部门：承办人员必须属于一个部门，其他岗位不填部门。"),
        ({"department": "sq-fujing/zhfw"}, "部门：不属于所选的中心，请重新选择。"),
        ({"role": "public"}, "岗位：渠道和公众不是工作岗位，请选择其他岗位。"),
        ({"code": "Wang Lei"}, "用户名：含有不允许的字符，请核对。"),
        ({"name": "  "}, "姓名：必填，请填写。"),
    ],
)
async def test_a_role_comes_with_its_scope_or_is_refused_at_the_field(
    browser: Browser, wrong: dict[str, str], fault: str
) -> None:
    await browser.open(f"{STAFF}/new")
    page = await browser.send(STAFF, **WANG | wrong)
    assert page.status_code == 422
    assert fault in page.text


async def test_who_gets_another_role_logs_in_again_and_who_is_disabled_cannot(
    directory: Alone, browser: Browser
) -> None:
    clerk = Browser(directory)
    assert await log_in(clerk) == ACCOUNT
    await browser.open(f"{STAFF}/of/clerk-sq")
    await browser.send(f"{STAFF}/correct/clerk-sq", role="coordinator", reason="轮岗")
    assert (await clerk.open(ACCOUNT)).url.path == LOGIN
    await log_in(clerk)
    assert "综合协调人员" in clerk.page.text
    await browser.open(f"{STAFF}/of/clerk-sq")
    await browser.send(f"{STAFF}/retire/clerk-sq", reason="调离")
    assert (await clerk.open(ACCOUNT)).url.path == LOGIN
    assert await log_in(clerk) == LOGIN
    await browser.send(f"{STAFF}/restore/clerk-sq", reason="调回")
    assert await log_in(clerk) == ACCOUNT


async def test_a_reset_password_ends_sessions_and_the_second_factor(directory: Alone, browser: Browser) -> None:
    clerk = Browser(directory)
    await enrolled(clerk)
    assert "已启用" in (await browser.open(f"{STAFF}/of/clerk-sq")).text
    once = told_once((await browser.send(f"{STAFF}/clerk-sq/password")).text)
    assert (await clerk.open(ACCOUNT)).url.path == LOGIN
    assert await log_in(clerk) == LOGIN
    assert await log_in(clerk, password=once) == ACCOUNT, "no code is asked for"


async def test_a_lost_device_is_forgotten_and_the_password_stays(directory: Alone, browser: Browser) -> None:
    clerk = Browser(directory)
    await enrolled(clerk)
    await browser.open(f"{STAFF}/of/clerk-sq")
    page = await browser.send(f"{STAFF}/clerk-sq/second-factor")
    assert "动态验证码已重置" in page.text
    assert (await clerk.open(ACCOUNT)).url.path == LOGIN
    assert await log_in(clerk) == ACCOUNT


async def test_sessions_are_seen_and_ended(directory: Alone, browser: Browser) -> None:
    clerk = Browser(directory)
    clerk.client.headers["user-agent"] = "Handy/1"
    await log_in(clerk)
    assert "Handy/1" in (await browser.open(f"{STAFF}/of/clerk-sq")).text
    page = await browser.send(f"{STAFF}/clerk-sq/sessions")
    assert "已退出该人员的全部登录。" in page.text
    assert "Handy/1" not in page.text
    assert (await clerk.open(ACCOUNT)).url.path == LOGIN


async def test_who_has_guessed_too_often_is_let_try_again(directory: Alone, browser: Browser) -> None:
    clerk = Browser(directory)
    for _ in range(settings().login_tries):
        await log_in(clerk, password="falsch")
    await log_in(clerk)
    assert clerk.page.status_code == 429
    page = await browser.open(f"{STAFF}/of/clerk-sq")
    assert re.search(r"密码多次错误，\d+分钟后才能再试", page.text)
    page = await browser.send(f"{STAFF}/clerk-sq/unlock")
    assert "已解除登录限制" in page.text
    assert await log_in(clerk) == ACCOUNT


async def test_nobody_gets_rid_of_the_own_password_or_second_factor_here(directory: Alone) -> None:
    oneself = await Browser(directory).logged_in(Actor("admin", "管理员", Role.ADMINISTRATOR, "sq"))
    page = await oneself.open(f"{STAFF}/of/admin")
    assert "这是您自己的账号" in page.text
    token = oneself.fields(f"{STAFF}/retire/admin")["token"]
    for act in ("password", "second-factor"):
        answer = await oneself.client.post(f"{STAFF}/admin/{act}", data={"token": token})
        assert answer.status_code == 409
        assert "由另一位管理员重置" in answer.text
    page = await oneself.send(f"{STAFF}/retire/admin", reason="不用了")
    assert page.status_code == 409


async def test_logins_are_administrators_business_alone(directory: Alone) -> None:
    for role in (Role.CLERK, Role.HEAD, Role.AUDITOR):
        other = await Browser(directory).logged_in(Actor("wer", "谁", role, "sq"))
        page = await other.open(f"{STAFF}/of/clerk-sq")
        assert page.status_code == 200
        assert "登录账号" not in page.text
        token = other.fields("/directory/logout")["token"]
        for act in ("password", "second-factor", "sessions", "unlock"):
            assert (await other.client.post(f"{STAFF}/clerk-sq/{act}", data={"token": token})).status_code == 403


async def test_what_was_done_to_a_login_stands_in_the_audit_log_without_the_password(
    directory: Alone, browser: Browser
) -> None:
    await browser.open(f"{STAFF}/of/clerk-sq")
    once = told_once((await browser.send(f"{STAFF}/clerk-sq/password")).text)
    auditor = Actor("shen", "审计", Role.AUDITOR, "sq")
    answer = await directory.ask("GET", "audit", auditor, params={"subject": "clerk-sq"})
    [line] = answer.json()["lines"]
    assert (line["actor"], line["door"]) == ("guan", "POST /directory/staff/{username}/password")
    assert once not in answer.text


@pytest.mark.parametrize(
    "password",
    ["Admin@123456", "P@ssw0rd123", "1qaz2wsx3edc", "woaini1314520", "a123456789", "Yousu@2026", "aaaaaa1111"],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize("password", ["Neuer-Mond-2026", "horse-battery-7", "Xk7-mine-blue9"])
def test_what_nobody_would_guess_is_taken(password: str) -> None:
    assert not is_common(password)


def test_an_office_refuses_words_of_its_own() -> None:
    assert not is_common("Shenqiu-2026")
    assert is_common("Shenqiu-2026", ["shenqiu"])
    assert "shenqiu" in "".join(Policy(10, ["shenqiu"]).sentences())


async def test_the_rules_stand_beside_the_form_and_are_the_ones_that_hold(
    directory: Alone, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUSU_PASSWORD_SHORTEST", "14")
    settings.cache_clear()
    clerk = Browser(directory)
    await log_in(clerk)
    assert "<li>至少14位。</li>" in clerk.page.text
    page = await clerk.send(PASSWORD, old=SAMPLE_PASSWORD, new="Admin@123456")
    assert page.status_code == 422
    for fault in ("密码至少14位。", "这是常见密码，容易被猜到，请换一个。"):
        assert fault in page.text

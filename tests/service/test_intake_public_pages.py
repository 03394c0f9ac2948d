"""What petitioners do without an account and without script: file, look how it stands, nudge, reopen, rate."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.intake.pages import petitioner
from shared.events.dispatch import Final, OrderClosed, Satisfaction
from shared.events.sla import ClockStarted
from shared.security.keys import rating_links
from shared.settings import settings
from tests.support.alone import at
from tests.support.browser import Browser, changes
from tests.support.examples import example
from tests.support.intake import AUDITOR, CLERK, COUNTY, TOWNSHIP, Intake, dispatched, intake_at_work
from tests.support.uploads import EXCEL, WORD, office, picture

FILE, STATUS = "/intake/file", "/intake/status"
TYPED = {
    "petitioner.name": "李秀英",
    "petitioner.phone": "13800005521",
    "content": "办理不动产登记时被告知缺少竣工验收备案材料，李秀英，13800005521。",
}
PNG = picture()


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


@pytest.fixture
def browser(intake: Intake) -> Browser:
    return Browser(intake)


async def filed(browser: Browser, **more: Any) -> tuple[str, str]:
    """File one; its number and query code."""
    await browser.open(FILE)
    page = await browser.send(FILE, **TYPED, **more)
    assert page.status_code == 200, page.text
    [number, code] = re.findall(r"<br><b>(.*?)</b>", page.text)
    return number, code


async def test_a_petitioner_files_and_is_told_number_and_code_at_once(intake: Intake, browser: Browser) -> None:
    page = await browser.open(FILE)
    assert "110" in page.text
    number, code = await filed(browser)
    assert number == "SQ-2026-0001"
    page = await browser.send(STATUS)
    assert "李**，您好" in page.text
    assert "李秀英" not in page.text
    assert "13800005521" not in page.text
    assert code not in str(page.url)
    await filed(browser, center=TOWNSHIP, confidential="true")
    assert len(await intake.ledger(center=TOWNSHIP)) == 1


async def test_who_files_after_hours_is_told_when_it_begins(intake: Intake, browser: Browser) -> None:
    intake.now("09-28 22:00")
    await browser.open(FILE)
    page = await browser.send(FILE, **TYPED)
    assert "现在是非工作时间，我们将于2026-09-29 08:30开始办理" in page.text
    assert "119" in page.text


async def test_the_same_form_twice_is_one_complaint_told_the_same(intake: Intake, browser: Browser) -> None:
    form = await browser.open(FILE)
    first = await browser.send(FILE, **TYPED)
    browser.page = form
    second = await browser.send(FILE, **TYPED)
    told = [re.findall(r"<br><b>(.*?)</b>", page.text) for page in (first, second)]
    assert told[0] == told[1]
    assert len(await intake.ledger()) == 1


async def test_nobody_is_told_of_anothers_complaint_by_naming_its_reference(intake: Intake, browser: Browser) -> None:
    await intake.registered("WB-1")
    await browser.open(FILE)
    page = await browser.send(FILE, reference="WB-1", **TYPED)
    assert page.status_code == 409
    assert "SQ-2026-0001" not in page.text


async def test_what_is_wrong_is_said_and_what_was_typed_stands_there(intake: Intake, browser: Browser) -> None:
    await browser.open(FILE)
    page = await browser.send(FILE, content='"><script>x</script>', category="question")
    assert page.status_code == 422
    assert "请填写姓名或单位名称。" in page.text
    assert "请填写联系电话" in page.text
    assert browser.fields(FILE)["content"] == '"><script>x</script>'
    assert browser.fields(FILE)["category"] == "question"
    assert "<script>x" not in page.text
    assert await intake.ledger() == []


async def test_files_without_login_are_looked_into_only_so_often_and_what_was_typed_stays(
    intake: Intake, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.web.uploads.MOST_A_MINUTE", 1)
    await browser.open(FILE)
    for status in (422, 429):
        page = await browser.send(FILE, files=[("attachments", ("病毒.png", b"MZ" + bytes(50)))], **TYPED)
        assert page.status_code == status
        assert browser.fields(FILE)["content"] == TYPED["content"]
    assert "操作过于频繁" in page.text
    assert "您的诉求已登记" in (await browser.send(FILE)).text


async def test_attachments_are_checked_by_what_they_hold_kept_sealed_and_shown_to_staff(
    intake: Intake, browser: Browser
) -> None:
    await browser.open(FILE)
    wrong = [
        ("attachments", ("病毒.png", b"MZ" + bytes(50))),
        ("attachments", ("宏.docx", office(WORD, "word/vbaProject.bin"))),
    ]
    page = await browser.send(FILE, files=wrong, **TYPED)
    assert page.status_code == 422
    assert "“病毒.png”不是可以接收的文件" in page.text
    assert "“宏.docx”带有宏、脚本或嵌入的程序，不能接收" in page.text
    assert browser.fields(FILE)["content"] == TYPED["content"]
    good = [
        ("attachments", ("../照片.png", PNG)),
        ("attachments", ("表.xlsx", office(EXCEL))),
    ]
    page = await browser.send(FILE, files=good)
    assert "您的诉求已登记" in page.text
    staff = await Browser(intake).logged_in(CLERK)
    ledger = await staff.open("/intake/ledger")
    [path] = re.findall(r'href="(/intake/complaints/[^"]+)"', ledger.text)
    page = await staff.open(path)
    found = re.findall(r'href="(/intake/api/complaints/[^"]+/attachments/[^"]+)">(.*?)</a>', page.text)
    assert [name for _, name in found] == ["照片.png", "表.xlsx"]
    answer = await staff.client.get(found[0][0])
    assert answer.content.startswith(b"\x89PNG")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-type"] == "image/png"
    assert (await intake.page(found[0][0].removeprefix("/intake"), None)).status_code == 401
    assert (await intake.page(found[0][0].removeprefix("/intake"), AUDITOR)).status_code == 403


async def test_a_wrong_number_and_a_wrong_code_are_refused_alike(browser: Browser) -> None:
    number, code = await filed(browser)
    said = set()
    for typed in ({"number": number, "code": "AAAAAAAA"}, {"number": "SQ-2026-0099", "code": code}):
        await browser.open(STATUS)
        page = await browser.send(STATUS, **typed)
        assert page.status_code == 422
        assert browser.fields(STATUS)["number"] == typed["number"]
        said |= {"没有查到，请核对诉求编号和查询码。" in page.text}
    assert said == {True}


async def test_who_files_too_often_waits_and_keeps_what_was_typed(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(petitioner, "MOST_FILED", 1)
    await browser.open(FILE)
    for status in (422, 429):
        page = await browser.send(FILE, content="路灯坏了。")
        assert page.status_code == status
    assert "操作过于频繁" in page.text
    assert browser.fields(FILE)["content"] == "路灯坏了。"


async def test_a_petitioner_sees_how_it_stands_and_nudges_once_a_day(intake: Intake, browser: Browser) -> None:
    number, code = await filed(browser)
    one = await intake.id_of(number)
    await intake.triaged(one)
    clock = {"at": at("09-28 10:10"), "center": COUNTY, "subject": one, "leg": 1, "provisional": False}
    await intake.hear(dispatched(one), ClockStarted(due_at=at("10-09 17:30"), **clock))
    intake.now("09-29 09:00")
    await browser.open(STATUS)
    page = await browser.send(STATUS, number=number.lower(), code=f" {code} ")
    assert "<strong>正由县自然资源局办理</strong>" in page.text
    assert "2026年10月9日 星期五 17:30" in page.text
    assert re.findall(r'<li class="(\w+)"', page.text) == ["done", "done", "now", "ahead", "ahead"]
    page = await browser.send(f"{STATUS}/nudge", words="麻烦快一点")
    assert "已收到您的催办，我们会督促办理。" in page.text
    assert f"{STATUS}/nudge" not in page.text
    nudged = [event for event in await intake.told() if event.type == "complaint.nudged"]
    assert [getattr(event, "words", None) for event in nudged] == ["麻烦快一点"]


async def test_a_petitioner_asks_to_have_it_handled_again_and_rates_it_once(intake: Intake, browser: Browser) -> None:
    number, code = await filed(browser)
    one = await intake.id_of(number)
    closed = example(
        OrderClosed, at=at("09-28 16:00"), center=COUNTY, subject=one, revision=9, final=Final.ZEROED,
        satisfaction=Satisfaction.SATISFIED,
    )  # fmt: skip
    await intake.hear(dispatched(one), closed)
    intake.now("09-29 09:00")
    link = f"/intake/ratings/{rating_links().of(one, closed.event_id)}"
    await browser.open(link)
    page = await browser.send(link)
    assert page.status_code == 422
    asked = browser.page
    page = await browser.send(link, score="4", words="还好")
    assert "感谢您的评价。" in page.text
    browser.page = asked
    page = await browser.send(link, score="1")
    assert page.status_code == 409
    used = await browser.open(link)
    for shown in (page.text, used.text):
        assert "您已于2026-09-29 09:00评价过了" in shown
        assert not changes(shown)
    wrong = await browser.open(f"{link[:-1]}A" if link[-1] != "A" else f"{link[:-1]}B")
    assert (wrong.status_code, number in wrong.text) == (404, False)
    await browser.open(STATUS)
    await browser.send(STATUS, number=number, code=code)
    page = await browser.send(f"{STATUS}/reopen")
    assert page.status_code == 422
    page = await browser.send(f"{STATUS}/reopen", words="问题没有解决")
    assert "您的诉求将重新办理。" in page.text
    assert f"{STATUS}/reopen" not in page.text


async def test_public_pages_are_for_everybody_and_say_what_becomes_of_personal_data(intake: Intake) -> None:
    for actor in (None, CLERK, AUDITOR):
        for path in ("/file", "/status", "/privacy"):
            page = await intake.page(path, actor)
            assert page.status_code == 200, (actor, path)
    public = (await intake.page("/privacy", None)).text
    assert "加密保存" in public
    assert 'href="/intake/file" class="here"' in public
    assert 'href="/intake/ledger"' not in public
    assert 'href="/intake/file" class="here"' not in (await intake.page("/file", CLERK)).text


async def test_who_guesses_from_many_addresses_of_one_line_is_counted_as_one(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUSU_PUBLIC_REQUESTS_PER_MINUTE", "1")
    settings.cache_clear()
    statuses = []
    for address in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"):
        transport = httpx.ASGITransport(app=intake.app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:
            statuses.append((await client.get("/api/complaints/SQ-2026-0001?code=ABCD1234")).status_code)
    assert [status == 429 for status in statuses] == [False, True, False]

"""What makes a day count, on pages: notices pasted, previewed and confirmed; local days; hours by season."""

from __future__ import annotations

import re
from datetime import date

import pytest

from shared.security.roles import Actor, Role
from tests.service.test_directory_calendars import CLERK, EXTENSION, NOTICE, day, directory, told
from tests.support.alone import Alone
from tests.support.browser import Browser, changes

__all__ = ["directory"]

ADMINISTRATOR = Actor("admin", "管理员", Role.ADMINISTRATOR, "sq")
NOTICES, LOCAL, HOURS = "/directory/notices", "/directory/local-days", "/directory/hours"
FLOOD = {"centers": ["sq"], "day": "2026-11-25", "worked": "false", "reason": "防汛", "source": "沈政办〔2026〕3号"}


@pytest.fixture
async def browser(directory: Alone) -> Browser:
    return await Browser(directory).logged_in(ADMINISTRATOR)


async def previewed(browser: Browser, text: str) -> str:
    await browser.open(NOTICES)
    return (await browser.send(f"{NOTICES}/preview", text=text)).text


async def test_a_notice_is_pasted_previewed_day_by_day_and_loaded_when_confirmed(
    directory: Alone, browser: Browser
) -> None:
    assert "还没有载入放假通知" in (await browser.open(NOTICES)).text
    page = await previewed(browser, NOTICE)
    assert "写明的日子" in page
    assert page.count("2027年2月") > 7, "every day it names has a line"
    assert "春节调休上班（2027年部分节假日安排的通知）" in page
    assert (await day(directory, "2027-02-20"))["why"] == "暂定：周末", "nothing is loaded yet"
    page = (await browser.send(NOTICES)).text
    assert "已载入《国务院办公厅关于2027年部分节假日安排的通知》" in page
    assert (await told(directory, "sq-fujing")).is_workday(date(2027, 2, 20))
    page = (await browser.open("/directory/calendar?month=2027-02")).text
    assert "春节放假" in page
    assert "暂定" not in page


async def test_a_contradicting_notice_is_refused_and_each_contradiction_is_named(browser: Browser) -> None:
    wrong = NOTICE.replace("6月9日（周三）", "6月9日（周四）").replace("正月初六", "正月初七").replace("共5天", "共6天")
    page = await previewed(browser, wrong)
    assert browser.page.status_code == 422
    for fault in (
        "春节：2027年2月11日是农历正月初六，写的是正月初七。",
        "劳动节：写着共6天，列出的日子是5天。",
        "端午节：2027年6月9日是周三，写的是周四。",
    ):
        assert f"通知全文：{fault}" in page
    assert browser.fields(f"{NOTICES}/preview")["text"].replace("\r", "") == wrong, "what was pasted stays"
    assert "还没有载入放假通知" in page


async def test_what_was_not_previewed_as_it_is_now_is_not_loaded(browser: Browser) -> None:
    await previewed(browser, NOTICE)
    page = await browser.send(NOTICES, text=NOTICE.replace("6月9日（周三）", "6月10日（周四）"))
    assert page.status_code == 409
    assert "请重新预览，核对后再确认" in page.text
    assert "6月10日（周四）" in browser.fields(f"{NOTICES}/preview")["text"]


async def test_a_notice_loaded_by_mistake_is_withdrawn_for_a_reason(directory: Alone, browser: Browser) -> None:
    await previewed(browser, NOTICE)
    await browser.send(NOTICES)
    assert (await browser.send(f"{NOTICES}/1/withdraw")).status_code == 422
    page = (await browser.send(f"{NOTICES}/1/withdraw", reason="粘贴有误")).text
    assert "已撤回《" in page
    assert "：粘贴有误" in page
    assert (await day(directory, "2027-02-20"))["why"] == "暂定：周末"
    await previewed(browser, NOTICE)
    await browser.send(NOTICES)
    await previewed(browser, EXTENSION)
    await browser.send(NOTICES)
    await browser.open(f"{NOTICES}/2")
    page = (await browser.send(f"{NOTICES}/2/withdraw", reason="粘贴有误")).text
    assert "请先撤回那一份" in page


async def test_a_local_day_is_set_for_several_centers_and_taken_back(directory: Alone, browser: Browser) -> None:
    assert "没有本地安排" in (await browser.open(LOCAL)).text
    page = await browser.send(LOCAL, **FLOOD | {"centers": ["sq", "sq-fujing"], "half": "afternoon"})
    assert "已设定：2026-11-25本地下午放假：防汛（沈政办〔2026〕3号），共2个中心" in page.text
    assert (await day(directory, "2026-11-25", "sq-fujing"))["hours"] == ["08:30–12:00"]
    assert "08:30–12:00" in (await browser.open("/directory/calendar?center=sq-fujing")).text
    await browser.open(LOCAL)
    [one, other] = re.findall(rf'action="({LOCAL}/[^"]+/remove)"', browser.page.text)
    assert (await browser.send(one)).status_code == 422
    await browser.send(one, reason="汛情解除")
    assert "已撤销" in browser.page.text
    page = await browser.open(f"{LOCAL}?removed=true")
    assert "汛情解除" in page.text
    assert other in page.text


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"day": "2026-11-20"}, "日期：这一天已经过去"),
        ({"worked": "true"}, "安排：当天本来就上班（工作日），不需要设定。"),
        ({"centers": []}, "适用的中心：必填，请填写。"),
        ({"day": ""}, "日期：必填，请填写。"),
        ({"reason": ""}, "原因：必填，请填写。"),
    ],
)
async def test_a_local_day_that_makes_no_sense_is_refused_at_its_field(
    browser: Browser, wrong: dict[str, object], fault: str
) -> None:
    await browser.open(LOCAL)
    page = await browser.send(LOCAL, **FLOOD | wrong)
    assert page.status_code == 422
    assert fault in page.text


async def test_office_hours_are_written_in_lines_and_count_from_then_on(directory: Alone, browser: Browser) -> None:
    await browser.open(f"{HOURS}?center=sq-fujing")
    assert browser.fields(f"{HOURS}/sq-fujing/office")["seasons.0.from"] == "05-01"
    season = {"name": "冬季作息", "from": "12月1日", "to": "2-28", "spans": "9：00至12：00，14:00—17:00"}
    page = await browser.send(
        f"{HOURS}/sq-fujing/office",
        usual="08:00-12:00 14:00-17:30",
        reason="作息调整",
        **{f"seasons.1.{name}": value for name, value in season.items()},
    )
    assert "办公时间已保存" in page.text
    assert (await day(directory, "2026-11-25", "sq-fujing"))["hours"] == ["08:00–12:00", "14:00–17:30"]
    assert (await day(directory, "2026-12-02", "sq-fujing"))["hours"] == ["09:00–12:00", "14:00–17:00"]
    assert (await day(directory, "2026-11-25"))["hours"] == ["08:30–12:00", "14:30–17:30"], "another center's stay"
    assert browser.fields(f"{HOURS}/sq-fujing/office")["seasons.1.to"] == "02-28"


async def test_a_season_left_blank_is_there_no_more(directory: Alone, browser: Browser) -> None:
    await browser.open(HOURS)
    blank = {f"seasons.0.{name}": "" for name in ("name", "from", "to", "spans")}
    await browser.send(f"{HOURS}/sq/office", **blank, reason="取消夏季作息")
    assert (await day(directory, "2027-06-02"))["hours"] == ["08:30–12:00", "14:30–17:30"]


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"usual": "早上到晚上"}, "平时：请写作“08:30-12:00 14:30-17:30”的样子"),
        ({"usual": "8:30-25:00"}, "平时：时间应在00:00到23:59之间。"),
        ({"usual": "12:00-08:30"}, "平时：办公时间12:00至08:30不成立：开始应早于结束。"),
        ({"seasons.0.from": "5月"}, "从：请写作“05-01”（每年）"),
        ({"seasons.0.from": "02-30"}, "名称：没有2月30日这一天。"),
        ({"seasons.2.spans": "09:00-12:00"}, "名称：必填，请填写。"),
        ({"reason": ""}, "原因：必填，请填写。"),
    ],
)
async def test_hours_that_make_no_day_are_refused_at_their_line(
    browser: Browser, wrong: dict[str, str], fault: str
) -> None:
    await browser.open(HOURS)
    page = await browser.send(f"{HOURS}/sq/office", **{"reason": "调整"} | wrong)
    assert page.status_code == 422
    assert fault in page.text


async def test_service_hours_move_no_clock(directory: Alone, browser: Browser) -> None:
    await browser.open(HOURS)
    page = await browser.send(f"{HOURS}/sq/service", usual="08:00-18:00", days_off="09:00-16:00", reason="延时服务")
    assert "窗口服务时间已保存；期限不受影响。" in page.text
    calendar = await told(directory)
    assert calendar.service.days_off
    assert (await day(directory, "2026-11-25"))["hours"] == ["08:30–12:00", "14:30–17:30"]


async def test_everybody_who_works_here_reads_the_calendar_and_only_administrators_change_it(
    directory: Alone, browser: Browser
) -> None:
    await previewed(browser, NOTICE)
    await browser.send(NOTICES)
    await browser.open(LOCAL)
    await browser.send(LOCAL, **FLOOD)
    clerk = await Browser(directory).logged_in(CLERK)
    for path in ("/directory/calendar", LOCAL, HOURS, NOTICES, f"{NOTICES}/1"):
        page = await clerk.open(path)
        assert page.status_code == 200
        assert changes(page.text) == set()
    token = clerk.fields("/directory/logout")["token"]
    for path in (f"{NOTICES}/preview", NOTICES, f"{NOTICES}/1/withdraw", LOCAL, f"{HOURS}/sq/office"):
        assert (await clerk.client.post(path, data={"token": token, "text": NOTICE})).status_code == 403
    assert (await clerk.open("/directory/calendar?month=2026-13")).status_code == 422
    assert (await clerk.open("/directory/calendar?center=nowhere")).status_code == 404

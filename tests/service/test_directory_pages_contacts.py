"""Where a center is found, and whom it meets, on pages: places recorded as they are, meetings after they were held."""

from __future__ import annotations

import pytest

from services.directory.usecases import registry
from shared.security.roles import Actor, Role
from tests.service.test_directory_calendars import ADMINISTRATOR, CLERK, directory
from tests.support.alone import Alone
from tests.support.browser import Browser, changes

__all__ = ["directory"]

COORDINATOR = Actor("coordinator-sq", "金永强", Role.COORDINATOR, "sq")
OF_TOWNSHIP = Actor("coordinator-sq-fujing", "黄静", Role.COORDINATOR, "sq-fujing")
INSPECTION = Actor("jiwei", "纪委", Role.SUPERVISOR, "sq")
PLACES, MEETINGS = "/directory/places", "/directory/meetings"
WINDOW = {"place": "大厅一楼", "opened_on": "2026-11-02", "staff": ["clerk-sq"], "merged_from": "办不成事窗口"}
MEETING = {
    "held_at": "2026-11-20T09:00", "liaisons": ["sq/jw"], "attendees": "金永强、陈立", "subject": "线索移送",
    "agreed": "每月会商一次。",
}  # fmt: skip


async def with_liaison(directory: Alone) -> None:
    fact = {"name": "陈立", "organ": "县纪委监委", "center": "sq", "phone": None}
    await directory.do(lambda session: registry.enter(session, ADMINISTRATOR, "liaison", "sq/jw", fact))


async def test_a_window_is_recorded_and_what_it_was_stays_in_sight(directory: Alone) -> None:
    browser = await Browser(directory).logged_in(COORDINATOR)
    assert "还没有登记" in (await browser.open(PLACES)).text
    page = await browser.send(f"{PLACES}/sq/window", **WINDOW)
    assert "“有诉即办”窗口已登记。" in page.text
    assert "<dd>张敏</dd>" in page.text
    await browser.send(f"{PLACES}/sq/window", place="大厅二楼")
    assert "<dd>大厅二楼</dd>" in browser.page.text
    assert "大厅一楼" in browser.page.text


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"staff": []}, "工作人员：必填，请填写。"),
        ({"staff": ["officer-x"]}, "本中心没有在岗人员“officer-x”"),
        ({"opened_on": "2026-12-01"}, "启用日期：启用日期还没有到"),
        ({"place": ""}, "位置：必填，请填写。"),
    ],
)
async def test_a_place_that_cannot_be_is_refused_at_its_field(
    directory: Alone, wrong: dict[str, object], fault: str
) -> None:
    browser = await Browser(directory).logged_in(COORDINATOR)
    await browser.open(PLACES)
    page = await browser.send(f"{PLACES}/sq/window", **WINDOW | wrong)
    assert page.status_code == 422
    assert fault in page.text


async def test_everybody_reads_where_a_center_is_and_its_own_office_records_it(directory: Alone) -> None:
    clerk = await Browser(directory).logged_in(CLERK)
    assert changes((await clerk.open(PLACES)).text) == set()
    other = await Browser(directory).logged_in(OF_TOWNSHIP)
    assert changes((await other.open(f"{PLACES}?center=sq")).text) == set()
    await other.open(PLACES)
    token = other.fields("/directory/logout")["token"]
    answer = await other.client.post(f"{PLACES}/sq/window", data=WINDOW | {"token": token})
    assert answer.status_code == 403


async def test_a_meeting_is_recorded_with_liaisons_and_read_by_those_above(directory: Alone) -> None:
    browser = await Browser(directory).logged_in(COORDINATOR)
    page = await browser.open(MEETINGS)
    assert "还没有联络员" in page.text
    await with_liaison(directory)
    await browser.open(MEETINGS)
    page = await browser.send(MEETINGS, **MEETING | {"held_at": "2026-12-20T09:00"})
    assert "会议时间：会议时间晚于现在，请在会后登记。" in page.text
    assert browser.fields(MEETINGS)["subject"] == "线索移送"
    page = await browser.send(MEETINGS, **MEETING)
    assert "联络会议已登记。" in page.text
    assert "县纪委监委　陈立" in page.text
    above = await Browser(directory).logged_in(INSPECTION)
    page = await above.open(MEETINGS)
    assert "每月会商一次。" in page.text
    assert changes(page.text) == set()
    township = await Browser(directory).logged_in(OF_TOWNSHIP)
    assert "每月会商一次。" not in (await township.open(MEETINGS)).text
    assert (await (await Browser(directory).logged_in(CLERK)).open(MEETINGS)).status_code == 403

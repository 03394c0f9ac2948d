"""What makes a day count: notices pasted, previewed and confirmed; local days; hours; each center told its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.directory.app import service
from services.directory.usecases import telling
from shared.events.directory import CenterChanged
from shared.security.roles import Actor, Role
from shared.workdays import Calendar
from tests.support.alone import Alone
from tests.support.county import a_few_of_the_county

ADMINISTRATOR = Actor("admin", "管理员", Role.ADMINISTRATOR, "sq")
CLERK = Actor("clerk-sq", "张敏", Role.CLERK, "sq")
NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（农历正月初六、周四）放假调休，共7天。1月31日（周日）、2月20日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天，不调休。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。"""
EXTENSION = """国务院办公厅关于延长2027年春节假期的通知
延长2027年春节假期至2月13日（农历正月初八、周六），2月14日（周日）起正常上班。"""


@pytest.fixture
async def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 09:00")
        await alone.do(lambda session: telling.load_county(session, a_few_of_the_county()))
        yield alone


async def done(directory: Alone, method: str, path: str, params: dict[str, Any] | None = None, **given: Any) -> Any:
    answer = await directory.ask(method, path, ADMINISTRATOR, params=params, json=given)
    assert answer.is_success, answer.text
    return answer.json()


async def problem(directory: Alone, method: str, path: str, **given: Any) -> dict[str, Any]:
    answer = await directory.ask(method, path, ADMINISTRATOR, json=given)
    assert answer.is_client_error, answer.text
    return dict(answer.json())


def said(refusal: dict[str, Any]) -> list[str]:
    return [fault["message"] for fault in refusal["errors"]]


async def confirmed(directory: Alone, text: str) -> Any:
    seen = await done(directory, "POST", "holiday-notices/preview", text=text)
    return await done(directory, "POST", "holiday-notices", text=text, digest=seen["digest"])


async def told(directory: Alone, center: str = "sq") -> Calendar:
    """The latest calendar that was announced of a center."""
    changed = [event for event in await directory.told() if isinstance(event, CenterChanged)]
    return Calendar.from_facts([event for event in changed if event.subject == center][-1].calendar)


async def day(directory: Alone, on: str, center: str = "sq") -> Any:
    [found] = (await done(directory, "GET", f"centers/{center}/calendar", {"from": on, "to": on}))["days"]
    return found


# Notices


async def test_a_preview_shows_every_day_and_what_would_change_and_loads_nothing(directory: Alone) -> None:
    before = len(await directory.told())
    seen = await done(directory, "POST", "holiday-notices/preview", text=NOTICE)
    assert (seen["year"], seen["amends"], seen["missing"], len(seen["days"])) == (2027, False, [], 33)
    changed = {change["date"]: (change["was"], change["why"]) for change in seen["changes"]}
    assert changed["2027-02-20"] == ("暂定：周末", "春节调休上班（2027年部分节假日安排的通知）")
    assert changed["2027-05-05"][0].startswith("暂定：工作日")
    assert seen["settled"] == 5 + 365 - 5, "from the last days of the year before to the last of this one"
    assert len(await directory.told()) == before
    assert await done(directory, "GET", "holiday-notices") == []


async def test_what_is_confirmed_is_told_to_every_center_and_can_be_read_again(directory: Alone) -> None:
    loaded = await confirmed(directory, NOTICE)
    for center in ("sq", "sq-fujing"):
        assert (await told(directory, center)).is_workday(date(2027, 2, 20))
    [listed] = await done(directory, "GET", "holiday-notices")
    assert (listed["title"], listed["loaded_by"]) == ("国务院办公厅关于2027年部分节假日安排的通知", "admin")
    read = await done(directory, "GET", f"holiday-notices/{listed['number']}")
    assert (read["text"], read["days"]) == (NOTICE, loaded["days"])
    assert (await problem(directory, "GET", "holiday-notices/7"))["code"] == "no-such-notice"


async def test_every_contradiction_is_named_and_nothing_is_loaded(directory: Alone) -> None:
    wrong = NOTICE.replace("6月9日（周三）", "6月9日（周四）").replace("正月初六", "正月初七").replace("共5天", "共6天")
    for path, digest in (("holiday-notices/preview", {}), ("holiday-notices", {"digest": "x"})):
        refusal = await problem(directory, "POST", path, text=wrong, **digest)
        assert refusal["code"] == "notice-contradicts"
        assert said(refusal) == [
            "春节：2027年2月11日是农历正月初六，写的是正月初七。",
            "劳动节：写着共6天，列出的日子是5天。",
            "端午节：2027年6月9日是周三，写的是周四。",
        ]


async def test_a_preview_of_something_else_or_of_an_earlier_calendar_is_stale(directory: Alone) -> None:
    seen = await done(directory, "POST", "holiday-notices/preview", text=NOTICE)
    other = NOTICE.replace("6月9日（周三）", "6月10日（周四）")
    assert (await problem(directory, "POST", "holiday-notices", text=other, digest=seen["digest"]))["code"] == (
        "stale-preview"
    )
    await confirmed(directory, other)
    assert (await problem(directory, "POST", "holiday-notices", text=NOTICE, digest=seen["digest"]))["code"] == (
        "stale-preview"
    )


async def test_an_amending_notice_replaces_the_days_it_names_and_nothing_else(directory: Alone) -> None:
    await confirmed(directory, NOTICE)
    seen = await done(directory, "POST", "holiday-notices/preview", text=EXTENSION)
    assert [(change["date"], change["counts"]) for change in seen["changes"]] == [
        ("2027-02-12", False),
        ("2027-02-14", True),
    ]
    await confirmed(directory, EXTENSION)
    calendar = await told(directory)
    assert not calendar.is_workday(date(2027, 2, 12))
    assert calendar.is_workday(date(2027, 2, 20)), "what the first notice says of other days stands"


async def test_a_whole_notice_says_which_one_it_replaces_and_none_is_loaded_twice(directory: Alone) -> None:
    await confirmed(directory, NOTICE)
    assert (await problem(directory, "POST", "holiday-notices/preview", text=NOTICE))["code"] == "already-loaded"
    other = NOTICE.replace("6月9日（周三）", "6月10日（周四）")
    assert (await done(directory, "POST", "holiday-notices/preview", text=other))["replaces"] == [
        "国务院办公厅关于2027年部分节假日安排的通知"
    ]


async def test_only_an_administrator_loads_notices_and_all_staff_read_them(directory: Alone) -> None:
    for path in ("holiday-notices/preview", "holiday-notices"):
        assert (await directory.ask("POST", path, CLERK, json={"text": NOTICE})).status_code == 403
    assert (await directory.ask("GET", "holiday-notices", CLERK)).status_code == 200


# Local days


FLOOD = {"centers": ["sq"], "day": "2026-11-25", "worked": False, "reason": "防汛", "source": "沈政办〔2026〕3号"}


async def test_a_local_day_stands_above_the_country_at_its_own_center_only(directory: Alone) -> None:
    await done(directory, "POST", "local-days", **FLOOD)
    assert await day(directory, "2026-11-25") == {
        "date": "2026-11-25", "counts": False, "why": "本地放假：防汛（沈政办〔2026〕3号）", "provisional": False,
        "hours": [],
    }  # fmt: skip
    assert (await day(directory, "2026-11-25", "sq-fujing"))["counts"]


async def test_half_a_day_off_leaves_the_hours_of_the_other_half(directory: Alone) -> None:
    await done(directory, "POST", "local-days", **FLOOD | {"half": "afternoon", "centers": ["sq", "sq-fujing"]})
    for center in ("sq", "sq-fujing"):
        found = await day(directory, "2026-11-25", center)
        assert (found["counts"], found["hours"]) == (True, ["08:30–12:00"])
        assert found["why"] == "工作日；本地下午放假：防汛（沈政办〔2026〕3号）"


async def test_a_local_day_is_taken_back_with_a_reason_and_stays_in_the_record(directory: Alone) -> None:
    [row] = await done(directory, "POST", "local-days", **FLOOD)
    removed = await done(directory, "POST", f"local-days/{row['id']}/remove", reason="汛情解除。")
    assert (removed["removed_by"], removed["removed_because"]) == ("admin", "汛情解除。")
    assert (await day(directory, "2026-11-25"))["why"] == "工作日"
    assert await done(directory, "GET", "local-days", {"center": "sq"}) == []
    assert await done(directory, "GET", "local-days", {"center": "sq", "removed": True}) == [removed]
    again = await problem(directory, "POST", f"local-days/{row['id']}/remove", reason="再撤。")
    assert again["code"] == "already-removed"
    assert (await problem(directory, "POST", "local-days/none/remove", reason="无。"))["code"] == "no-such-local-day"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"day": "2026-11-20"}, "这一天已经过去，当天的期限和催办督办已按原日历执行，不能再改。"),
        ({"day": "2066-11-25"}, "这一天太远，请核对年份。"),
        ({"worked": True}, "当天本来就上班（工作日），不需要设定。"),
        ({"day": "2026-11-28"}, "当天本来就不上班（周末），不需要设定。"),
        ({"day": "2026-11-24"}, "当天上午已有安排（本地上午放假：停电），请先撤销再重新设定。"),
    ],
)
async def test_a_local_day_that_makes_no_sense_is_refused(
    directory: Alone, changed: dict[str, Any], fault: str
) -> None:
    cut = FLOOD | {"day": "2026-11-24", "half": "morning", "reason": "停电", "source": None}
    await done(directory, "POST", "local-days", **cut)
    assert fault in said(await problem(directory, "POST", "local-days", **FLOOD | changed))


async def test_of_several_centers_each_fault_says_whose_it_is_and_none_is_set(directory: Alone) -> None:
    await done(directory, "POST", "local-days", **FLOOD)
    refusal = await problem(directory, "POST", "local-days", **FLOOD | {"centers": ["sq", "sq-fujing"]})
    assert [sentence.partition("：")[0] for sentence in said(refusal)] == ["sq"]
    assert (await day(directory, "2026-11-25", "sq-fujing"))["counts"]
    unknown = await problem(directory, "POST", "local-days", **FLOOD | {"centers": ["sq-none"]})
    assert unknown["code"] == "no-such-center"


async def test_a_local_day_that_is_past_is_not_taken_back(directory: Alone) -> None:
    [row] = await done(directory, "POST", "local-days", **FLOOD)
    directory.now("11-26 09:00")
    refusal = await problem(directory, "POST", f"local-days/{row['id']}/remove", reason="误设。")
    assert refusal["code"] == "day-is-past"


# Hours


USUAL = [["08:00", "12:00"], ["14:00", "17:00"]]
HOT = {"name": "高温作息", "from": "2027-07-01", "to": "2027-08-15", "spans": [["07:30", "12:30"]]}
SUMMER = {"name": "夏季作息", "from": "06-15", "to": "09-20", "spans": [["08:00", "12:00"], ["15:00", "18:00"]]}


async def test_a_centers_office_hours_change_by_season_for_it_alone(directory: Alone) -> None:
    given = {"usual": USUAL, "seasons": [SUMMER, HOT], "reason": "县政府作息通知。"}
    await done(directory, "PUT", "centers/sq/office-hours", **given)
    hours = {on: (await day(directory, on))["hours"] for on in ("2026-11-25", "2027-06-15", "2027-07-01", "2028-07-03")}
    assert hours == {
        "2026-11-25": ["08:00–12:00", "14:00–17:00"],
        "2027-06-15": ["08:00–12:00", "15:00–18:00"],
        "2027-07-01": ["07:30–12:30"],
        "2028-07-03": ["08:00–12:00", "15:00–18:00"],
    }
    assert (await day(directory, "2027-07-01"))["why"] == "暂定：工作日（高温作息）"
    assert (await day(directory, "2026-11-25", "sq-fujing"))["hours"] == ["08:30–12:00", "14:30–17:30"]


async def test_service_hours_are_a_second_setting_that_moves_no_clock(directory: Alone) -> None:
    before = (await told(directory)).due_after(directory.now("11-23 10:00"), 3)
    given = {"workdays": {"usual": [["08:30", "17:30"]]}, "days_off": [["09:00", "11:00"]], "reason": "周末值班。"}
    await done(directory, "PUT", "centers/sq/service-hours", **given)
    calendar = await told(directory)
    assert calendar.is_served(directory.now("11-28 10:00"))
    assert calendar.due_after(directory.now("11-23 10:00"), 3) == before


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"usual": []}, "办公时间不能为空。"),
        ({"usual": [["8:30", "12:00"]]}, "没有这个时间，请核对，写成 08:30 的样子。"),
        ({"usual": [["08:30", "24:00"]]}, "没有这个时间，请核对，写成 08:30 的样子。"),
        ({"seasons": [SUMMER | {"from": "5月1日"}]}, "请写成 05-01（每年）或 2027-05-01（只在这一年）的样子。"),
        ({"usual": [["12:00", "08:00"]]}, "办公时间12:00至08:00不成立：开始应早于结束。"),
        ({"seasons": [SUMMER, SUMMER | {"name": "秋季作息"}]}, "“夏季作息”与“秋季作息”的日期重叠，请调整。"),
        ({"seasons": [SUMMER | {"from": "02-30"}]}, "没有2月30日这一天。"),
        (
            {"seasons": [HOT | {"to": "08-15"}]},
            "“高温作息”的起止日期不成立：要么都写年份且不超过一年，要么都不写（每年执行）。",
        ),
    ],
)
async def test_hours_that_make_no_day_are_refused(directory: Alone, changed: dict[str, Any], fault: str) -> None:
    given = {"usual": USUAL, "seasons": [], "reason": "县政府作息通知。"} | changed
    assert fault in said(await problem(directory, "PUT", "centers/sq/office-hours", **given))


async def test_a_new_center_begins_with_the_hours_of_its_county_and_what_holds_in_the_country(
    directory: Alone,
) -> None:
    await confirmed(directory, NOTICE)
    await done(directory, "PUT", "centers/sq/office-hours", usual=USUAL, reason="县政府作息通知。")
    center = {"kind": "center", "code": "sq-new", "name": "新区中心", "parent": "sq", "area_code": "0394"}
    await done(directory, "POST", "facts", **center)
    calendar = await told(directory, "sq-new")
    assert calendar.close_of(date(2027, 2, 20)).hour == 17


async def test_a_calendar_is_shown_for_so_many_days_at_most(directory: Alone) -> None:
    for last in ("2026-01-01", "2029-01-01"):
        answer = await directory.ask("GET", "centers/sq/calendar", CLERK, params={"from": "2026-11-23", "to": last})
        assert answer.json()["code"] == "invalid"

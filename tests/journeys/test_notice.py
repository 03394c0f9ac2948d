"""A notice of the State Council lands while orders run: what was provisional is counted again, and everyone is told."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from shared.workdays import CHINA
from tests.support.town import ADMINISTRATOR, AUDITOR, COORDINATOR, Town

NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至4日（周一）放假调休，共4天。1月9日（周六）上班。
二、春节：2月5日（农历除夕、周五）至11日（农历正月初六、周四）放假调休，共7天。1月31日（周日）、2月20日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天，不调休。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。"""

NOTICES = "/directory/api/holiday-notices"


@pytest.fixture
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """The county at the end of 2026, when nobody knows the next year's holidays."""
    opened = datetime(2026, 12, 28, 10, tzinfo=CHINA)
    async with Town.at_work(tmp_path_factory.mktemp("town"), opened=opened) as town:
        yield town


async def due(town: Town, complaint_id: str) -> tuple[str, bool]:
    leg = (await town.file(complaint_id))["legs"][-1]
    return leg["due_at"][:16], leg["provisional"]


async def test_provisional_dates_move_or_become_certain_each_move_is_recorded_and_told(town: Town) -> None:
    counted, certain = await town.dispatched("hard"), await town.dispatched("cannot")
    committed = await town.dispatched("hard")
    await town.replied(committed, "plan", committed_on="2027-05-05")
    assert await due(town, counted) == ("2027-01-05T17:30", True)
    assert await due(town, certain) == ("2026-12-31T17:30", True)
    assert await due(town, committed) == ("2027-05-05T18:00", True)

    seen = await town.do(ADMINISTRATOR, f"{NOTICES}/preview", text=NOTICE)
    assert await due(town, counted) == ("2027-01-05T17:30", True), "a preview changes nothing"
    await town.do(ADMINISTRATOR, NOTICES, text=NOTICE, digest=seen["digest"])

    assert await due(town, counted) == ("2027-01-06T17:30", False)
    assert await due(town, certain) == ("2026-12-31T17:30", False)
    assert await due(town, committed) == ("2027-05-06T18:00", False), "a committed day off rolls on"
    assert "办理期限由2027年1月5日17:30调整为2027年1月6日17:30" in await town.letter(counted, "petitioner.due-moved")
    assert "办理期限确定为2026年12月31日17:30" in await town.letter(certain, "petitioner.due-settled")
    assert {"petitioner.due-moved", "department.due-moved"} <= await town.told(committed)
    why = await town.read(COORDINATOR, f"/sla/api/clocks/{counted}/1/explain")
    assert "元旦放假（2027年部分节假日安排的通知）" in {day["why"] for day in why["trace"]}
    history = await town.read(AUDITOR, f"/intake/api/complaints/{counted}/history")
    assert any("由2027-01-05 17:30改为2027-01-06 17:30" in line["details"] for line in history)


async def loaded(town: Town, text: str) -> int:
    """The administrator has previewed and confirmed it; its number."""
    seen = await town.do(ADMINISTRATOR, f"{NOTICES}/preview", text=text)
    return int((await town.do(ADMINISTRATOR, NOTICES, text=text, digest=seen["digest"]))["number"])


async def test_a_notice_that_contradicts_itself_is_refused_with_every_contradiction_named(town: Town) -> None:
    wrong = NOTICE.replace("6月9日（周三）", "6月9日（周四）").replace("共5天", "共6天")
    answer = await town.ask(ADMINISTRATOR, "POST", f"{NOTICES}/preview", json={"text": wrong})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "notice-contradicts")
    assert [fault["message"] for fault in problem["errors"]] == [
        "劳动节：写着共6天，列出的日子是5天。",
        "端午节：2027年6月9日是周三，写的是周四。",
    ]
    assert await town.refused(COORDINATOR, f"{NOTICES}/preview", text=NOTICE) == "not-allowed"
    assert await town.refused(ADMINISTRATOR, NOTICES, text=NOTICE, digest="x") == "stale-preview"


async def test_a_notice_loaded_by_mistake_is_withdrawn_and_what_was_certain_by_it_is_provisional_again(
    town: Town,
) -> None:
    counted, certain = await town.dispatched("hard"), await town.dispatched("cannot")
    committed = await town.dispatched("hard")
    await town.replied(committed, "plan", committed_on="2027-05-05")
    number = await loaded(town, NOTICE)
    assert await due(town, counted) == ("2027-01-06T17:30", False)

    assert await town.refused(ADMINISTRATOR, f"{NOTICES}/{number}/withdraw") == "invalid reason"
    await town.do(ADMINISTRATOR, f"{NOTICES}/{number}/withdraw", reason="误把征求意见稿当作通知载入。")
    assert await due(town, counted) == ("2027-01-05T17:30", True)
    assert await due(town, certain) == ("2026-12-31T17:30", True)
    assert await due(town, committed) == ("2027-05-05T18:00", True)
    moves = await town.messages_of(counted, "petitioner.due-moved")
    assert "办理期限由2027年1月6日17:30调整为2027年1月5日17:30（暂定）" in moves[0]
    assert "办理期限现为2026年12月31日17:30（暂定）" in await town.letter(certain, "petitioner.due-unsettled")
    assert "department.due-unsettled" in await town.told(certain)
    assert "暂定" in (await town.row(certain))["备注"]
    history = await town.read(AUDITOR, f"/intake/api/complaints/{counted}/history")
    assert any("由2027-01-06 17:30改为2027-01-05 17:30（暂定）" in line["details"] for line in history)
    assert await town.refused(ADMINISTRATOR, f"{NOTICES}/{number}/withdraw", reason="再撤。") == "already-withdrawn"


async def test_a_date_that_a_withdrawal_moves_earlier_never_ends_before_close_of_the_next_working_day(
    town: Town,
) -> None:
    longer = NOTICE.replace("至4日（周一）放假调休，共4天。1月9日（周六）上班", "至6日（周三）放假，共6天")
    number = await loaded(town, longer)
    await town.doors.move_clock(datetime(2026, 12, 30, 10, tzinfo=CHINA))
    complaint_id = await town.dispatched("hard", working_days=2)
    assert await due(town, complaint_id) == ("2027-01-07T17:30", False)
    await town.doors.move_clock(datetime(2027, 1, 4, 10, tzinfo=CHINA))
    await town.do(ADMINISTRATOR, f"{NOTICES}/{number}/withdraw", reason="载入有误。")
    assert await due(town, complaint_id) == ("2027-01-05T17:30", True), "two working days would have ended today"


async def test_a_notice_by_which_days_have_been_counted_is_not_withdrawn_but_amended(town: Town) -> None:
    number = await loaded(town, NOTICE)
    await town.doors.move_clock(datetime(2027, 1, 5, 10, tzinfo=CHINA))
    assert await town.refused(ADMINISTRATOR, f"{NOTICES}/{number}/withdraw", reason="载入有误。") == "day-is-past"

"""Art. 6 and on, the office's own limits: nobody climbs a ladder, but it is reminded, then its head (mechanism §3)."""

from __future__ import annotations

import pytest

from tests.support.town import ADMINISTRATOR, AUDITOR, CLERK, COORDINATOR, TOWNSHIP, Town

Reminder = tuple[str | None, str, str]
"""When, to whom, and of what."""
CHASE = "向承接单位催问处理情况"
UNIT = {"unit": "沈丘县水利局", "reason": "属水利部门职责。"}


async def reminders(town: Town, complaint_id: str) -> list[Reminder]:
    """Everybody who was reminded of this complaint so far, in the order it happened; of one instant by recipient."""
    told = [each for each in await town.messages(complaint_id) if each["template"].endswith(".reminded")]
    found = sorted((each["at"], each["recipient"], each["text"]) for each in told)
    return [(town.said(at), recipient, text.partition("前完成")[2].partition("，")[0]) for at, recipient, text in found]


def twice(first: str, second: str, step: str, center: str = "sq") -> list[Reminder]:
    """The coordinator at the first instant; at the second the coordinator and the head."""
    office, head = f"coordinator@{center}", f"head@{center}"
    return [(first, office, step), (second, office, step), (second, head, step)]


async def test_sorting_takes_two_office_hours_then_the_coordinator_is_reminded_then_the_head_then_nobody(
    town: Town,
) -> None:
    complaint_id = (await town.complains())["complaint_id"]
    await town.until("Mon 11:00")
    assert await reminders(town, complaint_id) == []
    await town.until("next Fri 18:00")
    assert await reminders(town, complaint_id) == twice("Mon 11:00", "Mon 15:30", "研判分类")


@pytest.mark.parametrize("triage", ["cannot", "hard", "refused", "out_of_scope"])
async def test_review_and_dispatch_take_four_office_hours(town: Town, triage: str) -> None:
    complaint_id = await town.complaint(triage)
    await town.until("Fri 18:00")
    assert await reminders(town, complaint_id) == twice("Mon 15:30", "Tue 10:30", "审核分办")


async def test_so_does_accepting_a_transfer_and_the_center_that_takes_over_is_reminded(town: Town) -> None:
    complaint_id = await town.complaint("cannot")
    await town.until("Mon 10:00")
    await town.order(complaint_id, "transfer", to_center=TOWNSHIP, reason="该事项由贵中心办理更为适宜。")
    await town.until("Mon 18:00")
    assert await reminders(town, complaint_id) == [("Mon 16:30", f"coordinator@{TOWNSHIP}", "接收转办并分办")]


async def test_what_is_general_is_settled_or_sorted_anew_by_close_of_the_same_day(town: Town) -> None:
    complaint_id = await town.complaint("general")
    await town.until("Tue 18:00")
    assert await reminders(town, complaint_id) == twice("Mon 17:30", "Tue 17:30", "当场办结或重新研判")


async def test_the_check_and_the_follow_up_take_a_working_day_each(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.replied(complaint_id, "reasons")
    await town.until("Tue 18:00")
    assert await reminders(town, complaint_id) == [("Tue 17:30", "coordinator@sq", "质检")]
    await town.order(complaint_id, "check", passed=True)
    await town.until("Thu 18:00")
    assert (await reminders(town, complaint_id))[1:] == twice("Wed 17:30", "Thu 17:30", "回访")


async def test_who_was_called_in_vain_is_still_to_be_followed_up(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.replied(complaint_id, "reasons")
    await town.order(complaint_id, "check", passed=True)
    await town.until("Mon 15:00")
    await town.followed_up(complaint_id, "unreachable")
    await town.until("Wed 18:00")
    assert await reminders(town, complaint_id) == twice("Tue 17:30", "Wed 17:30", "回访")


async def test_nobody_is_reminded_on_a_day_that_was_taken_off_meanwhile(town: Town) -> None:
    reviewed, referred = await town.complaint("hard"), await town.complaint("out_of_scope")
    await town.order(referred, "refer", **UNIT)
    given = {"centers": ["sq"], "worked": False, "reason": "停电检修"}
    await town.do(ADMINISTRATOR, "/directory/api/local-days", day=town.day("Mon"), half="afternoon", **given)
    await town.do(ADMINISTRATOR, "/directory/api/local-days", day=town.day("next Mon"), **given)
    await town.until("next Tue 18:00")
    assert await reminders(town, reviewed) == twice("Tue 09:30", "Tue 16:00", "审核分办")
    assert await reminders(town, referred) == [("next Tue 17:30", "coordinator@sq", CHASE)]


async def test_what_is_done_in_time_reminds_nobody(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.replied(complaint_id, "reasons")
    await town.order(complaint_id, "check", passed=True)
    await town.followed_up(complaint_id, "satisfied")
    await town.until("next Fri 18:00")
    assert await reminders(town, complaint_id) == []


async def test_late_steps_are_counted_in_the_figures_and_give_no_rungs(town: Town) -> None:
    async def late() -> int:
        figures = (await town.read(AUDITOR, "/sla/api/inner-limits", center="sq"))["figures"]
        return sum(each["late"] for each in figures if each["step"] == "dispatch")

    before = await late()
    complaint_id = await town.complaint("cannot")
    await town.until("Tue 09:00")
    await town.order(complaint_id, "dispatch", lead="zrzy")
    assert await late() == before + 1
    assert await town.rungs(complaint_id) == []
    assert (await town.row(complaint_id))["备注"] == "未超期"
    history = await town.read(COORDINATOR, f"/intake/api/complaints/{complaint_id}/history")
    assert [line["what"] for line in history].count("内部时限提醒") == 1


# Referrals


async def referred(town: Town) -> str:
    """A matter of another unit, referred to it on Monday at nine."""
    complaint_id = await town.complaint("out_of_scope")
    await town.order(complaint_id, "refer", **UNIT)
    return complaint_id


async def test_a_referral_is_chased_every_five_working_days_until_its_outcome(town: Town) -> None:
    await town.new_week(weeks=4)
    complaint_id = await referred(town)
    await town.until("next Mon 17:30")
    assert await reminders(town, complaint_id) == []
    await town.until("next next Mon 18:00")
    assert await reminders(town, complaint_id) == twice("next Mon 17:30", "next next Mon 17:30", CHASE)
    assert (await town.file(complaint_id))["state"] == "referred"

    await town.order(complaint_id, "outcome", text="水利局已清淤，现场已通水。")
    assert "水利局已清淤" in await town.letter(complaint_id, "coordinator.outcome")
    await town.followed_up(complaint_id, "satisfied")
    await town.until("next next next Fri 18:00")
    assert len(await reminders(town, complaint_id)) == 3
    assert (await town.file(complaint_id))["final"] == "referred_closed"
    assert await town.rungs(complaint_id) == []


async def test_another_letter_to_the_unit_is_a_chase_once_a_day_and_its_five_days_begin_anew(town: Town) -> None:
    complaint_id = await referred(town)
    chase = UNIT | {"chase": True}
    assert await town.order_refused(complaint_id, "refer", **chase) == "chased-today"
    await town.until("Thu 10:00")
    assert await town.order_refused(complaint_id, "refer", **UNIT) == "asked-already"
    assert await town.order_refused(complaint_id, "refer", unit="沈丘县司法局", chase=True) == "not-asked"
    await town.order(complaint_id, "refer", **chase)
    await town.until("next Mon 18:00")
    assert await reminders(town, complaint_id) == []
    await town.until("next Thu 18:00")
    assert await reminders(town, complaint_id) == [("next Thu 17:30", "coordinator@sq", CHASE)]
    letters = await town.read(COORDINATOR, f"/dispatch/api/orders/{complaint_id}/papers")
    assert [each["kind"] for each in letters] == ["referral", "referral"]


async def test_a_unit_that_did_not_satisfy_is_written_to_and_chased_again(town: Town) -> None:
    complaint_id = await referred(town)
    await town.order(complaint_id, "outcome", text="已派员查看。")
    await town.followed_up(complaint_id, "dissatisfied", then="redo")
    assert (await town.file(complaint_id))["state"] == "referred"
    await town.until("next Mon 18:00")
    assert await reminders(town, complaint_id) == [("next Mon 17:30", "coordinator@sq", CHASE)]


async def test_an_outcome_is_recorded_of_what_was_referred_and_says_what_came_of_it(town: Town) -> None:
    complaint_id = await town.complaint("out_of_scope")
    assert await town.order_refused(complaint_id, "outcome", text="已处理。") == "not-in-this-state"
    await town.order(complaint_id, "refer", **UNIT)
    assert await town.order_refused(complaint_id, "outcome") == "invalid text"
    assert await town.order_refused(complaint_id, "outcome", CLERK, text="已处理。") == "not-allowed"
    assert await town.order_refused(complaint_id, "direct", channel="信访", reason="请去信访。") == "not-in-this-state"

"""Art. 9, 催办督办: urged, supervised, reported; each once, and never where it was answered in time (mechanism §6)."""

import pytest

from tests.support.town import AUDITOR, COORDINATOR, HEAD, Town


async def test_who_has_not_answered_is_urged_one_working_day_before_it_is_due(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.until("Wed 17:30")
    assert await town.rungs(complaint_id) == []
    await town.until("Wed 17:31")
    assert await town.rungs(complaint_id) == [("urged", "Wed 17:30")]
    assert "department.urged" in await town.told(complaint_id)


async def test_of_a_limit_too_short_for_that_when_half_of_its_office_time_has_passed(town: Town) -> None:
    await town.until("Mon 11:00")
    complaint_id = await town.dispatched("refused")
    await town.until("Mon 17:30")
    assert await town.rungs(complaint_id) == [("urged", "Mon 15:30")]


@pytest.mark.parametrize(
    ("answered", "rungs"),
    [
        ("Wed 17:30", []),
        ("Thu 17:30", [("urged", "Wed 17:30")]),
        ("Thu 17:30:01", [("urged", "Wed 17:30"), ("supervised", "Thu 17:30")]),
        ("Fri 17:30", [("urged", "Wed 17:30"), ("supervised", "Thu 17:30")]),
        ("Fri 17:30:01", [("urged", "Wed 17:30"), ("supervised", "Thu 17:30"), ("reported", "Fri 17:30")]),
    ],
)
async def test_an_answer_at_the_very_instant_stops_the_rung(
    town: Town, answered: str, rungs: list[tuple[str, str]]
) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.until(answered)
    await town.replied(complaint_id, "reasons")
    await town.until("next Fri 18:00")
    assert await town.rungs(complaint_id) == rungs


async def test_the_notice_of_supervision_gives_until_close_of_the_next_working_day(town: Town) -> None:
    await town.until("Tue 10:00")
    complaint_id = await town.dispatched("cannot")
    await town.until("Fri 17:31")
    assert await town.rungs(complaint_id) == [("urged", "Thu 17:30"), ("supervised", "Fri 17:30")]
    assert "督办要求" in await town.letter(complaint_id, "department.supervised")
    assert "head.supervised" in await town.told(complaint_id)
    [clock] = (await town.read(COORDINATOR, f"/sla/api/clocks/{complaint_id}"))["legs"]
    assert (clock["next_rung"], town.said(clock["rung_at"])) == ("reported", "next Mon 17:30")


async def test_reported_it_goes_to_government_and_inspection_without_the_petitioner(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.until("next Mon 09:00")
    reported = {message["recipient"]: message for message in await town.messages(complaint_id)}
    assert {"government@sq", "supervisor@sq", "head@sq"} <= reported.keys()
    for recipient in ("government@sq", "supervisor@sq"):
        assert reported[recipient]["template"].endswith(".reported")
        assert "周" not in reported[recipient]["text"]
        assert "自然资源局" in reported[recipient]["text"]
    assert "department.reported" in await town.told(complaint_id)
    row = await town.row(complaint_id)
    assert "已通报" in row["备注"]


async def test_it_is_reported_to_the_level_the_late_department_belongs_to(town: Town) -> None:
    complaint_id = await town.complaint("cannot", center="sq-zhidian")
    await town.order(complaint_id, "dispatch", "coordinator-sq-zhidian", lead="zhfw")
    await town.until("next Mon 09:00")
    assert {rung["level"] for rung in (await town.file(complaint_id))["rungs"]} == {"sq-zhidian"}
    recipients = {message["recipient"] for message in await town.messages(complaint_id)}
    assert {"government@sq-zhidian", "supervisor@sq-zhidian"} <= recipients
    assert recipients.isdisjoint({"government@sq", "supervisor@sq"})


async def test_each_rung_is_given_once_however_long_nobody_answers(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.until("next Fri 18:00")
    assert [rung for rung, _ in await town.rungs(complaint_id)] == ["urged", "supervised", "reported"]


async def test_the_stage_of_the_result_has_a_ladder_of_its_own(town: Town) -> None:
    complaint_id = await town.dispatched("refused")
    await town.until("Mon 17:30")
    await town.replied(complaint_id, "plan", committed_on=town.day("Thu"))
    await town.until("Fri 17:00")
    assert await town.rungs(complaint_id) == [
        ("urged", "Mon 12:00"),
        ("urged", "Wed 17:30"),
        ("supervised", "Thu 17:30"),
    ]


async def test_a_rung_names_whoever_has_not_answered(town: Town) -> None:
    complaint_id = await town.dispatched("hard", "zjj", "swj")
    await town.replied(complaint_id, "plan", committed_on=town.day("Wed"))
    await town.replied(complaint_id, "result", "zjj")
    await town.until("Tue 18:00")
    [urged] = (await town.file(complaint_id))["rungs"]
    assert [party["department"] for party in urged["to"]] == ["zrzy", "swj"]


async def test_urging_by_hand_at_any_time_uses_up_no_rung_and_stands_in_the_ledger(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.until("Tue 10:00")
    await town.order(complaint_id, "urge")
    assert await town.rungs(complaint_id) == []
    assert (await town.row(complaint_id))["是否催办及时间"].endswith("10:00）")
    await town.until("Wed 18:00")
    assert await town.rungs(complaint_id) == [("urged", "Wed 17:30")]


async def test_supervising_by_hand_waits_until_it_is_overdue_and_says_what_must_be_done(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    requirement = {"requirement": "请于今日内当面答复诉求人。"}
    await town.until("Thu 17:30")
    assert await town.order_refused(complaint_id, "supervise", **requirement) == "not-overdue"
    await town.until("Thu 18:00")
    assert await town.order_refused(complaint_id, "supervise") == "invalid requirement"
    await town.order(complaint_id, "supervise", **requirement)
    by_hand = [rung for rung in (await town.file(complaint_id))["rungs"] if rung["by_hand"]]
    assert [(rung["rung"], rung["requirement"]) for rung in by_hand] == [("supervised", requirement["requirement"])]
    await town.until("next Mon 09:00")
    assert [rung for rung, _ in await town.rungs(complaint_id)] == ["urged", "supervised", "reported"]


async def test_who_has_answered_is_urged_no_more(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.replied(complaint_id, "reasons")
    assert await town.order_refused(complaint_id, "urge") == "not-in-this-state"
    assert await town.order_refused(complaint_id, "supervise", requirement="请速办。") == "not-in-this-state"


async def test_overdue_is_counted_in_working_days_begun_until_it_was_answered(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.until("next Mon 09:00")
    assert (await town.row(complaint_id))["备注"].startswith("超期2个工作日")
    await town.replied(complaint_id, "reasons")
    file = await town.file(complaint_id)
    assert file["overdue"]
    assert file["legs"][0]["overran_working_days"] == 2
    assert (await town.row(complaint_id))["备注"].startswith("超期2个工作日")


async def test_what_ended_before_its_instant_climbs_no_rung(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.replied(complaint_id, "reasons")
    await town.order(complaint_id, "check", passed=True)
    await town.followed_up(complaint_id, "satisfied")
    await town.until("next Fri 18:00")
    assert await town.rungs(complaint_id) == []
    assert (await town.row(complaint_id))["备注"] == "未超期"


async def test_a_returned_answer_counts_as_none_and_its_ladder_goes_on(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.until("Thu 10:00")
    await town.replied(complaint_id, "reasons")
    await town.until("Thu 16:00")
    await town.order(complaint_id, "check", passed=False, reasons="没有写明依据的条款。")
    assert await town.due(complaint_id) == "Fri 17:30", "no earlier than close of the next working day"
    await town.until("next Mon 18:00")
    assert await town.rungs(complaint_id) == [
        ("urged", "Wed 17:30"),
        ("supervised", "Fri 17:30"),
        ("reported", "next Mon 17:30"),
    ]


async def test_an_answer_returned_after_the_supervision_is_reported_when_the_new_date_has_passed(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.until("Fri 10:00")
    await town.replied(complaint_id, "reasons")
    await town.until("Fri 16:00")
    await town.order(complaint_id, "check", passed=False, reasons="没有写明依据的条款。")
    await town.until("next Mon 18:00")
    assert (await town.rungs(complaint_id))[1:] == [("supervised", "Thu 17:30"), ("reported", "next Mon 17:30")]


async def test_a_redo_the_petitioner_asks_for_climbs_a_ladder_of_its_own(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.until("Thu 10:00")
    await town.replied(complaint_id, "reasons")
    await town.order(complaint_id, "check", passed=True)
    await town.followed_up(complaint_id, "dissatisfied", then="redo")
    assert await town.due(complaint_id) == "next Tue 17:30", "the stage's full length again"
    await town.until("next Thu 09:00")
    assert await town.rungs(complaint_id) == [
        ("urged", "Wed 17:30"),
        ("urged", "next Mon 17:30"),
        ("supervised", "next Tue 17:30"),
        ("reported", "next Wed 17:30"),
    ]


async def test_a_forecast_is_what_really_comes_if_nobody_answers(town: Town) -> None:
    await town.until("Tue 10:00")
    orders = [await town.dispatched(triage) for triage in ("cannot", "hard", "refused")]
    orders.append(await town.dispatched("cannot", "zjj"))
    await town.replied(orders[-1], "plan", committed_on=town.day("Thu"))
    for day in ("Wed", "Thu", "Fri", "next Mon"):
        foretold = await town.read(COORDINATOR, "/sla/api/forecast", center="sq", on=town.day(day))
        await town.until(f"{day} 23:00")
        given = set()
        for each in {*orders, *(order["complaint_id"] for order in foretold["orders"])}:
            rungs = await town.rungs(each)
            given |= {(each, rung, at) for rung, at in rungs if at and at.startswith(f"{day} ")}
        expected = {(each["complaint_id"], each["rung"], town.said(each["at"])) for each in foretold["orders"]}
        assert expected == given, day
        assert foretold["urged"] + foretold["supervised"] + foretold["reported"] == len(expected) > 0


LETTERS = ("circular", "report", "copy")


async def test_letters_that_await_a_signature_for_a_working_day_are_reminded_of_until_all_are_issued(
    town: Town,
) -> None:
    signed, unsigned = await town.dispatched("cannot"), await town.dispatched("cannot")
    await town.until("Fri 18:00")
    for kind in LETTERS:
        await town.do(HEAD, f"/dispatch/api/orders/{signed}/papers/{kind}")
    await town.do(HEAD, f"/dispatch/api/orders/{unsigned}/papers/{LETTERS[0]}")
    await town.until("next Tue 18:00")
    assert "head.reminded" not in await town.told(signed)
    reminded = [each for each in await town.messages(unsigned) if each["template"].endswith(".reminded")]
    told = {(each["recipient"], town.said(each["at"])) for each in reminded if "签发通报" in each["text"]}
    assert ("coordinator@sq", "next Mon 17:30") in told
    assert ("head@sq", "next Tue 17:30") in told
    limits = (await town.read(AUDITOR, "/sla/api/inner-limits", center="sq", open=True))["limits"]
    assert unsigned in {each["complaint_id"] for each in limits if each["step"] == "sign" and each["late"]}
    assert signed not in {each["complaint_id"] for each in limits}

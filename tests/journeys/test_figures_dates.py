"""Figures of dates missed, moved and given up, and of whose court it was in, case by case (Art. 2, 8 to 10)."""

from typing import Any

from tests.support.town import AUDITOR, CLERK, COORDINATOR, HEAD, TOWNSHIP, Town

FIGURES = "/intake/api/figures"
AGAIN = {"words": "登记又被退回来了，请重新办理。"}
HOUR = 3600


def rate(hits: int, sample: int) -> dict[str, Any]:
    return {"hits": hits, "sample": sample, "percent": round(100 * hits / sample, 1) if sample else None}


async def figures(town: Town, door: str = "rates", **given: Any) -> Any:
    """What a door tells of these two weeks."""
    days = {"from": town.day("Mon"), "to": town.day("next Fri")}
    return await town.read(AUDITOR, f"{FIGURES}/{door}", **days | given)


async def rates(town: Town) -> tuple[Any, Any]:
    """The response rate and the on-time rate."""
    told = (await figures(town))["rates"]
    return told["response"], told["on_time"]


async def end(town: Town, complaint_id: str) -> None:
    """The result is checked, and satisfies."""
    await town.order(complaint_id, "check", passed=True)
    await town.followed_up(complaint_id, "satisfied")


async def test_what_was_reopened_and_nobody_answers_is_overdue_in_every_figure(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.until("Tue 10:00")
    await town.replied(complaint_id, "reasons")
    await end(town, complaint_id)
    await town.until("Wed 09:00")
    await town.order(complaint_id, "reopen", **AGAIN)
    await town.until("next Wed 18:00")
    assert [rung for rung, _ in await town.rungs(complaint_id)] == ["urged", "supervised", "reported"]
    assert await rates(town) == (rate(1, 1), rate(1, 2))
    people, *_ = (await figures(town, "equality"))["across"]["petitioner"]
    assert people["overdue"] == {"hits": None, "sample": 2, "percent": None}


async def test_what_was_withdrawn_before_its_date_is_in_no_rate_until_it_is_reopened(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.until("Tue 10:00")
    await town.order(complaint_id, "withdraw", words="问题已自行解决。")
    await town.order(complaint_id, "withdraw", HEAD, confirm=True, words="本人确认撤回。")
    await town.until("Fri 10:00")
    assert await rates(town) == (rate(0, 0), rate(0, 0))
    await town.order(complaint_id, "reopen", **AGAIN)
    await town.until("next Thu 10:00")  # due on Wednesday, three working days after the reopening
    assert await rates(town) == (rate(0, 1), rate(0, 1))


async def test_a_late_answer_that_was_returned_is_late_in_the_figures_as_in_the_ledger(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.until("Fri 10:00")  # it was due on Thursday
    await town.replied(complaint_id, "reasons")
    await town.until("Fri 11:00")
    await town.order(complaint_id, "check", passed=False, reasons="没有写明依据的条款。")
    assert await town.due(complaint_id) == "next Mon 17:30"
    await town.until("next Mon 10:00")
    await town.replied(complaint_id, "reasons")
    await end(town, complaint_id)
    await town.until("next Mon 18:00")
    assert (await town.row(complaint_id))["备注"].startswith("超期")
    assert await rates(town) == (rate(0, 1), rate(0, 1))


async def test_an_answer_in_time_that_was_returned_after_its_date_has_the_time_it_was_given(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.until("Thu 17:00")
    await town.replied(complaint_id, "reasons")
    await town.until("Thu 18:00")
    await town.order(complaint_id, "check", passed=False, reasons="没有写明依据的条款。")
    await town.until("Fri 10:00")
    await town.replied(complaint_id, "reasons")
    await end(town, complaint_id)
    await town.until("next Mon 18:00")
    assert (await town.row(complaint_id))["备注"] == "未超期"
    assert await rates(town) == (rate(1, 1), rate(1, 1))


async def test_what_a_department_declined_and_the_office_referred_was_answered_in_time(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.until("Mon 10:00")
    await town.order(complaint_id, "decline", "officer-zrzy", reason="该事项不属于我局职责。")
    await town.order(complaint_id, "decline", uphold=True, reasons="情况属实。")
    sorted_anew = {"triage": "out_of_scope", "reason": "属水利部门职责。"}
    await town.do(COORDINATOR, f"/intake/api/complaints/{complaint_id}/triage", **sorted_anew)
    await town.order(complaint_id, "refer", unit="沈丘县水利局", reason="属水利部门职责。")
    await town.until("next Mon 09:00")
    assert await rates(town) == (rate(1, 1), rate(0, 0))


async def test_an_answer_just_before_an_extended_date_is_looked_at_when_it_was_to_be_done_again(town: Town) -> None:
    complaint_id = await town.dispatched("hard")
    await town.replied(complaint_id, "plan", committed_on=town.day("Wed"))
    later = {"reason": "外业测绘受天气影响，需延后。", "committed_on": town.day("Fri")}
    await town.order(complaint_id, "extend", "officer-zrzy", **later)
    await town.order(complaint_id, "extend", approve=True)
    await town.until("Fri 17:00")
    await town.replied(complaint_id, "result")
    await end(town, complaint_id)
    await town.until("next Tue 09:00")
    await town.order(complaint_id, "reopen", **AGAIN)
    [line] = (await figures(town, "gaming"))["departments"]
    assert line["just_before"] == {"rate": rate(1, 2), "numbers": [(await town.file(complaint_id))["number"]]}


async def test_the_time_of_each_centers_office_stands_with_that_center(town: Town) -> None:
    complaint_id = await town.complaint("cannot", TOWNSHIP)
    await town.until("Mon 11:00")
    await town.order(complaint_id, "transfer", f"coordinator-{TOWNSHIP}", to_center="sq", reason="属县级事项。")
    await town.until("Mon 11:30")
    await town.order(complaint_id, "dispatch", lead="zrzy")
    await town.replied(complaint_id, "reasons")
    await town.until("Mon 12:00")
    await end(town, complaint_id)
    parts = {part["code"]: part["handling"] for part in (await figures(town, by="center"))["parts"]}
    office = {center: parts[center]["courts"]["office"]["working"] for center in ("sq", TOWNSHIP)}
    assert office == {"sq": HOUR, TOWNSHIP: 2 * HOUR}
    assert (parts["sq"]["ended"], parts[TOWNSHIP]["ended"]) == (1, 0)
    own = await figures(town, center=TOWNSHIP)
    assert own["handling"]["courts"]["office"]["working"] == 2 * HOUR


async def test_while_a_result_instead_of_a_plan_waits_for_the_co_handlers_they_share_its_time(town: Town) -> None:
    complaint_id = await town.dispatched("hard", "zjj")
    result = {"kind": "result", "text": "已办结，证书已发放。"}
    assert await town.order_refused(complaint_id, "reply", "officer-zrzy", **result) == "co-handlers-first"
    await town.until("Mon 11:00")
    await town.replied(complaint_id, "result", "zjj")
    await town.until("Mon 12:00")
    await town.replied(complaint_id, "result")
    await end(town, complaint_id)
    courts = (await figures(town))["handling"]["courts"]
    assert (courts["lead"]["working"], courts["co_handler"]["working"]) == (2 * HOUR, HOUR)


async def test_what_was_settled_at_the_window_and_then_dispatched_was_answered_at_the_window(town: Town) -> None:
    complaint_id = await town.complaint("general")
    await town.until("Mon 10:00")
    await town.do(CLERK, f"/intake/api/complaints/{complaint_id}/settle", result="已当场协调办理。")
    await town.followed_up(complaint_id, "dissatisfied", then="redo")
    await town.until("Mon 11:00")
    given = {"triage": "cannot", "reason": "当场解决不了。"}
    await town.do(COORDINATOR, f"/intake/api/complaints/{complaint_id}/triage", **given)
    await town.order(complaint_id, "dispatch", lead="zrzy")
    await town.until("Mon 12:00")
    assert await rates(town) == (rate(1, 1), rate(0, 0))

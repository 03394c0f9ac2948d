"""Art. 10, the petitioner's own doors: nudging, withdrawing, reopening, rating (mechanism §6, §7)."""

import pytest

from shared.security.keys import rating_links
from tests.support.town import CLERK, COORDINATOR, HEAD, HOTLINE, Town

AGAIN = {"words": "登记又被退回来了，请重新办理。"}
OVER = {"words": "问题已自行解决。"}


async def dispatched(town: Town) -> tuple[str, str]:
    """A complaint with its department; its id, and the petitioner's address of it with the query code."""
    receipt = await town.complains(HOTLINE)
    complaint_id = receipt["complaint_id"]
    await town.do("clerk-sq", f"/intake/api/complaints/{complaint_id}/triage", triage="cannot")
    await town.order(complaint_id, "dispatch", lead="zrzy")
    return complaint_id, f"/intake/api/complaints/{receipt['number']}/{{}}?code={receipt['query_code']}"


async def zeroed(town: Town) -> tuple[str, str]:
    """The same, answered, checked and zeroed at once."""
    complaint_id, door = await dispatched(town)
    await end(town, complaint_id)
    return complaint_id, door


async def end(town: Town, complaint_id: str) -> None:
    await town.replied(complaint_id, "reasons")
    await town.order(complaint_id, "check", passed=True)
    await town.followed_up(complaint_id, "satisfied")


async def link(town: Town, complaint_id: str) -> str:
    """The link that stands in the last message of the end, as the petitioner's phone shows it."""
    message, *_ = [m for m in await town.messages(complaint_id) if m["template"] == "petitioner.closed"]
    assert "评价" in message["text"]
    events = await town.read("auditor-sq", f"/intake/api/complaints/{complaint_id}/history")
    assert events
    return rating_links().of(complaint_id, message["event_id"])


async def test_a_petitioner_nudges_once_a_working_day_and_no_rung_comes_of_it(town: Town) -> None:
    complaint_id, door = await dispatched(town)
    nudge = door.format("nudge")
    await town.do(None, nudge, words="什么时候有结果？")
    assert {"coordinator.nudged", "department.nudged"} <= await town.told(complaint_id)
    [step] = (await town.file(complaint_id))["steps"]
    assert (step["action"], step["text"]) == ("nudge", "什么时候有结果？")
    assert await town.refused(None, nudge) == "nudged-today"
    await town.until("Tue 08:00")
    await town.do(None, nudge)
    assert await town.rungs(complaint_id) == []
    await town.until("Sat 10:00")
    await town.do(None, nudge)
    await town.until("Sun 10:00")
    assert await town.refused(None, nudge) == "nudged-today"
    wrong = door.format("nudge").partition("?")[0] + "?code=WRONGONE"
    assert await town.refused(None, wrong) == "no-such-status"
    unsorted = await town.complains()
    early = f"/intake/api/complaints/{unsorted['number']}/nudge?code={unsorted['query_code']}"
    assert await town.refused(None, early) == "just-registered"


async def test_a_petitioner_has_it_reopened_by_number_and_code_once(town: Town) -> None:
    complaint_id, door = await zeroed(town)
    assert await town.refused(None, door.format("nudge")) == "closed"
    await town.until("next Mon 10:00")
    await town.do(None, door.format("reopen"), **AGAIN)
    assert (await town.file(complaint_id))["state"] == "handling"
    assert await town.due(complaint_id) == "next Thu 17:30"
    assert {"petitioner.reopened", "department.reopened"} <= await town.told(complaint_id)
    row = await town.row(complaint_id)
    assert "诉求人要求重办" in row["是否退回重办及时间"]
    assert await town.refused(None, door.format("reopen"), **AGAIN) == "still-open"
    await end(town, complaint_id)
    assert await town.refused(None, door.format("reopen"), **AGAIN) == "reopened-once"


async def test_the_end_carries_a_link_to_rate_it_that_works_once(town: Town) -> None:
    complaint_id, door = await zeroed(town)
    token = await link(town, complaint_id)
    assert token not in str(await town.messages(complaint_id))
    path = f"/intake/api/ratings/{token}"
    assert await town.refused(None, path, score=6) == "invalid score"
    await town.do(None, path, score=5, words="办得快。")
    assert "5分" in await town.letter(complaint_id, "coordinator.rated")
    assert await town.refused(None, path, score=1) == "rated-already"
    assert await town.refused(None, path[:-1] + "!", score=1) == "no-such-link"
    await town.do(None, door.format("reopen"), **AGAIN)
    assert await town.refused(None, path, score=1) == "reopened"
    await end(town, complaint_id)
    await town.do(None, f"/intake/api/ratings/{await link(town, complaint_id)}", score=4, words="好")


async def test_a_withdrawal_is_confirmed_by_phone_and_fed_back(town: Town) -> None:
    complaint_id, _ = await dispatched(town)
    await town.order(complaint_id, "withdraw", words="问题已自行解决。")
    assert "问题已自行解决" in await town.letter(complaint_id, "head.to-confirm")
    assert (await town.file(complaint_id))["state"] == "handling"
    await town.order(complaint_id, "withdraw", HEAD, confirm=True, words="本人确认撤回。")
    row = await town.row(complaint_id)
    assert row["办理情况"].startswith("诉求人撤回")
    assert {"petitioner.closed", "channel.closed", "department.closed"} <= await town.told(complaint_id)
    await town.until("next Mon 09:00")
    assert await town.rungs(complaint_id) == []


async def test_nobody_confirms_a_withdrawal_alone_and_one_at_a_time_waits(town: Town) -> None:
    complaint_id, _ = await dispatched(town)
    confirm = OVER | {"confirm": True}
    assert await town.order_refused(complaint_id, "withdraw", HEAD, **confirm) == "nothing-to-decide"
    assert await town.order_refused(complaint_id, "withdraw") == "invalid words"
    assert await town.order_refused(complaint_id, "withdraw", CLERK, **OVER) == "not-allowed"
    await town.order(complaint_id, "withdraw", HEAD, **OVER)
    assert await town.order_refused(complaint_id, "withdraw", **OVER) == "withdrawal-pending"
    assert await town.order_refused(complaint_id, "withdraw", COORDINATOR, **confirm) == "head-only"
    assert await town.order_refused(complaint_id, "withdraw", HEAD, **confirm) == "own-proposal"
    await town.order(complaint_id, "withdraw", HEAD, confirm=False, words="诉求人来电说还要办。")
    await town.order(complaint_id, "withdraw", **OVER)


async def test_a_petitioner_who_phoned_does_not_withdraw_is_served_on(town: Town) -> None:
    complaint_id, _ = await dispatched(town)
    await town.order(complaint_id, "withdraw", **OVER)
    await town.order(complaint_id, "withdraw", HEAD, confirm=False, words="本人说还要办。")
    assert "本人说还要办" in await town.letter(complaint_id, "coordinator.not-withdrawn")
    assert (await town.file(complaint_id))["state"] == "handling"
    await town.until("Thu 18:00")
    assert await town.rungs(complaint_id) == [("urged", "Wed 17:30"), ("supervised", "Thu 17:30")]


@pytest.mark.parametrize(
    ("asked", "in_time"), [("next next next Mon 17:30", True), ("next next next Mon 17:31", False)]
)
async def test_what_was_closed_is_reopened_within_fifteen_working_days_of_its_end(
    town: Town, asked: str, in_time: bool
) -> None:
    await town.new_week(weeks=4)
    complaint_id, door = await zeroed(town)
    await town.until(asked)
    if in_time:
        await town.do(None, door.format("reopen"), **AGAIN)
        assert (await town.file(complaint_id))["state"] == "handling"
    else:
        assert await town.refused(None, door.format("reopen"), **AGAIN) == "too-late-to-reopen"
        assert await town.order_refused(complaint_id, "reopen", **AGAIN) == "too-late-to-reopen"


async def test_the_coordinator_reopens_it_for_who_asks_at_the_office_as_a_new_round_with_its_own_ladder(
    town: Town,
) -> None:
    complaint_id, _ = await zeroed(town)
    assert await town.order_refused(complaint_id, "reopen") == "invalid words"
    assert await town.order_refused(complaint_id, "reopen", CLERK, **AGAIN) == "not-allowed"
    await town.until("Tue 10:00")
    await town.order(complaint_id, "reopen", **AGAIN)
    file = await town.file(complaint_id)
    assert (file["round"], file["final"], town.said(file["reopened_at"])) == (2, None, "Tue 10:00")
    await town.until("next Mon 18:00")
    assert await town.rungs(complaint_id) == [
        ("urged", "Thu 17:30"),
        ("supervised", "Fri 17:30"),
        ("reported", "next Mon 17:30"),
    ]
    assert await town.order_refused(complaint_id, "reopen", **AGAIN) == "not-in-this-state"


@pytest.mark.parametrize(("way", "state"), [("settled", "on_spot"), ("referred", "referred"), ("directed", "pending")])
async def test_what_no_department_had_is_reopened_where_it_was_dealt_with(town: Town, way: str, state: str) -> None:
    complaint_id = await town.complaint("general" if way == "settled" else "out_of_scope")
    if way == "settled":
        await town.do(CLERK, f"/intake/api/complaints/{complaint_id}/settle", result="已当场协调办理。")
    elif way == "referred":
        await town.order(complaint_id, "refer", unit="沈丘县水利局")
        await town.order(complaint_id, "outcome", text="已清淤。")
    else:
        await town.order(complaint_id, "direct", channel="沈丘县信访局", reason="属信访事项。")
    await town.followed_up(complaint_id, "satisfied")
    await town.order(complaint_id, "reopen", **AGAIN)
    file = await town.file(complaint_id)
    assert (file["state"], file["redo"]) == (state, 1)
    assert "coordinator.reopened" in await town.told(complaint_id)
    assert "诉求人要求重办" in (await town.row(complaint_id))["是否退回重办及时间"]

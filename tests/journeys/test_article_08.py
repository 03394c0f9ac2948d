"""Art. 8, 限时办结: how long the departments have, and what they owe (mechanism §5)."""

from datetime import date, timedelta

import pytest

from tests.support.town import ADMINISTRATOR, AUDITOR, COORDINATOR, Town

TO_FUJING = {"to_center": "sq-fujing", "reason": "该事项由贵中心办理更为适宜。"}


@pytest.mark.parametrize(
    ("triage", "co_handlers", "dispatched", "due"),
    [
        ("cannot", [], "Mon 09:00", "Thu 17:30"),
        ("cannot", ["zjj"], "Mon 09:00", "next Mon 17:30"),
        ("hard", [], "Mon 09:00", "next Mon 17:30"),
        ("hard", ["zjj", "swj"], "Fri 16:00", "next Fri 17:30"),
        ("refused", [], "Mon 09:00", "Mon 17:30"),
        ("refused", ["zjj"], "Mon 09:00", "next Mon 17:30"),
        # The day of receipt is not counted, and after close or on a day off is that day.
        ("cannot", [], "Mon 20:00", "Thu 17:30"),
        ("cannot", [], "Thu 08:00", "next Tue 17:30"),
        ("cannot", [], "Sat 10:00", "next Wed 17:30"),
        # Of the same day at least 120 office minutes must be left.
        ("refused", [], "Mon 15:30", "Mon 17:30"),
        ("refused", [], "Mon 15:31", "Tue 17:30"),
        ("refused", [], "Fri 17:00", "next Mon 17:30"),
        ("refused", [], "Sun 10:00", "next Mon 17:30"),
    ],
)
async def test_the_limit_follows_from_triage_departments_and_the_hour(
    town: Town, triage: str, co_handlers: list[str], dispatched: str, due: str
) -> None:
    await town.until(dispatched)
    complaint_id = await town.dispatched(triage, *co_handlers)
    assert await town.due(complaint_id) == due


async def test_what_was_transferred_has_five_working_days_and_owes_a_plan(town: Town) -> None:
    complaint_id = await town.complaint("cannot")
    await town.order(complaint_id, "transfer", **TO_FUJING)
    await town.order(complaint_id, "dispatch", "coordinator-sq-fujing", lead="zhfw")
    [leg] = (await town.file(complaint_id))["legs"]
    assert (town.said(leg["due_at"]), leg["expects"]) == ("next Mon 17:30", "plan")


async def test_the_clock_starts_at_dispatch_not_when_it_was_registered(town: Town) -> None:
    complaint_id = await town.complaint("cannot")
    await town.until("Wed 10:00")
    await town.order(complaint_id, "dispatch", lead="zrzy")
    assert await town.due(complaint_id) == "next Mon 17:30"


async def test_reasons_without_a_legal_basis_are_refused(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    reasons = {"kind": "reasons", "text": "不符合政策。"}
    assert await town.order_refused(complaint_id, "reply", "officer-zrzy", **reasons) == "no-legal-basis legal_basis"
    assert await town.order_refused(complaint_id, "reply", "officer-zrzy", **reasons, legal_basis=" ") == (
        "invalid legal_basis"
    )


async def test_reasons_reach_the_petitioner_when_given_with_their_basis_and_the_remedy(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.replied(complaint_id, "reasons", remedy="可在60日内申请行政复议。")
    told = await town.letter(complaint_id, "petitioner.reasons")
    assert "《不动产登记暂行条例》第二十二条" in told
    assert "可在60日内申请行政复议。" in told
    assert (await town.file(complaint_id))["state"] == "checking"


async def test_a_plan_reaches_the_petitioner_when_given_and_begins_the_stage_of_its_result(town: Town) -> None:
    complaint_id = await town.dispatched("hard")
    await town.until("Wed 10:00")
    await town.replied(complaint_id, "plan", committed_on=town.day("next Thu"))
    file = await town.file(complaint_id)
    assert (file["stage"], town.said(file["due_at"])) == ("result", "next Thu 17:30")
    assert "承诺办结日期" in await town.letter(complaint_id, "petitioner.plan")
    limits = (await town.row(complaint_id))["要求办理期限"].split("；")
    assert [limit[-5:] for limit in limits] == ["17:30", "17:30"]


async def test_a_plan_commits_to_a_day_that_is_not_past(town: Town) -> None:
    complaint_id = await town.dispatched("hard")
    await town.until("Wed 10:00")
    plan = {"kind": "plan", "text": "先补测，再登记。"}
    assert await town.order_refused(complaint_id, "reply", "officer-zrzy", **plan) == "bad-commitment committed_on"
    past = plan | {"committed_on": town.day("Tue")}
    assert await town.order_refused(complaint_id, "reply", "officer-zrzy", **past) == "bad-commitment committed_on"


async def test_a_committed_day_off_rolls_to_the_next_working_day(town: Town) -> None:
    complaint_id = await town.dispatched("hard")
    await town.replied(complaint_id, "plan", committed_on=town.day("Sat"))
    assert await town.due(complaint_id) == "next Mon 17:30"


async def test_what_staff_refuse_may_be_planned_no_later_than_the_coordinator_fixed_at_dispatch(town: Town) -> None:
    complaint_id = await town.dispatched("refused", committed_working_days=4)
    late = {"kind": "plan", "text": "需现场勘验。", "committed_on": town.day("next Mon")}
    assert await town.order_refused(complaint_id, "reply", "officer-zrzy", **late) == "bad-commitment committed_on"
    await town.replied(complaint_id, "plan")
    assert await town.due(complaint_id) == "Fri 17:30"


async def test_a_stage_may_be_answered_by_something_further_on(town: Town) -> None:
    complaint_id = await town.dispatched("hard")
    await town.replied(complaint_id, "result")
    assert (await town.file(complaint_id))["state"] == "checking"


async def test_reasons_where_a_plan_was_due_prove_that_it_cannot_be_done(town: Town) -> None:
    complaint_id = await town.dispatched("hard")
    await town.replied(complaint_id, "reasons")
    file = await town.file(complaint_id)
    assert (file["triage"], file["state"]) == ("cannot", "checking")


async def test_an_answer_that_does_not_answer_the_stage_is_refused(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    plan = {"kind": "plan", "text": "先补测，再登记。", "committed_on": town.day("Fri")}
    assert await town.order_refused(complaint_id, "reply", "officer-zrzy", **plan) == "wrong-kind kind"

    planned = await town.dispatched("hard")
    await town.replied(planned, "plan", committed_on=town.day("Fri"))
    assert await town.order_refused(planned, "reply", "officer-zrzy", **plan) == "wrong-kind kind"


async def test_an_answer_written_for_another_stage_or_round_is_refused(town: Town) -> None:
    complaint_id = await town.dispatched("hard")
    for stale in ({"stage": "result"}, {"round": 2}):
        given = {"kind": "result", "text": "已办结。"} | stale
        assert await town.order_refused(complaint_id, "reply", "officer-zrzy", **given) == "stale-answer"


@pytest.mark.parametrize(("working_days", "needs_consent"), [(20, False), (21, True)])
async def test_a_hard_matter_committed_beyond_twenty_working_days_waits_for_the_coordinators_consent(
    town: Town, working_days: int, needs_consent: bool
) -> None:
    complaint_id = await town.dispatched("hard")
    asked = {"center": "sq", "date": town.day("Mon"), "after": working_days}
    committed_on = (await town.read(COORDINATOR, "/sla/api/workday", **asked))["date"]
    await town.replied(complaint_id, "plan", committed_on=committed_on)
    file = await town.file(complaint_id)
    assert file["replies"][0]["needs_consent"] == needs_consent
    assert file["stage"] == "result", "it counts as given"
    assert ("coordinator.to-consent" in await town.told(complaint_id)) == needs_consent


async def test_a_due_date_explains_itself_day_by_day(town: Town) -> None:
    await town.until("Thu 10:00")
    complaint_id = await town.dispatched("cannot")
    told = await town.read(COORDINATOR, f"/sla/api/clocks/{complaint_id}/1/explain")
    monday = date.fromisoformat(town.day("Mon"))
    days = [(date.fromisoformat(day["date"]) - monday, day["counts"]) for day in told["trace"]]
    counting = [False, True, False, False, True, True]
    assert days == [(timedelta(days=3 + n), counts) for n, counts in enumerate(counting)]
    assert told["trace"][0]["why"] == "收到当日不计"
    assert town.said(told["due_at"]) == "next Tue 17:30"


async def test_what_arrives_at_the_very_close_counts_as_that_day(town: Town) -> None:
    await town.until("Mon 17:30")
    at_close = await town.dispatched("cannot")
    same_day = await town.dispatched("refused")
    assert await town.due(at_close) == "Thu 17:30"
    assert await town.due(same_day) == "Tue 17:30", "nothing is left of Monday"


async def test_an_answer_at_the_very_close_of_the_due_day_is_in_time(town: Town) -> None:
    complaint_id = await town.dispatched("refused")
    await town.until("Mon 17:30")
    await town.replied(complaint_id, "result")
    await town.until("Tue 09:00")
    assert not (await town.file(complaint_id))["overdue"]
    assert await town.rungs(complaint_id) == [("urged", "Mon 12:00")]


async def test_a_committed_day_that_is_taken_off_later_rolls_on_and_everyone_is_told(town: Town) -> None:
    complaint_id = await town.dispatched("hard")
    await town.replied(complaint_id, "plan", committed_on=town.day("Thu"))
    flood = {"centers": ["sq"], "worked": False, "reason": "防汛", "source": "沈政办〔2022〕9号"}
    [row] = await town.do(ADMINISTRATOR, "/directory/api/local-days", day=town.day("Thu"), **flood)
    assert await town.due(complaint_id) == "Fri 17:30"
    assert {"petitioner.due-moved", "department.due-moved"} <= await town.told(complaint_id)
    why = await town.read(COORDINATOR, f"/sla/api/clocks/{complaint_id}/2/explain")
    assert why["trace"][0]["why"] == "本地放假：防汛（沈政办〔2022〕9号）"
    assert town.said(why["due_at"]) == "Fri 17:30"
    history = await town.read(AUDITOR, f"/intake/api/complaints/{complaint_id}/history")
    assert any("工作日安排变动" in line["details"] for line in history)

    await town.do(ADMINISTRATOR, f"/directory/api/local-days/{row['id']}/remove", reason="汛情解除。")
    assert await town.due(complaint_id) == "Fri 17:30", "what is certain and was told is not taken back"


async def test_the_time_a_supervision_gives_passes_over_a_day_taken_off_meanwhile(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.until("Thu 18:00")
    given = {"centers": ["sq"], "worked": False, "reason": "停电检修"}
    await town.do(ADMINISTRATOR, "/directory/api/local-days", day=town.day("Fri"), **given)
    await town.until("next Mon 17:30")
    assert [rung for rung, _ in await town.rungs(complaint_id)] == ["urged", "supervised"]
    await town.until("next Mon 17:31")
    assert (await town.rungs(complaint_id))[-1] == ("reported", "next Mon 17:30")


HOURS = "/directory/api/centers/sq-fujing"


async def test_half_a_day_off_shortens_what_counts_and_moves_no_whole_days(town: Town) -> None:
    half = {"centers": ["sq"], "half": "afternoon", "worked": False, "reason": "大厅检修"}
    await town.do(ADMINISTRATOR, "/directory/api/local-days", day=town.day("Thu"), **half)
    complaint_id = await town.dispatched("cannot")
    assert await town.due(complaint_id) == "Thu 12:00"
    why = await town.read(COORDINATOR, f"/sla/api/clocks/{complaint_id}/1/explain")
    assert why["trace"][-1]["why"].endswith("本地下午放假：大厅检修")
    assert await town.refused(ADMINISTRATOR, "/directory/api/local-days", day=town.day("Thu"), **half) == "invalid day"
    assert await town.refused(COORDINATOR, "/directory/api/local-days", day=town.day("Wed"), **half) == "not-allowed"


async def test_a_center_has_office_hours_of_its_own_by_season(town: Town) -> None:
    winter = {"name": "冬季作息", "from": town.day("Mon"), "to": town.day("Fri"), "spans": [["09:00", "12:00"]]}
    usual = [["08:30", "12:00"], ["14:30", "17:30"]]
    await town.put(ADMINISTRATOR, f"{HOURS}/office-hours", usual=usual, seasons=[winter], reason="县政府作息通知。")
    complaint_id = await town.complaint("cannot", center="sq-fujing")
    await town.order(complaint_id, "dispatch", "coordinator-sq-fujing", lead="zhfw")
    assert await town.due(complaint_id) == "Thu 12:00"
    assert await town.due(await town.dispatched("cannot")) == "Thu 17:30", "the county's own hours are as they were"
    await town.put(ADMINISTRATOR, f"{HOURS}/office-hours", usual=usual, reason="恢复。")


async def test_service_hours_say_when_somebody_is_at_the_window_and_move_no_clock(town: Town) -> None:
    given = {"workdays": {"usual": [["08:30", "17:30"]]}, "days_off": [["09:00", "11:00"]], "reason": "周末值班。"}
    await town.put(ADMINISTRATOR, "/directory/api/centers/sq/service-hours", **given)
    await town.until("Sat 10:00")
    receipt = await town.complains("sample-web")
    [message] = await town.messages(receipt["complaint_id"])
    assert message["template"] == "petitioner.registered", "somebody is there"
    assert await town.due(await town.dispatched("cannot")) == "next Wed 17:30", "a Saturday counts as none"
    weekdays = {"workdays": {"usual": [["08:30", "12:00"], ["14:30", "17:30"]]}, "reason": "恢复。"}
    await town.put(ADMINISTRATOR, "/directory/api/centers/sq/service-hours", **weekdays)


async def test_what_staff_refuse_may_be_tightened_to_the_same_day_and_no_further(town: Town) -> None:
    complaint_id = await town.complaint("cannot")
    await town.order(complaint_id, "dispatch", lead="zrzy", working_days=0)
    assert await town.due(complaint_id) == "Mon 17:30"
    refused = await town.complaint("refused")
    assert await town.order_refused(refused, "dispatch", lead="zrzy", working_days=1) == "limit-loosened working_days"

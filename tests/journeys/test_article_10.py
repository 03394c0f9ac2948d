"""Art. 10, 质检反馈评价: check, follow up, do it again, zero; and every other end (mechanism §7)."""

import pytest

from tests.support.town import HEAD, HOTLINE, TOWNSHIP, Town

GROUNDS = {"reasons": "已依法答复，诉求人的请求于法无据。", "legal_basis": "《不动产登记暂行条例》第二十二条"}


async def answered(town: Town, triage: str = "cannot") -> str:
    """Answered on Tuesday at ten, and to be checked."""
    complaint_id = await town.dispatched(triage)
    await town.until("Tue 10:00")
    await town.replied(complaint_id, "reasons" if triage == "cannot" else "result")
    return complaint_id


async def checked(town: Town) -> str:
    """Answered and checked: the petitioner is to be asked."""
    complaint_id = await answered(town)
    await town.order(complaint_id, "check", passed=True)
    return complaint_id


async def proposed(town: Town, who: str = "coordinator-sq") -> str:
    """A conclusion without satisfaction awaits a second person."""
    complaint_id = await checked(town)
    await town.followed_up(complaint_id, "dissatisfied", then="conclude")
    await town.order(complaint_id, "conclude", who, **GROUNDS)
    return complaint_id


async def test_the_result_goes_to_the_window_and_reaches_the_petitioner_when_the_check_has_passed(town: Town) -> None:
    complaint_id = await answered(town, "hard")
    assert "coordinator.to-check" in await town.told(complaint_id)
    assert "petitioner.result" not in await town.told(complaint_id)
    await town.order(complaint_id, "check", passed=True)
    assert "petitioner.result" in await town.told(complaint_id)
    assert (await town.file(complaint_id))["state"] == "following_up"


async def test_a_return_at_the_check_says_why_and_the_lead_hears_it(town: Town) -> None:
    complaint_id = await answered(town)
    assert await town.order_refused(complaint_id, "check", passed=False) == "no-reasons reasons"
    await town.order(complaint_id, "check", passed=False, reasons="依据不具体，请补充。")
    assert "依据不具体，请补充。" in await town.letter(complaint_id, "department.returned")
    file = await town.file(complaint_id)
    assert (file["state"], file["redo"]) == ("handling", 1)
    assert "质检退回" in (await town.row(complaint_id))["是否退回重办及时间"]


@pytest.mark.parametrize(
    ("returned", "due"),
    [
        ("Tue 16:00", "Thu 17:30"),
        ("Wed 09:00", "Thu 17:30"),
        ("Thu 17:30", "Fri 17:30"),
        ("Fri 09:00", "next Mon 17:30"),
    ],
)
async def test_a_return_at_the_check_keeps_the_due_date_but_never_ends_before_the_next_close(
    town: Town, returned: str, due: str
) -> None:
    complaint_id = await answered(town)
    await town.until(returned)
    await town.order(complaint_id, "check", passed=False, reasons="依据不具体，请补充。")
    assert await town.due(complaint_id) == due


async def test_a_returned_answer_counts_as_none_and_the_ladder_goes_on(town: Town) -> None:
    complaint_id = await answered(town)
    await town.until("Wed 09:00")
    await town.order(complaint_id, "check", passed=False, reasons="依据不具体，请补充。")
    await town.until("Fri 17:31")
    assert await town.rungs(complaint_id) == [
        ("urged", "Wed 17:30"),
        ("supervised", "Thu 17:30"),
        ("reported", "Fri 17:30"),
    ]


async def test_the_answer_of_the_new_round_is_checked_like_the_first(town: Town) -> None:
    complaint_id = await answered(town)
    await town.order(complaint_id, "check", passed=False, reasons="依据不具体，请补充。")
    stale = {"kind": "reasons", "text": "补充如下。", "legal_basis": "第二十二条", "round": 1}
    assert await town.order_refused(complaint_id, "reply", "officer-zrzy", **stale) == "stale-answer"
    await town.replied(complaint_id, "reasons", round=2)
    await town.order(complaint_id, "check", passed=True)
    await town.followed_up(complaint_id, "satisfied")
    file = await town.file(complaint_id)
    assert (file["final"], file["redo"]) == ("zeroed", 1)


@pytest.mark.parametrize(("said", "column"), [("satisfied", "满意"), ("basically_satisfied", "基本满意")])
async def test_a_content_petitioner_zeroes_it_and_everyone_hears_the_end(town: Town, said: str, column: str) -> None:
    complaint_id = await checked(town)
    await town.followed_up(complaint_id, said, solved=True)
    row = await town.row(complaint_id)
    assert row["办理情况"].startswith("已清零销号：")
    assert (row["办理结果满意度"], row["回访时间"][-5:], row["实际办结时间"][-5:]) == (column, "10:00", "10:00")
    assert await town.told(complaint_id) >= {"petitioner.closed", "channel.closed", "department.closed"}
    [heard] = (await town.file(complaint_id))["follow_ups"]
    assert (heard["satisfaction"], heard["solved"], heard["by"]) == (said, True, "coordinator-sq")
    assert (heard["opinion"], heard["method"]) == ("知道了，谢谢。", "phone")


async def test_a_dissatisfied_petitioner_has_it_done_again_or_concluded_and_the_coordinator_must_say_which(
    town: Town,
) -> None:
    complaint_id = await checked(town)
    dissatisfied = {"satisfaction": "dissatisfied", "opinion": "没解决。", "method": "phone"}
    assert await town.order_refused(complaint_id, "follow-up", **dissatisfied) == "wrong-then then"
    content = dissatisfied | {"satisfaction": "satisfied", "then": "conclude"}
    assert await town.order_refused(complaint_id, "follow-up", **content) == "wrong-then then"


async def test_a_redo_the_petitioner_asks_for_gets_the_full_length_again(town: Town) -> None:
    complaint_id = await checked(town)
    await town.until("Wed 10:00")
    await town.followed_up(complaint_id, "dissatisfied", then="redo")
    assert await town.due(complaint_id) == "next Mon 17:30"
    assert {"petitioner.redo", "department.redo"} <= await town.told(complaint_id)
    assert "诉求人要求重办" in (await town.row(complaint_id))["是否退回重办及时间"]


async def test_a_redo_of_a_committed_result_gets_as_many_working_days_as_from_dispatch_to_the_committed_date(
    town: Town,
) -> None:
    complaint_id = await town.dispatched("hard")
    await town.until("Tue 10:00")
    await town.replied(complaint_id, "plan", committed_on=town.day("Fri"))  # four working days after dispatch
    await town.until("Wed 10:00")
    await town.replied(complaint_id, "result")
    await town.order(complaint_id, "check", passed=True)
    await town.followed_up(complaint_id, "dissatisfied", then="redo")
    assert await town.due(complaint_id) == "next Tue 17:30"


async def test_a_conclusion_without_satisfaction_needs_reasons_and_a_legal_basis(town: Town) -> None:
    complaint_id = await checked(town)
    await town.followed_up(complaint_id, "dissatisfied", then="conclude")
    assert await town.order_refused(complaint_id, "conclude") == "unfounded reasons legal_basis"
    assert await town.order_refused(complaint_id, "conclude", reasons=GROUNDS["reasons"]) == "unfounded legal_basis"


async def test_nobody_concludes_alone(town: Town) -> None:
    complaint_id = await proposed(town)
    assert "head.to-approve" in await town.told(complaint_id)
    assert await town.order_refused(complaint_id, "conclude", approve=True) == "head-only"

    by_the_head = await proposed(town, HEAD)
    assert await town.order_refused(by_the_head, "conclude", HEAD, approve=True) == "own-proposal"
    await town.order(by_the_head, "conclude", HEAD, approve=False, reasons="由综合协调人员另行提请。")
    assert (await town.file(by_the_head))["state"] == "concluding", "a center may have no other head"


async def test_a_second_person_approves_and_it_is_concluded_but_not_zeroed(town: Town) -> None:
    complaint_id = await proposed(town)
    await town.order(complaint_id, "conclude", HEAD, approve=True)
    assert (await town.file(complaint_id))["final"] == "concluded_unsatisfied"
    row = await town.row(complaint_id)
    assert row["办理情况"].startswith("不满意结案：")
    assert row["办理结果满意度"] == "不满意"
    assert GROUNDS["reasons"] in row["备注"]
    assert GROUNDS["legal_basis"] in await town.letter(complaint_id, "petitioner.closed")


async def test_a_second_person_who_does_not_approve_says_why_and_it_is_proposed_or_asked_anew(town: Town) -> None:
    complaint_id = await proposed(town)
    assert await town.order_refused(complaint_id, "conclude", HEAD, approve=False) == "no-reasons reasons"
    await town.order(complaint_id, "conclude", HEAD, approve=False, reasons="请再回访一次。")
    assert (await town.file(complaint_id))["state"] == "concluding"
    await town.followed_up(complaint_id, "basically_satisfied")
    assert (await town.file(complaint_id))["final"] == "zeroed"


async def test_unreachable_is_who_was_tried_three_times_on_two_days_in_different_parts_of_the_day(town: Town) -> None:
    complaint_id = await checked(town)
    tried = {"satisfaction": "unreachable", "opinion": "无人接听。", "method": "phone"}
    await town.followed_up(complaint_id, **tried)
    assert await town.order_refused(complaint_id, "follow-up", **tried, then="conclude") == "too-few-tries"
    await town.until("Wed 10:00")
    await town.followed_up(complaint_id, **tried)
    assert await town.order_refused(complaint_id, "follow-up", **tried, then="conclude") == "too-few-tries"
    await town.until("Wed 15:00")
    await town.followed_up(complaint_id, **tried, then="conclude")
    file = await town.file(complaint_id)
    assert file["final"] == "concluded_unreachable"
    assert [try_["satisfaction"] for try_ in file["follow_ups"]] == ["unreachable"] * 3
    assert await town.told(complaint_id) >= {"petitioner.closed", "channel.closed", "department.closed"}


async def test_who_could_not_be_reached_is_not_said_to_want_it_done_again(town: Town) -> None:
    complaint_id = await checked(town)
    tried = {"satisfaction": "unreachable", "opinion": "无人接听。", "method": "phone", "then": "redo"}
    assert await town.order_refused(complaint_id, "follow-up", **tried) == "wrong-then then"


async def test_nobody_checks_or_follows_up_a_complaint_about_himself(town: Town) -> None:
    complaint_id = await town.complaint("cannot", about="金永强")
    await town.order(complaint_id, "dispatch", HEAD, lead="zrzy")
    await town.replied(complaint_id, "reasons")
    assert await town.order_refused(complaint_id, "check", passed=True) == "about-you"
    await town.order(complaint_id, "check", HEAD, passed=True)
    heard = {"satisfaction": "satisfied", "opinion": "好。", "method": "phone"}
    assert await town.order_refused(complaint_id, "follow-up", **heard) == "about-you"


async def test_nothing_is_checked_before_it_was_answered_nor_followed_up_before_it_was_checked(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    heard = {"satisfaction": "satisfied", "opinion": "好。", "method": "phone"}
    assert await town.order_refused(complaint_id, "check", passed=True) == "not-in-this-state"
    await town.replied(complaint_id, "reasons")
    assert await town.order_refused(complaint_id, "follow-up", **heard) == "not-in-this-state"


async def test_another_center_neither_checks_nor_follows_up(town: Town) -> None:
    complaint_id = await answered(town)
    given = {"passed": True}
    assert await town.order_refused(complaint_id, "check", f"coordinator-{TOWNSHIP}", **given) == "other-center"


async def test_what_has_ended_has_ended(town: Town) -> None:
    complaint_id = await checked(town)
    await town.followed_up(complaint_id, "satisfied")
    for action, given in (
        ("check", {"passed": True}),
        ("dispatch", {"lead": "zrzy"}),
        ("conclude", GROUNDS),
        ("urge", {}),
    ):
        assert await town.order_refused(complaint_id, action, **given) == "not-in-this-state"
    result = {"kind": "result", "text": "再答复一次。"}
    assert await town.order_refused(complaint_id, "reply", "officer-zrzy", **result) == "not-in-this-state"


async def test_the_petitioner_sees_its_end_by_number_and_query_code(town: Town) -> None:
    receipt = await town.complains(HOTLINE)
    complaint_id = receipt["complaint_id"]
    await town.do("clerk-sq", f"/intake/api/complaints/{complaint_id}/triage", triage="general")
    await town.do("clerk-sq", f"/intake/api/complaints/{complaint_id}/settle", result="已当场协调办理。")
    await town.followed_up(complaint_id, "satisfied")
    status = await town.read(None, f"/intake/api/complaints/{receipt['number']}", code=receipt["query_code"])
    assert (status["state"], status["closed"]) == ("已清零销号", True)

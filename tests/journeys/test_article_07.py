"""Art. 7, 分办转办: the coordinator names the departments, one of them leads, and fixes the limit (mechanism §4)."""

from tests.support.town import CLERK, COORDINATOR, TOWNSHIP, Town
from tests.support.uploads import picture

ELSEWHERE = "sq-fujing"


async def test_the_department_gets_its_assignment_with_its_due_date_and_the_petitioner_knows_who_has_it(
    town: Town,
) -> None:
    complaint_id = await town.dispatched("cannot", instructions="请核实后书面答复。")
    assignment = await town.letter(complaint_id, "department.assigned")
    assert "请核实后书面答复。" in assignment
    assert "周**" in assignment
    assert "自然资源局" in await town.letter(complaint_id, "petitioner.dispatched")
    row = await town.row(complaint_id)
    assert row["政务服务责任部门及牵头部门"] == "自然资源局"
    assert row["分办转办时间"].endswith("09:00")
    assert row["要求办理期限"].endswith("17:30")


async def test_a_matter_of_several_departments_needs_exactly_one_lead(town: Town) -> None:
    complaint_id = await town.complaint("hard")
    assert await town.order_refused(complaint_id, "dispatch", co_handlers=["zjj"]) == "invalid lead"
    assert await town.order_refused(complaint_id, "dispatch", lead="zrzy", co_handlers=["zrzy"]) == (
        "department-twice co_handlers"
    )
    await town.order(complaint_id, "dispatch", lead="zrzy", co_handlers=["zjj", "swj"])
    file = await town.file(complaint_id)
    assert [(each["department"], each["is_lead"]) for each in file["assignments"]] == [
        ("zrzy", True),
        ("zjj", False),
        ("swj", False),
    ]
    assigned = {m["recipient"] for m in await town.messages(complaint_id) if m["template"] == "department.assigned"}
    assert assigned == {"sq/zrzy", "sq/zjj", "sq/swj"}
    row = await town.row(complaint_id)
    assert row["政务服务责任部门及牵头部门"] == "牵头：自然资源局；协办：住建局、税务局"


async def test_departments_nobody_knows_are_refused_each_by_its_field(town: Town) -> None:
    complaint_id = await town.complaint("hard")
    given = {"lead": "nobody", "co_handlers": ["zjj", "sq-fujing/zhfw"]}
    assert await town.order_refused(complaint_id, "dispatch", **given) == "unknown-department lead co_handlers.1"


async def test_in_the_stage_of_the_result_a_co_handler_is_due_one_working_day_before_the_lead(town: Town) -> None:
    complaint_id = await town.dispatched("hard", "zjj")
    await town.until("Tue 10:00")
    await town.replied(complaint_id, "plan", committed_on=town.day("next Wed"))
    leg = (await town.file(complaint_id))["legs"][-1]
    assert town.said(leg["due_at"]) == "next Wed 17:30"
    assert town.said(leg["co_handlers_due_at"]) == "next Tue 17:30"


async def test_the_lead_cannot_report_the_result_before_every_co_handler_has_answered(town: Town) -> None:
    complaint_id = await town.dispatched("hard", "zjj", "swj")
    await town.replied(complaint_id, "plan", committed_on=town.day("Fri"))
    await town.replied(complaint_id, "result", "zjj")
    result = {"kind": "result", "text": "已办结，证书已发放。"}
    assert await town.order_refused(complaint_id, "reply", "officer-zrzy", **result) == "co-handlers-first"
    await town.replied(complaint_id, "result", "swj")
    await town.order(complaint_id, "reply", "officer-zrzy", **result)
    assert (await town.file(complaint_id))["state"] == "checking"
    assert "department.co-handler-answered" in await town.told(complaint_id)


async def test_a_co_handler_answers_once(town: Town) -> None:
    complaint_id = await town.dispatched("hard", "zjj")
    await town.replied(complaint_id, "result", "zjj")
    again = {"kind": "result", "text": "再答复一次。"}
    assert await town.order_refused(complaint_id, "reply", "officer-zjj", **again) == "already-answered"


async def test_after_a_transfer_the_other_center_dispatches_and_both_ledgers_show_it(town: Town) -> None:
    complaint_id = await town.complaint("cannot", center=TOWNSHIP)
    number = (await town.file(complaint_id))["number"]
    giver, taker = f"coordinator-{TOWNSHIP}", f"coordinator-{ELSEWHERE}"
    await town.order(complaint_id, "transfer", giver, to_center=ELSEWHERE, reason="该事项由贵中心办理更为适宜。")
    assert await town.order_refused(complaint_id, "dispatch", giver, lead="zhfw") == "other-center"
    await town.order(complaint_id, "dispatch", taker, lead="zhfw")

    file = await town.file(complaint_id)
    assert file["number"] == number
    assert (file["lead"]["center"], file["lead"]["department"]) == (ELSEWHERE, "zhfw")
    rows = [await town.row(complaint_id, center) for center in (TOWNSHIP, ELSEWHERE)]
    assert [row["政务服务责任部门及牵头部门"] for row in rows] == [file["lead"]["name"]] * 2
    assert all("转付井镇便民服务中心办理" in row["备注"] for row in rows)
    told = {message["recipient"]: message["template"] for message in await town.messages(complaint_id)}
    assert told[f"coordinator@{ELSEWHERE}"] == "coordinator.transferred-in"
    assert "petitioner.transferred" in await town.told(complaint_id)


async def test_what_is_late_after_a_transfer_is_late_by_the_same_in_both_ledgers(town: Town) -> None:
    complaint_id = await town.complaint("cannot", center=TOWNSHIP)
    await town.order(complaint_id, "transfer", f"coordinator-{TOWNSHIP}", to_center="sq", reason="该事项属县级权限。")
    await town.order(complaint_id, "dispatch", lead="zrzy")
    assert await town.due(complaint_id) == "next Mon 17:30"
    await town.until("next Wed 09:00")
    rows = [await town.row(complaint_id, center) for center in (TOWNSHIP, "sq")]
    assert [row["备注"].partition("；")[0] for row in rows] == ["超期2个工作日"] * 2


async def test_the_center_that_takes_over_may_correct_the_triage_and_dispatch_or_settle(town: Town) -> None:
    taker = f"coordinator-{ELSEWHERE}"
    for triage in ("cannot", "general"):
        complaint_id = await town.complaint("out_of_scope", center=TOWNSHIP)
        await town.order(
            complaint_id, "transfer", f"coordinator-{TOWNSHIP}", to_center=ELSEWHERE, reason="该事项在贵中心办理。"
        )
        assert await town.order_refused(complaint_id, "dispatch", taker, lead="zhfw") == "not-for-departments"
        path = f"/intake/api/complaints/{complaint_id}"
        await town.do(taker, f"{path}/triage", triage=triage, reason="本中心已进驻该事项。")
        if triage == "general":
            await town.do(taker, f"{path}/settle", result="已当场办好。", helped_by="zhfw")
            state, shown = "following_up", "已当场办结，待回访"
        else:
            await town.order(complaint_id, "dispatch", taker, lead="zhfw")
            state, shown = "handling", "办理中"
        assert (await town.file(complaint_id))["state"] == state
        assert (await town.row(complaint_id, ELSEWHERE))["办理情况"].startswith(shown)


async def test_a_transfer_goes_to_another_center_and_says_why(town: Town) -> None:
    complaint_id = await town.complaint("cannot")
    for to_center in ("sq", "sq-nowhere"):
        given = {"to_center": to_center, "reason": "请贵中心办理。"}
        assert await town.order_refused(complaint_id, "transfer", **given) == "no-such-center to_center"
    assert await town.order_refused(complaint_id, "transfer", to_center=TOWNSHIP) == "invalid reason"


async def test_a_township_dispatches_directly_to_a_department_of_the_county_which_is_no_other_level(
    town: Town,
) -> None:
    complaint_id = await town.complaint("cannot", center=TOWNSHIP)
    await town.order(complaint_id, "dispatch", f"coordinator-{TOWNSHIP}", lead="zrzy")
    file = await town.file(complaint_id)
    assert (file["lead"]["center"], file["transferred"]) == ("sq", False)
    assert town.said(file["due_at"]) == "Thu 17:30"


async def test_the_county_does_not_dispatch_to_a_township_without_a_transfer(town: Town) -> None:
    complaint_id = await town.complaint("cannot")
    assert await town.order_refused(complaint_id, "dispatch", lead=f"{TOWNSHIP}/zhfw") == "unknown-department lead"


async def test_the_coordinator_may_tighten_the_limit_never_loosen_it(town: Town) -> None:
    complaint_id = await town.complaint("cannot")
    assert await town.order_refused(complaint_id, "dispatch", lead="zrzy", working_days=4) == (
        "limit-loosened working_days"
    )
    await town.order(complaint_id, "dispatch", lead="zrzy", working_days=1)
    assert await town.due(complaint_id) == "Tue 17:30"


async def test_a_committed_time_is_fixed_at_dispatch_only_for_what_staff_refuse(town: Town) -> None:
    complaint_id = await town.complaint("hard")
    given = {"lead": "zrzy", "committed_working_days": 10}
    assert await town.order_refused(complaint_id, "dispatch", **given) == ("no-commitment-here committed_working_days")


async def test_signing_is_recorded_once_and_starts_nothing(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    due = await town.due(complaint_id)
    await town.until("Tue 10:00")
    await town.order(complaint_id, "sign", "officer-zrzy")
    assert await town.order_refused(complaint_id, "sign", "officer-zrzy") == "already-signed"
    [assignment] = (await town.file(complaint_id))["assignments"]
    assert town.said(assignment["signed_at"]) == "Tue 10:00"
    assert await town.due(complaint_id) == due


async def test_a_department_answers_only_what_it_was_assigned(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    given = {"kind": "result", "text": "已办结。"}
    assert await town.order_refused(complaint_id, "reply", "officer-zjj", **given) == "not-assigned"
    seen = await town.ask("officer-zjj", "GET", f"/dispatch/api/orders/{complaint_id}")
    assert seen.status_code == 404


async def test_only_the_coordinator_of_the_center_that_has_it_dispatches_and_never_one_about_himself(
    town: Town,
) -> None:
    complaint_id = await town.complaint("cannot", about="金永强")
    assert await town.order_refused(complaint_id, "dispatch", CLERK, lead="zrzy") == "not-allowed"
    assert await town.order_refused(complaint_id, "dispatch", f"coordinator-{TOWNSHIP}", lead="zrzy") == "other-center"
    assert await town.order_refused(complaint_id, "dispatch", COORDINATOR, lead="zrzy") == "about-you"
    await town.order(complaint_id, "dispatch", "head-sq", lead="zrzy")


async def test_what_was_dispatched_is_not_dispatched_again(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    assert await town.order_refused(complaint_id, "dispatch", lead="zjj") == "not-in-this-state"
    assert await town.order_refused(complaint_id, "transfer", to_center=TOWNSHIP, reason="请办理。") == (
        "not-in-this-state"
    )


async def test_an_order_is_not_known_before_its_complaint_was_sorted(town: Town) -> None:
    complaint_id = (await town.complains())["complaint_id"]
    assert await town.order_refused(complaint_id, "dispatch", lead="zrzy") == "no-such-order"


async def test_of_a_closed_order_and_of_one_in_confidence_a_department_is_not_shown_who_complains(town: Town) -> None:
    asked = {"reason": "需要联系诉求人。"}
    in_confidence = await town.complaint("hard", confidential=True, about="zrzy")
    await town.order(in_confidence, "dispatch", lead="zrzy")
    assert await town.order_refused(in_confidence, "reveal", "officer-zrzy", **asked) == "not-shown"
    closed = await town.dispatched("refused")
    await town.replied(closed, "result")
    await town.order(closed, "check", passed=True)
    await town.followed_up(closed, "satisfied")
    assert await town.order_refused(closed, "reveal", "officer-zrzy", **asked) == "not-shown"


async def test_a_department_hands_in_files_and_only_so_many(town: Town) -> None:
    complaint_id = await town.dispatched("hard")
    files = f"/dispatch/orders/{complaint_id}/enclosures"
    assert await town.not_taken("officer-zrzy", files, x="x") == "no-files"
    assert await town.not_told("officer-zrzy", f"{files}/none") == "no-such-file"
    five = [("attachments", (f"{n}.png", picture())) for n in range(5)]
    for _ in range(4):
        answer = await town.ask("officer-zrzy", "POST", files, files=five)
        assert answer.is_redirect, answer.text
    assert await town.not_taken("officer-zrzy", files, five[:1]) == "too-many-files"

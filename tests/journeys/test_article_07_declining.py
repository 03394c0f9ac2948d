"""Art. 7, 退单: a department that is not the right one declines within a working day (mechanism §4)."""

from tests.support.town import ADMINISTRATOR, AUDITOR, CLERK, COORDINATOR, HEAD, Town

GROUND = {"reason": "该事项的审批权限已划转住建局。"}
AGREED = {"uphold": True, "reasons": "情况属实。"}
NOT_AGREED = {"uphold": False, "reasons": "三定方案规定由你单位负责。"}


async def declined(town: Town, department: str = "zrzy", **ground: str) -> str:
    """Dispatched on Monday at nine, declined at ten."""
    complaint_id = await town.dispatched("cannot", lead=department)
    await town.until("Mon 10:00")
    await town.order(complaint_id, "decline", f"officer-{department}", **GROUND | ground)
    return complaint_id


async def test_a_department_declines_with_a_reason_and_the_coordinator_hears_it(town: Town) -> None:
    complaint_id = await declined(town, right_department="zjj")
    letter = await town.letter(complaint_id, "coordinator.to-decide")
    assert "自然资源局申请退单" in letter
    assert "建议转：住建局" in letter
    [told] = (await town.file(complaint_id))["declines"]
    assert (told["department"], told["right_department"], told["granted"]) == ("zrzy", "sq/zjj", None)


async def test_a_decline_says_why_and_names_a_department_that_there_is(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    assert await town.order_refused(complaint_id, "decline", "officer-zrzy") == "incomplete reason"
    unknown = GROUND | {"right_department": "nobody"}
    assert await town.order_refused(complaint_id, "decline", "officer-zrzy", **unknown) == (
        "unknown-department right_department"
    )


async def test_a_decline_is_in_time_until_close_of_the_next_working_day_and_too_late_after_it(town: Town) -> None:
    first, second = await town.dispatched("cannot"), await town.dispatched("cannot")
    await town.until("Tue 17:30")
    await town.order(first, "decline", "officer-zrzy", **GROUND)
    await town.until("Tue 17:31")
    assert await town.order_refused(second, "decline", "officer-zrzy", **GROUND) == "too-late-to-decline"


async def test_while_a_decline_waits_the_clock_goes_on_and_so_do_the_rungs(town: Town) -> None:
    complaint_id = await declined(town)
    assert await town.due(complaint_id) == "Thu 17:30"
    await town.until("Thu 17:31")
    assert await town.rungs(complaint_id) == [("urged", "Wed 17:30"), ("supervised", "Thu 17:30")]
    assert await town.order_refused(complaint_id, "decline", "officer-zrzy", **GROUND) == "decline-pending"


async def test_an_upheld_decline_goes_to_another_department_with_the_full_limit_from_its_own_receipt(
    town: Town,
) -> None:
    complaint_id = await declined(town)
    await town.until("Wed 11:00")
    await town.order(complaint_id, "decline", **AGREED)
    file = await town.file(complaint_id)
    assert (file["state"], file["lead"]) == ("pending", None)
    assert "department.recalled" in await town.told(complaint_id)
    assert "情况属实" in await town.letter(complaint_id, "coordinator.to-dispatch-again")
    seen = await town.ask("officer-zrzy", "GET", f"/dispatch/api/orders/{complaint_id}")
    assert seen.status_code == 404

    await town.order(complaint_id, "dispatch", lead="zjj")
    assert await town.due(complaint_id) == "next Mon 17:30"
    file = await town.file(complaint_id)
    assert (town.said(file["first_due_at"]), file["round"], len(file["legs"])) == ("Thu 17:30", 1, 2)
    await town.until("next Mon 17:31")
    assert await town.rungs(complaint_id) == [("urged", "Fri 17:30"), ("supervised", "next Mon 17:30")]


async def test_missing_the_date_the_petitioner_was_first_told_is_remarked(town: Town) -> None:
    complaint_id = await declined(town)
    await town.order(complaint_id, "decline", **AGREED)
    await town.order(complaint_id, "dispatch", lead="zjj")
    await town.until("Fri 10:00")  # the first date was Thursday; the second department's is Thursday too
    await town.replied(complaint_id, "reasons", "zjj")
    assert "曾改派，超过首次告知的期限" in (await town.row(complaint_id))["备注"]


async def test_no_rung_falls_between_an_upheld_decline_and_the_next_dispatch(town: Town) -> None:
    complaint_id = await declined(town)
    await town.order(complaint_id, "decline", **AGREED)
    await town.until("Fri 17:30")
    assert await town.rungs(complaint_id) == []
    assert (await town.file(complaint_id))["overdue"] is False
    assert "coordinator.reminded" in await town.told(complaint_id)


async def test_a_refused_decline_stays_where_it_is_and_no_date_changes(town: Town) -> None:
    complaint_id = await declined(town)
    assert await town.order_refused(complaint_id, "decline", uphold=False) == "incomplete reasons"
    await town.order(complaint_id, "decline", **NOT_AGREED)
    file = await town.file(complaint_id)
    assert (file["state"], file["lead"]["department"], len(file["legs"])) == ("handling", "zrzy", 1)
    assert await town.due(complaint_id) == "Thu 17:30"
    assert "三定方案" in await town.letter(complaint_id, "department.decline-refused")


async def test_a_second_refusal_is_final(town: Town) -> None:
    complaint_id = await declined(town)
    await town.order(complaint_id, "decline", **NOT_AGREED)
    await town.order(complaint_id, "decline", "officer-zrzy", **GROUND)
    await town.order(complaint_id, "decline", **NOT_AGREED)
    assert await town.order_refused(complaint_id, "decline", "officer-zrzy", **GROUND) == "decline-final"
    letters = [m["text"] for m in await town.messages(complaint_id) if m["template"] == "department.decline-refused"]
    assert ["不得再退单" in text for text in letters] == [True, False]


async def test_a_third_dispatch_is_adjudicated_by_the_head(town: Town) -> None:
    complaint_id = await declined(town)
    await town.order(complaint_id, "decline", **AGREED)
    await town.order(complaint_id, "dispatch", lead="zjj")
    await town.order(complaint_id, "decline", "officer-zjj", **GROUND)
    await town.order(complaint_id, "decline", **AGREED)
    assert "head.to-dispatch-again" in await town.told(complaint_id)
    assert await town.order_refused(complaint_id, "dispatch", lead="zrzy") == "third-dispatch"
    await town.order(complaint_id, "dispatch", HEAD, lead="zrzy")
    assert (await town.file(complaint_id))["state"] == "handling"


async def test_a_co_handler_may_decline_and_whose_decline_is_decided_is_said_where_several_wait(town: Town) -> None:
    complaint_id = await town.dispatched("hard", "zjj")
    for department in ("zrzy", "zjj"):
        await town.order(complaint_id, "decline", f"officer-{department}", **GROUND)
    assert await town.order_refused(complaint_id, "decline", **AGREED) == "which-department department"
    await town.order(complaint_id, "decline", **NOT_AGREED, department="zrzy")
    await town.order(complaint_id, "decline", **AGREED)
    assert (await town.file(complaint_id))["state"] == "pending"


async def test_what_was_answered_is_declined_no_more(town: Town) -> None:
    complaint_id = await town.dispatched("hard", "zjj")
    await town.replied(complaint_id, "result", "zjj")
    assert await town.order_refused(complaint_id, "decline", "officer-zjj", **GROUND) == "answered"
    await town.replied(complaint_id, "plan", committed_on=town.day("Fri"))
    assert await town.order_refused(complaint_id, "decline", "officer-zrzy", **GROUND) == "answered"
    await town.replied(complaint_id, "result")
    assert await town.order_refused(complaint_id, "decline", "officer-zrzy", **GROUND) == "not-in-this-state"


async def test_only_a_department_that_has_it_declines_and_only_its_coordinator_decides(town: Town) -> None:
    complaint_id = await declined(town)
    assert await town.order_refused(complaint_id, "decline", "officer-zjj", **GROUND) == "not-assigned"
    assert await town.order_refused(complaint_id, "decline", **GROUND) == "not-allowed"
    assert await town.order_refused(complaint_id, "decline", "officer-zrzy", **AGREED) == "not-allowed"
    assert await town.order_refused(complaint_id, "decline", CLERK, **AGREED) == "not-allowed"
    other = "coordinator-sq-zhidian"
    assert await town.order_refused(complaint_id, "decline", other, **AGREED) == "other-center"


async def test_nobody_decides_on_a_decline_of_a_complaint_about_himself_nor_where_none_waits(town: Town) -> None:
    complaint_id = await town.complaint("cannot", about="金永强")
    await town.order(complaint_id, "dispatch", HEAD, lead="zrzy")
    assert await town.order_refused(complaint_id, "decline", HEAD, **AGREED) == "nothing-to-decide"
    await town.order(complaint_id, "decline", "officer-zrzy", **GROUND)
    assert await town.order_refused(complaint_id, "decline", **AGREED) == "about-you"


async def test_what_an_answer_made_of_it_is_sorted_anew_when_another_department_is_to_have_it(town: Town) -> None:
    complaint_id = await town.dispatched("refused")
    await town.replied(complaint_id, "reasons")
    await town.order(complaint_id, "check", passed=False, reasons="依据不足。")
    await town.order(complaint_id, "decline", "officer-zrzy", **GROUND)
    await town.order(complaint_id, "decline", **AGREED)
    path = f"/intake/api/complaints/{complaint_id}"
    assert (await town.read(AUDITOR, path))["triage"] == "cannot"
    anew = {"triage": "cannot", "reason": "材料齐全，应当办理。"}
    assert await town.refused(COORDINATOR, f"{path}/triage", **anew) == "same-triage"
    await town.do(COORDINATOR, f"{path}/triage", **anew | {"triage": "refused"})
    assert (await town.file(complaint_id))["triage"] == (await town.read(AUDITOR, path))["triage"] == "refused"


async def test_what_a_retired_department_has_is_taken_back_whatever_it_promised_and_with_all_that_is_joined(
    town: Town,
) -> None:
    first, second = [await town.dispatched("hard", lead="gdgs") for _ in range(2)]
    number = (await town.file(first))["number"]
    await town.order(second, "join", to=number, reason="同一小区反映同一问题。")
    await town.replied(first, "plan", "gdgs", committed_on=town.day("next Fri"))
    for kind, key in (("member", "officer-gdgs"), ("department", "sq/gdgs")):
        facts = await town.read(ADMINISTRATOR, f"/directory/api/facts/{kind}")
        revision = next(fact["revision"] for fact in facts if fact["key"] == key)
        given = {"kind": kind, "key": key, "revision": revision, "reason": "机构改革，职责并入发改委。"}
        await town.do(ADMINISTRATOR, "/directory/api/facts/retire", **given)
    desk = await town.ask(COORDINATOR, "GET", "/dispatch/desk?kind=take-back")
    assert f"部门停用 <b>{1}</b>" in desk.text
    assert number in desk.text
    page = await town.ask(COORDINATOR, "GET", f"/dispatch/orders/{first}?do=uphold")
    assert "已停用，不会再有人答复本件" in page.text
    assert await town.order_refused(first, "decline", **NOT_AGREED) == "department-retired"
    await town.order(first, "decline", uphold=True, reasons="供电公司已停用。")
    assert [(await town.file(each))["state"] for each in (first, second)] == ["pending", "pending"]
    await town.order(first, "dispatch", lead="fgw")
    assert await town.due(second) == "next Mon 17:30"
    await town.until("next Thu 17:30")
    assert ("reported", "next Tue 17:30") in await town.rungs(second)
    assert (await town.row(first))["政务服务责任部门及牵头部门"] == "发改委"

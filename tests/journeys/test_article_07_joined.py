"""Art. 7, 多人同诉: petitioners with one matter all get what its handling comes to, each for himself (mechanism §4)."""

from __future__ import annotations

from tests.support.town import COORDINATOR, HEAD, Town

RESULT = {"kind": "result", "text": "已办结，证书已发放。"}
SAME = {"reason": "反映同一小区办证问题。"}
WHY = {"reason": "协办意见不影响办理结果。"}


async def joins(town: Town, leading: str, triage: str, name: str = "李雪梅") -> str:
    """Another petitioner complains of the same, and is joined."""
    petitioner = {"kind": "individual", "name": name, "phone": "19900007002"}
    complaint_id = await town.complaint(triage, petitioner=petitioner)
    await town.order(complaint_id, "join", to=await number_of(town, leading), **SAME)
    return complaint_id


async def number_of(town: Town, complaint_id: str) -> str:
    return str((await town.file(complaint_id))["number"])


async def history(town: Town, complaint_id: str) -> list[str]:
    """What has happened, as the office reads it."""
    return [line["what"] for line in await town.read(COORDINATOR, f"/intake/api/complaints/{complaint_id}/history")]


async def declined(town: Town, complaint_id: str) -> None:
    """The lead is not the right department, and the coordinator agrees."""
    await town.order(complaint_id, "decline", "officer-zrzy", reason="审批权限已划转住建局。")
    await town.order(complaint_id, "decline", uphold=True, reasons="情况属实。")


async def withdrawn(town: Town, complaint_id: str) -> None:
    """The petitioner does not want it any more, and says so on the phone."""
    await town.order(complaint_id, "withdraw", words="自己办好了。")
    await town.order(complaint_id, "withdraw", HEAD, confirm=True, words="本人确认撤回。")


async def test_a_plan_for_the_items_own_time_limit_is_told_to_every_petitioner_with_the_same_day(town: Town) -> None:
    leading = await town.dispatched("refused", committed_working_days=5)
    await town.until("Mon 10:00")
    other = await joins(town, leading, "refused")
    await town.replied(leading, "plan")
    for each in (leading, other):
        assert (await town.file(each))["legs"][-1]["committed_on"] == town.day("next Mon")
        assert await town.due(each) == "next Mon 17:30"
        assert "petitioner.plan" in await town.told(each)


async def test_what_a_co_handler_said_before_he_joined_stands_in_his_file_and_keeps_nobody_waiting(town: Town) -> None:
    leading = await town.dispatched("hard", "zjj")
    await town.replied(leading, "result", "zjj", text="备案材料已补齐。")
    await town.until("Tue 10:00")
    other = await joins(town, leading, "hard")
    assert [reply["text"] for reply in (await town.file(other))["replies"]] == ["备案材料已补齐。"]
    answer = await town.order(leading, "reply", "officer-zrzy", **RESULT)
    assert answer["not_reached"] == []
    assert {(await town.file(each))["state"] for each in (leading, other)} == {"checking"}
    await town.until("next Fri 18:00")
    assert await town.rungs(other) == [], "nobody is urged for what has been answered"


async def test_what_the_coordinator_does_not_wait_for_holds_up_none_of_the_petitioners(town: Town) -> None:
    leading = await town.dispatched("hard", "zjj")
    other = await joins(town, leading, "hard")
    await town.order(leading, "overrule", **WHY)
    assert "协办意见不影响办理结果" in (await town.messages_of(other, "department.overruled"))[0]
    await town.order(leading, "reply", "officer-zrzy", **RESULT)
    assert (await town.file(other))["state"] == "checking"
    assert "不再等待协办答复" in await history(town, other)


async def test_the_lead_hears_which_petitioners_its_answer_has_not_reached_and_answers_them_too(town: Town) -> None:
    leading = await town.dispatched("hard")
    other = await town.dispatched("hard", "zjj")
    await town.order(other, "join", to=leading, **SAME)
    answer = await town.order(leading, "reply", "officer-zrzy", **RESULT)
    [left_out] = answer["not_reached"]
    assert left_out["number"] == await number_of(town, other)
    assert left_out["why"].startswith("协办单位尚未全部答复")
    assert (await town.file(leading, "officer-zrzy"))["joined_apart"] == [left_out["number"]]
    await town.replied(other, "result", "zjj")
    await town.order(other, "reply", "officer-zrzy", **RESULT)
    assert (await town.file(leading))["joined_apart"] == []


async def test_a_declined_matter_goes_to_the_right_department_with_all_its_petitioners(town: Town) -> None:
    leading = await town.dispatched("hard")
    await town.until("Mon 15:00")
    other = await joins(town, leading, "hard")
    await declined(town, leading)
    assert (await town.file(other))["state"] == "pending"
    await town.until("Tue 09:00")
    await town.order(leading, "dispatch", lead="zjj")
    for each in (leading, other):
        assert (await town.row(each))["政务服务责任部门及牵头部门"] == "住建局"
        assert await town.due(each) == "next Tue 17:30", "the full limit of the new department"
    await town.order(leading, "reply", "officer-zjj", **RESULT)
    for each in (leading, other):
        await town.order(each, "check", passed=True)
        await town.followed_up(each, "satisfied")
    assert [(await town.file(each))["final"] for each in (leading, other)] == ["zeroed", "zeroed"]


async def test_where_the_petitioner_who_led_withdraws_the_next_one_leads_the_others(town: Town) -> None:
    leading = await town.dispatched("hard")
    await town.until("Tue 10:00")
    first, second = await joins(town, leading, "hard"), await joins(town, leading, "hard", "王建国")
    await withdrawn(town, leading)
    former, number = await number_of(town, leading), await number_of(town, first)
    assert (await town.file(first))["joined"] == [await number_of(town, second)]
    assert f"不再并入{former}号办理" in await town.letter(first, "department.parted")
    assert f"由{former}号改为{number}号" in await town.letter(second, "department.joined-anew")
    assert former not in (await town.row(first))["备注"]
    assert f"与{number}合并办理" in (await town.row(second))["备注"]
    assert "不再并入主办件" in await history(town, first)
    assert "多人同诉，更换主办件" in await history(town, second)
    assert len(await town.messages_of(second, "petitioner.joined")) == 1, "for the petitioner nothing has changed"
    await town.order(first, "reply", "officer-zrzy", **RESULT)
    assert (await town.file(second))["state"] == "checking"


async def test_each_of_them_keeps_the_limit_and_the_ladder_it_had_when_another_one_leads(town: Town) -> None:
    leading = await town.dispatched("cannot")
    await town.until("Tue 10:00")
    first, second = await joins(town, leading, "cannot"), await joins(town, leading, "cannot", "王建国")
    await withdrawn(town, leading)
    assert [await town.due(each) for each in (first, second)] == ["Fri 17:30", "Fri 17:30"]
    await town.until("next Mon 09:00")
    for each in (first, second):
        assert await town.rungs(each) == [("urged", "Thu 17:30"), ("supervised", "Fri 17:30")]
    assert await town.rungs(leading) == []

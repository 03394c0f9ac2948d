"""Art. 6, 研判分类: what is general is settled at the window, all else goes to the coordinator (mechanism §3)."""

import pytest

from tests.support.town import CLERK, COORDINATOR, TOWNSHIP, Town

COMPLAINTS = "/intake/api/complaints"
RESULT = "窗口已当场协调，登记证当日发放。"


async def settled(town: Town, complaint_id: str, who: str = CLERK) -> None:
    await town.do(who, f"{COMPLAINTS}/{complaint_id}/settle", result=RESULT, helped_by="zrzy")


async def test_a_general_complaint_is_settled_on_the_spot_followed_up_and_zeroed(town: Town) -> None:
    complaint_id = await town.complaint("general")
    await settled(town, complaint_id)
    assert (await town.file(complaint_id))["state"] == "following_up"
    await town.followed_up(complaint_id, "satisfied")
    row = await town.row(complaint_id)
    assert row["办理情况"] == f"已清零销号：{RESULT}"
    assert (row["办理结果满意度"], row["备注"], row["政务服务责任部门及牵头部门"]) == ("满意", "未超期", "自然资源局")
    assert row["分办转办时间"] == row["要求办理期限"] == ""
    assert await town.told(complaint_id) >= {"petitioner.settled", "petitioner.closed"}


@pytest.mark.parametrize("triage", ["cannot", "hard", "refused", "out_of_scope"])
async def test_everything_else_goes_to_the_coordinator_at_once(town: Town, triage: str) -> None:
    complaint_id = await town.complaint(triage)
    assert (await town.file(complaint_id))["state"] == "pending"
    [told] = [message for message in await town.messages(complaint_id) if message["kind"] == "coordinator"]
    assert (told["template"], told["recipient"]) == ("coordinator.to-review", "coordinator@sq")


@pytest.mark.parametrize("triage", ["cannot", "hard", "refused", "out_of_scope"])
async def test_only_what_is_general_is_settled_on_the_spot(town: Town, triage: str) -> None:
    complaint_id = await town.complaint(triage)
    assert await town.refused(CLERK, f"{COMPLAINTS}/{complaint_id}/settle", result=RESULT) == "not-general"


async def test_nothing_is_settled_before_it_was_sorted(town: Town) -> None:
    complaint_id = (await town.complains())["complaint_id"]
    assert await town.refused(CLERK, f"{COMPLAINTS}/{complaint_id}/settle", result=RESULT) == "not-triaged"


async def test_a_general_one_that_could_not_be_settled_is_sorted_anew_with_the_reason(town: Town) -> None:
    complaint_id = await town.complaint("general")
    path = f"{COMPLAINTS}/{complaint_id}/triage"
    assert await town.refused(CLERK, path, triage="hard") == "reason-missing reason"
    assert await town.refused(CLERK, path, triage="general", reason="再看一次。") == "same-triage"
    await town.do(CLERK, path, triage="hard", reason="涉及历史遗留，当场解决不了。")
    assert (await town.file(complaint_id))["state"] == "pending"
    assert "coordinator.to-review" in await town.told(complaint_id)


async def test_what_the_coordinator_has_only_the_coordinator_corrects(town: Town) -> None:
    complaint_id = await town.complaint("cannot")
    path = f"{COMPLAINTS}/{complaint_id}/triage"
    assert await town.refused(CLERK, path, triage="refused", reason="看错了。") == "coordinator-only"
    await town.do(COORDINATOR, path, triage="refused", reason="政策允许，材料齐全。")
    assert (await town.file(complaint_id))["triage"] == "refused"


async def test_the_coordinator_may_settle_on_the_spot_too(town: Town) -> None:
    complaint_id = await town.complaint("refused")
    await town.do(COORDINATOR, f"{COMPLAINTS}/{complaint_id}/triage", triage="general", reason="窗口当场即可办理。")
    await settled(town, complaint_id, COORDINATOR)
    assert (await town.file(complaint_id))["state"] == "following_up"


async def test_what_a_dissatisfied_petitioner_had_settled_is_settled_again(town: Town) -> None:
    complaint_id = await town.complaint("general")
    await settled(town, complaint_id)
    await town.followed_up(complaint_id, "dissatisfied", then="redo")
    await settled(town, complaint_id)
    await town.followed_up(complaint_id, "satisfied")
    file = await town.file(complaint_id)
    assert (file["final"], file["redo"]) == ("zeroed", 1)


async def test_what_is_not_ours_is_referred_by_letter_and_tracked_until_its_outcome_is_fed_back(town: Town) -> None:
    complaint_id = await town.complaint("out_of_scope")
    await town.order(complaint_id, "refer", unit="沈丘县水利局", reason="属水利部门职责。")
    assert "沈丘县水利局" in await town.letter(complaint_id, "petitioner.referred")

    await town.until("next Mon 10:00")
    assert (await town.file(complaint_id))["state"] == "referred"
    assert await town.rungs(complaint_id) == []

    await town.order(complaint_id, "outcome", text="水利局已清淤，现场已通水。")
    await town.followed_up(complaint_id, "basically_satisfied")
    assert (await town.file(complaint_id))["final"] == "referred_closed"
    row = await town.row(complaint_id)
    assert row["政务服务责任部门及牵头部门"] == "沈丘县水利局（函转）"
    assert row["办理情况"] == "函转办结：水利局已清淤，现场已通水。"
    assert "现场已通水" in await town.letter(complaint_id, "petitioner.closed")


async def test_what_a_dissatisfied_petitioner_had_referred_is_with_the_unit_again_and_not_at_the_window(
    town: Town,
) -> None:
    complaint_id = await town.complaint("out_of_scope")
    await town.order(complaint_id, "refer", unit="沈丘县水利局", reason="属水利部门职责。")
    await town.order(complaint_id, "outcome", text="已清淤。")
    await town.followed_up(complaint_id, "dissatisfied", then="redo")
    path = f"{COMPLAINTS}/{complaint_id}/triage"
    assert await town.refused(COORDINATOR, path, triage="general", reason="窗口可办。") == "dispatched"
    await town.order(complaint_id, "outcome", text="已再次清淤。")
    await town.followed_up(complaint_id, "satisfied")
    assert (await town.file(complaint_id))["final"] == "referred_closed"


async def test_what_a_unit_does_not_take_is_taken_back_sorted_anew_and_dispatched(town: Town) -> None:
    complaint_id = await town.complaint("out_of_scope")
    await town.order(complaint_id, "refer", unit="沈丘县水利局", reason="属水利部门职责。")
    path = f"{COMPLAINTS}/{complaint_id}/triage"
    anew = {"triage": "cannot", "reason": "水利局函复属我县自然资源部门职责。"}
    assert await town.refused(COORDINATOR, path, **anew) == "dispatched"
    assert await town.order_refused(complaint_id, "recall", CLERK, reason="函复不属其职责。") == "not-allowed"

    await town.until("Wed 10:00")
    await town.order(complaint_id, "recall", reason="水利局函复不属其职责。")
    told = await town.letter(complaint_id, "petitioner.recalled")
    assert "沈丘县水利局" in told
    assert "水利局函复不属其职责" in told
    assert (await town.row(complaint_id))["政务服务责任部门及牵头部门"] == ""
    history = await town.read(COORDINATOR, f"{COMPLAINTS}/{complaint_id}/history")
    assert "收回函转" in [line["what"] for line in history]

    await town.do(COORDINATOR, path, **anew)
    await town.order(complaint_id, "dispatch", lead="zrzy")
    await town.replied(complaint_id, "reasons")
    await town.order(complaint_id, "check", passed=True)
    await town.followed_up(complaint_id, "satisfied")
    assert (await town.file(complaint_id))["final"] == "zeroed"
    assert (await town.row(complaint_id))["政务服务责任部门及牵头部门"] == "自然资源局"


async def test_what_was_done_again_in_vain_is_taken_back_and_settled_at_the_window(town: Town) -> None:
    complaint_id = await town.complaint("out_of_scope")
    await town.order(complaint_id, "refer", unit="沈丘县水利局", reason="属水利部门职责。")
    await town.order(complaint_id, "outcome", text="已清淤。")
    await town.followed_up(complaint_id, "dissatisfied", then="redo")
    await town.order(complaint_id, "recall", reason="水利局函复窗口即可办理。")
    await town.do(COORDINATOR, f"{COMPLAINTS}/{complaint_id}/triage", triage="general", reason="窗口可办。")
    await settled(town, complaint_id)
    assert (await town.file(complaint_id))["state"] == "following_up"
    again = {"result": RESULT}
    assert await town.refused(CLERK, f"{COMPLAINTS}/{complaint_id}/settle", **again) == "already-settled"
    await town.followed_up(complaint_id, "satisfied")
    file = await town.file(complaint_id)
    assert (file["final"], file["redo"]) == ("zeroed", 1)


async def test_lawsuits_and_the_like_are_not_referred_the_petitioner_is_told_the_channel_and_why(town: Town) -> None:
    complaint_id = await town.complaint("out_of_scope")
    channel, reason = "沈丘县人民法院执行局（12368诉讼服务热线）", "属法院执行事项，应依法通过诉讼渠道解决。"
    await town.order(complaint_id, "direct", channel=channel, reason=reason)
    told = await town.letter(complaint_id, "petitioner.directed")
    assert channel in told
    assert reason in told
    await town.followed_up(complaint_id, "satisfied")
    assert (await town.file(complaint_id))["final"] == "directed"
    assert await town.told(complaint_id) >= {"petitioner.closed", "channel.closed"}


async def test_a_direction_without_its_reason_is_refused(town: Town) -> None:
    complaint_id = await town.complaint("out_of_scope")
    assert await town.order_refused(complaint_id, "direct", channel="沈丘县信访局") == "invalid reason"


async def test_a_matter_of_ours_is_neither_referred_nor_directed(town: Town) -> None:
    complaint_id = await town.complaint("cannot")
    assert await town.order_refused(complaint_id, "refer", unit="沈丘县水利局") == "in-scope"
    assert await town.order_refused(complaint_id, "direct", channel="信访", reason="请去信访。") == "in-scope"


async def test_what_belongs_to_a_court_or_the_like_is_not_referred_and_nobody_is_sent_where_one_can_refer(
    town: Town,
) -> None:
    complaint_id = await town.complaint("out_of_scope")
    for unit in (
        "沈丘县人民法院执行局（12368诉讼服务热线）",
        "沈丘县劳动人事争议仲裁委员会",
        "沈丘县人民政府行政复议机构",
        "沈丘县信访局",
        "商水县人民法院",  # one the directory does not know
    ):
        assert await town.order_refused(complaint_id, "refer", unit=unit) == "other-way unit"
    passed_on = {"channel": "沈丘县水利局", "reason": "属水利部门职责。"}
    assert await town.order_refused(complaint_id, "direct", **passed_on) == "other-way channel"
    await town.order(complaint_id, "refer", unit="沈丘县铁路护路办公室")  # one the directory does not know


async def test_what_the_window_settles_or_others_handle_is_not_dispatched(town: Town) -> None:
    at_the_window, elsewhere = await town.complaint("general"), await town.complaint("out_of_scope")
    assert await town.order_refused(at_the_window, "dispatch", lead="zrzy") == "not-in-this-state"
    assert await town.order_refused(elsewhere, "dispatch", lead="zrzy") == "not-for-departments"


async def test_after_the_dispatch_the_triage_stands(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    path = f"{COMPLAINTS}/{complaint_id}/triage"
    assert await town.refused(COORDINATOR, path, triage="hard", reason="情况复杂。") == "dispatched"


async def test_nobody_sorts_a_complaint_about_himself_nor_one_of_another_center(town: Town) -> None:
    complaint_id = (await town.complains(about="张敏"))["complaint_id"]
    path = f"{COMPLAINTS}/{complaint_id}/triage"
    assert await town.refused(CLERK, path, triage="cannot") == "about-yourself"
    corrected = {"content": "窗口态度很好，没有问题。", "reason": "听错了。"}
    assert await town.refused(CLERK, f"{COMPLAINTS}/{complaint_id}/correct", **corrected) == "about-yourself"
    assert await town.refused(f"clerk-{TOWNSHIP}", path, triage="cannot") == "other-center"
    await town.do(COORDINATOR, path, triage="cannot")


async def test_what_is_settled_while_it_is_registered_says_how(town: Town) -> None:
    typed = {"petitioner.name": "周春梅", "petitioner.phone": "19900007001", "content": "打印机坏了，材料打不出来。"}
    assert await town.not_taken(CLERK, "/intake/register", **typed, then="settle") == "result-missing result"

"""Art. 7, 协同办理: co-handlers, joint studies, and several petitioners with one matter (mechanism §4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.town import CLERK, COORDINATOR, TOWNSHIP, Town

WHY = {"reason": "协办意见不影响办理结果。"}
SAME = {"reason": "反映同一小区办证问题。"}
RESULT = {"kind": "result", "text": "已办结，证书已发放。"}


async def planned(town: Town, *co_handlers: str) -> str:
    """Dispatched on Monday, planned at once for Friday: the stage of the result runs."""
    complaint_id = await town.dispatched("hard", *co_handlers)
    await town.replied(complaint_id, "plan", committed_on=town.day("Fri"))
    return complaint_id


def minutes(town: Town, **changed: Any) -> dict[str, Any]:
    """What a joint study held this Monday at half past eight concluded."""
    return {
        "departments": ["zrzy", "zjj"],
        "held_at": town.at("Mon 08:30").isoformat(),
        "attendees": "自然资源局李明、住建局王芳",
        "conclusion": "先补测绘，再办登记。",
    } | changed


# Co-handlers


async def test_a_co_handlers_date_of_a_short_result_comes_at_half_of_its_office_time(town: Town) -> None:
    complaint_id = await town.dispatched("hard", "zjj")
    await town.until("Tue 09:00")
    await town.replied(complaint_id, "plan", committed_on=town.day("Tue"))
    leg = (await town.file(complaint_id))["legs"][-1]
    # From 9:00 to 17:30 are six office hours; three of them have passed at noon.
    assert (town.said(leg["due_at"]), town.said(leg["co_handlers_due_at"])) == ("Tue 17:30", "Tue 12:00")


async def test_a_late_co_handler_is_shown_but_climbs_no_rung_of_its_own(town: Town) -> None:
    complaint_id = await planned(town, "zjj")
    await town.until("Fri 10:00")
    assert await town.rungs(complaint_id) == [("urged", "Thu 17:30")]
    file = await town.file(complaint_id)
    assert town.said(file["legs"][-1]["co_handlers_due_at"]) == "Thu 17:30"
    assert [each["answered_at"] for each in file["assignments"]] == [None, None]
    await town.replied(complaint_id, "result", "zjj")
    answered = (await town.file(complaint_id))["assignments"][1]["answered_at"]
    assert town.said(answered) == "Fri 10:00"


async def test_the_coordinator_overrules_with_a_reason_and_the_lead_reports_without_the_co_handler(town: Town) -> None:
    complaint_id = await planned(town, "zjj", "swj")
    await town.replied(complaint_id, "result", "swj")
    assert await town.order_refused(complaint_id, "reply", "officer-zrzy", **RESULT) == "co-handlers-first"
    assert await town.order_refused(complaint_id, "overrule") == "invalid reason"
    await town.order(complaint_id, "overrule", **WHY)
    assert "协办意见不影响办理结果" in (await town.messages_of(complaint_id, "department.overruled"))[0]
    await town.order(complaint_id, "reply", "officer-zrzy", **RESULT)
    assert (await town.file(complaint_id))["state"] == "checking"


async def test_only_co_handlers_who_still_owe_an_answer_are_overruled_and_rungs_name_them_no_more(town: Town) -> None:
    complaint_id = await planned(town, "zjj", "swj")
    await town.replied(complaint_id, "result", "swj")
    answered = WHY | {"departments": ["swj"]}
    refused = await town.ask(COORDINATOR, "POST", f"/dispatch/api/orders/{complaint_id}/overrule", json=answered)
    assert refused.json()["detail"] == "税务局不是尚未答复的协办部门，请核对。"
    assert await town.order_refused(complaint_id, "overrule", CLERK, **WHY) == "not-allowed"
    await town.order(complaint_id, "overrule", **WHY, departments=["zjj"])
    assert await town.order_refused(complaint_id, "overrule", **WHY) == "nobody-owes"
    await town.until("Thu 18:00")
    [urged] = (await town.file(complaint_id))["rungs"]
    assert [party["department"] for party in urged["to"]] == ["zrzy"]


# Joint studies


async def test_the_minutes_of_a_joint_study_stand_on_the_order_and_stop_no_clock(town: Town) -> None:
    complaint_id = await town.dispatched("hard", "zjj")
    before = await town.file(complaint_id)
    await town.order(complaint_id, "study", **minutes(town), lead="zjj")
    after = await town.file(complaint_id)
    [study] = after["studies"]
    assert (study["conclusion"], study["attendees"], study["lead"]) == (
        "先补测绘，再办登记。",
        "自然资源局李明、住建局王芳",
        "sq/zjj",
    )
    assert town.said(study["held_at"]) == "Mon 08:30"
    assert all(after[same] == before[same] for same in ("legs", "lead", "state", "due_at"))
    assert len(await town.messages_of(complaint_id, "department.studied")) == 2
    history = await town.read(COORDINATOR, f"/intake/api/complaints/{complaint_id}/history")
    assert [line["what"] for line in history].count("会商") == 1


async def test_a_matter_is_studied_before_it_is_dispatched_and_while_it_is_checked(town: Town) -> None:
    complaint_id = await town.complaint("hard")
    await town.order(complaint_id, "study", **minutes(town))
    await town.order(complaint_id, "dispatch", lead="zrzy")
    await town.replied(complaint_id, "result")
    await town.order(complaint_id, "study", **minutes(town))
    assert len((await town.file(complaint_id))["studies"]) == 2


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"departments": []}, "invalid departments"),
        ({"departments": ["zrzy", "nobody"]}, "unknown-department departments.1"),
        ({"departments": ["zrzy", "sq/zrzy"]}, "department-twice departments"),
        ({"lead": "nobody"}, "unknown-department lead"),
        ({"held_at": "0001-01-01T00:00:00+14:00"}, "invalid held_at"),
        ({"attendees": ""}, "invalid attendees"),
        ({"conclusion": " "}, "invalid conclusion"),
    ],
)
async def test_minutes_say_who_met_who_came_and_what_they_concluded(
    town: Town, changed: dict[str, Any], code: str
) -> None:
    complaint_id = await town.dispatched("hard")
    assert await town.order_refused(complaint_id, "study", **minutes(town, **changed)) == code


async def test_minutes_are_taken_of_what_was_held_and_by_the_coordinator(town: Town) -> None:
    complaint_id = await town.dispatched("hard")
    tomorrow = minutes(town, held_at=town.at("Tue 09:00").isoformat())
    assert await town.order_refused(complaint_id, "study", **tomorrow) == "not-yet held_at"
    assert await town.order_refused(complaint_id, "study", "officer-zrzy", **minutes(town)) == "not-allowed"


# 多人同诉


async def joined(town: Town) -> tuple[str, str]:
    """A matter with its department since Monday at nine, and another petitioner's joined to it at ten."""
    leading = await town.dispatched("cannot")
    await town.until("Tue 10:00")
    other = await town.complaint("cannot", petitioner={"kind": "individual", "name": "李雪梅", "phone": "19900007002"})
    await town.order(other, "join", to=(await town.file(leading))["number"], **SAME)
    return leading, other


async def test_petitioners_with_one_matter_keep_their_numbers_and_their_limits(town: Town) -> None:
    leading, other = await joined(town)
    files = [await town.file(each) for each in (leading, other)]
    assert files[0]["number"] != files[1]["number"]
    assert [town.said(file["due_at"]) for file in files] == ["Thu 17:30", "Fri 17:30"]
    assert (files[1]["joined_to"], files[0]["joined"]) == (files[0]["number"], [files[1]["number"]])
    assert files[1]["lead"]["department"] == "zrzy"
    assert {"petitioner.joined", "department.joined"} <= await town.told(other)
    assert files[0]["number"] in (await town.row(other))["备注"]


async def test_the_answer_to_the_leading_one_reaches_every_petitioner_and_each_is_asked_and_zeroed_alone(
    town: Town,
) -> None:
    leading, other = await joined(town)
    await town.replied(leading, "reasons")
    for each in (leading, other):
        assert "《不动产登记暂行条例》第二十二条" in await town.letter(each, "petitioner.reasons")
        await town.order(each, "check", passed=True)
    await town.followed_up(leading, "satisfied")
    await town.followed_up(other, "dissatisfied", then="redo")
    assert [(await town.file(each))["final"] for each in (leading, other)] == ["zeroed", None]
    await town.replied(other, "reasons")  # its redo is its own
    assert (await town.file(leading))["redo"] == 0
    await town.order(other, "check", passed=True)
    await town.followed_up(other, "satisfied")
    assert (await town.file(other))["final"] == "zeroed"


async def test_each_of_them_climbs_a_ladder_of_its_own(town: Town) -> None:
    leading, other = await joined(town)
    await town.until("Fri 10:00")
    assert await town.rungs(leading) == [("urged", "Wed 17:30"), ("supervised", "Thu 17:30")]
    assert await town.rungs(other) == [("urged", "Thu 17:30")]


async def test_what_cannot_be_handled_as_one_is_refused_with_what_to_do(town: Town) -> None:
    leading, other = await joined(town)
    alone = await town.complaint("cannot")

    async def refused(complaint_id: str, to: str, who: str = COORDINATOR) -> str:
        return await town.order_refused(complaint_id, "join", who, to=to, **SAME)

    assert await refused(alone, "SQ-2022-9999") == "cannot-join to"
    assert await refused(alone, alone) == "cannot-join to"
    assert await refused(alone, other) == "cannot-join to", "that one is joined itself"
    assert await refused(leading, await town.dispatched("cannot")) == "cannot-join to", "others are joined to it"
    assert await refused(alone, await town.complaint("cannot")) == "cannot-join to", "it is not dispatched yet"
    assert await refused(await town.complaint("hard"), leading) == "cannot-join to", "it is sorted otherwise"
    assert await refused(await town.dispatched("cannot", lead="zjj"), leading) == "cannot-join to"
    of_the_township = await town.complaint("cannot", TOWNSHIP)
    assert await refused(of_the_township, leading, f"coordinator-{TOWNSHIP}") == "cannot-join to"
    assert await town.order_refused(alone, "join", to=leading) == "invalid reason"
    assert await refused(alone, leading, CLERK) == "not-allowed"

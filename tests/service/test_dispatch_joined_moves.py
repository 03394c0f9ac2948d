"""多人同诉: where the matter goes, all who complain of it go; where the leading one ends, the others go on (§4, §7)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event as happening

from shared.events.dispatch import DeclineUpheld, HoldOverruled, JoiningChanged, OrderDispatched, OrderJoined
from shared.events.intake import Triage
from tests.support.dispatching import HEAD, Desk, desk
from tests.support.joined import (
    DECLINED,
    PLAN,
    RESULT,
    SAME,
    SATISFIED,
    SWJ,
    UPHELD,
    WHY,
    ZJJ,
    ZRZY,
    dispatched,
    joined_to,
    number_of,
    sent_back,
    withdrawn,
)

__all__ = ["desk"]


async def test_why_it_was_joined_is_told_without_the_name_of_the_other_petitioner(desk: Desk) -> None:
    leading, other = await dispatched(desk), await desk.complaint(Triage.HARD)
    await desk.act(other, "join", HEAD, to=leading, reason="与张三丰反映的是同一件事。")
    [joined] = await desk.announced(OrderJoined)
    assert joined.reason == "与某某反映的是同一件事。"
    assert "张三丰" not in str(await desk.file(other))


# Overruled, declined, dispatched anew


async def test_overruled_for_the_leading_one_a_co_handler_holds_back_none_that_is_joined(desk: Desk) -> None:
    leading = await dispatched(desk, "zjj", "swj")
    other, answered = await joined_to(desk, leading), await dispatched(desk, "zjj")
    await desk.act(answered, "reply", ZJJ, **RESULT)
    await desk.act(answered, "join", to=leading, **SAME)
    await desk.act(leading, "overrule", **WHY, departments=["zjj"])
    overruled = {event.subject: event for event in await desk.announced(HoldOverruled)}
    assert set(overruled) == {leading, other}, "where it has answered, there is nothing to overrule"
    assert [party.department for party in overruled[other].parties] == ["zjj"]
    steps = [(step["action"], step["target"], step["text"]) for step in (await desk.file(other))["steps"]]
    assert steps == [("join", await number_of(desk, leading), SAME["reason"]), ("overrule", "sq/zjj", WHY["reason"])]
    await desk.act(leading, "reply", SWJ, **RESULT)
    await desk.act(leading, "reply", ZRZY, **RESULT)
    assert {(await desk.file(each))["state"] for each in (leading, other, answered)} == {"checking"}


async def test_a_declined_matter_goes_to_the_right_department_with_every_petitioner(desk: Desk) -> None:
    leading = await dispatched(desk)
    other = await joined_to(desk, leading)
    await desk.act(other, "decline", ZRZY, **DECLINED)  # and so has the department said of this one
    await sent_back(desk, leading)
    assert [event.subject for event in await desk.announced(DeclineUpheld)] == [leading, other]
    assert (await desk.file(other))["declines"][0]["granted"] is True
    desk.now("11-24 09:00")
    await desk.act(leading, "dispatch", lead="zjj", co_handlers=["swj"], working_days=2, instructions="请核实。")
    *_, first, second = await desk.announced(OrderDispatched)
    assert [(each.subject, each.lead.department) for each in (first, second)] == [(leading, "zjj"), (other, "zjj")]
    assert (first.leg.working_days, second.leg.working_days) == (2, 5), "each has a limit of its own"
    assert (second.leg.number, second.instructions) == (2, "请核实。")
    await desk.act(leading, "reply", SWJ, **RESULT)
    await desk.act(leading, "reply", ZJJ, **RESULT)
    assert {(await desk.file(each))["state"] for each in (leading, other)} == {"checking"}


async def test_a_day_fixed_when_it_is_dispatched_anew_is_the_same_for_all(desk: Desk) -> None:
    leading = await dispatched(desk, triage=Triage.REFUSED)
    other = await joined_to(desk, leading, Triage.REFUSED)
    await sent_back(desk, leading)
    await desk.act(leading, "dispatch", lead="zjj", committed_working_days=3)
    assert (await desk.file(other))["commit_by"] == "2026-11-26"
    await desk.act(leading, "reply", ZJJ, **PLAN)
    assert (await desk.file(other))["legs"][-1]["committed_on"] == "2026-11-26"


async def test_what_the_department_has_planned_already_stays_there_when_the_matter_goes_elsewhere(desk: Desk) -> None:
    leading = await dispatched(desk)
    planned, other = await joined_to(desk, leading), await joined_to(desk, leading)
    await desk.act(planned, "reply", ZRZY, **PLAN, committed_on="2026-12-01")
    await sent_back(desk, leading)
    assert [(await desk.file(each))["state"] for each in (planned, other)] == ["handling", "pending"]
    await desk.act(leading, "dispatch", lead="zjj")
    assert (await desk.file(planned))["joined_to"] is None
    assert (await desk.file(other))["joined_to"] == await number_of(desk, leading)


async def test_what_the_department_could_not_have_declined_by_itself_stays_there_as_well(desk: Desk) -> None:
    old = await dispatched(desk)
    desk.now("11-25 09:00")
    leading = await dispatched(desk)
    fresh = await joined_to(desk, leading)
    await desk.act(old, "join", to=leading, **SAME)
    await desk.act(leading, "decline", ZRZY, **DECLINED)
    desk.now("12-02 09:00")  # the coordinator takes his time, which is not the department's
    await desk.act(leading, "decline", **UPHELD)
    assert [(await desk.file(each))["state"] for each in (leading, fresh, old)] == ["pending", "pending", "handling"]
    assert [event.subject for event in await desk.announced(JoiningChanged)] == [old]


async def test_what_is_sorted_otherwise_meanwhile_or_for_the_head_does_not_go_along(desk: Desk) -> None:
    leading = await dispatched(desk)
    other = await dispatched(desk)
    await sent_back(desk, other)
    await desk.act(other, "dispatch", lead="zrzy")  # for the second time
    await desk.act(other, "join", to=leading, **SAME)
    sorted_anew = await joined_to(desk, leading)
    await sent_back(desk, leading)
    await desk.hear(desk.triaged(sorted_anew, Triage.CANNOT, 2))
    await desk.act(leading, "dispatch", lead="zjj")
    assert [(await desk.file(each))["state"] for each in (other, sorted_anew)] == ["pending", "pending"]
    assert (await desk.file(leading))["joined"] == []
    reasons = {event.subject: event.reason for event in await desk.announced(JoiningChanged)}
    assert reasons == dict.fromkeys((other, sorted_anew), "主办件重新分办，本件不能一并分办。")
    assert await desk.refused(other, "dispatch", lead="zjj") == (403, "third-dispatch", [])
    await desk.act(other, "dispatch", HEAD, lead="zjj")
    await desk.act(other, "join", to=leading, **SAME)


async def test_nothing_is_done_by_somebody_to_what_is_joined_and_about_him(desk: Desk) -> None:
    leading = await dispatched(desk, "zjj")
    other = await joined_to(desk, leading, about="coordinator-sq")
    await desk.act(leading, "overrule", **WHY)
    assert (await desk.file(other))["assignments"][1]["overruled_at"] is None
    await sent_back(desk, leading)
    assert (await desk.file(other))["state"] == "handling"
    await desk.act(leading, "dispatch", lead="zjj")
    assert (await desk.file(other))["joined_to"] is None


# The leading one leads no more


async def test_where_the_leading_one_is_withdrawn_the_first_of_the_others_leads_them(desk: Desk) -> None:
    leading = await dispatched(desk)
    first, second, answered = [await joined_to(desk, leading) for _ in range(3)]
    await desk.act(answered, "reply", ZRZY, **RESULT)
    await withdrawn(desk, leading)
    former, number = await number_of(desk, leading), await number_of(desk, first)
    told = {event.subject: event for event in await desk.announced(JoiningChanged)}
    assert set(told) == {first, second}, "what is answered is checked and followed up for itself anyway"
    assert {(event.former_number, event.leg, event.reason) for event in told.values()} == {
        (former, 1, "主办件已经办结。")
    }
    assert (told[first].leading, told[second].leading, told[second].leading_number) == (None, first, number)
    files = {each: await desk.file(each) for each in (first, second, answered)}
    assert [file["joined_to"] for file in files.values()] == [None, number, former]
    assert files[first]["joined"] == [files[second]["number"]]
    assert [step["text"] for step in files[second]["steps"]] == [
        SAME["reason"],
        f"不再并入{former}办理：主办件已经办结。",
    ]
    await desk.act(first, "reply", ZRZY, **RESULT)
    assert (await desk.file(second))["state"] == "checking"


async def test_what_was_left_by_itself_is_joined_anew(desk: Desk) -> None:
    leading = await dispatched(desk)
    other = await joined_to(desk, leading)
    await withdrawn(desk, leading)
    another = await dispatched(desk)
    await desk.act(other, "join", to=another, **SAME)
    assert (await desk.file(other))["joined_to"] == await number_of(desk, another)


async def test_what_is_under_review_when_the_leading_one_ends_is_dispatched_together_all_the_same(desk: Desk) -> None:
    leading = await dispatched(desk)
    first, second = await joined_to(desk, leading), await joined_to(desk, leading)
    await sent_back(desk, leading)
    await withdrawn(desk, leading)
    assert {event.leg for event in await desk.announced(JoiningChanged)} == {None}, "no department has them"
    await desk.act(first, "dispatch", lead="zjj")
    assert (await desk.file(second))["state"] == "handling"


async def test_where_the_leading_one_is_referred_the_others_are_led_by_the_first_of_them(desk: Desk) -> None:
    leading = await dispatched(desk)
    first, second = await joined_to(desk, leading), await joined_to(desk, leading)
    await sent_back(desk, leading)
    await desk.hear(desk.triaged(leading, Triage.OUT_OF_SCOPE, 2))
    await desk.act(leading, "refer", unit="供电公司", reason="属其职责。")
    assert (await desk.file(second))["joined_to"] == await number_of(desk, first)


async def _zeroed(desk: Desk, complaint_id: str) -> None:
    await desk.act(complaint_id, "check", passed=True)
    await desk.act(complaint_id, "follow-up", **SATISFIED)


async def test_what_comes_back_to_its_department_after_the_end_of_the_leading_one_is_by_itself(desk: Desk) -> None:
    leading = await dispatched(desk)
    returned, redone, kept = [await joined_to(desk, leading) for _ in range(3)]
    await desk.act(leading, "reply", ZRZY, **RESULT)
    await _zeroed(desk, leading)
    assert await desk.announced(JoiningChanged) == []
    await desk.act(returned, "check", passed=False, reasons="材料不全。")
    await desk.act(redone, "check", passed=True)
    await desk.act(redone, "follow-up", **SATISFIED | {"satisfaction": "dissatisfied"}, then="redo")
    await _zeroed(desk, kept)
    legs = {event.subject: event.leg for event in await desk.announced(JoiningChanged)}
    assert legs == {returned: 1, redone: 2}, "those hear of it who have it now"
    assert [(await desk.file(each))["joined_to"] for each in (returned, redone)] == [None, None]
    assert (await desk.file(kept))["joined_to"] == await number_of(desk, leading), "as it was handled"
    await desk.act(redone, "join", to=returned, **SAME)
    await desk.act(returned, "reply", ZRZY, **RESULT)
    assert (await desk.file(redone))["state"] == "checking"


async def test_what_is_reopened_begins_by_itself(desk: Desk) -> None:
    leading = await dispatched(desk)
    other = await joined_to(desk, leading)
    await desk.act(other, "reply", ZRZY, **RESULT)
    await _zeroed(desk, other)
    await desk.act(other, "reopen", words="又坏了。")
    assert (await desk.file(other))["joined_to"] is None
    await desk.act(leading, "reply", ZRZY, **RESULT)
    assert (await desk.file(other))["state"] == "handling"


async def test_what_led_once_and_is_reopened_may_join_the_one_that_leads_now(desk: Desk) -> None:
    leading = await dispatched(desk)
    other = await joined_to(desk, leading)
    await withdrawn(desk, leading)
    await desk.act(leading, "reopen", words="还是要办。")
    await desk.act(leading, "join", to=other, **SAME)
    await desk.act(other, "reply", ZRZY, **RESULT)
    assert (await desk.file(leading))["state"] == "checking"


async def _statements_to_overrule(desk: Desk, complaint_id: str, co_handler: str) -> int:
    asked: list[str] = []

    def note(*given: Any) -> None:
        asked.append(given[2])

    happening.listen(desk.store.engine.sync_engine, "before_cursor_execute", note)
    await desk.act(complaint_id, "overrule", **WHY, departments=[co_handler])
    happening.remove(desk.store.engine.sync_engine, "before_cursor_execute", note)
    return len(asked)


async def test_what_has_left_is_looked_for_once_and_what_stays_is_found(desk: Desk) -> None:
    leading, by_itself = await dispatched(desk, "zjj", "swj"), await dispatched(desk, "zjj", "swj")
    await sent_back(desk, await joined_to(desk, leading))
    steps = ((leading, "zjj"), (leading, "swj"), (by_itself, "zjj"))
    first, second, usual = [await _statements_to_overrule(desk, *step) for step in steps]
    assert (first, second) == (usual + 1, usual)
    stays, leaves = await joined_to(desk, leading), await joined_to(desk, leading)
    await sent_back(desk, leaves)
    await desk.act(leading, "reply", ZRZY, **PLAN, committed_on="2026-12-01")
    await desk.act(leading, "reply", ZRZY, **RESULT)
    assert (await desk.file(stays))["state"] == "checking"

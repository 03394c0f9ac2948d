"""多人同诉: what is done to one of those that are joined reaches whom it concerns, and nobody is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from sqlalchemy import update

from services.dispatch.tables import Petitioner
from shared.events.dispatch import OrderReplied
from shared.events.intake import Triage
from tests.support.alone import at
from tests.support.browser import Browser
from tests.support.dispatching import COORDINATOR, Desk, desk
from tests.support.joined import (
    DECLINED,
    PLAN,
    RESULT,
    SAME,
    SATISFIED,
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

GRID = """
         join         overrule  decline  uphold  dispatch  transfer  withdraw  check
none     all          alone     alone    alone   alone     alone     alone     alone
joined   cannot-join  alone     alone    parts   parts     parts     alone     alone
leading  cannot-join  all       alone    all     all       all       parts     alone
"""
"""What becomes of it: done to it `alone`; to `all`, which stay joined; or, to it, and they are joined no more: `parts`.

`none` is joined to the other one of the two.
"""

DONE: dict[str, Callable[[dict[str, Any]], bool]] = {
    "join": lambda file: bool(file["joined_to"] or file["joined"]),
    "overrule": lambda file: bool(file["assignments"][1]["overruled_at"]),
    "decline": lambda file: bool(file["declines"]),
    "uphold": lambda file: file["state"] == "pending",
    "dispatch": lambda file: file["state"] == "handling",
    "transfer": lambda file: file["handling_center"] == "sq-fujing",
    "withdraw": lambda file: file["final"] == "withdrawn",
    "check": lambda file: file["state"] == "following_up",
}
"""How a file shows that it was done."""


def grid() -> dict[tuple[str, str], str]:
    """What becomes of it, by how it is joined and what is done."""
    head, *lines = GRID.strip().splitlines()
    actions = head.split()
    rows = {joined: answers for joined, *answers in (line.split() for line in lines)}
    return {
        (joined, action): answer
        for joined, answers in rows.items()
        for action, answer in zip(actions, answers, strict=True)
    }


def test_the_grid_is_whole() -> None:
    assert set(grid()) == set(product(("none", "joined", "leading"), DONE))


async def _pair(desk: Desk, joined: str, action: str) -> tuple[str, str]:
    """One that is joined so, and the other of the two; both where the action comes next."""
    first = await dispatched(desk, "zjj")
    second = await (dispatched(desk, "zjj") if joined == "none" else joined_to(desk, first))
    for each in (first, second) if joined == "none" else (first,):
        if action in ("dispatch", "transfer"):
            await sent_back(desk, each)
        elif action == "check":
            await desk.act(each, "reply", ZJJ, **RESULT)
            await desk.act(each, "reply", ZRZY, **RESULT)
    one, other = (second, first) if joined == "joined" else (first, second)
    if action == "uphold":
        await desk.act(one, "decline", ZRZY, **DECLINED)
    return one, other


async def _do(desk: Desk, one: str, other: str, action: str) -> None:
    if action == "withdraw":
        await withdrawn(desk, one)
        return
    door = "decline" if action == "uphold" else action
    given: dict[str, dict[str, Any]] = {
        "join": {"to": other, **SAME},
        "overrule": WHY,
        "decline": DECLINED,
        "uphold": UPHELD,
        "dispatch": {"lead": "zjj", "co_handlers": ["swj"]},
        "transfer": {"to_center": "sq-fujing", "reason": "属其辖区。"},
        "check": {"passed": True},
    }
    await desk.act(one, door, ZRZY if action == "decline" else COORDINATOR, **given[action])


@pytest.mark.parametrize(("joined", "action"), grid())
async def test_what_is_done_to_one_of_two_reaches_the_other_where_it_concerns_both(
    desk: Desk, joined: str, action: str
) -> None:
    one, other = await _pair(desk, joined, action)
    if grid()[joined, action] == "cannot-join":
        third = await dispatched(desk, "zjj")
        assert await desk.refused(one, action, to=third, **SAME) == (422, "cannot-join", ["to"])
        return
    before = await desk.file(other)
    await _do(desk, one, other, action)
    files = await desk.file(one), await desk.file(other)
    assert DONE[action](files[0])
    was_joined, are_joined = joined != "none", files[1]["number"] in [files[0]["joined_to"], *files[0]["joined"]]
    if DONE[action](files[1]):
        assert are_joined
        assert grid()[joined, action] == "all"
        return
    assert grid()[joined, action] == ("alone" if are_joined == was_joined else "parts")
    if are_joined == was_joined:
        assert files[1]["revision"] == before["revision"], "the other one knows nothing of it"


# Answers


async def test_a_plan_for_the_day_fixed_at_the_dispatch_reaches_what_was_joined_later(desk: Desk) -> None:
    leading = await dispatched(desk, triage=Triage.REFUSED, committed_working_days=5)
    desk.now("11-23 10:00")
    other = await joined_to(desk, leading, Triage.REFUSED)
    answer = await desk.act(leading, "reply", ZRZY, **PLAN)
    assert answer["not_reached"] == []
    files = [await desk.file(each) for each in (leading, other)]
    assert [file["commit_by"] for file in files] == ["2026-11-30", "2026-11-30"]
    assert [file["legs"][-1]["committed_on"] for file in files] == ["2026-11-30", "2026-11-30"]


async def test_what_is_joined_later_has_as_many_working_days_of_its_own_for_a_plan(desk: Desk) -> None:
    leading = await dispatched(desk, triage=Triage.REFUSED, committed_working_days=3)
    await desk.act(leading, "reply", ZRZY, **PLAN)
    desk.now("11-27 10:00")
    other = await joined_to(desk, leading, Triage.REFUSED)
    await desk.act(other, "reply", ZRZY, **PLAN)
    assert (await desk.file(other))["legs"][-1]["committed_on"] == "2026-12-02"


async def test_the_others_are_answered_without_the_name_of_whom_the_answer_was_written_for(desk: Desk) -> None:
    leading = await dispatched(desk, "zjj")
    await desk.act(leading, "reply", ZJJ, kind="result", text="张三丰的材料已补齐。")
    other = await joined_to(desk, leading)
    await desk.act(leading, "reply", ZRZY, kind="result", text="张三丰同志：已经办结。")
    texts = [[reply["text"] for reply in (await desk.file(each))["replies"]] for each in (leading, other)]
    assert texts == [["张三丰的材料已补齐。", "张三丰同志：已经办结。"], ["某某的材料已补齐。", "某某同志：已经办结。"]]
    told = {(event.subject, event.text) for event in await desk.announced(OrderReplied)}
    assert told == {(each, text) for each, found in zip((leading, other), texts, strict=True) for text in found}


async def test_where_nobody_can_read_who_leads_the_others_are_answered_one_by_one(desk: Desk) -> None:
    leading = await dispatched(desk, "zjj")
    await desk.act(leading, "reply", ZJJ, kind="result", text="张三丰的材料已补齐。")
    before = await joined_to(desk, leading)
    await desk.do(lambda session: session.execute(update(Petitioner).values(name="y1.lost.aaaa")))
    later = await joined_to(desk, leading)
    assert (await desk.file(later))["replies"] == [], "the co-handler still owes its answer"
    answer = await desk.act(leading, "reply", ZRZY, kind="result", text="张三丰同志：已经办结。")
    assert [each["number"] for each in answer["not_reached"]] == [
        await number_of(desk, each) for each in (before, later)
    ]
    await desk.act(before, "reply", ZRZY, **RESULT)
    await desk.act(later, "reply", ZJJ, **RESULT)
    await desk.act(later, "reply", ZRZY, **RESULT)
    assert {(await desk.file(each))["state"] for each in (leading, before, later)} == {"checking"}
    assert "张三丰" not in str([(await desk.file(each))["replies"] for each in (before, later)])


async def test_what_is_done_at_once_with_the_answer_to_the_leading_one_finds_what_that_answered(desk: Desk) -> None:
    leading, another = await dispatched(desk), await desk.complaint(Triage.HARD)
    other = await joined_to(desk, leading)
    before = desk.store.commits
    answers = await asyncio.gather(
        desk.ask("POST", f"orders/{another}/dispatch", COORDINATOR, json={"lead": "zrzy"}),
        desk.ask("POST", f"orders/{leading}/reply", ZRZY, json=RESULT),
        desk.ask("POST", f"orders/{other}/check", COORDINATOR, json={"passed": False, "reasons": "材料不全。"}),
    )
    assert [answer.status_code for answer in answers] == [200] * 3
    assert desk.store.commits - before < 3
    [reply] = (await desk.file(other))["replies"]
    assert reply["returned_at"]


async def test_what_a_plan_is_too_late_for_is_left_out_and_named_to_the_lead(desk: Desk) -> None:
    leading = await dispatched(desk, triage=Triage.REFUSED)
    other = await dispatched(desk, triage=Triage.REFUSED, committed_working_days=2)
    await desk.act(other, "join", to=leading, **SAME)
    answer = await desk.act(leading, "reply", ZRZY, **PLAN, committed_on="2026-11-30")
    number = await number_of(desk, other)
    why = "分办时已确定承诺时限为2026年11月25日，承诺办结日期不能晚于该日。"
    assert answer["not_reached"] == [{"number": number, "why": why}]
    assert [event.subject for event in await desk.announced(OrderReplied)] == [leading]
    assert ((await desk.file(other))["stage"], (await desk.file(leading))["joined_apart"]) == ("reply", [number])
    await desk.act(other, "reply", ZRZY, **PLAN)
    assert (await desk.file(leading))["joined_apart"] == []


async def test_a_co_handler_who_had_answered_before_holds_back_none_of_those_that_are_joined(desk: Desk) -> None:
    leading = await dispatched(desk, "zjj", "swj")
    await desk.act(leading, "reply", ZJJ, kind="result", text="备案材料已补齐。")
    await desk.act(leading, "overrule", **WHY)
    with_them = await dispatched(desk, "swj", "zjj")
    desk.now("11-23 10:00")
    await desk.act(with_them, "join", to=leading, **SAME)
    under_review = await joined_to(desk, leading)
    for each in (with_them, under_review):
        file = await desk.file(each)
        parts = {part["department"]: part for part in file["assignments"]}
        assert parts["zjj"]["answered_at"] == (await desk.file(leading))["assignments"][1]["answered_at"]
        assert parts["swj"]["overruled_at"]
        assert [reply["text"] for reply in file["replies"]] == ["备案材料已补齐。"]
        assert await desk.refused(each, "reply", ZJJ, **RESULT) == (409, "already-answered", [])
    told = [event for event in await desk.announced(OrderReplied) if event.subject == under_review]
    assert [(event.is_lead, event.party.department, event.at) for event in told] == [(False, "zjj", at("11-23 10:00"))]
    answer = await desk.act(leading, "reply", ZRZY, **RESULT)
    assert answer["not_reached"] == []
    assert {(await desk.file(each))["state"] for each in (with_them, under_review)} == {"checking"}


async def test_a_co_handlers_earlier_opinion_counts_where_it_is_joined_and_may_be_given_anew(desk: Desk) -> None:
    leading = await dispatched(desk, "zjj")
    await desk.act(leading, "reply", ZJJ, **RESULT)
    await desk.act(leading, "reply", ZRZY, **PLAN, committed_on="2026-12-01")
    other = await joined_to(desk, leading)
    await desk.act(leading, "reply", ZJJ, kind="result", text="补充意见。")
    assert [reply["text"] for reply in (await desk.file(other))["replies"]] == ["已经办结。", "补充意见。"]
    await desk.act(leading, "reply", ZRZY, **RESULT)
    assert (await desk.file(other))["state"] == "checking"


async def test_who_has_answered_the_leading_one_cannot_decline_what_is_joined_to_it(desk: Desk) -> None:
    leading = await dispatched(desk, "zjj")
    await desk.act(leading, "reply", ZJJ, **RESULT)
    await desk.act(leading, "reply", ZRZY, **PLAN, committed_on="2026-12-01")
    other = await joined_to(desk, leading)
    assert await desk.refused(other, "decline", ZJJ, **DECLINED) == (409, "answered", [])


async def _done_again(desk: Desk, complaint_id: str) -> None:
    await desk.act(complaint_id, "check", passed=True)
    await desk.act(complaint_id, "follow-up", **SATISFIED | {"satisfaction": "dissatisfied"}, then="redo")


async def test_of_a_redo_only_what_was_answered_anew_counts_for_what_is_joined_then(desk: Desk) -> None:
    leading = await dispatched(desk, "zjj")
    await desk.act(leading, "reply", ZJJ, **RESULT)
    await desk.act(leading, "reply", ZRZY, **RESULT)
    await _done_again(desk, leading)
    other = await joined_to(desk, leading)
    assert (await desk.file(other))["replies"] == []
    await desk.act(leading, "reply", ZJJ, kind="result", text="重新核实。")
    assert [reply["text"] for reply in (await desk.file(other))["replies"]] == ["重新核实。"]


async def test_a_redo_of_what_was_joined_later_gets_the_working_days_fixed_for_the_leading_one(desk: Desk) -> None:
    leading = await dispatched(desk, triage=Triage.REFUSED, committed_working_days=5)
    desk.now("11-25 10:00")
    other = await joined_to(desk, leading, Triage.REFUSED)
    await desk.act(leading, "reply", ZRZY, **RESULT)
    await _done_again(desk, other)
    assert (await desk.file(other))["commit_by"] == "2026-12-02"


async def test_what_a_co_handler_of_its_own_holds_back_is_left_out_and_named_to_the_lead(desk: Desk) -> None:
    leading, other = await dispatched(desk), await dispatched(desk, "zjj")
    await desk.act(other, "join", to=leading, **SAME)
    answer = await desk.act(leading, "reply", ZRZY, **RESULT)
    [left_out] = answer["not_reached"]
    assert (left_out["number"], "请先等住建局答复" in left_out["why"]) == (await number_of(desk, other), True)
    assert (await desk.file(other))["state"] == "handling"


async def test_the_lead_reads_on_the_page_what_its_answer_did_not_reach(desk: Desk) -> None:
    leading = await dispatched(desk)
    others = [await dispatched(desk, "zjj") for _ in range(7)]
    for each in others:
        await desk.act(each, "join", to=leading, **SAME)
    department = await Browser(desk).logged_in(ZRZY)
    await department.open(f"/dispatch/orders/{leading}?do=reply")
    page = await department.send(f"/dispatch/orders/{leading}/reply", kind="result", text="已经办结。")
    numbers = [await number_of(desk, each) for each in others]
    assert "答复已提交。并入本件的诉求中，有7件没有一并答复，请分别答复。" in page.text
    assert f"{numbers[0]}：协办单位尚未全部答复，请先等住建局答复后再报办理结果。" in page.text
    assert "其余2件见本页。" in page.text
    assert f"其中没有随本件一并答复的：{'、'.join(sorted(numbers))}" in page.text

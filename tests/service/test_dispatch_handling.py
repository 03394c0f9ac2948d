"""From review to the answer (Art. 6, 7, 8): who gets an order, for how long, and what answers it."""

from __future__ import annotations

from typing import Any

import pytest

from shared.events.dispatch import (
    OrderDirected,
    OrderDispatched,
    OrderReferred,
    OrderReplied,
    OrderSigned,
    OrderTransferred,
    OutcomeRecorded,
    ReplyKind,
    Stage,
)
from shared.events.intake import Triage
from tests.support.alone import at
from tests.support.dispatching import COORDINATOR, OF_TOWNSHIP, Desk, desk, officer

__all__ = ["desk"]

ZRZY, ZJJ, SWJ = officer("sq/zrzy"), officer("sq/zjj"), officer("sq/swj")
RESULT: dict[str, Any] = {"kind": "result", "text": "已经办结。"}
REASONS: dict[str, Any] = {"kind": "reasons", "text": "不符合条件。", "legal_basis": "《条例》第五条"}


@pytest.mark.parametrize(
    ("triage", "given", "limit", "expects"),
    [
        (Triage.HARD, {"lead": "zrzy"}, ("working_days", 5), "plan"),
        (Triage.CANNOT, {"lead": "zrzy"}, ("working_days", 3), "reasons"),
        (Triage.CANNOT, {"lead": "zrzy", "working_days": 1}, ("working_days", 1), "reasons"),
        (Triage.CANNOT, {"lead": "zrzy", "co_handlers": ["sq/zjj"]}, ("working_days", 5), "plan"),
        (Triage.REFUSED, {"lead": "zrzy"}, ("same_day", None), "result"),
        (Triage.REFUSED, {"lead": "zrzy", "co_handlers": ["zjj", "swj"]}, ("working_days", 5), "plan"),
    ],
)
async def test_the_coordinator_names_departments_and_the_clock_starts(
    desk: Desk, triage: Triage, given: dict[str, Any], limit: tuple[str, int | None], expects: str
) -> None:
    complaint_id = await desk.complaint(triage)
    standing = await desk.act(complaint_id, "dispatch", **given, instructions="请尽快办理")

    assert (standing["state"], standing["stage"]) == ("handling", "reply")
    (event,) = await desk.announced(OrderDispatched)
    assert (event.leg.rule, event.leg.working_days) == limit
    assert (event.at, event.leg.starts_at, event.center) == (at("11-23 09:00"), at("11-23 09:00"), "sq")
    assert event.leg.has_co_handlers is bool(given.get("co_handlers"))
    order = await desk.file(complaint_id)
    assert order["lead"] == {"center": "sq", "department": "zrzy", "name": "自然资源局"}
    assert len(order["co_handlers"]) == len(given.get("co_handlers", []))
    assert (order["legs"][0]["expects"], order["instructions"]) == (expects, "请尽快办理")
    assert {"reply", "sign", "supervise", "urge"} <= set(order["actions"])


@pytest.mark.parametrize(
    ("triage", "given", "answer"),
    [
        (Triage.GENERAL, {"lead": "zrzy"}, (409, "not-in-this-state", [])),
        (Triage.OUT_OF_SCOPE, {"lead": "zrzy"}, (409, "not-for-departments", [])),
        (Triage.HARD, {"lead": "nobody"}, (422, "unknown-department", ["lead"])),
        (
            Triage.HARD,
            {"lead": "x", "co_handlers": ["zjj", "y"]},
            (422, "unknown-department", ["lead", "co_handlers.1"]),
        ),
        (Triage.HARD, {"lead": "sq-zhidian/zhfw"}, (422, "unknown-department", ["lead"])),
        (Triage.HARD, {"lead": "zrzy", "co_handlers": ["sq/zrzy"]}, (422, "department-twice", ["co_handlers"])),
        (Triage.HARD, {"lead": "zrzy", "working_days": True}, (422, "invalid", ["working_days"])),
        (Triage.HARD, {"lead": "zrzy", "working_days": "3"}, (422, "invalid", ["working_days"])),
        (Triage.HARD, {"lead": "zrzy", "instructions": "\u200b\u202e"}, (422, "invalid", ["instructions"])),
        (Triage.HARD, {"lead": "zrzy", "working_days": 6}, (422, "limit-loosened", ["working_days"])),
        (
            Triage.HARD,
            {"lead": "zrzy", "committed_working_days": 6},
            (422, "no-commitment-here", ["committed_working_days"]),
        ),
        (Triage.HARD, {}, (422, "invalid", ["lead"])),
        (Triage.HARD, {"lead": "zr\0zy"}, (422, "invalid", ["lead"])),
    ],
)
async def test_a_dispatch_that_cannot_be_is_refused_with_what_to_do(
    desk: Desk, triage: Triage, given: dict[str, Any], answer: tuple[int, str, list[str]]
) -> None:
    complaint_id = await desk.complaint(triage)
    assert await desk.refused(complaint_id, "dispatch", **given) == answer
    assert await desk.told() == []


async def test_a_township_dispatches_to_its_own_unit_or_to_the_county(desk: Desk) -> None:
    own = await desk.complaint(Triage.HARD, "sq-zhidian")
    await desk.act(own, "dispatch", OF_TOWNSHIP, lead="zhfw", co_handlers=["zrzy"])
    event = (await desk.announced(OrderDispatched))[-1]
    assert [event.lead.center, event.co_handlers[0].center] == ["sq-zhidian", "sq"]
    assert (event.center, event.leg.calendar) == ("sq-zhidian", "sq-zhidian")


async def test_after_a_transfer_only_the_other_center_dispatches(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.CANNOT, "sq-zhidian")
    await desk.act(complaint_id, "transfer", OF_TOWNSHIP, to_center="sq", reason="属县级事项")
    (event,) = await desk.announced(OrderTransferred)
    assert (event.from_center, event.to_center, event.center) == ("sq-zhidian", "sq", "sq-zhidian")

    assert await desk.refused(complaint_id, "dispatch", OF_TOWNSHIP, lead="zrzy") == (403, "other-center", [])
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    (dispatched,) = await desk.announced(OrderDispatched)
    assert (dispatched.leg.working_days, dispatched.leg.calendar) == (5, "sq")
    assert (dispatched.handling_center, dispatched.center) == ("sq", "sq-zhidian")
    assert (await desk.file(complaint_id))["transferred"]


@pytest.mark.parametrize("to_center", ["sq", "sq-nowhere"])
async def test_a_transfer_goes_to_another_center(desk: Desk, to_center: str) -> None:
    complaint_id = await desk.complaint()
    assert await desk.refused(complaint_id, "transfer", to_center=to_center, reason="跨层级") == (
        422, "no-such-center", ["to_center"],
    )  # fmt: skip


async def test_a_referral_is_tracked_until_its_outcome(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.OUT_OF_SCOPE)
    await desk.act(complaint_id, "refer", unit="县水利局", reason="非政务服务事项")
    assert (await desk.file(complaint_id))["state"] == "referred"
    standing = await desk.act(complaint_id, "outcome", text="已清运。")
    assert standing["state"] == "following_up"
    (referred,), (outcome,) = await desk.announced(OrderReferred), await desk.announced(OutcomeRecorded)
    assert (referred.unit, outcome.unit, outcome.text) == ("县水利局", "县水利局", "已清运。")


async def test_a_referral_may_go_to_another_unit_but_not_twice_to_one(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.OUT_OF_SCOPE)
    await desk.act(complaint_id, "refer", unit="县水利局", reason="非政务服务事项")
    assert await desk.refused(complaint_id, "refer", unit="县水利局", reason="非政务服务事项") == (
        409, "asked-already", [],
    )  # fmt: skip
    await desk.act(complaint_id, "refer", unit="县气象局", reason="水利局称属气象部门")
    assert [referred.unit for referred in await desk.announced(OrderReferred)] == ["县水利局", "县气象局"]


async def test_what_belongs_to_a_court_is_directed_and_followed_up(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.OUT_OF_SCOPE)
    standing = await desk.act(complaint_id, "direct", channel="县人民法院", reason="属执行事项。")
    assert standing["state"] == "following_up"
    (event,) = await desk.announced(OrderDirected)
    assert (event.channel, event.reason) == ("县人民法院", "属执行事项。")


@pytest.mark.parametrize("action", ["refer", "direct"])
async def test_a_government_service_is_neither_referred_nor_directed(desk: Desk, action: str) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    given = {"unit": "县水利局", "channel": "县法院", "reason": "无"}
    assert await desk.refused(complaint_id, action, **given) == (409, "in-scope", [])


async def test_a_department_signs_once_and_it_starts_nothing(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.act(complaint_id, "sign", ZRZY)
    assert await desk.refused(complaint_id, "sign", ZRZY) == (409, "already-signed", [])
    (event,) = await desk.announced(OrderSigned)
    assert (event.party.department, event.by) == ("zrzy", "officer-zrzy")
    assert (await desk.file(complaint_id))["assignments"][0]["signed_at"] == at("11-23 09:00").isoformat()


@pytest.mark.parametrize("actor", [ZJJ, officer("sq-zhidian/zrzy")])
async def test_only_the_departments_of_an_order_answer_it(desk: Desk, actor: Any) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    assert await desk.refused(complaint_id, "reply", actor, **REASONS) == (403, "not-assigned", [])
    assert await desk.refused(complaint_id, "reply", COORDINATOR, **REASONS) == (403, "not-allowed", [])


async def test_reasons_need_a_basis_and_end_the_departments_part(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    without = REASONS | {"legal_basis": None}
    assert await desk.refused(complaint_id, "reply", ZRZY, **without) == (422, "no-legal-basis", ["legal_basis"])

    desk.now("11-24 10:00")
    standing = await desk.act(complaint_id, "reply", ZRZY, **REASONS, remedy="可申请行政复议。")
    assert standing["state"] == "checking"
    (event,) = await desk.announced(OrderReplied)
    assert (event.kind, event.triage, event.next_leg) == (ReplyKind.REASONS, Triage.CANNOT, None)
    assert (event.leg, event.round, event.is_lead, event.at) == (1, 1, True, at("11-24 10:00"))
    assert (event.legal_basis, event.remedy) == ("《条例》第五条", "可申请行政复议。")
    assert await desk.refused(complaint_id, "reply", ZRZY, **RESULT) == (409, "not-in-this-state", [])


async def test_a_plan_opens_the_stage_of_its_result(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    desk.now("11-25 10:00")
    plan: dict[str, Any] = {"kind": "plan", "text": "先测绘，后换证。"}
    assert await desk.refused(complaint_id, "reply", ZRZY, **plan) == (422, "bad-commitment", ["committed_on"])
    past = plan | {"committed_on": "2026-11-24"}
    assert await desk.refused(complaint_id, "reply", ZRZY, **past) == (422, "bad-commitment", ["committed_on"])

    standing = await desk.act(complaint_id, "reply", ZRZY, **plan, committed_on="2026-12-08")
    assert (standing["state"], standing["stage"], standing["round"]) == ("handling", "result", 1)
    (event,) = await desk.announced(OrderReplied)
    assert event.next_leg
    assert (event.leg, event.next_leg.number, event.next_leg.stage, event.next_leg.rule) == (
        1, 2, Stage.RESULT, "committed",
    )  # fmt: skip
    assert (event.next_leg.starts_at, f"{event.next_leg.committed_on}") == (at("11-25 10:00"), "2026-12-08")
    assert not event.needs_consent

    again = plan | {"committed_on": "2026-12-09"}
    assert await desk.refused(complaint_id, "reply", ZRZY, **again) == (422, "wrong-kind", ["kind"])
    assert (await desk.act(complaint_id, "reply", ZRZY, **RESULT))["state"] == "checking"


async def test_a_far_date_of_a_hard_matter_counts_as_given_and_waits_for_consent(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.act(complaint_id, "reply", ZRZY, kind="plan", text="方案", committed_on="2026-12-24")
    (event,) = await desk.announced(OrderReplied)
    assert event.needs_consent


async def test_a_commitment_fixed_at_dispatch_is_the_latest_a_plan_can_name(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.REFUSED)
    await desk.act(complaint_id, "dispatch", lead="zrzy", committed_working_days=4)
    plan: dict[str, Any] = {"kind": "plan", "text": "方案"}
    late = plan | {"committed_on": "2026-11-30"}
    assert await desk.refused(complaint_id, "reply", ZRZY, **late) == (422, "bad-commitment", ["committed_on"])
    await desk.act(complaint_id, "reply", ZRZY, **plan)
    (event,) = await desk.announced(OrderReplied)
    assert f"{event.committed_on}" == "2026-11-27"


async def test_the_lead_reports_the_result_after_every_co_handler(desk: Desk) -> None:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy", co_handlers=["zjj", "swj"])
    await desk.act(complaint_id, "reply", ZRZY, kind="plan", text="方案", committed_on="2026-12-08")
    await desk.act(complaint_id, "reply", ZJJ, **RESULT)
    assert await desk.refused(complaint_id, "reply", ZJJ, **RESULT) == (409, "already-answered", [])

    refusal = await desk.ask("POST", f"orders/{complaint_id}/reply", ZRZY, json=RESULT)
    assert refusal.status_code == 409
    assert "税务局" in refusal.json()["detail"]
    assert "住建局" not in refusal.json()["detail"]

    await desk.act(complaint_id, "reply", SWJ, kind="plan", text="分步办理。")
    assert (await desk.act(complaint_id, "reply", ZRZY, **RESULT))["state"] == "checking"
    assert [event.is_lead for event in await desk.announced(OrderReplied)] == [True, False, False, True]


@pytest.mark.parametrize("given", [{"round": 2}, {"stage": "result"}])
async def test_an_answer_written_for_another_round_or_stage_is_refused(desk: Desk, given: dict[str, Any]) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    assert await desk.refused(complaint_id, "reply", ZRZY, **REASONS, **given) == (409, "stale-answer", [])
    await desk.act(complaint_id, "reply", ZRZY, **REASONS, round=1, stage="reply")


@pytest.mark.parametrize("about", ["coordinator-sq", "金永强"])
async def test_nobody_dispatches_a_complaint_about_himself(desk: Desk, about: str) -> None:
    complaint_id = await desk.complaint(about=about)
    assert await desk.refused(complaint_id, "dispatch", lead="zrzy") == (403, "about-you", [])

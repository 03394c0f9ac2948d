"""The petitioner's word on the end (mechanism §7): nudging, withdrawing, and having it reopened."""

from __future__ import annotations

from typing import Any

import pytest

from shared import clock
from shared.events.dispatch import Final, OrderClosed, OrderReopened, WithdrawalAsked, WithdrawalRefused
from shared.events.intake import ComplaintNudged, ReopeningAsked, Triage
from shared.events.sla import Rung
from tests.support.alone import at
from tests.support.dispatching import COORDINATOR, HEAD, Desk, desk, officer

__all__ = ["desk"]

ZRZY = officer("sq/zrzy")
REASONS: dict[str, Any] = {"kind": "reasons", "text": "不符合条件。", "legal_basis": "《条例》第五条"}
SATISFIED: dict[str, Any] = {"satisfaction": "satisfied", "opinion": "满意", "method": "phone"}
WORDS = {"words": "问题自己解决了，不用办了。"}
AGAIN = {"words": "又出现同样的问题。"}


async def closed(desk: Desk) -> str:
    """Dispatched, answered, checked and zeroed on a Monday at nine."""
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.act(complaint_id, "reply", ZRZY, **REASONS)
    await desk.act(complaint_id, "check", passed=True)
    await desk.act(complaint_id, "follow-up", **SATISFIED, typical=True)
    return complaint_id


def asked(complaint_id: str) -> ReopeningAsked:
    return ReopeningAsked(at=clock.now(), center="sq", subject=complaint_id, **AGAIN)


async def test_a_withdrawal_is_logged_and_ends_it_when_a_second_person_has_phoned(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    standing = await desk.act(complaint_id, "withdraw", **WORDS)
    assert standing["state"] == "handling"
    (event,) = await desk.announced(WithdrawalAsked)
    assert (event.words, event.method, event.by) == (WORDS["words"], "phone", "coordinator-sq")
    await desk.act(complaint_id, "withdraw", HEAD, confirm=True, words="本人接听，确认撤回。")
    (end,) = await desk.announced(OrderClosed)
    assert (end.final, end.by, end.approved_by, end.reasons) == (
        Final.WITHDRAWN, "coordinator-sq", "head-sq", WORDS["words"],
    )  # fmt: skip
    file = await desk.file(complaint_id)
    assert (file["final"], file["overdue"]) == ("withdrawn", False)
    assert file["withdrawals"][0]["decision"] == "本人接听，确认撤回。"


@pytest.mark.parametrize("triage", [Triage.GENERAL, Triage.CANNOT, Triage.OUT_OF_SCOPE])
async def test_what_nobody_has_dealt_with_yet_can_be_withdrawn(desk: Desk, triage: Triage) -> None:
    complaint_id = await desk.complaint(triage)
    await desk.act(complaint_id, "withdraw", **WORDS)
    await desk.act(complaint_id, "withdraw", HEAD, confirm=True, **WORDS)
    assert (await desk.file(complaint_id))["final"] == "withdrawn"


async def test_nobody_confirms_a_withdrawal_alone_and_a_petitioner_who_does_not_withdraw_is_served_on(
    desk: Desk,
) -> None:
    complaint_id = await desk.complaint()
    confirm = {"confirm": True, **WORDS}
    assert await desk.refused(complaint_id, "withdraw", HEAD, **confirm) == (409, "nothing-to-decide", [])
    assert await desk.refused(complaint_id, "withdraw") == (422, "invalid", ["words"])
    await desk.act(complaint_id, "withdraw", HEAD, **WORDS)
    assert await desk.refused(complaint_id, "withdraw", **WORDS) == (409, "withdrawal-pending", [])
    assert await desk.refused(complaint_id, "withdraw", COORDINATOR, **confirm) == (403, "head-only", [])
    assert await desk.refused(complaint_id, "withdraw", HEAD, **confirm) == (403, "own-proposal", [])
    assert await desk.refused(complaint_id, "withdraw", ZRZY, **WORDS) == (403, "not-allowed", [])

    other = await desk.complaint()
    await desk.act(other, "withdraw", **WORDS)
    assert (await desk.act(other, "withdraw", HEAD, confirm=False, words="说还要办。"))["state"] == "pending"
    assert [event.words for event in await desk.announced(WithdrawalRefused)] == ["说还要办。"]
    await desk.act(other, "withdraw", **WORDS)


async def test_no_rung_falls_on_what_was_withdrawn_in_time(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.due_at(complaint_id, "11-26 17:30")
    await desk.act(complaint_id, "withdraw", **WORDS)
    await desk.act(complaint_id, "withdraw", HEAD, confirm=True, **WORDS)
    desk.now("11-27 09:00")
    await desk.hear(desk.due(complaint_id, Rung.SUPERVISED, at("11-26 17:30")))
    file = await desk.file(complaint_id)
    assert (file["rungs"], file["overdue"]) == ([], False)


async def test_a_closed_one_is_reopened_in_a_new_round_on_a_leg_of_full_length(desk: Desk) -> None:
    complaint_id = await closed(desk)
    desk.now("11-30 10:00")
    standing = await desk.act(complaint_id, "reopen", **AGAIN)
    assert (standing["state"], standing["stage"], standing["round"]) == ("handling", "reply", 2)
    assert await desk.legs_announced() == [(1, "working_days", 3)]
    (event,) = await desk.announced(OrderReopened)
    assert event.leg
    assert (event.leg.number, event.leg.working_days, event.leg.starts_at) == (2, 3, at("11-30 10:00"))
    file = await desk.file(complaint_id)
    assert (file["final"], file["closed_at"], file["redo"], file["typical"]) == (None, None, 1, False)

    await desk.act(complaint_id, "reply", ZRZY, **REASONS)
    await desk.act(complaint_id, "check", passed=True)
    await desk.act(complaint_id, "follow-up", **SATISFIED)
    assert [end.final for end in await desk.announced(OrderClosed)] == [Final.ZEROED, Final.ZEROED]


async def test_a_petitioner_who_asks_at_the_public_door_has_it_reopened_once_however_often_that_is_heard(
    desk: Desk,
) -> None:
    complaint_id = await closed(desk)
    event = asked(complaint_id)
    await desk.hear(event, event)
    await desk.hear(asked(complaint_id))
    (told,) = await desk.announced(OrderReopened)
    assert (told.by, told.caused_by, told.words) == ("petitioner", event.event_id, AGAIN["words"])
    assert await desk.parked() == 0


@pytest.mark.parametrize(
    ("asked_at", "in_time"), [("12-14 15:00", True), ("12-14 17:30", True), ("12-14 17:31", False)]
)
async def test_what_was_asked_in_time_is_reopened_however_late_that_is_heard(
    desk: Desk, asked_at: str, in_time: bool
) -> None:
    complaint_id = await closed(desk)
    desk.now(asked_at)
    event = asked(complaint_id)
    desk.now("12-14 20:00")
    await desk.hear(event)
    reopened = await desk.announced(OrderReopened)
    assert (len(reopened), await desk.parked()) == ((1, 0) if in_time else (0, 1))
    if in_time:
        assert reopened[0].leg
        assert (reopened[0].at, reopened[0].leg.starts_at) == (at("12-14 20:00"), at("12-14 20:00"))


@pytest.mark.parametrize(("when", "in_time"), [("12-14 17:30", True), ("12-14 17:31", False)])
async def test_it_is_reopened_within_fifteen_working_days_of_its_end(desk: Desk, when: str, in_time: bool) -> None:
    complaint_id = await closed(desk)
    desk.now(when)
    if in_time:
        await desk.act(complaint_id, "reopen", **AGAIN)
    else:
        assert await desk.refused(complaint_id, "reopen", **AGAIN) == (409, "too-late-to-reopen", [])


async def test_it_is_reopened_once(desk: Desk) -> None:
    complaint_id = await closed(desk)
    assert await desk.refused(complaint_id, "reopen") == (422, "invalid", ["words"])
    await desk.act(complaint_id, "reopen", **AGAIN)
    assert await desk.refused(complaint_id, "reopen", **AGAIN) == (409, "not-in-this-state", [])
    await desk.act(complaint_id, "reply", ZRZY, **REASONS)
    await desk.act(complaint_id, "check", passed=True)
    await desk.act(complaint_id, "follow-up", **SATISFIED)
    assert await desk.refused(complaint_id, "reopen", **AGAIN) == (409, "reopened-once", [])


async def test_what_was_never_dispatched_is_reopened_where_it_was_dealt_with(desk: Desk) -> None:
    settled = await desk.complaint(Triage.GENERAL)
    await desk.hear(desk.settled(settled))
    referred, directed = await desk.complaint(Triage.OUT_OF_SCOPE), await desk.complaint(Triage.OUT_OF_SCOPE)
    await desk.act(referred, "refer", unit="县水利局")
    await desk.act(referred, "outcome", text="已清运。")
    await desk.act(directed, "direct", channel="县人民法院", reason="属执行事项。")
    for complaint_id, state in ((settled, "on_spot"), (referred, "referred"), (directed, "pending")):
        await desk.act(complaint_id, "follow-up", **SATISFIED)
        assert (await desk.act(complaint_id, "reopen", **AGAIN))["state"] == state
    withdrawn = await desk.complaint()
    await desk.act(withdrawn, "withdraw", **WORDS)
    await desk.act(withdrawn, "withdraw", HEAD, confirm=True, **WORDS)
    assert (await desk.act(withdrawn, "reopen", **AGAIN))["state"] == "pending"


async def test_who_has_it_reopened_withdraws_nothing(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.act(complaint_id, "reply", ZRZY, **REASONS)
    await desk.act(complaint_id, "check", passed=True)
    await desk.act(complaint_id, "withdraw", **WORDS)
    await desk.act(complaint_id, "follow-up", **SATISFIED)
    await desk.act(complaint_id, "reopen", **AGAIN)
    assert [each["granted"] for each in (await desk.file(complaint_id))["withdrawals"]] == [False]
    confirm = {"confirm": True, **WORDS}
    assert await desk.refused(complaint_id, "withdraw", HEAD, **confirm) == (409, "nothing-to-decide", [])
    await desk.act(complaint_id, "withdraw", **WORDS)


async def test_a_nudge_stands_on_the_order_and_is_no_rung(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    nudge = ComplaintNudged(at=clock.now(), center="sq", subject=complaint_id, words="等急了。", with_departments=True)
    await desk.hear(nudge, nudge)
    file = await desk.file(complaint_id)
    assert [(step["action"], step["text"], step["by"]) for step in file["steps"]] == [
        ("nudge", "等急了。", "petitioner")
    ]
    assert file["rungs"] == []


async def test_nobody_withdraws_or_reopens_a_complaint_about_himself(desk: Desk) -> None:
    complaint_id = await desk.complaint(about="coordinator-sq")
    assert await desk.refused(complaint_id, "withdraw", **WORDS) == (403, "about-you", [])
    await desk.act(complaint_id, "withdraw", HEAD, **WORDS)
    assert await desk.refused(complaint_id, "reopen", **AGAIN) == (403, "about-you", [])

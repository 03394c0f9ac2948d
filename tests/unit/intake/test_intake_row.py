"""A row of the ledger follows from the journal's events (annex 3, mechanism §10), whatever order they come in."""

from __future__ import annotations

import itertools
import random

import pytest

from services.intake.domain.annex import HEADINGS, cells
from services.intake.domain.row import ledger_row
from services.intake.domain.states import State
from shared.events import Event
from shared.events.base import Moment
from shared.events.dispatch import (
    ConclusionProposed,
    ConclusionRefused,
    Final,
    JoiningChanged,
    OrderDirected,
    OrderJoined,
    OrderRecalled,
    OrderReferred,
    OrderTransferred,
    OutcomeRecorded,
    RedoStarted,
    ReplyKind,
    Satisfaction,
)
from shared.events.intake import ComplaintCorrected, ComplaintSettled, Triage
from shared.events.sla import ReminderDue
from tests.support.alone import at
from tests.support.examples import example
from tests.support.intake import HELPER, dispatched, leg, replied
from tests.support.lives import NAMES, OF, SHOWN, a_whole_life, closed, followed_up, registered, shown, triaged


def test_the_headings_are_those_of_annex_3_in_its_order() -> None:
    assert list(shown(registered())) == list(HEADINGS)
    assert len(HEADINGS) == 17


def test_a_new_complaint_has_nothing_but_itself() -> None:
    row = shown(registered())
    assert row["主要诉求"] == "跑了三趟没办成。"
    assert (row["诉求类别"], row["办理情况"], row["备注"]) == ("投诉", "已受理，待研判", "未超期")
    assert [row[heading] for heading in HEADINGS[9:12]] == ["否", "否", "否"]
    assert row["分办转办时间"] == row["要求办理期限"] == row["实际办结时间"] == row["回访时间"] == ""


def test_a_whole_life_fills_every_column() -> None:
    row = shown(*a_whole_life())
    assert row["政务服务责任部门及牵头部门"] == "牵头：县自然资源局；协办：县住建局"
    assert row["分办转办时间"] == "2026-09-28 10:10"
    assert row["要求办理期限"] == "2026-10-10 17:30；2026-10-12 17:30；2026-10-20 17:30"
    assert row["是否催办及时间"] == "是（2026-10-11 17:30；2026-10-12 09:00）"
    assert row["是否督办及时间"] == "是（2026-10-12 17:30）"
    assert row["是否退回重办及时间"] == "是（2026-10-14 11:00 质检退回；2026-10-15 15:00 诉求人要求重办）"
    assert row["实际办结时间"] == "2026-10-16 10:00"
    assert row["办理情况"] == "已清零销号：这回办到位了。"
    assert (row["回访时间"], row["办理结果满意度"]) == ("2026-10-16 15:00", "满意")
    assert row["备注"] == "超期3个工作日；已通报（2026-10-13 17:30）"


@pytest.mark.parametrize("seed", range(20))
def test_the_order_in_which_events_arrive_changes_nothing(seed: int) -> None:
    life = a_whole_life()
    mixed = random.Random(seed).sample(life, len(life))
    assert ledger_row(mixed) == ledger_row(life)


def test_events_of_different_publishers_at_one_instant_may_stand_in_any_order() -> None:
    instant: Moment = at("09-28 10:00")
    life = [event.model_copy(update={"at": instant}) for event in a_whole_life()]
    for shift in (0, 5, 11):
        turned = life[shift:] + life[:shift]
        ids = itertools.count()
        renamed = [event.model_copy(update={"event_id": f"{event.publisher}-{next(ids):04}"}) for event in life]
        assert ledger_row(turned).state is State.CLOSED
        assert ledger_row(renamed).done_at == instant
        assert ledger_row(renamed).overran == ledger_row(turned).overran == 3


def test_what_is_settled_on_the_spot_is_done_at_that_time_with_the_help_of_a_counter() -> None:
    settled = ComplaintSettled(at=at("09-28 10:20"), result="当场办好。", by="li", helped_by="sq/zjj", **OF)
    row = shown(registered(), triaged(Triage.GENERAL), settled)
    assert row["实际办结时间"] == "2026-09-28 10:20"
    assert row["政务服务责任部门及牵头部门"] == "县住建局"
    assert row["办理情况"] == "已当场办结，待回访：当场办好。"


def test_a_settlement_that_did_not_satisfy_is_open_again_until_it_is_settled_again() -> None:
    settled = ComplaintSettled(at=at("09-28 10:20"), result="办好。", by="li", **OF)
    redo = RedoStarted(at=at("09-28 11:00"), revision=2, round=2, leg=None, reason="没办好", by="li", **OF)
    life = [
        registered(),
        triaged(Triage.GENERAL),
        settled,
        followed_up("09-28 11:00", 1, Satisfaction.DISSATISFIED),
        redo,
    ]
    assert ledger_row(life).state is State.REOPENED
    again = settled.model_copy(update={"at": at("09-28 11:05"), "event_id": "0"})
    assert ledger_row([*life, again]).state is State.SETTLED
    assert ledger_row([*life, again, followed_up("09-28 12:00", 3)]).state is State.FOLLOWED_UP


def test_a_referral_is_done_when_the_unit_has_answered() -> None:
    referred = OrderReferred(at=at("09-28 10:10"), revision=1, unit="周口市邮政管理局", by="li", **OF)
    outcome = OutcomeRecorded(at=at("10-09 10:00"), revision=2, unit="周口市邮政管理局", text="已赔付。", by="li", **OF)
    row = shown(
        registered(), triaged(Triage.OUT_OF_SCOPE), referred, outcome, closed("10-09 11:00", 3, Final.REFERRED_CLOSED)
    )
    assert row["政务服务责任部门及牵头部门"] == "周口市邮政管理局（函转）"
    assert (row["分办转办时间"], row["实际办结时间"]) == ("2026-09-28 10:10", "2026-10-09 10:00")
    assert row["办理情况"] == "函转办结：已赔付。"


def test_a_referral_that_did_not_satisfy_is_with_the_unit_again() -> None:
    referred = OrderReferred(at=at("09-28 10:10"), revision=1, unit="邮政局", by="li", **OF)
    outcome = OutcomeRecorded(at=at("10-09 10:00"), revision=2, unit="邮政局", text="已赔付。", by="li", **OF)
    redo = RedoStarted(at=at("10-09 11:00"), revision=4, round=2, leg=None, reason="没赔", by="li", **OF)
    asked = followed_up("10-09 11:00", 3, Satisfaction.DISSATISFIED)
    life = [registered(), triaged(Triage.OUT_OF_SCOPE), referred, outcome, asked, redo]
    assert ledger_row(life).state is State.REFERRED


def test_a_referral_that_was_taken_back_is_with_the_office_again_and_names_no_unit() -> None:
    referred = OrderReferred(at=at("09-28 10:10"), revision=1, unit="邮政局", by="li", **OF)
    recalled = OrderRecalled(at=at("09-29 10:00"), revision=2, unit="邮政局", reason="不属其职责。", by="li", **OF)
    life: list[Event] = [registered(), triaged(Triage.OUT_OF_SCOPE), referred, recalled]
    row = ledger_row(life)
    assert (row.state, row.unit, row.sent_at) == (State.TRIAGED, None, [at("09-28 10:10")])

    settled = ComplaintSettled(at=at("09-30 10:00"), result="窗口当场办好。", by="li", **OF)
    redo = RedoStarted(at=at("09-30 11:00"), revision=4, round=2, leg=None, reason="没办好", by="li", **OF)
    asked = followed_up("09-30 11:00", 3, Satisfaction.DISSATISFIED)
    assert ledger_row([*life, settled]).state is State.SETTLED
    assert ledger_row([*life, settled, asked, redo]).state is State.REOPENED
    assert ledger_row([*life, settled, asked, redo, settled.model_copy(update={"event_id": "again"})]).state is (
        State.SETTLED
    )


def test_what_was_directed_in_vain_and_then_settled_waits_for_its_follow_up() -> None:
    directed = OrderDirected(at=at("09-28 10:10"), revision=1, channel="劳动仲裁", reason="属仲裁事项。", by="li", **OF)
    asked = followed_up("09-28 11:00", 2, Satisfaction.DISSATISFIED)
    redo = RedoStarted(at=at("09-28 11:00"), revision=3, round=2, leg=None, reason="不受理", by="li", **OF)
    settled = ComplaintSettled(at=at("09-30 10:00"), result="窗口当场办好。", by="li", **OF)
    life = [registered(), triaged(Triage.OUT_OF_SCOPE), directed, asked, redo]
    assert ledger_row(life).state is State.REOPENED
    assert ledger_row([*life, settled]).state is State.SETTLED


def test_what_an_answer_showed_to_be_impossible_is_sorted_anew_after_a_decline() -> None:
    answered = replied("c-1", "09-29 10:00", 3, ReplyKind.REASONS, triage=Triage.CANNOT)
    life = [registered(), triaged(Triage.REFUSED), dispatched("c-1"), answered]
    assert ledger_row(life).triage is Triage.CANNOT
    anew = triaged(Triage.REFUSED, revision=2).model_copy(update={"at": at("09-29 11:00")})
    assert ledger_row([*life, anew]).triage is Triage.REFUSED


def test_what_is_settled_after_a_decline_came_of_the_settling_and_not_of_the_answer_before_it() -> None:
    answered = replied("c-1", "09-29 10:00", 3, ReplyKind.REASONS, triage=Triage.CANNOT)
    settled = ComplaintSettled(at=at("09-30 10:00"), result="窗口当场办好。", by="li", **OF)
    row = shown(registered(), triaged(Triage.REFUSED), dispatched("c-1"), answered, settled)
    assert row["办理情况"].endswith("：窗口当场办好。")


def test_what_was_directed_names_the_channel() -> None:
    directed = OrderDirected(at=at("09-28 10:10"), revision=1, channel="劳动仲裁", reason="属仲裁事项。", by="li", **OF)
    row = shown(registered(), triaged(Triage.OUT_OF_SCOPE), directed)
    assert "已告知办理渠道：劳动仲裁" in row["备注"]
    assert row["办理情况"] == "已告知办理渠道，待回访：属仲裁事项。"


def test_a_transferred_complaint_is_shown_by_both_centers() -> None:
    moved = OrderTransferred(
        at=at("09-28 10:10"),
        revision=1,
        from_center="sq-zhidian",
        to_center="sq",
        by="li",
        center="sq-zhidian",
        subject="c-1",
    )
    events = [registered(center="sq-zhidian", number="SQ-ZHIDIAN-2026-0001"), moved]
    row = ledger_row(events)
    assert (row.shown_in, row.handling_center, row.state) == (["sq-zhidian", "sq"], "sq", State.TRANSFERRED)
    later = ledger_row([*events, dispatched("c-1", "09-28 14:00", center="sq-zhidian")])
    assert later.shown_in == ["sq-zhidian", "sq"]
    table = cells(1, later, SHOWN, NAMES)
    assert table["分办转办时间"] == "2026-09-28 10:10；2026-09-28 14:00"
    assert table["备注"] == "未超期；由纸店镇中心转县中心办理"


def test_what_it_is_handled_together_with_is_remarked_and_so_is_another_one_that_leads_later() -> None:
    joined = example(OrderJoined, subject="c-1", revision=2, leading_number="SQ-2026-0002")
    anew = example(JoiningChanged, subject="c-1", revision=3, leading_number="SQ-2026-0003")
    parted = example(JoiningChanged, subject="c-1", revision=4, leading=None, leading_number=None)
    life = [registered(), dispatched("c-1")]
    assert shown(*life, joined)["备注"] == "未超期；与SQ-2026-0002合并办理"
    assert shown(*life, anew, joined)["备注"] == "未超期；与SQ-2026-0003合并办理"
    assert shown(*life, parted, anew, joined)["备注"] == "未超期"


def test_a_co_handlers_answer_is_not_the_departments_answer() -> None:
    helped = replied("c-1", "09-29 10:00", 3, party=HELPER, is_lead=False)
    row = ledger_row([registered(), dispatched("c-1"), helped])
    assert (row.state, row.outcome) == (State.HANDLING, None)


def test_a_correction_replaces_what_was_said_and_a_conclusion_says_why() -> None:
    corrected = ComplaintCorrected(
        at=at("09-28 11:00"), revision=1, category="opinion", content="其实是个意见。", by="li", reason="听错了", **OF
    )
    proposed = ConclusionProposed(
        at=at("10-10 10:00"), revision=8, reasons="已尽力", legal_basis="第十条", by="li", **OF
    )
    end = closed("10-10 11:00", 9, Final.CONCLUDED_UNSATISFIED, reasons="已尽力")
    row = shown(registered(), corrected, proposed)
    assert (row["主要诉求"], row["诉求类别"], row["办理情况"]) == ("其实是个意见。", "意见", "拟结案，待审批")
    refused = ConclusionRefused(at=at("10-10 10:30"), revision=9, reasons="请再回访", by="zhao", **OF)
    assert shown(registered(), proposed, refused)["办理情况"] == "已回访，待处理"
    assert shown(registered(), proposed, end)["备注"] == "未超期；结案理由：已尽力"


def test_reopened_after_its_end_it_is_open_again() -> None:
    redo = RedoStarted(at=at("10-20 10:00"), revision=14, round=3, leg=leg(4), reason="又坏了", by="li", **OF)
    row = ledger_row([*a_whole_life(), redo])
    assert (row.state, row.final) == (State.REDOING, None)


def test_a_reminder_of_an_inner_limit_changes_no_row() -> None:
    life = a_whole_life()
    reminder = example(ReminderDue, subject=life[0].subject)
    assert ledger_row([*life, reminder]) == ledger_row(life)

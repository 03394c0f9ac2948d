"""A row of the ledger follows from the journal's events (annex 3, mechanism §10), whatever order they come in."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from services.intake.domain.annex import HEADINGS, Shown, cells
from services.intake.domain.filters import Filter
from services.intake.domain.lateness import late_by
from services.intake.domain.names import Names
from services.intake.domain.row import ledger_row
from services.intake.domain.states import State
from services.intake.domain.submission import Category
from shared.events import Event
from shared.events.base import Moment
from shared.events.dispatch import (
    ConclusionProposed,
    ConclusionRefused,
    DeclineUpheld,
    EscalationReported,
    EscalationSupervised,
    EscalationUrged,
    Final,
    JoiningChanged,
    OrderChecked,
    OrderClosed,
    OrderDirected,
    OrderFollowedUp,
    OrderJoined,
    OrderRecalled,
    OrderReferred,
    OrderTransferred,
    OutcomeRecorded,
    RedoStarted,
    ReplyKind,
    Satisfaction,
    Stage,
)
from shared.events.intake import (
    ComplaintCorrected,
    ComplaintRegistered,
    ComplaintSettled,
    ComplaintTriaged,
    SealedPetitioner,
    Triage,
)
from shared.events.sla import ClockMoved, ClockOverran, ClockStarted, ReminderDue, Rung
from shared.workdays import Calendar
from tests.support.alone import at
from tests.support.examples import example
from tests.support.intake import HELPER, LEAD, dispatched, leg, replied

OF = {"center": "sq", "subject": "c-1"}
NAMES = Names({"sq": "县中心", "sq-zhidian": "纸店镇中心"}, {"sq/zrzy": "县自然资源局", "sq/zjj": "县住建局"})
SHOWN = Shown("孙**", "", "199****1001")


def registered(**changed: Any) -> ComplaintRegistered:
    given = {
        "number": "SQ-2026-0001", "source": "web", "source_ref": "WB-1", "reported_at": at("09-28 09:00"),
        "category": "complaint", "content": "跑了三趟没办成。", "query_code": "",
        "petitioner": SealedPetitioner(kind="individual", name=""),
    }  # fmt: skip
    return ComplaintRegistered(at=at("09-28 10:00"), **OF | given | changed)


def triaged(to: Triage, revision: int = 1) -> ComplaintTriaged:
    return ComplaintTriaged(at=at("09-28 10:05"), revision=revision, triage=to, by="li", **OF)


def started(number: int, due: str, *, provisional: bool = False) -> ClockStarted:
    return ClockStarted(at=at("09-28 10:10"), leg=number, due_at=at(due), provisional=provisional, **OF)


def checked(when: str, revision: int, *, passed: bool = True) -> OrderChecked:
    return OrderChecked(at=at(when), revision=revision, passed=passed, leg=1, round=1, by="li", **OF)


def followed_up(when: str, revision: int, how: Satisfaction = Satisfaction.SATISFIED) -> OrderFollowedUp:
    return OrderFollowedUp(
        at=at(when), revision=revision, satisfaction=how, opinion="好", method="phone", by="li", **OF
    )


def closed(when: str, revision: int, final: Final = Final.ZEROED, **changed: Any) -> OrderClosed:
    given = {
        "number": "SQ-2026-0001", "triage": Triage.CANNOT, "redo": 0, "overdue": False, "problem": "", "result": "",
        "by": "li",
    }  # fmt: skip
    return OrderClosed(at=at(when), revision=revision, final=final, **OF | given | changed)


def shown(*events: Event, now: str = "12-31 23:59") -> dict[str, Any]:
    row = ledger_row(events)
    return cells(1, row, SHOWN, NAMES, late_by(row, Calendar(), at(now)))


def a_whole_life() -> list[Event]:
    """Dispatched to two departments, overdue, returned once, redone once, satisfied at last."""
    plan = replied(
        "c-1", "09-29 10:00", 3, ReplyKind.PLAN, text="十日内解决。", next_leg=leg(2, Stage.RESULT, "09-29 10:00")
    )
    rung = {"round": 1, "to": [LEAD], "level": "sq", **OF}
    return [
        registered(),
        triaged(Triage.HARD),
        dispatched("c-1", co_handlers=[HELPER]),
        started(1, "10-10 17:30"),
        plan,
        started(2, "10-12 17:30"),
        EscalationUrged(at=at("10-11 17:30"), leg=2, fell_due_at=at("10-11 17:30"), **rung),
        EscalationUrged(at=at("10-12 09:00"), leg=2, by="li", **rung),
        EscalationSupervised(at=at("10-12 17:30"), leg=2, fell_due_at=at("10-12 17:30"), **rung),
        EscalationReported(at=at("10-13 17:30"), leg=2, fell_due_at=at("10-13 17:30"), **rung),
        replied("c-1", "10-14 10:00", 4, text="办了一半。"),
        ClockOverran(
            at=at("10-14 10:00"), leg=2, due_at=at("10-12 17:30"), answered_at=at("10-14 10:00"), working_days=2,
            office_minutes=600, **OF,
        ),
        checked("10-14 11:00", 5, passed=False),
        replied("c-1", "10-15 10:00", 6, text="办好了。"),
        ClockOverran(
            at=at("10-15 10:00"), leg=2, due_at=at("10-12 17:30"), answered_at=at("10-15 10:00"), working_days=3,
            office_minutes=900, **OF,
        ),
        checked("10-15 11:00", 7),
        followed_up("10-15 15:00", 8, Satisfaction.DISSATISFIED),
        RedoStarted(at=at("10-15 15:00"), revision=9, round=2, leg=leg(3), reason="没办到位", by="li", **OF),
        started(3, "10-20 17:30"),
        replied("c-1", "10-16 10:00", 10, text="这回办到位了。"),
        checked("10-16 11:00", 11),
        followed_up("10-16 15:00", 12),
        closed("10-16 15:00", 13, redo=1, overdue=True),
    ]  # fmt: skip


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


def test_a_moved_date_replaces_the_first_and_an_extension_is_remarked() -> None:
    moved = {"leg": 1, "provisional": False, "at": at("10-09 09:00"), **OF}
    late = ClockMoved(revision=2, was=at("10-15 17:30"), due_at=at("10-16 17:30"), why="calendar", **moved)
    granted = ClockMoved(revision=1, was=at("10-12 17:30"), due_at=at("10-15 17:30"), why="extended", **moved)
    life = [registered(), dispatched("c-1"), late, started(1, "10-12 17:30"), granted]
    row = shown(*life, now="10-09 10:00")
    assert row["要求办理期限"] == "2026-10-16 17:30"
    assert row["备注"] == "未超期；承诺期限由2026-10-12 17:30延至2026-10-16 17:30"


def test_a_provisional_date_is_remarked() -> None:
    row = shown(registered(), dispatched("c-1"), started(1, "10-12 17:30", provisional=True), now="10-12 17:30")
    assert row["备注"] == "未超期；期限2026-10-12 17:30为暂定"


def test_an_answer_not_yet_given_is_due_and_one_given_is_not() -> None:
    waiting = [registered(), dispatched("c-1"), started(1, "10-08 17:30")]
    assert ledger_row(waiting).due_at == at("10-08 17:30")
    assert ledger_row([*waiting, replied("c-1", "09-29 10:00", 3)]).due_at is None
    back = [*waiting, replied("c-1", "09-29 10:00", 3), checked("09-29 11:00", 4, passed=False)]
    assert ledger_row(back).due_at == at("10-08 17:30")


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


def test_a_date_first_told_and_missed_by_another_department_is_remarked() -> None:
    again = dispatched("c-1", "10-08 09:00", revision=4, lead=HELPER, leg=leg(2))
    life = [registered(), dispatched("c-1"), started(1, "10-08 17:30"), again, started(2, "10-12 17:30")]
    assert shown(*life, now="10-09 09:00")["备注"] == "未超期"
    assert shown(*life, replied("c-1", "10-10 10:00", 5, leg=2))["备注"] == "未超期；曾改派，超过首次告知的期限"


def test_an_answer_is_late_by_the_date_told_last_whatever_was_known_at_the_closing() -> None:
    life = [
        registered(), triaged(Triage.CANNOT), dispatched("c-1"), started(1, "10-08 17:30"),
        replied("c-1", "10-08 10:00", 2, text="办不了。"), checked("10-08 17:00", 3, passed=False),
        replied("c-1", "10-09 10:00", 4, text="这是依据。"), checked("10-09 11:00", 5),
        closed("10-09 12:00", 6, overdue=True),
    ]  # fmt: skip
    assert shown(*life)["备注"] == "已超期"
    moved = ClockMoved(
        at=at("10-08 17:00"), leg=1, revision=2, was=at("10-08 17:30"), due_at=at("10-09 17:30"), provisional=False,
        why="returned", **OF,
    )  # fmt: skip
    assert shown(*life, moved)["备注"] == "未超期"


@pytest.mark.parametrize(("declined", "remark"), [("10-08 17:30", "未超期"), ("10-08 17:31", "已超期")])
def test_what_was_declined_is_late_by_when_it_was_taken_back_and_not_by_when_it_was_closed(
    declined: str, remark: str
) -> None:
    upheld = DeclineUpheld(
        at=at(declined), revision=2, party=LEAD, leg=1, reasons="不属该单位职责。", for_the_head=False, by="li", **OF
    )  # fmt: skip
    withdrawn = closed("10-10 09:00", 3, Final.WITHDRAWN)
    life = [registered(), triaged(Triage.REFUSED), dispatched("c-1"), started(1, "10-08 17:30"), upheld, withdrawn]
    assert shown(*life)["备注"] == remark


def test_supervised_and_its_date_not_yet_told_is_overdue_by_nobody_knows_how_much() -> None:
    rung = EscalationSupervised(
        at=at("10-08 17:31"), leg=1, round=1, fell_due_at=at("10-08 17:30"), to=[LEAD], level="sq", **OF
    )
    assert shown(registered(), dispatched("c-1"), rung)["备注"] == "已超期"
    by_hand = rung.model_copy(update={"fell_due_at": None, "by": "li"})
    assert shown(registered(), dispatched("c-1"), by_hand)["备注"] == "未超期"


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("10-08 17:30", "未超期"),  # the very instant is in time
        ("10-08 17:31", "超期不足1个工作日"),
        ("10-09 08:29", "超期不足1个工作日"),  # nothing has opened yet
        ("10-09 08:30", "超期1个工作日"),
        ("10-09 23:59", "超期1个工作日"),
        ("10-11 12:00", "超期2个工作日"),  # the 10th, a Saturday, makes up for the holidays; the 11th is a Sunday
        ("10-12 12:00", "超期3个工作日"),
    ],
)
def test_what_waits_overdue_says_how_many_working_days_have_begun_since_its_due_day(now: str, told: str) -> None:
    assert shown(registered(), dispatched("c-1"), started(1, "10-08 17:30"), now=now)["备注"] == told


def overran(leg: int, answered: str, days: int, minutes: int) -> ClockOverran:
    return ClockOverran(
        at=at(answered), leg=leg, due_at=at("10-08 17:30"), answered_at=at(answered), working_days=days,
        office_minutes=minutes, **OF,
    )  # fmt: skip


def test_an_answer_after_close_of_the_due_day_was_late_by_less_than_a_working_day() -> None:
    late = replied("c-1", "10-08 19:00", 3)
    row = shown(registered(), dispatched("c-1"), started(1, "10-08 17:30"), late, overran(1, "10-08 19:00", 1, 0))
    assert row["备注"] == "超期不足1个工作日"


def test_a_late_answer_that_was_returned_is_counted_on_until_the_next() -> None:
    life = [registered(), dispatched("c-1"), started(1, "10-08 17:30"), replied("c-1", "10-09 10:00", 3)]
    life += [overran(1, "10-09 10:00", 1, 90), checked("10-09 11:00", 4, passed=False)]
    assert shown(*life, now="10-12 12:00")["备注"] == "超期3个工作日"
    assert shown(*life, replied("c-1", "10-12 12:00", 5), overran(1, "10-12 12:00", 3, 900))["备注"] == "超期3个工作日"


def test_the_highest_rung_is_the_one_a_row_is_found_by() -> None:
    assert ledger_row(a_whole_life()).rung is Rung.REPORTED
    assert ledger_row([registered()]).rung is None


FITTING: list[dict[str, Any]] = [
    {},
    {"triage": Triage.CANNOT},
    {"category": Category.COMPLAINT},
    {"source": "web"},
    {"department": "sq/zrzy"},
    {"department": "sq/zjj"},
    {"state": State.CLOSED},
    {"final": Final.ZEROED},
    {"overdue": True},
    {"rung": Rung.REPORTED},
    {"text": "三趟"},
    {"text": "sq-2026-0001"},
    {"final": Final.ZEROED, "overdue": True, "rung": Rung.REPORTED},
]
NOT_FITTING: list[dict[str, Any]] = [
    {"triage": Triage.HARD},
    {"category": Category.OPINION},
    {"source": "window"},
    {"department": "sq/swj"},
    {"state": State.HANDLING},
    {"final": Final.WITHDRAWN},
    {"overdue": False},
    {"rung": Rung.URGED},
    {"text": "四趟"},
    {"text": "SQ-2026-000"},
    {"final": Final.ZEROED, "overdue": False},
]


@pytest.mark.parametrize(("wanted", "fits"), [(w, True) for w in FITTING] + [(w, False) for w in NOT_FITTING])
def test_a_row_fits_when_all_that_is_asked_for_holds(wanted: dict[str, Any], fits: bool) -> None:
    assert Filter(**wanted).fits(ledger_row(a_whole_life()), at("10-20 09:00")) is fits


def test_what_is_owed_by_now_is_overdue_before_anybody_has_said_so() -> None:
    waiting = ledger_row([registered(), dispatched("c-1"), started(1, "10-08 17:30")])
    assert [Filter(overdue=True).fits(waiting, at(when)) for when in ("10-08 17:30", "10-08 17:31")] == [False, True]


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

"""What the ledger says of dates, told, moved and missed (annex 3: 要求办理期限, 备注)."""

from __future__ import annotations

import pytest

from services.intake.domain.row import ledger_row
from shared.events.dispatch import DeclineUpheld, EscalationSupervised, Final
from shared.events.intake import Triage
from shared.events.sla import ClockMoved, ClockOverran
from tests.support.alone import at
from tests.support.intake import HELPER, LEAD, dispatched, leg, replied
from tests.support.lives import OF, checked, closed, registered, shown, started, triaged


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

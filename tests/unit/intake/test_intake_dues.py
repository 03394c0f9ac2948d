"""When a leg was due, and whether it was kept, as figures count it: once missed stays missed (mechanism §6, §9)."""

from __future__ import annotations

from datetime import datetime

import pytest

from services.intake.domain.counted import Counted
from shared.events import Event
from shared.events.dispatch import (
    DeclineRaised,
    DeclineUpheld,
    EscalationSupervised,
    ExtensionGranted,
    Final,
    OrderDirected,
    OrderRecalled,
    OrderReferred,
    OrderReopened,
    RedoStarted,
    ReplyKind,
)
from shared.events.intake import ComplaintSettled, Triage
from shared.events.sla import ClockMoved, ClockOverran
from tests.support.alone import at
from tests.support.counted import of, simple_life
from tests.support.intake import HELPER, LEAD, dispatched, leg, replied
from tests.support.lives import OF, checked, closed, registered, started, triaged

DUE = "10-08 17:30"
"""The Thursday after the holidays, when the first leg is due; the next days are Friday, and Saturday, a workday too."""


def waiting() -> list[Event]:
    """With its department since Monday 28 September."""
    return [registered(), triaged(Triage.CANNOT), dispatched("c-1"), started(1, DUE)]


def moved(when: str, was: str, due: str, why: str, cause: Event | None = None) -> ClockMoved:
    """The first leg's date is told anew."""
    return ClockMoved(
        at=at(when), leg=1, revision=2, was=at(was), due_at=at(due), provisional=False, why=why,
        caused_by=cause and cause.event_id, **OF,
    )  # fmt: skip


def returned(when: str, revision: int, *, until: str | None = None) -> list[Event]:
    """The answer does not pass the check, and the department has until then."""
    check = checked(when, revision, passed=False)
    return [check, *([moved(when, DUE, until, "returned", check)] if until else [])]


def reopened(when: str, revision: int, until: str) -> list[Event]:
    """The petitioner has it done again."""
    again = leg(2, when=when)
    return [
        OrderReopened(at=at(when), revision=revision, round=2, leg=again, words="又坏了", by="li", **OF),
        started(2, until),
    ]


def counted(kind: Counted, *events: Event) -> list[tuple[str, datetime, datetime | None]]:
    """Which there are of this kind, when each was due, and when it was done."""
    return [(fact.place, fact.at, fact.done_at) for fact in of(kind, *events)]


def test_what_was_reopened_and_nobody_answers_has_missed_its_date() -> None:
    life = [*simple_life(), *reopened("09-30 10:00", 7, "10-10 17:30")]
    assert counted(Counted.DUE, *life) == [
        ("1", at(DUE), at("09-29 10:00")),
        ("2", at("10-10 17:30"), None),
    ]


def test_what_was_withdrawn_in_time_and_reopened_after_its_date_is_due_once_and_later() -> None:
    life = [*waiting(), closed("09-29 10:00", 3, Final.WITHDRAWN), *reopened("10-09 10:00", 4, "10-14 17:30")]
    assert counted(Counted.DUE, *life) == [("2", at("10-14 17:30"), None)]
    assert counted(Counted.RESPONSE, *life) == [("", at("10-14 17:30"), None)]
    answered = replied("c-1", "10-10 10:00", 5, leg=2, round=2)
    assert counted(Counted.RESPONSE, *life, answered) == [("", at("10-14 17:30"), at("10-10 10:00"))]


def test_what_was_answered_withdrawn_and_reopened_was_answered_by_its_first_date() -> None:
    life = [*waiting(), replied("c-1", "09-29 09:00", 3), closed("09-29 10:00", 4, Final.WITHDRAWN)]
    life += reopened("10-09 10:00", 5, "10-14 17:30")
    assert counted(Counted.RESPONSE, *life) == [("", at(DUE), at("09-29 09:00"))]


@pytest.mark.parametrize(("when", "missed"), [("09-29 10:00", False), (DUE, False), ("10-09 10:00", True)])
def test_what_is_withdrawn_before_its_date_owes_nothing_and_after_it_has_missed_it(when: str, missed: bool) -> None:
    life = [*waiting(), closed(when, 3, Final.WITHDRAWN)]
    assert bool(counted(Counted.DUE, *life)) is missed
    assert bool(counted(Counted.RESPONSE, *life)) is missed


@pytest.mark.parametrize("when", ["10-09 10:00", "10-09 11:00"])
def test_a_late_answer_is_late_though_it_was_returned_and_given_again_by_the_date_told_then(when: str) -> None:
    life = [*waiting(), replied("c-1", when, 3), *returned("10-09 11:00", 4, until="10-10 17:30")]
    assert counted(Counted.DUE, *life) == [("1", at(DUE), None)]
    life.append(replied("c-1", "10-10 10:00", 5))
    assert counted(Counted.DUE, *life) == [("1", at(DUE), at("10-10 10:00"))]
    assert counted(Counted.RESPONSE, *life) == [("", at(DUE), at(when))]


@pytest.mark.parametrize("again", ["10-08 18:00", "10-09 10:00"])
def test_an_answer_in_time_that_was_returned_is_given_again_by_the_date_told_then(again: str) -> None:
    life = [*waiting(), replied("c-1", "10-08 17:00", 3), *returned("10-08 18:00", 4, until="10-09 17:30")]
    assert counted(Counted.DUE, *life, replied("c-1", again, 5)) == [("1", at("10-09 17:30"), at(again))]
    assert counted(Counted.RESPONSE, *life) == [("", at(DUE), at("10-08 17:00"))]
    late = replied("c-1", "10-10 10:00", 5)
    assert counted(Counted.DUE, *life, late) == [("1", at("10-09 17:30"), at("10-10 10:00"))]


def test_a_date_that_a_notice_moves_before_it_has_come_is_the_one_that_was_told() -> None:
    life = [*waiting(), moved("10-07 09:00", DUE, "10-09 17:30", "calendar"), replied("c-1", "10-09 10:00", 3)]
    kept = [at("10-09 17:30"), at("10-09 10:00")]
    assert counted(Counted.DUE, *life) == [("1", *kept)]
    assert counted(Counted.RESPONSE, *life) == [("", *kept)]


def test_an_extension_granted_before_the_date_counts_and_after_it_makes_nothing_good() -> None:
    def granted(when: str) -> list[Event]:
        word = ExtensionGranted(
            at=at(when), revision=3, party=LEAD, leg=1, was=at(DUE).date(), committed_on=at("10-10").date(), by="li",
            **OF,
        )  # fmt: skip
        return [word, moved(when, DUE, "10-10 17:30", "extended", word), replied("c-1", "10-10 10:00", 4)]

    supervised = EscalationSupervised(
        at=at("10-08 17:31"), leg=1, round=1, fell_due_at=at(DUE), to=[LEAD], level="sq", **OF
    )
    assert counted(Counted.DUE, *waiting(), *granted("10-08 10:00")) == [("1", at("10-10 17:30"), at("10-10 10:00"))]
    assert counted(Counted.DUE, *waiting(), supervised, *granted("10-09 10:00")) == [("1", at(DUE), at("10-10 10:00"))]


def test_what_the_ledger_calls_overdue_is_late_in_the_figures_too() -> None:
    overran = ClockOverran(
        at=at("10-09 10:00"), leg=1, due_at=at(DUE), answered_at=at("10-09 10:00"), working_days=1, office_minutes=90,
        **OF,
    )  # fmt: skip
    life = [*waiting(), moved("10-08 10:00", DUE, "10-09 17:30", "calendar"), replied("c-1", "10-09 10:00", 3)]
    assert counted(Counted.DUE, *life, overran) == [("1", at(DUE), at("10-09 10:00"))]


def test_supervising_by_hand_says_nothing_of_a_date() -> None:
    by_hand = EscalationSupervised(at=at("10-09 09:00"), leg=1, round=1, to=[LEAD], level="sq", by="li", **OF)
    life = [*waiting(), moved("10-08 10:00", DUE, "10-09 17:30", "calendar"), by_hand, replied("c-1", "10-09 10:00", 3)]
    assert counted(Counted.DUE, *life) == [("1", at("10-09 17:30"), at("10-09 10:00"))]


OTHERWISE: list[Event] = [
    ComplaintSettled(at=at("09-29 15:00"), result="窗口当场办好。", by="li", **OF),
    OrderReferred(at=at("09-29 15:00"), revision=5, unit="邮政局", by="li", **OF),
    OrderDirected(at=at("09-29 15:00"), revision=5, channel="劳动仲裁", reason="属仲裁事项。", by="li", **OF),
]


def declined() -> list[Event]:
    """The department's decline was upheld the day after."""
    word = {"party": LEAD, "leg": 1, "by": "li", **OF}
    return [
        *waiting(),
        DeclineRaised(at=at("09-29 10:00"), revision=3, reason="不归我局", **word),
        DeclineUpheld(at=at("09-29 11:00"), revision=4, reasons="同意", **word),
    ]


@pytest.mark.parametrize("done", OTHERWISE, ids=lambda event: type(event).__name__)
def test_what_a_department_declined_is_answered_when_it_was_settled_referred_or_directed(done: Event) -> None:
    assert counted(Counted.RESPONSE, *declined(), done) == [("", at(DUE), at("09-29 15:00"))]
    assert counted(Counted.DUE, *declined(), done) == []


@pytest.mark.parametrize(
    ("answers", "done_at"), [((), None), ((replied("c-1", "10-09 10:00", 6, leg=2),), "10-09 10:00")]
)
def test_who_rightly_declined_owes_no_response_and_whoever_has_it_then_does(
    answers: tuple[Event, ...], done_at: str | None
) -> None:
    again = dispatched("c-1", "09-29 12:00", revision=5, lead=HELPER, leg=leg(2, when="09-29 12:00"))
    [response] = of(Counted.RESPONSE, *declined(), again, started(2, "10-10 17:30"), *answers)
    assert response.department == f"{HELPER.center}/{HELPER.department}"
    assert (response.at, response.done_at) == (at(DUE), done_at and at(done_at)), "the petitioner's first date stands"


def test_a_referral_that_was_taken_back_was_no_response() -> None:
    back = OrderRecalled(at=at("09-30 09:00"), revision=6, unit="邮政局", reason="不属其职责。", by="li", **OF)
    life = [*declined(), OTHERWISE[1], back]
    assert counted(Counted.RESPONSE, *life) == [("", at(DUE), None)]
    anew = OTHERWISE[1].model_copy(update={"at": at("10-08 09:00"), "revision": 7, "event_id": "anew"})
    assert counted(Counted.RESPONSE, *life, anew) == [("", at(DUE), at("10-08 09:00"))]


def test_a_later_answer_of_a_department_is_not_the_first_where_a_channel_was_told_before() -> None:
    redo = RedoStarted(at=at("09-30 09:00"), revision=6, round=2, leg=None, reason="没解决", by="li", **OF)
    again = dispatched("c-1", "09-30 09:30", revision=7, lead=HELPER, leg=leg(2, when="09-30 09:30"))
    life = [*declined(), OTHERWISE[2], redo, again, started(2, "10-10 17:30"), replied("c-1", "10-09 10:00", 8, leg=2)]
    assert counted(Counted.RESPONSE, *life) == [("", at(DUE), at("09-29 15:00"))]
    assert counted(Counted.DUE, *life) == [("2", at("10-10 17:30"), at("10-09 10:00"))]


def test_what_was_settled_before_it_ever_went_to_a_department_was_answered_then() -> None:
    settled = ComplaintSettled(at=at("09-28 10:06"), result="当场办好。", by="li", **OF)
    assert counted(Counted.RESPONSE, *waiting(), settled) == [("", at("09-28 10:06"), at("09-28 10:06"))]


def slack(kind: Counted, *events: Event) -> list[int | None]:
    """Office minutes that were left."""
    return [None if fact.working is None else fact.working // 60 for fact in of(kind, *events)]


def test_how_near_to_its_date_an_answer_came_is_measured_to_the_date_that_stood_then() -> None:
    extended = moved("10-07 09:00", DUE, "10-09 17:30", "extended")
    life = [*waiting(), extended, replied("c-1", "10-09 17:00", 3), closed("10-10 09:00", 4)]
    assert slack(Counted.REOPENED, *life, *reopened("10-10 10:00", 5, "10-14 17:30")) == [30]
    # From 17:00 it was half an hour to the date told by then; the return has moved it afterwards.
    back = [*waiting(), replied("c-1", "10-08 17:00", 3), *returned("10-08 18:00", 4, until="10-09 17:30")]
    assert slack(Counted.RETURNED, *back) == [30]


def test_an_answer_after_a_missed_date_was_not_just_in_time_for_the_next() -> None:
    life = [*waiting(), replied("c-1", "10-09 10:00", 3, ReplyKind.REASONS)]
    life += [*returned("10-09 11:00", 4, until="10-10 17:30"), replied("c-1", "10-10 17:00", 5, ReplyKind.REASONS)]
    life += [closed("10-11 09:00", 6), *reopened("10-12 10:00", 7, "10-15 17:30")]
    assert slack(Counted.RETURNED, *life) == [None]
    assert slack(Counted.REOPENED, *life) == [None]

"""The office's own limits: what each mark begins, by when, and who is reminded (mechanism §3, **Decided**)."""

from __future__ import annotations

from itertools import permutations

import pytest

from services.sla.domain import DEFAULTS, InnerLimit, Mark, Order, Running
from services.sla.domain.inner import BEGINS, LETTERS
from shared.events.sla import Reminded, Step
from shared.workdays import Calendar
from tests.support.alone import at

CALENDARS = {"sq": Calendar(), "sq-zhidian": Calendar()}


def mark(kind: Mark, when: str, place: int = 0, office: str | None = None, leg: int | None = None) -> InnerLimit:
    return InnerLimit(
        complaint_id="c", event_id=f"{when} {place:04} {kind}", center="sq", mark=kind, place=place, at=at(when),
        names_office=office, leg=leg,
    )  # fmt: skip


def course(*marks: InnerLimit) -> list[InnerLimit]:
    order = Order("c")
    for each in marks:
        order.note(each).count(DEFAULTS, CALENDARS)
    return order.course.limits


DUE = [
    (Mark.REGISTERED, "11-23 09:00", Step.TRIAGE, "11-23 11:00"),
    (Mark.REGISTERED, "11-23 11:00", Step.TRIAGE, "11-23 15:30"),
    (Mark.REGISTERED, "11-22 20:00", Step.TRIAGE, "11-23 10:30"),
    (Mark.SORTED, "11-23 09:00", Step.DISPATCH, "11-23 15:30"),
    (Mark.TRANSFERRED, "11-27 17:00", Step.ACCEPT, "11-30 12:00"),
    (Mark.GENERAL, "11-23 09:00", Step.SETTLE, "11-23 17:30"),
    (Mark.GENERAL, "11-23 16:00", Step.SETTLE, "11-24 17:30"),
    (Mark.REFERRED, "11-23 09:00", Step.REFERRAL, "11-30 17:30"),
    (Mark.ANSWERED, "11-27 10:00", Step.CHECK, "11-30 17:30"),
    (Mark.PASSED, "11-23 09:00", Step.FOLLOW_UP, "11-24 17:30"),
    (Mark.SETTLED, "11-23 09:00", Step.FOLLOW_UP, "11-24 17:30"),
    (Mark.OUTCOME, "11-23 09:00", Step.FOLLOW_UP, "11-24 17:30"),
    (Mark.DIRECTED, "11-23 09:00", Step.FOLLOW_UP, "11-24 17:30"),
]


@pytest.mark.parametrize(("kind", "when", "step", "due"), DUE)
def test_a_mark_begins_its_step_with_its_limit(kind: Mark, when: str, step: Step, due: str) -> None:
    [limit] = course(mark(kind, when))
    assert (limit.step, limit.state, limit.due_at, limit.next_fire_at) == (step, Running.OPEN, at(due), at(due))


@pytest.mark.parametrize("kind", [kind for kind, step in BEGINS.items() if step is None])
def test_a_mark_that_hands_it_on_begins_nothing_and_ends_what_was_owed(kind: Mark) -> None:
    first, last = course(mark(Mark.ANSWERED, "11-23 09:00"), mark(kind, "11-23 10:00"))
    assert (first.state, first.done_at, first.next_fire_at) == (Running.DONE, at("11-23 10:00"), None)
    assert (last.step, last.state, last.due_at, last.next_fire_at) == (None, Running.NONE, None, None)


def test_every_mark_says_what_it_begins() -> None:
    assert {*BEGINS, *LETTERS, Mark.REDO} == set(Mark)


@pytest.mark.parametrize(
    ("dealt_with", "step"),
    [(Mark.SETTLED, Step.SETTLE), (Mark.REFERRED, Step.REFERRAL), (Mark.DIRECTED, Step.DISPATCH)],
)
def test_a_redo_begins_where_it_was_dealt_with(dealt_with: Mark, step: Step) -> None:
    marks = [
        mark(dealt_with, "11-23 09:00"),
        mark(Mark.FOLLOWED_UP, "11-24 09:00", 7),
        mark(Mark.REDO, "11-24 09:00", 8),
    ]
    assert course(*marks)[-1].step is step


def test_the_coordinator_is_reminded_then_the_head_then_nobody() -> None:
    [limit] = course(mark(Mark.SORTED, "11-23 09:00"))
    assert limit.remind(DEFAULTS, CALENDARS["sq"]) == (Reminded.COORDINATOR, 1)
    assert limit.next_fire_at == at("11-24 10:30")
    assert limit.remind(DEFAULTS, CALENDARS["sq"]) == (Reminded.HEAD, 2)
    assert limit.next_fire_at is None


def test_a_referral_is_chased_every_five_working_days_and_another_letter_is_a_chase() -> None:
    [limit] = course(mark(Mark.REFERRED, "11-23 09:00"))
    fired = []
    for _ in range(3):
        fired.append(limit.next_fire_at)
        limit.remind(DEFAULTS, CALENDARS["sq"])
    assert fired == [at("11-30 17:30"), at("12-07 17:30"), at("12-14 17:30")]
    first, second = course(mark(Mark.REFERRED, "11-23 09:00"), mark(Mark.REFERRED, "11-26 09:00"))
    assert (first.state, second.due_at) == (Running.DONE, at("12-03 17:30"))


def test_what_is_taken_back_from_a_unit_is_dispatched_within_the_office_s_limit() -> None:
    marks = (
        mark(Mark.REFERRED, "11-23 09:00"),
        mark(Mark.DECLINED, "11-24 09:00", 2),
        mark(Mark.SORTED, "11-24 10:00", 3),
    )
    referral, back, sorted_anew = course(*marks)
    assert (referral.state, referral.done_at) == (Running.DONE, at("11-24 09:00"))
    assert (back.state, sorted_anew.step, sorted_anew.due_at) == (Running.CONTINUED, Step.DISPATCH, at("11-24 15:30"))


def test_sorting_it_otherwise_wins_the_coordinator_no_time() -> None:
    first, second = course(mark(Mark.SORTED, "11-23 09:00", 1), mark(Mark.SORTED, "11-23 11:00", 2))
    assert (first.state, second.state, second.due_at) == (Running.CONTINUED, Running.OPEN, at("11-23 15:30"))


def test_sorting_that_comes_too_late_changes_nothing() -> None:
    marks = (
        mark(Mark.SORTED, "11-23 09:00", 1),
        mark(Mark.WITH_DEPARTMENTS, "11-23 10:00"),
        mark(Mark.SORTED, "11-23 10:01", 2),
    )
    assert course(*marks)[-1].step is None


def test_a_transfer_is_owed_by_the_center_that_takes_it_and_so_is_what_follows() -> None:
    marks = course(
        mark(Mark.SORTED, "11-23 09:00"),
        mark(Mark.TRANSFERRED, "11-23 10:00", office="sq-zhidian"),
        mark(Mark.WITH_DEPARTMENTS, "11-23 11:00", office="sq-zhidian"),
        mark(Mark.ANSWERED, "11-24 11:00"),
    )
    assert [limit.office for limit in marks] == ["sq", "sq-zhidian", "sq-zhidian", "sq-zhidian"]


def test_every_order_of_arrival_makes_the_same_course() -> None:
    def marks() -> list[InnerLimit]:
        return [
            mark(Mark.REGISTERED, "11-23 09:00"),
            mark(Mark.GENERAL, "11-23 09:00", 1),
            mark(Mark.SORTED, "11-23 10:00", 2),
            mark(Mark.TRANSFERRED, "11-23 10:30", 1001, "sq-zhidian"),
            mark(Mark.ANSWERED, "11-24 10:00", 1003),
            mark(Mark.CLOSED, "11-25 10:00", 1006),
        ]

    def told(limits: list[InnerLimit]) -> list[object]:
        return [(each.step, each.office, each.state, each.due_at, each.done_at, each.next_fire_at) for each in limits]

    expected = told(course(*marks()))
    for order in permutations(range(6)):
        given = marks()
        assert told(course(*(given[n] for n in order))) == expected


def test_done_at_its_very_end_is_in_time() -> None:
    first, _ = course(mark(Mark.SORTED, "11-23 09:00"), mark(Mark.CLOSED, "11-23 15:30"))
    assert not first.is_late(at("12-01 09:00"))
    assert course(mark(Mark.SORTED, "11-23 09:00"))[0].is_late(at("11-23 15:31"))


def test_letters_to_be_signed_run_beside_what_the_departments_owe() -> None:
    order = Order("c")
    handed_on = mark(Mark.WITH_DEPARTMENTS, "11-23 09:00")
    reported = mark(Mark.REPORTED, "11-27 17:31", office="sq-zhidian", leg=1)
    for each in (handed_on, reported, mark(Mark.ANSWERED, "11-30 09:00")):
        order.note(each).count(DEFAULTS, CALENDARS)
    assert (reported.step, reported.office, reported.state) == (Step.SIGN, "sq-zhidian", Running.OPEN)
    assert reported.due_at == at("11-30 17:30")
    assert [limit.step for limit in order.course.limits] == [None, Step.CHECK]
    order.note(mark(Mark.SIGNED, "11-30 10:00", office="sq-zhidian", leg=1)).count(DEFAULTS, CALENDARS)
    assert (reported.state, reported.done_at, reported.next_fire_at) == (Running.DONE, at("11-30 10:00"), None)
    assert [limit.state for limit in order.course.limits] == [Running.NONE, Running.OPEN], "the check is still owed"


def test_each_leg_has_letters_of_its_own_and_signing_those_of_one_signs_no_others() -> None:
    order = Order("c")
    first, second = (mark(Mark.REPORTED, when, leg=leg) for leg, when in ((1, "11-24 17:31"), (2, "11-27 17:31")))
    for each in (first, second):
        order.note(each).count(DEFAULTS, CALENDARS)
    assert [limit.due_at for limit in (first, second)] == [at("11-25 17:30"), at("11-30 17:30")]
    order.note(mark(Mark.SIGNED, "11-28 10:00", leg=1)).count(DEFAULTS, CALENDARS)
    assert (first.state, first.done_at) == (Running.DONE, at("11-28 10:00"))
    assert (second.state, second.next_fire_at) == (Running.OPEN, at("11-30 17:30"))

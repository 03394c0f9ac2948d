"""What of a complaint is counted, and as of when: pure, and the same whatever was heard in which order."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime

import pytest

from services.intake.domain.counted import Counted, Fact
from services.intake.domain.facts import versions_of
from shared.events import Event
from shared.events.dispatch import DeclineRaised, DeclineUpheld, OrderReopened, OrderTransferred
from shared.events.intake import ComplaintCorrected, ComplaintNudged, ComplaintSettled, RatingGiven
from shared.events.sla import ClockMoved, ReminderDue
from tests.support.alone import at
from tests.support.counted import CALENDARS, MINUTE, facts, held, of, simple_life
from tests.support.examples import example
from tests.support.intake import HELPER, LEAD, dispatched, leg, replied
from tests.support.lives import OF, a_whole_life, checked, closed, followed_up, registered, started


def test_a_simple_life_is_counted_thing_by_thing() -> None:
    found = {fact.counted: (fact.at, fact.department, fact.detail) for fact in facts(*simple_life())}
    lead = "sq/zrzy"
    assert found | {Counted.HELD: None} == {
        Counted.REGISTERED: (at("09-28 10:00"), None, None),
        Counted.SORTED: (at("09-28 10:05"), None, "cannot"),
        Counted.DISPATCHED: (at("09-28 10:10"), lead, None),
        Counted.RESPONSE: (at("10-08 17:30"), lead, None),
        Counted.DUE: (at("10-08 17:30"), lead, None),
        Counted.FOLLOWED_UP: (at("09-29 15:00"), lead, "satisfied"),
        Counted.CLOSED: (at("09-29 15:00"), lead, "zeroed"),
        Counted.HELD: None,
    }


def test_what_was_reopened_has_a_second_course_and_nobody_held_it_in_between() -> None:
    life = [
        *simple_life(),
        OrderReopened(at=at("09-30 10:00"), revision=7, round=2, leg=leg(2), words="又坏了", by="li", **OF),
        replied("c-1", "09-30 11:00", 8, leg=2, round=2),
        checked("09-30 11:00", 9),
        followed_up("09-30 11:00", 10),
        closed("09-30 11:00", 11),
    ]
    assert [fact.working for fact in of(Counted.CLOSED, *life)] == [510 * MINUTE, 60 * MINUTE]
    [again] = of(Counted.REOPENED, *life)
    assert again.working is not None  # answered long before it was due


def test_a_leg_that_was_given_up_before_it_was_due_is_not_counted_as_unanswered() -> None:
    again = dispatched("c-1", "09-29 09:00", revision=4, lead=HELPER, leg=leg(2, when="09-29 09:00"))
    life = [registered(), dispatched("c-1"), started(1, "10-08 17:30"), again, started(2, "10-09 17:30")]
    assert [(fact.place, fact.department) for fact in of(Counted.DUE, *life)] == [("2", "sq/zjj")]
    [response] = of(Counted.RESPONSE, *life)
    assert response.at == at("10-08 17:30"), "the petitioner's first date stays"
    assert response.department == "sq/zjj", "who has given it up owes nothing any more"


def test_a_returned_answer_does_not_stand_but_was_a_response() -> None:
    life = [*simple_life()[:5], checked("09-29 11:00", 4, passed=False)]
    [due], [response] = of(Counted.DUE, *life), of(Counted.RESPONSE, *life)
    assert (due.done_at, response.done_at) == (None, at("09-29 10:00"))
    [returned] = of(Counted.RETURNED, *life)
    assert (returned.department, (returned.working or 0) // MINUTE) == ("sq/zrzy", 120 + 180 + 390 + 390)


def test_a_transferred_complaint_counts_for_the_center_that_had_it_then() -> None:
    moved = OrderTransferred(at=at("09-28 10:07"), revision=1, from_center="sq-zhidian", to_center="sq", by="li", **OF)
    first, *rest = simple_life()
    home = {"center": "sq-zhidian"}
    life = [event.model_copy(update=home) for event in (first, *rest, moved)]
    assert {fact.counted: fact.center for fact in facts(*life) if fact.center != "sq"} == {
        Counted.REGISTERED: "sq-zhidian",
        Counted.SORTED: "sq-zhidian",
    }


def test_a_decline_is_counted_with_what_became_of_it_and_the_office_has_it_again_when_upheld() -> None:
    word = {"party": LEAD, "leg": 1, "by": "li", **OF}
    life = [
        registered(),
        dispatched("c-1"),
        started(1, "09-29 17:30"),
        DeclineRaised(at=at("09-29 17:00"), revision=3, reason="不归我局", **word),
        DeclineUpheld(at=at("09-29 17:15"), revision=4, reasons="同意", **word),
        dispatched("c-1", "09-30 09:00", revision=5, lead=HELPER, leg=leg(2, when="09-30 09:00")),
        started(2, "10-09 17:30"),
        replied("c-1", "09-30 10:00", 6, leg=2, party=HELPER),
        closed("09-30 10:00", 7),
    ]
    [declined] = of(Counted.DECLINED, *life)
    assert (declined.department, declined.yes, declined.working) == ("sq/zrzy", True, 30 * MINUTE)
    assert [fact.place for fact in of(Counted.DUE, *life)] == ["2"]
    # Until it was upheld, the clock of who declined went on: Monday 110 and 180, Tuesday 210 and 135.
    assert held(*life) == {"office": 10 + 45 + 30, "lead sq/zrzy": 110 + 180 + 210 + 135, "lead sq/zjj": 60}


def test_what_petitioners_do_by_themselves_is_counted() -> None:
    nudge, rating = example(ComplaintNudged, subject="c-1"), example(RatingGiven, subject="c-1")
    found = [(fact.counted, fact.detail) for fact in facts(*simple_life(), nudge, rating)]
    assert (Counted.NUDGED, None) in found
    assert (Counted.RATED, str(rating.score)) in found


def test_rungs_count_for_each_department_named_and_for_a_center_once() -> None:
    counts = Counter((fact.counted, fact.detail, fact.also) for fact in facts(*a_whole_life()))
    assert counts[Counted.URGED, "ladder", False] == counts[Counted.URGED, "by_hand", False] == 1
    assert counts[Counted.SUPERVISED, "ladder", False] == counts[Counted.REPORTED, "ladder", False] == 1


def test_settlements_extensions_and_reminders_are_counted() -> None:
    settled = ComplaintSettled(at=at("09-28 10:20"), result="办好。", by="li", **OF)
    moved = {"leg": 1, "provisional": False, "why": "extended", **OF}
    first = ClockMoved(at=at("10-07 09:00"), revision=2, was=at("10-08 17:30"), due_at=at("10-09 17:30"), **moved)
    second = ClockMoved(at=at("10-09 09:00"), revision=3, was=at("10-09 17:30"), due_at=at("10-12 17:30"), **moved)
    assert [f.done_at for f in of(Counted.RESPONSE, registered(), settled)] == [at("09-28 10:20")]
    extended = of(Counted.EXTENDED, registered(), dispatched("c-1"), started(1, "10-08 17:30"), second, first)
    assert [(fact.at, fact.detail, fact.department) for fact in extended] == [
        (at("10-07 09:00"), "1", "sq/zrzy"),
        (at("10-09 09:00"), "2", "sq/zrzy"),
    ]
    reminder = example(ReminderDue, subject="c-1")
    assert [fact.center for fact in of(Counted.REMINDED, registered(), reminder)] == [reminder.office]


def as_of(events: list[Event], instant: datetime) -> set[Fact]:
    versions = versions_of(events, CALENDARS)
    return {v.fact for v in versions if v.since <= instant and (v.until is None or instant < v.until)}


@pytest.mark.parametrize("seed", range(5))
def test_what_held_at_any_instant_is_what_the_events_up_to_it_make(seed: int) -> None:
    corrected = ComplaintCorrected(
        at=at("10-13 10:00"), revision=1, category="opinion", content="改。", by="li", reason="听错了", **OF
    )
    life = [*a_whole_life(), corrected]
    mixed = random.Random(seed).sample(life, len(life))
    for instant in {event.at for event in life}:
        then = [event for event in life if event.at <= instant]
        assert as_of(mixed, instant) == set(facts(*then))

"""What of a complaint is counted, and as of when: pure, and the same whatever was heard in which order."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.calendars import Calendars
from services.intake.domain.counted import Counted, Fact
from services.intake.domain.courts import Court, courses
from services.intake.domain.facts import facts_of, versions_of
from services.intake.domain.journal import Journal
from shared.events import Event
from shared.events.dispatch import (
    DeclineRaised,
    DeclineUpheld,
    Final,
    HoldOverruled,
    OrderRecalled,
    OrderReferred,
    OrderReopened,
    OrderTransferred,
    OutcomeRecorded,
    Party,
    RedoStarted,
    ReplyKind,
    Satisfaction,
    Stage,
)
from shared.events.intake import ComplaintCorrected, ComplaintNudged, ComplaintSettled, RatingGiven, Triage
from shared.events.sla import ClockMoved, ReminderDue
from shared.workdays import Calendar
from tests.support.alone import at
from tests.support.examples import example
from tests.support.intake import HELPER, LEAD, dispatched, leg, replied
from tests.unit.intake.test_intake_row import (
    OF,
    a_whole_life,
    checked,
    closed,
    followed_up,
    registered,
    started,
    triaged,
)

CALENDARS = Calendars({"sq": [(at("01-01 00:00"), Calendar())]})
MINUTE = 60


def facts(*events: Event) -> list[Fact]:
    return facts_of(Journal(events), CALENDARS)


def of(counted: Counted, *events: Event) -> list[Fact]:
    return [fact for fact in facts(*events) if fact.counted is counted]


def held(*events: Event) -> dict[str, int]:
    """Office minutes in each court."""
    return {
        f"{fact.detail} {fact.department or ''}".strip(): (fact.working or 0) // MINUTE
        for fact in of(Counted.HELD, *events)
    }


def simple_life() -> list[Event]:
    """Registered 10:00 on Monday 28 September, dispatched 10:10, answered and checked next day, satisfied at 15:00."""
    return [
        registered(),
        triaged(Triage.CANNOT),
        dispatched("c-1"),
        started(1, "10-08 17:30"),
        replied("c-1", "09-29 10:00", 3, ReplyKind.REASONS),
        checked("09-29 11:00", 4),
        followed_up("09-29 15:00", 5),
        closed("09-29 15:00", 6),
    ]


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


def test_handling_time_is_parted_by_whose_court_it_was_in() -> None:
    # Office hours to 12:00, from 15:00 to 18:00. With the lead from 10:10 to 10:00 next day: 110 + 180 + 90.
    # With the office ten minutes before that, and from 10:00 to 15:00 after it: 120.
    assert held(*simple_life()) == {"office": 10 + 120, "lead sq/zrzy": 110 + 180 + 90}
    [end] = of(Counted.CLOSED, *simple_life())
    assert end.working == (10 + 120 + 110 + 180 + 90) * MINUTE
    assert end.elapsed == 29 * 60 * MINUTE


def test_while_co_handlers_have_not_answered_the_time_of_the_result_is_shared_equally() -> None:
    plan = replied("c-1", "09-29 09:00", 3, ReplyKind.PLAN, next_leg=leg(2, Stage.RESULT, "09-29 09:00"))
    life = [
        registered(),
        dispatched("c-1", "09-28 10:00", co_handlers=[HELPER]),
        plan,
        replied("c-1", "09-29 11:00", 4, leg=2, party=HELPER, is_lead=False),
        replied("c-1", "09-29 12:00", 5, leg=2),
        closed("09-29 12:00", 6),
    ]
    # Alone until the plan: 120 + 180 + 30; shared for two hours; alone for one.
    assert held(*life) == {"office": 0, "lead sq/zrzy": 330 + 60 + 60, "co_handler sq/zjj": 60}


def test_whoever_is_overruled_holds_it_no_longer_and_the_others_go_on_sharing() -> None:
    third = Party(center="sq", department="swj")
    overruled = HoldOverruled(
        at=at("09-29 10:00"), revision=4, parties=[HELPER], leg=2, reason="不影响。", by="li", **OF
    )
    life = [
        registered(),
        dispatched("c-1", "09-28 10:00", co_handlers=[HELPER, third]),
        replied("c-1", "09-28 10:00", 3, ReplyKind.PLAN, next_leg=leg(2, Stage.RESULT, "09-28 10:00")),
        overruled,
        replied("c-1", "09-29 11:00", 5, leg=2, party=third, is_lead=False),
        replied("c-1", "09-29 11:00", 6, leg=2),
        closed("09-29 11:00", 7),
    ]
    # Shared by three for 120 + 180 + 90, then by two for an hour.
    assert held(*life) == {
        "office": 0,
        "lead sq/zrzy": 130 + 30,
        "co_handler sq/zjj": 130,
        "co_handler sq/swj": 130 + 30,
    }


def test_what_a_unit_outside_does_again_is_in_its_court() -> None:
    life = [
        registered(),
        OrderReferred(at=at("09-28 10:00"), revision=1, unit="邮政局", by="li", **OF),
        OutcomeRecorded(at=at("09-28 11:00"), revision=2, unit="邮政局", text="已赔付。", by="li", **OF),
        followed_up("09-28 11:00", 3, Satisfaction.DISSATISFIED),
        RedoStarted(at=at("09-28 11:00"), revision=4, round=2, leg=None, reason="没赔", by="li", **OF),
        OutcomeRecorded(at=at("09-28 12:00"), revision=5, unit="邮政局", text="已赔付。", by="li", **OF),
        closed("09-28 12:00", 6, Final.REFERRED_CLOSED),
    ]
    assert held(*life) == {"office": 0, "outside": 60 + 60}


def test_what_is_taken_back_from_a_unit_is_in_the_office_s_court() -> None:
    life = [
        registered(),
        OrderReferred(at=at("09-28 10:00"), revision=1, unit="邮政局", by="li", **OF),
        OrderRecalled(at=at("09-28 11:00"), revision=2, unit="邮政局", reason="不属其职责。", by="li", **OF),
        ComplaintSettled(at=at("09-28 11:30"), result="窗口当场办好。", by="li", **OF),
        followed_up("09-28 11:30", 3, Satisfaction.DISSATISFIED),
        RedoStarted(at=at("09-28 11:30"), revision=4, round=2, leg=None, reason="没办好", by="li", **OF),
        closed("09-28 12:00", 5),
    ]
    assert held(*life) == {"office": 60, "outside": 60}


@pytest.mark.parametrize(("owes", "co_handler"), [(True, 60), (False, 0)])
def test_in_a_redo_co_handlers_share_the_time_until_they_have_answered_again(owes: bool, co_handler: int) -> None:
    """In journals from before they did their part again, the leg says that none owes."""
    again = leg(2, Stage.RESULT, "09-29 09:00").model_copy(update={"round": 2, "has_co_handlers": owes})
    life = [
        registered(),
        dispatched("c-1", "09-28 10:00", co_handlers=[HELPER], leg=leg(1, Stage.RESULT, "09-28 10:00")),
        replied("c-1", "09-28 10:00", 3, party=HELPER, is_lead=False),
        replied("c-1", "09-28 18:00", 4),
        checked("09-29 09:00", 5),
        followed_up("09-29 09:00", 6, Satisfaction.DISSATISFIED),
        RedoStarted(at=at("09-29 09:00"), revision=7, round=2, leg=again, reason="没办好", by="li", **OF),
        *([replied("c-1", "09-29 11:00", 8, leg=2, party=HELPER, is_lead=False)] if owes else []),
        replied("c-1", "09-29 12:00", 9, leg=2),
        closed("09-29 12:00", 10),
    ]
    # The lead alone from 10:00 to 18:00: 120 + 180; the office half an hour next morning; then three hours together.
    found = held(*life)
    assert found["lead sq/zrzy"] == 300 + 180 - co_handler
    assert found.get("co_handler sq/zjj", 0) == co_handler


def test_who_cannot_be_reached_holds_it_until_the_next_try_and_a_unit_outside_until_its_outcome() -> None:
    life = [
        registered(),
        OrderReferred(at=at("09-28 11:00"), revision=1, unit="邮政局", by="li", **OF),
        OutcomeRecorded(at=at("09-29 10:00"), revision=2, unit="邮政局", text="已赔付。", by="li", **OF),
        followed_up("09-29 11:00", 3, Satisfaction.UNREACHABLE),
        followed_up("09-29 12:00", 4),
        closed("09-29 12:00", 5, Final.REFERRED_CLOSED),
    ]
    assert held(*life) == {"office": 60 + 60, "outside": 60 + 180 + 90, "petitioner": 60}
    [response] = of(Counted.RESPONSE, *life)
    assert response.at == response.done_at == at("09-28 11:00")


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


GAPS = st.lists(st.integers(0, 5 * 24 * 3600), min_size=12, max_size=12)
OWN = {"by": "li", **OF}


@given(GAPS, st.lists(st.sampled_from(range(9)), min_size=1, max_size=10), st.integers(0, 3))
def test_the_parts_of_handling_time_are_the_whole_whatever_happened(
    gaps: list[int], moves: list[int], co_handlers: int
) -> None:
    when, clock = [at("09-28 10:00")], iter(gaps)
    revision = 0

    def tick() -> dict[str, Any]:
        nonlocal revision
        revision += 1
        when.append(when[-1] + timedelta(seconds=next(clock)))
        return {"at": when[-1], "revision": revision}

    helpers = [HELPER.model_copy(update={"department": f"d{n}"}) for n in range(co_handlers)]
    events: list[Event] = [registered()]
    makers = [
        lambda: dispatched("c-1", co_handlers=helpers, leg=leg(1, Stage.RESULT)).model_copy(update=tick()),
        lambda: replied("c-1", "09-28 10:00", 0, next_leg=leg(2, Stage.RESULT)).model_copy(update=tick()),
        lambda: replied("c-1", "09-28 10:00", 0, party=(helpers or [LEAD])[0], is_lead=False).model_copy(update=tick()),
        lambda: checked("09-28 10:00", 0, passed=False).model_copy(update=tick()),
        lambda: followed_up("09-28 10:00", 0, Satisfaction.UNREACHABLE).model_copy(update=tick()),
        lambda: OrderReferred(unit="外", **tick(), **OWN),
        lambda: OutcomeRecorded(unit="外", text="好", **tick(), **OWN),
        lambda: OrderRecalled(unit="外", reason="不收", **tick(), **OWN),
        lambda: RedoStarted(round=2, leg=leg(2), reason="再办", **tick(), **OWN),
    ]
    events += [makers[move]() for move in moves]
    events.append(closed("09-28 10:00", 0).model_copy(update=tick()))
    [course] = courses(Journal(events))
    parts = course.held(Calendar())
    whole = course.whole(Calendar())
    assert (sum(part.working for part in parts), sum(part.elapsed for part in parts)) == whole
    assert whole[1] == int((when[-1] - when[0]).total_seconds())
    assert all(part.working >= 0 and part.holder.court in Court for part in parts)

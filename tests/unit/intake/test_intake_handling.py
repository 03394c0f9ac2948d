"""Whose court a complaint was in, and how long: pure, and the parts are always the whole (mechanism §11)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.counted import Counted
from services.intake.domain.courts import Court, courses
from services.intake.domain.journal import Journal
from shared.events import Event
from shared.events.dispatch import (
    Final,
    HoldOverruled,
    OrderRecalled,
    OrderReferred,
    OutcomeRecorded,
    Party,
    RedoStarted,
    ReplyKind,
    Satisfaction,
    Stage,
)
from shared.events.intake import ComplaintSettled
from shared.workdays import Calendar
from tests.support.alone import at
from tests.support.counted import MINUTE, held, of, simple_life
from tests.support.intake import HELPER, LEAD, dispatched, leg, replied
from tests.support.lives import OF, checked, closed, followed_up, registered


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

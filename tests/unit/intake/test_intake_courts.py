"""In whose court it was, where several had it: co-handlers before a plan, and the offices of two centers (§11)."""

from __future__ import annotations

from services.intake.domain.calendars import Calendars
from services.intake.domain.counted import Counted
from services.intake.domain.facts import facts_of
from services.intake.domain.journal import Journal
from shared.events import Event
from shared.events.dispatch import DeclineUpheld, Final, OrderTransferred, Party, ReplyKind
from shared.workdays import Calendar
from tests.support.alone import at
from tests.support.counted import held
from tests.support.intake import HELPER, LEAD, dispatched, leg, replied
from tests.support.lives import OF, checked, closed, registered

TOWN = "sq-zhidian"
THIRD = Party(center="sq", department="swj")


def together() -> list[Event]:
    """Registered and dispatched to three departments on Monday at ten; the first co-handler answers at eleven."""
    return [
        registered(),
        dispatched("c-1", "09-28 10:00", co_handlers=[HELPER, THIRD]),
        replied("c-1", "09-28 11:00", 3, party=HELPER, is_lead=False),
    ]


def test_a_result_instead_of_a_plan_had_to_wait_for_the_co_handlers() -> None:
    third = replied("c-1", "09-28 11:30", 4, party=THIRD, is_lead=False)
    life = [*together(), third, replied("c-1", "09-28 12:00", 5), closed("09-28 12:00", 6)]
    # Shared by three for an hour, by two for half of one; then the lead had it alone.
    assert held(*life) == {
        "office": 0,
        "lead sq/zrzy": 20 + 15 + 30,
        "co_handler sq/zjj": 20,
        "co_handler sq/swj": 20 + 15,
    }


def test_reasons_instead_of_a_plan_waited_for_nobody() -> None:
    life = [*together(), replied("c-1", "09-28 12:00", 4, ReplyKind.REASONS), closed("09-28 12:00", 5)]
    assert held(*life) == {"office": 0, "lead sq/zrzy": 120}


def test_a_lead_that_reports_nothing_holds_it_alone() -> None:
    assert held(*together(), closed("09-28 12:00", 4, Final.WITHDRAWN)) == {"office": 0, "lead sq/zrzy": 120}


def test_only_the_round_that_was_answered_with_a_result_is_shared() -> None:
    back = checked("09-28 11:30", 5, passed=False).model_copy(update={"round": 2})
    life = [
        *together(),
        replied("c-1", "09-28 11:30", 4, ReplyKind.REASONS),
        back,
        replied("c-1", "09-28 11:50", 6, party=THIRD, is_lead=False, round=2),
        replied("c-1", "09-28 12:00", 7, round=2),
        closed("09-28 12:00", 8),
    ]
    assert held(*life) == {"office": 0, "lead sq/zrzy": 90 + 10 + 10, "co_handler sq/swj": 10}


def test_what_was_declined_is_not_shared_because_the_next_department_reported_a_result() -> None:
    upheld = DeclineUpheld(at=at("09-28 11:30"), revision=4, party=LEAD, leg=1, reasons="同意", by="li", **OF)
    life = [
        *together(),
        upheld,
        dispatched("c-1", "09-28 11:30", revision=5, lead=THIRD, leg=leg(2, when="09-28 11:30")),
        replied("c-1", "09-28 12:00", 6, leg=2, party=THIRD),
        closed("09-28 12:00", 7),
    ]
    assert held(*life) == {"office": 0, "lead sq/zrzy": 90, "lead sq/swj": 30}


def test_the_office_of_each_center_answers_for_the_time_it_had_it() -> None:
    moved = OrderTransferred(at=at("09-28 11:00"), revision=1, from_center=TOWN, to_center="sq", by="li", **OF)
    life = [
        registered(center=TOWN),
        moved,
        dispatched("c-1", "09-28 11:30"),
        replied("c-1", "09-28 11:40", 3),
        closed("09-28 12:00", 4),
    ]
    calendars = Calendars({TOWN: [(at("01-01 00:00"), Calendar())]})
    parts = [fact for fact in facts_of(Journal(life), calendars) if fact.counted is Counted.HELD]
    assert [(part.detail, part.center, (part.working or 0) // 60) for part in parts] == [
        ("office", TOWN, 60),
        ("office", "sq", 30 + 20),
        ("lead", "sq", 10),
    ]
    [whole] = [fact for fact in facts_of(Journal(life), calendars) if fact.counted is Counted.CLOSED]
    assert (whole.center, whole.working) == ("sq", sum(part.working or 0 for part in parts))

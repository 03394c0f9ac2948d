"""What waits for the office: by when it should be done, what is tried next, and what the ladder will say."""

from datetime import date, datetime

import pytest

from services.dispatch.domain import forecast, office, words
from services.dispatch.domain.office import Span, Task
from services.dispatch.domain.states import State, Then
from services.dispatch.domain.tries import DayPart, next_part
from services.sla.domain import Clock, Counted, Order
from services.sla.domain import ahead as ahead_by_clock
from shared.events.dispatch import Final, Leg, LimitRule, ReplyKind, Satisfaction, Stage
from shared.events.intake import Triage
from shared.events.sla import Rung
from shared.workdays import Calendar
from tests.support.alone import at

CALENDAR = Calendar()
SPANS = {
    Task.DISPATCH: Span(office_minutes=240),
    Task.ADJUDICATE: Span(office_minutes=120),
    Task.REFERRAL: Span(working_days=5),
    Task.CHECK: Span(working_days=2),
}


@pytest.mark.parametrize(
    ("task", "due"),
    [
        (Task.DISPATCH, "11-23 15:30"),
        (Task.ADJUDICATE, "11-23 11:00"),
        (Task.CHECK, "11-25 17:30"),
        (Task.FOLLOW_UP, "11-24 17:30"),
        (Task.DECLINE, "11-24 17:30"),
        (Task.REFERRAL, "11-30 17:30"),
        (Task.SIGN, "11-24 17:30"),
    ],
)
def test_each_kind_has_its_inner_limit(task: Task, due: str) -> None:
    found = office.due(task, at("11-23 09:00"), CALENDAR, SPANS)
    assert found.replace(tzinfo=None) == at(due).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("tries", "best"),
    [
        ([], None),
        (["11-23 09:00"], DayPart.AFTERNOON),
        (["11-23 15:00"], DayPart.MORNING),
        (["11-23 09:00", "11-23 15:00"], DayPart.EVENING),
        (["11-23 09:00", "11-23 15:00", "11-24 19:00"], DayPart.MORNING),
    ],
)
def test_the_part_of_the_day_that_was_tried_least_is_tried_next(tries: list[str], best: DayPart | None) -> None:
    assert next_part([at(each) for each in tries]) is best


def _ahead(due: str, given: dict[Rung, datetime], now: str) -> list[tuple[Rung, datetime]]:
    return forecast.ahead(CALENDAR, at("11-23 09:00"), at(due), given, at(now))


def test_what_was_given_is_not_foretold() -> None:
    assert [rung for rung, _ in _ahead("11-25 17:30", {}, "11-23 10:00")] == list(Rung)
    given = {Rung.URGED: at("11-24 17:30"), Rung.SUPERVISED: at("11-25 17:30")}
    assert _ahead("11-25 17:30", given, "11-26 09:00") == [(Rung.REPORTED, at("11-26 17:30"))]


def test_a_supervision_that_is_late_moves_the_report() -> None:
    assert _ahead("11-25 17:30", {}, "11-26 09:00")[-1] == (Rung.REPORTED, at("11-27 17:30"))


def test_what_is_due_already_comes_now_and_nothing_comes_before_what_was_given() -> None:
    assert _ahead("11-25 17:30", {}, "11-25 09:00")[0] == (Rung.URGED, at("11-25 09:00"))
    given = {Rung.SUPERVISED: at("11-25 17:30")}
    assert [rung for rung, _ in _ahead("11-25 17:30", given, "11-26 09:00")] == [Rung.REPORTED]


def _returned() -> Clock:
    """Three working days from Monday at nine; answered before anybody was urged, returned on the last of them."""
    leg = Leg(
        number=1, stage=Stage.REPLY, round=1, starts_at=at("11-23 09:00"), rule=LimitRule.WORKING_DAYS, working_days=3,
        calendar="sq",
    )  # fmt: skip
    clock = Order("c").open(leg, "sq", 1, Counted(CALENDAR, 1))
    clock.answer(1, at("11-25 17:30"), CALENDAR)
    clock.resume(2, at("11-26 18:00"), CALENDAR)
    return clock


@pytest.mark.parametrize("now", ["11-26 18:00", "11-27 10:00", "11-28 09:00"])
@pytest.mark.parametrize(
    "given",
    [
        {},
        {Rung.URGED: "11-25 17:30"},
        {Rung.URGED: "11-25 17:30", Rung.SUPERVISED: "11-25 17:31"},
        {Rung.SUPERVISED: "11-25 09:00"},
    ],
    ids=["nothing", "urged", "supervised", "supervised alone"],
)
def test_after_a_return_the_forecast_is_that_of_the_clock(given: dict[Rung, str], now: str) -> None:
    clock = _returned()
    for rung, when in given.items():
        clock.climb(rung, at(when), CALENDAR)
    known = {rung: at(when) for rung, when in given.items()}
    found = forecast.ahead(CALENDAR, at("11-26 18:00"), clock.due_at, known, at(now))
    assert found == list(ahead_by_clock(clock, CALENDAR, at(now)))
    assert found, "something is still ahead"


def test_only_the_day_that_is_looked_at_is_shown() -> None:
    expected = _ahead("11-25 17:30", {}, "11-23 10:00")
    assert [rung for rung, _ in forecast.on_day(expected, date(2026, 11, 24))] == [Rung.URGED]


@pytest.mark.parametrize(
    ("named", "table"),
    [
        (Triage, words.TRIAGES),
        (State, words.STATES),
        (Final, words.FINALS),
        (Stage, words.STAGES),
        (ReplyKind, words.REPLIES),
        (Rung, words.RUNGS),
        (Satisfaction, words.SATISFACTIONS),
        (Then, words.THENS),
        (DayPart, words.DAY_PARTS),
        (Task, words.TASKS),
    ],
)
def test_everything_a_page_names_has_a_word(named: type, table: dict[str, str]) -> None:
    assert set(table) == set(named)

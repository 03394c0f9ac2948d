"""What waits for the office: by when it should be done, what is tried next, and what the ladder will say."""

from datetime import date, datetime

import pytest

from services.dispatch.domain import forecast, office, words
from services.dispatch.domain.office import Task
from services.dispatch.domain.states import State, Then
from services.dispatch.domain.tries import DayPart, next_part
from shared.events.dispatch import Final, ReplyKind, Satisfaction, Stage
from shared.events.intake import Triage
from shared.events.sla import Rung
from shared.workdays import Calendar
from tests.support.alone import at

CALENDAR = Calendar()


@pytest.mark.parametrize(
    ("task", "due"),
    [
        (Task.DISPATCH, "11-23 15:30"),
        (Task.ADJUDICATE, "11-23 15:30"),
        (Task.CHECK, "11-24 17:30"),
        (Task.FOLLOW_UP, "11-24 17:30"),
        (Task.DECLINE, "11-24 17:30"),
        (Task.REFERRAL, "11-30 17:30"),
    ],
)
def test_each_kind_has_its_inner_limit(task: Task, due: str) -> None:
    assert office.due(task, at("11-23 09:00"), CALENDAR).replace(tzinfo=None) == at(due).replace(tzinfo=None)


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

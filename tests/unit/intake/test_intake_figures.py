"""What figures say of facts counted in groups: rates with their samples, ranks, small groups, topics, sentences."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain import equality, gaming, topics
from services.intake.domain.counted import Counted
from services.intake.domain.monthly import Counts, Month, before, months
from services.intake.domain.period import Period
from services.intake.domain.quarterly import PublishedCase, quarter
from services.intake.domain.rates import Rates
from services.intake.domain.tally import Rate, Taken, Tallies, Tally, median_of
from services.intake.domain.topics import Said
from services.intake.domain.words import told_until
from shared.refusals import Refusal
from shared.workdays import CHINA


def due(n: int, in_time: int, key: str | None = None) -> list[Tally]:
    return [Tally(Counted.DUE, key, in_time=1, n=in_time), Tally(Counted.DUE, key, in_time=0, n=n - in_time)]


def asked(said: str, n: int, key: str | None = None, *, solved: bool | None = None) -> Tally:
    return Tally(Counted.FOLLOWED_UP, key, detail=said, yes=solved, n=n)


def test_each_rate_has_its_own_sample() -> None:
    rates = Rates.of(
        Tallies(
            [
                *due(8, 6),
                Tally(Counted.RESPONSE, in_time=1, n=3),
                asked("satisfied", 4, solved=True),
                asked("basically_satisfied", 1),
                asked("dissatisfied", 2, solved=False),
                asked("unreachable", 9),
            ]
        )
    )
    assert rates == Rates(
        response=Rate(3, 3, 100.0), on_time=Rate(6, 8, 75.0), solution=Rate(4, 6, 66.7),
        satisfaction=Rate(5, 7, 71.4), unreachable=9,
    )  # fmt: skip


def test_of_none_there_is_no_percentage() -> None:
    assert Rates.of(Tallies([])).response == Rate(0, 0, None)


def test_what_concerns_two_departments_counts_for_each_and_once_for_a_center() -> None:
    rungs = [Tally(Counted.URGED, "a", n=1), Tally(Counted.URGED, "b", n=1, also=True)]
    assert Tallies(rungs).n(Counted.URGED) == 1
    split = Tallies(rungs, also=True).by_key()
    assert {key: group.n(Counted.URGED) for key, group in split.items()} == {"a": 1, "b": 1}


@given(st.lists(st.integers(0, 100), min_size=1, max_size=40))
def test_the_median_is_the_one_in_the_middle(values: list[int]) -> None:
    taken = [Taken(None, value, values.count(value)) for value in set(values)]
    assert median_of(taken) == sorted(values)[(len(values) - 1) // 2]
    assert median_of([]) is None


def test_equal_departments_share_a_rank_and_who_had_nothing_due_has_none() -> None:
    now = [
        *due(10, 9, "a"), *due(10, 9, "b"), *due(10, 10, "c"), *due(10, 9, "d"), asked("satisfied", 1, "d"),
        Tally(Counted.DISPATCHED, "e", n=1), Tally(Counted.REPORTED, "b", detail="ladder", n=1),
        Tally(Counted.DUE, None, n=3),
    ]  # fmt: skip
    lines = Counts(now, [*due(1, 1, "f")]).lines({"a": "甲局"}, departments=True)
    assert {line.code: line.rank for line in lines} == {"a": 3, "b": 4, "c": 1, "d": 2, "e": None, "f": None}
    assert [line.name for line in lines][:2] == ["甲局", "b"]
    assert lines[-1].before.rates.on_time == Rate(1, 1, 100.0)
    assert Counts([*due(2, 1, "x"), *due(2, 1, "y")], []).lines({}, departments=True)[1].rank == 1


@pytest.mark.parametrize("n", [1, 3])
def test_months_follow_each_other_across_a_year(n: int) -> None:
    first, last = months(date(2026, 12, 1), n)
    assert (first, last) == (date(2026, 12, 1), date(2026, 12, 31) if n == 1 else date(2027, 2, 28))
    assert before(date(2027, 1, 1), n) == date(2026, 12 if n == 1 else 10, 1)


def test_a_group_of_fewer_than_five_says_only_how_many_it_is() -> None:
    facts = [*due(5, 4, "web"), *due(4, 4, "window"), asked("satisfied", 5, "web"), asked("satisfied", 4, "window")]
    taken = [Taken("web", 60, 3), Taken("web", 120, 2), Taken("window", 60, 4)]
    web, window = equality.groups(Tallies(facts), taken, {"web": "网上"}, "未填写")
    assert (web.name, web.handling, web.overdue) == ("网上", equality.Median(60, 5), equality.Share(1, 5, 20.0))
    few = equality.Share(None, 4, None)
    assert (window.handling, window.overdue, window.satisfaction) == (equality.Median(None, 4), few, few)


def test_a_practice_is_told_with_its_rate_and_the_complaints_to_look_at() -> None:
    facts = [
        *due(4, 4, "a"),
        Tally(Counted.EXTENDED, "a", detail="1", n=3),
        Tally(Counted.EXTENDED, "a", detail="2", n=1),
        Tally(Counted.PLANNED, "a", detail="1", n=8),
    ]
    hits = [gaming.Hit(Counted.REDONE, "a", "SQ-1"), gaming.Hit(Counted.EXTENDED, "a", "SQ-2")]
    [line] = gaming.lines(Tallies([*facts, Tally(Counted.DUE, "idle", n=1)]), hits, {})
    assert line.just_before == gaming.Practice(Rate(1, 4, 25.0), ["SQ-1"])
    assert line.serial_extensions == gaming.Practice(Rate(1, 4, 25.0), ["SQ-2"])
    assert line.serial_plans == gaming.Practice(Rate(0, 8, 0.0))
    assert line.extended == gaming.Practice(Rate(4, 8, 50.0)), "who extends what it commits, complaint after complaint"
    [line] = gaming.lines(Tallies([Tally(Counted.EXTENDED, "a", n=2), Tally(Counted.PLANNED, "a", n=1)]), [], {})
    assert line.extended == gaming.Practice(Rate(2, 2, 100.0)), "what was planned before the period is extended in it"


def test_who_gamed_is_told_of_no_fewer_answers_than_were_gamed() -> None:
    """A returned answer stands on no leg; what is redone may have been due before the period."""
    returned = [
        gaming.Hit(Counted.RETURNED, "a", number, is_hit) for number, is_hit in (("SQ-1", True), ("SQ-2", False))
    ]
    [line] = gaming.lines(Tallies(due(1, 1, "a")), returned, {})
    assert line.just_before == gaming.Practice(Rate(1, 3, 33.3), ["SQ-1"])
    [line] = gaming.lines(Tallies([Tally(Counted.REOPENED, "a", n=1)]), [gaming.Hit(Counted.REOPENED, "a", "SQ-3")], {})
    assert line.just_before == gaming.Practice(Rate(1, 1, 100.0), ["SQ-3"])


def said(text: str, people: int, first: int = 0) -> list[Said]:
    return [Said(f"SQ-{first + n:02}", f"p{first + n}", text) for n in range(people)]


def test_what_many_say_is_told_whole_and_against_before() -> None:
    now = [*said("不动产登记又退了", 6), *said("公交改线没通知Ｘ4", 5, 10), *said("路灯坏了", 4, 20)]
    found = topics.topics(now, said("不动产登记", 2))
    told = {topic.words: (topic.people, topic.before) for topic in found.groups}
    assert told["不动产登记"] == (6, 2)
    assert told["公交改线"] == (5, 0)
    assert not any("路灯" in words or "Ｘ" in words for words in told)
    assert sum(words in "不动产登记" for words in told) == 1
    assert (found.complaints, found.complaints_before) == (15, 2)


def test_one_person_however_often_makes_no_topic_and_what_everybody_says_is_none() -> None:
    alone = [Said(f"SQ-{n}", "p", "赵铁柱欠薪") for n in range(50)]
    assert topics.topics(alone, []).groups == []
    everybody = [*said("证明材料太多", 30), *said("证明盖章难找", 6, 30)]
    assert "证明" not in {topic.words for topic in topics.topics(everybody, []).groups}


def test_a_quarter_is_said_in_sentences() -> None:
    month = Month.of(Tallies([Tally(Counted.REGISTERED, n=7), *due(4, 3)]))
    draft = quarter("草稿", month, Month.of(Tallies([])), [PublishedCase("一件事", "SQ-1")])
    assert draft.sentences[0] == "本季度共受理诉求7件（上季度0件），分办0件；办结0件，其中清零销号0件。"
    assert "按时率75.0%（3/4）" in draft.sentences[1]
    assert draft.cases[0].number == "SQ-1"


@pytest.mark.parametrize(
    ("period", "code"),
    [
        (Period(date(2026, 9, 2), date(2026, 9, 1)), "backwards"),
        (Period(as_of=date(2026, 9, 3)), "not-yet"),
        (Period(date(2026, 9, 2), as_of=date(2026, 9, 1)), "backwards"),
    ],
)
def test_days_that_make_no_period_are_refused(period: Any, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        period.check(date(2026, 9, 2))
    assert refused.value.code == code


def test_a_day_is_asked_as_of_its_end_and_one_that_is_not_over_as_of_now() -> None:
    now = datetime(2026, 9, 2, 10, 5, tzinfo=CHINA)
    yesterday, today = (Period(as_of=date(2026, 9, day)).instant(now) for day in (1, 2))
    assert (told_until(yesterday), told_until(today)) == ("2026年9月1日24时", "2026年9月2日10时05分")
    assert yesterday == datetime(2026, 9, 2, tzinfo=CHINA) - timedelta(microseconds=1)
    assert today == Period().instant(now) == now

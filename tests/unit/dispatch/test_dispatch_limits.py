"""How long the departments have, and what they owe (Art. 8)."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest

from services.dispatch.domain import limits
from services.dispatch.domain.limits import Limit, Limits
from shared.events.dispatch import LimitRule, ReplyKind
from shared.events.intake import Triage
from shared.refusals import Invalid
from shared.workdays import CHINA, Calendar

CALENDAR = Calendar()
NOON = datetime(2026, 9, 28, 12, tzinfo=CHINA)
CLOSE = datetime(2026, 9, 28, 18, tzinfo=CHINA)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
LIMITS = Limits(complex=5, cannot=3, refused=0)

CANNOT, HARD, REFUSED = Triage.CANNOT, Triage.HARD, Triage.REFUSED
PLAN, REASONS, RESULT = ReplyKind.PLAN, ReplyKind.REASONS, ReplyKind.RESULT


@pytest.mark.parametrize(
    ("triage", "departments", "transferred"), list(product((CANNOT, HARD, REFUSED), (1, 2, 4), (False, True)))
)
def test_the_limit_table(triage: Triage, departments: int, transferred: bool) -> None:
    simple = {CANNOT: (3, REASONS), REFUSED: (0, RESULT)}
    is_complex = departments > 1 or transferred or triage is HARD
    found = limits.first_answer(triage, LIMITS, departments=departments, transferred=transferred)
    assert found == ((5, PLAN) if is_complex else simple[triage])


@pytest.mark.parametrize("working_days", [0, 3, 5])
@pytest.mark.parametrize("asked", [None, 0, 1, 2, 3, 4, 5, 6])
def test_a_limit_may_be_tightened_never_loosened(working_days: int, asked: int | None) -> None:
    if asked is not None and asked > working_days:
        with pytest.raises(Invalid, match="不能放宽"):
            limits.tightened(working_days, asked)
        return
    days = working_days if asked is None else asked
    expected = Limit(LimitRule.WORKING_DAYS, days) if days else Limit(LimitRule.SAME_DAY)
    assert limits.tightened(working_days, asked) == expected


@pytest.mark.parametrize(
    ("asked", "fixed", "day"),
    [
        (date(2026, 9, 28), None, date(2026, 9, 28)),
        (date(2026, 10, 20), None, date(2026, 10, 20)),
        (None, date(2026, 10, 9), date(2026, 10, 9)),
        (date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 8)),
        (date(2026, 10, 9), date(2026, 10, 9), date(2026, 10, 9)),
        (None, None, None),
        (date(2026, 9, 27), None, None),
        (date(2026, 10, 10), date(2026, 10, 9), None),
        (date(9999, 12, 31), None, None),
    ],
)
def test_a_plan_commits_to_a_day_from_today_to_what_the_coordinator_fixed(
    asked: date | None, fixed: date | None, day: date | None
) -> None:
    if day:
        assert limits.committed(asked, fixed, NOON, CALENDAR) == day
        return
    with pytest.raises(Invalid) as refused:
        limits.committed(asked, fixed, NOON, CALENDAR)
    assert refused.value.errors[0].field == "committed_on"


@pytest.mark.parametrize(
    ("asked", "now", "day"),
    [
        (date(2026, 9, 28), CLOSE - SECOND, date(2026, 9, 28)),
        (date(2026, 9, 28), CLOSE, None),
        (date(2026, 9, 29), CLOSE, date(2026, 9, 29)),
        # Saturday and Sunday roll to Monday: on Saturday one can commit to today, and on Sunday not to yesterday.
        (date(2026, 10, 24), datetime(2026, 10, 24, 20, tzinfo=CHINA), date(2026, 10, 24)),
        (date(2026, 10, 24), datetime(2026, 10, 25, 9, tzinfo=CHINA), None),
    ],
    ids=["before close", "at the very close", "tomorrow", "a day off", "a day off that is past"],
)
def test_a_plan_is_not_overdue_before_it_begins(asked: date, now: datetime, day: date | None) -> None:
    if day:
        assert limits.committed(asked, None, now, CALENDAR) == day
        return
    with pytest.raises(Invalid, match=r"。$"):
        limits.committed(asked, None, now, CALENDAR)


def test_where_the_day_that_was_fixed_is_over_the_result_is_all_that_is_left() -> None:
    for asked in (None, date(2026, 9, 29)):
        with pytest.raises(Invalid, match="请直接报送办理结果"):
            limits.committed(asked, date(2026, 9, 28), CLOSE, CALENDAR)


@pytest.mark.parametrize("triage", Triage)
def test_a_commitment_is_fixed_at_dispatch_for_refused_only(triage: Triage) -> None:
    if triage is REFUSED:
        limits.must_allow_commitment(triage)
        return
    with pytest.raises(Invalid, match="不给办"):
        limits.must_allow_commitment(triage)


@pytest.mark.parametrize(("triage", "days", "needed"), [(HARD, 20, False), (HARD, 21, True), (REFUSED, 21, False)])
def test_a_hard_matters_far_date_waits_for_consent(triage: Triage, days: int, needed: bool) -> None:
    committed_on = CALENDAR.working_day_after(NOON.date(), days)
    assert limits.needs_consent(triage, NOON, committed_on, CALENDAR, 20) is needed


def test_a_day_off_lies_as_far_ahead_as_the_working_day_to_which_it_rolls() -> None:
    last = CALENDAR.working_day_after(NOON.date(), 20)
    day_off = last + DAY
    assert not CALENDAR.is_workday(day_off)
    assert not limits.needs_consent(HARD, NOON, last, CALENDAR, 20)
    assert limits.needs_consent(HARD, NOON, day_off, CALENDAR, 20)


@pytest.mark.parametrize(
    ("before", "again"),
    [
        (Limit(LimitRule.SAME_DAY), Limit(LimitRule.SAME_DAY)),
        (Limit(LimitRule.WORKING_DAYS, 3), Limit(LimitRule.WORKING_DAYS, 3)),
        (Limit(LimitRule.COMMITTED, None, date(2026, 10, 12)), Limit(LimitRule.WORKING_DAYS, 6)),
        (Limit(LimitRule.COMMITTED, None, date(2026, 10, 3)), Limit(LimitRule.WORKING_DAYS, 3)),
        (Limit(LimitRule.COMMITTED, None, date(2026, 9, 28)), Limit(LimitRule.SAME_DAY)),
    ],
    ids=["same day", "working days", "committed", "committed to a day off", "committed to the day of dispatch"],
)
def test_a_redo_gets_the_stages_full_length_again(before: Limit, again: Limit) -> None:
    assert limits.redo(before, NOON, CALENDAR) == again

"""The limit shown while a complaint is sorted: that of its kind, explained day by day."""

from datetime import datetime

import pytest

from services.intake.domain.foreseen import Limits, foreseen
from shared.events.intake import Triage
from shared.workdays import CHINA, Calendar

MONDAY = datetime(2026, 11, 23, 9, 12, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("triage", "length", "due"),
    [
        (Triage.GENERAL, "当场办理", None),
        (Triage.CANNOT, "3个工作日", datetime(2026, 11, 26, 17, 30, tzinfo=CHINA)),
        (Triage.HARD, "5个工作日", datetime(2026, 11, 30, 17, 30, tzinfo=CHINA)),
        (Triage.REFUSED, "当日", datetime(2026, 11, 23, 17, 30, tzinfo=CHINA)),
        (Triage.OUT_OF_SCOPE, "函转或告知", None),
    ],
)
def test_each_kind_has_its_limit(triage: Triage, length: str, due: datetime | None) -> None:
    found = foreseen(triage, Calendar(), MONDAY, Limits(plan=5, reasons=3, refused=0))
    assert found.length == length
    assert (found.due.due_at if found.due else None) == due
    assert found.owed.endswith("。")


def test_a_limit_is_shown_as_it_is_set() -> None:
    limits = Limits(plan=4, reasons=2, refused=1)
    assert [foreseen(triage, Calendar(), MONDAY, limits).length for triage in (Triage.CANNOT, Triage.REFUSED)] == [
        "2个工作日",
        "1个工作日",
    ]
    assert "4个工作日内提出解决方案" in foreseen(Triage.CANNOT, Calendar(), MONDAY, limits).owed

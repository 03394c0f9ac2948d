"""`yousu due` gives the due dates of the sample data, and explains them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.cli.due import due
from shared.workdays import Calendar, Override

LINES = json.loads((Path(__file__).parents[2] / "data/workdays.json").read_text("utf-8"))


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['received']}+{line['working_days']}")
def test_every_sample_line_comes_out(line: dict[str, Any]) -> None:
    found = due(line["received"], line["working_days"])
    assert (found["due_at"], found["provisional"]) == (line["due_at"], line["provisional"])
    assert sum(day["counts"] for day in found["trace"]) == line["working_days"]


def test_the_line_explains_itself_day_by_day() -> None:
    assert due("2026-11-27T10:00", 1, center="sq-huaidian") == {
        "due_at": "2026-11-30T17:30:00+08:00",
        "provisional": False,
        "trace": [
            {"date": "2026-11-27", "counts": False, "why": "收到当日不计"},
            {"date": "2026-11-28", "counts": False, "why": "周末"},
            {"date": "2026-11-29", "counts": False, "why": "周末"},
            {"date": "2026-11-30", "counts": True, "why": "工作日"},
        ],
    }


@pytest.mark.parametrize(
    "received", ["2026-11-27T10:00+08:00", "2026-11-27T02:00Z", "2026-11-27", " 2026-11-27 10:00 "]
)
def test_a_time_may_name_its_zone_or_leave_it_out(received: str) -> None:
    assert due(received, 1)["due_at"] == "2026-11-30T17:30:00+08:00"


def test_a_center_may_have_its_own_calendar() -> None:
    own = Calendar(overrides=(Override(date(2026, 11, 30), False, "停电"),))
    assert due("2026-11-27T10:00", 1, calendar=own)["due_at"] == "2026-12-01T17:30:00+08:00"


@pytest.mark.parametrize(
    ("received", "working_days", "center", "said"),
    [
        ("明天", 3, "sq", "读不懂"),
        ("2026-02-30T10:00", 3, "sq", "读不懂"),
        ("0001-01-01T00:00+14:00", 3, "sq", "读不懂"),
        ("1999-01-01T00:00", 3, "sq", "太远"),
        ("9999-12-31T00:00", 3, "sq", "太远"),
        ("2026-11-27T10:00", -1, "sq", "应在0到366之间"),
        ("2026-11-27T10:00", 367, "sq", "应在0到366之间"),
        ("2026-11-27T10:00", 3, "沈丘", "没有代码为“沈丘”的中心"),
        ("2026-11-27T10:00", 3, "sq-nowhere", "没有代码为“sq-nowhere”的中心；本县的中心有：sq、"),
    ],
)
def test_wrong_input_is_refused_in_chinese(received: str, working_days: int, center: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        due(received, working_days, center)

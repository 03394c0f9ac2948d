"""Which rows of the ledger fit what is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from services.intake.domain.filters import Filter
from services.intake.domain.row import ledger_row
from services.intake.domain.states import State
from services.intake.domain.submission import Category
from shared.events.dispatch import Final
from shared.events.intake import Triage
from shared.events.sla import Rung
from tests.support.alone import at
from tests.support.intake import dispatched
from tests.support.lives import a_whole_life, registered, started


def test_the_highest_rung_is_the_one_a_row_is_found_by() -> None:
    assert ledger_row(a_whole_life()).rung is Rung.REPORTED
    assert ledger_row([registered()]).rung is None


FITTING: list[dict[str, Any]] = [
    {},
    {"triage": Triage.CANNOT},
    {"category": Category.COMPLAINT},
    {"source": "web"},
    {"department": "sq/zrzy"},
    {"department": "sq/zjj"},
    {"state": State.CLOSED},
    {"final": Final.ZEROED},
    {"overdue": True},
    {"rung": Rung.REPORTED},
    {"text": "三趟"},
    {"text": "sq-2026-0001"},
    {"final": Final.ZEROED, "overdue": True, "rung": Rung.REPORTED},
]
NOT_FITTING: list[dict[str, Any]] = [
    {"triage": Triage.HARD},
    {"category": Category.OPINION},
    {"source": "window"},
    {"department": "sq/swj"},
    {"state": State.HANDLING},
    {"final": Final.WITHDRAWN},
    {"overdue": False},
    {"rung": Rung.URGED},
    {"text": "四趟"},
    {"text": "SQ-2026-000"},
    {"final": Final.ZEROED, "overdue": False},
]


@pytest.mark.parametrize(("wanted", "fits"), [(w, True) for w in FITTING] + [(w, False) for w in NOT_FITTING])
def test_a_row_fits_when_all_that_is_asked_for_holds(wanted: dict[str, Any], fits: bool) -> None:
    assert Filter(**wanted).fits(ledger_row(a_whole_life()), at("10-20 09:00")) is fits


def test_what_is_owed_by_now_is_overdue_before_anybody_has_said_so() -> None:
    waiting = ledger_row([registered(), dispatched("c-1"), started(1, "10-08 17:30")])
    assert [Filter(overdue=True).fits(waiting, at(when)) for when in ("10-08 17:30", "10-08 17:31")] == [False, True]

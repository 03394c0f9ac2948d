"""A leg's clock, wherever it stands and whatever happens to it: the whole grid (Art. 8, 9; mechanism §6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product
from typing import Any

import pytest

from services.sla.domain import Clock, Counted, Early, State
from shared.events.sla import Rung
from shared.workdays import Calendar
from tests.support.alone import at
from tests.support.clocks import CALENDAR, opened

GRID = """
           answer    again     return    rung      extension  calendar  lift    close
running    answered  early     early     running   running    running   closed  closed
answered   answered  early     running   answered  answered   answered  closed  closed
returned   running   answered  running   running   running    running   closed  closed
closed     closed    early     closed    closed    closed     closed    closed  closed
"""
"""`again`: the answer of the second round; `early`: it waits for what it builds on. Returned, it runs again."""
HAPPENS: dict[str, Callable[[Clock], object]] = {
    "answer": lambda clock: clock.answer(1, at("11-24 10:00"), CALENDAR),
    "again": lambda clock: clock.answer(2, at("11-25 10:00"), CALENDAR),
    "return": lambda clock: clock.resume(2, at("11-24 11:00"), CALENDAR),
    "rung": lambda clock: clock.climb(Rung.URGED, at("11-25 17:30"), CALENDAR),
    "extension": lambda clock: clock.recommit(date(2026, 11, 30), 9, CALENDAR),
    "calendar": lambda clock: clock.recount(Counted(Calendar(), 2), at("11-24 10:00")),
    "lift": lambda clock: clock.lift(at("11-24 12:00"), CALENDAR),
    "close": lambda clock: clock.close(),
}
WAY: dict[str, tuple[str, ...]] = {
    "running": (),
    "answered": ("answer",),
    "returned": ("answer", "return"),
    "closed": ("answer", "close"),
}


def _grid() -> dict[tuple[str, str], str]:
    head, *lines = [line.split() for line in GRID.strip().splitlines()]
    return {(line[0], event): leads_to for line in lines for event, leads_to in zip(head, line[1:], strict=True)}


def test_the_grid_is_whole() -> None:
    assert _grid().keys() == set(product(WAY, HAPPENS))
    assert {State(state) for state in _grid().values() if state != "early"} == set(State)


@pytest.mark.parametrize(("state", "event"), list(product(WAY, HAPPENS)), ids=" ".join)
def test_whatever_happens_leads_where_it_must(state: str, event: str) -> None:
    clock = opened()
    for step in WAY[state]:
        HAPPENS[step](clock)
    if _grid()[state, event] == "early":
        with pytest.raises(Early):
            HAPPENS[event](clock)
        return
    HAPPENS[event](clock)
    assert clock.state is State(_grid()[state, event])


@pytest.mark.parametrize("event", ["answer", "return", "rung", "extension", "calendar", "lift", "close"])
def test_what_happens_twice_happens_once(event: str) -> None:
    once, twice = opened(), opened()
    for clock in (once, twice):
        if event == "return":
            HAPPENS["answer"](clock)
        HAPPENS[event](clock)
    HAPPENS[event](twice)
    assert _told(once) == _told(twice)


def _told(clock: Clock) -> dict[str, Any]:
    """All it holds; what keeps it in a store, where one is loaded, is no part of it."""
    return {name: value for name, value in vars(clock).items() if not name.startswith("_")}

"""A typical complaint that awaits its draft, wherever it stands: the whole grid (Art. 11)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

import pytest

from services.casebook.app import service
from tests.support.alone import Alone
from tests.support.casebook import COMPLAINT, EDITOR, ask, refused, staffed, suggested

GRID = """
           draft            dismiss
none       not-typical      not-typical
awaited    yes              yes
drafted    drafted-already  drafted-already
dismissed  dismissed        dismissed
again      yes              yes
"""
"""`again`: dismissed, then reopened and closed as typical once more."""


@pytest.fixture
async def casebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        await staffed(alone)
        yield alone


def _grid() -> dict[tuple[str, str], str]:
    head, *lines = [line.split() for line in GRID.strip().splitlines()]
    return {(line[0], step): answer for line in lines for step, answer in zip(head, line[1:], strict=True)}


def test_the_grid_is_whole() -> None:
    states, steps = ({key[place] for key in _grid()} for place in (0, 1))
    assert _grid().keys() == set(product(states, steps))


@pytest.mark.parametrize(("state", "step"), _grid(), ids=" ".join)
async def test_a_typical_complaint_gives_one_draft_or_a_reason_why_it_gives_none(
    casebook: Alone, state: str, step: str
) -> None:
    steps = {"draft": ("cases", {"complaint_id": COMPLAINT}, 201)}
    steps["dismiss"] = (f"candidates/{COMPLAINT}/dismiss", {"reason": "与已发布的案例相同。"}, 200)
    if state != "none":
        await casebook.hear(suggested())
    for before in {"drafted": ["draft"], "dismissed": ["dismiss"], "again": ["dismiss"]}.get(state, []):
        path, given, status = steps[before]
        await ask(casebook, EDITOR, "POST", path, status, json=given)
    if state == "again":
        await casebook.hear(suggested(when="11-24 09:00"))
    path, given, status = steps[step]
    if (answer := _grid()[state, step]) == "yes":
        await ask(casebook, EDITOR, "POST", path, status, json=given)
    else:
        assert await refused(casebook, EDITOR, "POST", path, json=given) == answer

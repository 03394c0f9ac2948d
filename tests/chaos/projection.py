"""The ledger as an auditor is given it (annex 3), read week by week."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import asyncpg

from tests.chaos.annex import PLACE, Cells
from tests.chaos.parties import Parties

SPLITS = ("center", "department", "channel", "category")
AT_ONCE = timedelta(days=7)
"""So much of the ledger is asked for at a time."""


@dataclass
class Projection:
    """Its rows, by the name of the complaint; one that stands there twice keeps its last, under both names."""

    rows: dict[str, Cells] = field(default_factory=dict)
    weeks: list[list[tuple[str, Any]]] = field(default_factory=list)
    """Of each ledger asked for the names, as they stood, each with its 序号."""


async def ledger_of(parties: Parties, first: date, last: date) -> Projection:
    """Of what was registered from the first of these days to the last."""
    found = Projection()
    while first <= last:
        to = min(first + AT_ONCE - timedelta(days=1), last)
        answer = await parties.as_member("auditor", "sq", None, "GET", f"/intake/api/ledger?from={first}&to={to}")
        assert answer.is_success, answer
        week = []
        for row in answer.body["rows"]:
            name = row["主要诉求"].partition("〔")[2].partition("/")[0]
            week.append((name, row[PLACE]))
            found.rows[f"{name} again" if name in found.rows else name] = row
        found.weeks.append(week)
        first = to + timedelta(days=1)
    return found


def misplaced(projection: Projection, numbers: Mapping[str, tuple[Any, ...]]) -> list[str]:
    """The ledgers that do not count their rows, or do not hold them by center and number (`numbers`, by name)."""
    found = []
    for week in projection.weeks:
        if [place for _, place in week] != list(range(1, len(week) + 1)):
            found.append(f"{PLACE} does not count the rows of the ledger from {week[0][0]} on")
        known = [numbers[name] for name, _ in week if name in numbers]
        if known != sorted(known):
            found.append(f"the ledger from {week[0][0]} on is not in the order of its numbers")
    return found


async def changed_by_rebuilding(parties: Parties, url: str) -> list[str]:
    """The ledger's rows, the facts counted in figures, and their sums, that are not what the journal makes of them."""
    told, before, changed, after = await _told(parties), await _computed(url), 0, None
    while True:
        given = {"after": after, "limit": 1000}
        answer = await parties.as_member("administrator", "sq", None, "POST", "/intake/api/ledger/rebuild", given)
        assert answer.is_success, answer
        changed += answer.body["changed"]
        if (after := answer.body["next"]) is None:
            break
    counted = await _told(parties)  # one by one: rebuilding forgets the sums
    found = [
        f"figures by {by} say {told[by]}, and of the facts {counted[by]}" for by in SPLITS if told[by] != counted[by]
    ]
    if not changed:
        return found
    rebuilt = await _computed(url)
    lines = [f"before {line}" for line in sorted(before - rebuilt)] + [
        f"rebuilt {line}" for line in sorted(rebuilt - before)
    ]
    return [*found, f"{changed} complaints are not in the ledger as their journals say", *lines]


async def _told(parties: Parties) -> dict[str, str]:
    """The figures of all days, by what they are split by."""
    found = {}
    for by in SPLITS:
        answer = await parties.as_member("auditor", "sq", None, "GET", f"/intake/api/figures/rates?by={by}")
        assert answer.is_success, answer
        found[by] = json.dumps(answer.body, ensure_ascii=False, sort_keys=True)
    return found


async def _computed(url: str) -> set[str]:
    """Each row and fact as text."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        rows = await connection.fetch("SELECT (complaint_id, data)::text FROM intake.ledger_rows")
        facts = await connection.fetch("SELECT f::text FROM intake.figure_facts f")
    finally:
        await connection.close()
    return {row[0] for row in (*rows, *facts)}

"""The ledger as an auditor is given it (annex 3), against what must stand there of a loop that has ended."""

from collections.abc import Iterable
from datetime import date, timedelta

from tests.chaos import oracle
from tests.chaos.evidence import Row
from tests.chaos.parties import Parties
from tests.chaos.plans import Plan

AT_ONCE = timedelta(days=7)
"""So much of the ledger is asked for at a time."""

Cells = dict[str, str]


async def ledger_of(parties: Parties, first: date, last: date) -> dict[str, Cells]:
    """Its rows, by the name of the loop; a complaint that stands there twice keeps its last, under both names."""
    found: dict[str, Cells] = {}
    while first <= last:
        to = min(first + AT_ONCE - timedelta(days=1), last)
        answer = await parties.as_member("auditor", "sq", None, "GET", f"/intake/api/ledger?from={first}&to={to}")
        assert answer.is_success, answer
        for row in answer.body["rows"]:
            name = row["主要诉求"].partition("〔")[2].partition("/")[0]
            found[f"{name} again" if name in found else name] = row
        first = to + timedelta(days=1)
    return found


async def changed_by_rebuilding(parties: Parties) -> int:
    """How many rows are not what the journal makes of them."""
    changed = 0
    after = None
    while True:
        given = {"after": after, "limit": 1000}
        answer = await parties.as_member("administrator", "sq", None, "POST", "/intake/api/ledger/rebuild", given)
        assert answer.is_success, answer
        changed += answer.body["changed"]
        if (after := answer.body["next"]) is None:
            return changed


def wrong_in(cells: Cells | None, plan: Plan, rungs: Iterable[Row], *, is_overrun: bool) -> list[str]:
    """What in the row is not as it must be of a loop with these rungs, answered after it was due or not."""
    if cells is None:
        return ["no row in the ledger"]
    given = {row["rung"] for row in rungs}
    must = {
        "是否催办及时间": "是（" if "urged" in given else "否",
        "是否督办及时间": "是（" if "supervised" in given else "否",
        "是否退回重办及时间": "是（" if oracle.redo_of(plan) else "否",
        "办理结果满意度": "不满意" if plan.kind.concluded else "满意",
    }
    found = [f"{name} says {cells[name]!r}" for name, word in must.items() if not cells[name].startswith(word)]
    if cells["备注"].startswith("未超期") == is_overrun:
        found.append(f"备注 says {cells['备注']!r}, and an answer was {'late' if is_overrun else 'in time'}")
    if ("已通报" in cells["备注"]) != ("reported" in given):
        found.append(f"备注 says {cells['备注']!r}")
    return found

"""The ledger as an auditor is given it (annex 3), against what must stand there of a loop that has ended."""

from collections.abc import Iterable

from tests.chaos import oracle
from tests.chaos.evidence import Row
from tests.chaos.parties import Parties
from tests.chaos.plans import Plan

Cells = dict[str, str]


async def ledger_of(parties: Parties) -> dict[str, Cells]:
    """Its rows, by the name of the loop; a complaint that stands there twice keeps its last, under both names."""
    answer = await parties.as_member("auditor", "sq", None, "GET", "/intake/api/ledger")
    found: dict[str, Cells] = {}
    for row in answer.body.get("rows", []):
        name = row["主要诉求"].partition("〔")[2].partition("/")[0]
        found[f"{name} again" if name in found else name] = row
    return found


def wrong_in(cells: Cells | None, plan: Plan, rungs: Iterable[Row]) -> list[str]:
    """What in the row is not as it must be."""
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
    if cells["备注"].startswith("未超期") == ("supervised" in given):
        found.append(f"备注 says {cells['备注']!r} with {given}")
    if ("已通报" in cells["备注"]) != ("reported" in given):
        found.append(f"备注 says {cells['备注']!r}")
    return found

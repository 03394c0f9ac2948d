"""The columns of annex 3 as the rig works them out, and what it finds where the ledger has something else."""

from datetime import datetime
from typing import Any

import pytest

from shared.security.mask import mask_text
from shared.workdays import CHINA
from tests.chaos.annex import differing, ended, taken_in
from tests.chaos.evidence import TABLES, Evidence
from tests.chaos.oracle import Ladder
from tests.chaos.petitioners import Person, Petition, mark_of, petition_of, submission_of
from tests.chaos.plans import KINDS, Plan
from tests.chaos.projection import Projection, misplaced


def at(when: str) -> datetime:
    return datetime.fromisoformat(f"2026-{when}").replace(tzinfo=CHINA)


def kept(**tables: list[dict[str, Any]]) -> Evidence:
    """What dispatch has kept of the complaint `c`."""
    return Evidence({table: {"c": tables.get(table, [])} for table in TABLES})


def plan(kind: str, co_handler: str | None = None) -> Plan:
    [found] = [each for each in KINDS if each.name == kind]
    return Plan("7-000001", found, "web", "sq", "zrzy", co_handler, submitted_by_bus=False, answered_by_bus=False)


def test_who_complains_is_sent_whole_and_shown_masked() -> None:
    petition = petition_of("7-000001")
    sent = submission_of("7-000001", "web", "sq", at("11-23 10:00"))
    assert sent["petitioner"]["name"] == petition.person.name
    assert (sent["petitioner"]["phone"], sent["content"]) == (petition.phone, petition.content)
    assert {petition_of(str(number)).category for number in range(100)} == {
        "complaint", "opinion", "suggestion", "question", "difficulty", "complex",
    }  # fmt: skip
    assert mask_text(mark_of("13812-loop-000012", "submit")) == "〔13812-loop-000012/submit〕"
    organisation = Person("organisation", "某合作社", "某合作社", "李建国", "李**")
    assert Petition(organisation, "19900001234", "complaint", "…").phone_shown == "199****1234"


def test_a_supervised_answer_and_its_returned_one_fill_their_columns() -> None:
    rungs = [{"rung": "urged", "at": at("11-25 17:30")}, {"rung": "supervised", "at": at("11-26 18:40")}]
    replies = [{"is_lead": True, "at": at(when)} for when in ("11-23 11:00", "11-30 10:00")]
    evidence = kept(
        orders=[{"dispatched_at": at("11-23 10:00")}],
        rungs=rungs,
        replies=replies,
        checks=[{"passed": False, "at": at("11-24 09:00")}, {"passed": True, "at": at("11-30 11:00")}],
        follow_ups=[{"then": None, "at": at("11-30 14:45")}],
    )
    row = ended(plan("returned-late"), evidence, "c", [Ladder(at("11-26 17:30"), overran=2, is_provisional=True)])
    assert row == taken_in("7-000001") | {
        "政务服务责任部门及牵头部门": "自然资源局",
        "分办转办时间": "2026-11-23 10:00",
        "要求办理期限": "2026-11-26 17:30",
        "是否催办及时间": "是（2026-11-25 17:30）",
        "是否督办及时间": "是（2026-11-26 18:40）",
        "是否退回重办及时间": "是（2026-11-24 09:00 质检退回）",
        "实际办结时间": "2026-11-30 10:00",
        "办理情况": "已清零销号：〔7-000001/answer-2〕",
        "回访时间": "2026-11-30 14:45",
        "办理结果满意度": "满意",
        "备注": "超期2个工作日；期限2026-11-26 17:30为暂定",
    }


@pytest.mark.parametrize(
    ("kind", "tables", "cells"),
    [
        (
            "general-redone",
            {"steps": [{"action": "settle", "at": at(f"11-23 1{hour}:00")} for hour in (0, 6)]},
            {"实际办结时间": "2026-11-23 16:00", "办理情况": "已清零销号：〔7-000001/settle-2〕", "备注": "未超期"},
        ),
        (
            "referred",
            {"steps": [{"action": "refer", "at": at("11-23 10:00")}, {"action": "outcome", "at": at("11-24 10:00")}]},
            {
                "政务服务责任部门及牵头部门": "县供电公司（函转）",
                "分办转办时间": "2026-11-23 10:00",
                "实际办结时间": "2026-11-24 10:00",
                "办理情况": "函转办结：〔7-000001/outcome〕",
            },
        ),
        (
            "directed",
            {"steps": [{"action": "direct", "at": at("11-23 10:00")}]},
            {
                "政务服务责任部门及牵头部门": "",
                "办理情况": "已告知办理渠道，办结：〔7-000001/direct〕",
                "备注": "未超期；已告知办理渠道：县人民法院",
            },
        ),
        (
            "concluded",
            {
                "orders": [{"dispatched_at": at("11-23 10:00")}],
                "replies": [{"is_lead": True, "at": at("11-24 10:00")}],
                "rungs": [{"rung": "reported", "at": at("11-27 18:40")}],
            },
            {
                "办理情况": "不满意结案：〔7-000001/answer-1〕",
                "办理结果满意度": "不满意",
                "备注": "未超期；已通报（2026-11-27 18:40）；结案理由：〔7-000001/conclude〕",
            },
        ),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_each_way_to_the_end_leaves_its_own_words(
    kind: str, tables: dict[str, list[dict[str, Any]]], cells: dict[str, str]
) -> None:
    tables["follow_ups"] = [{"then": None, "at": at("11-30 14:45")}]
    row = ended(plan(kind), kept(**tables), "c", [])
    assert {heading: row[heading] for heading in cells} == cells


def test_a_cell_that_says_something_else_is_named_and_so_is_a_column_too_many() -> None:
    must = taken_in("7-000001")
    assert differing({"序号": 3} | must, must) == []
    assert differing({"序号": 3} | must | {"备注": "已超期", "编号": "1"}, must) == [
        "备注 says '已超期', not '未超期'",
        "there is a column 编号",
    ]


def test_rows_that_are_not_counted_on_or_not_by_number_are_found() -> None:
    numbers = {"a": ("sq", 2026, 1), "b": ("sq", 2026, 2), "c": ("sq-huaidian", 2026, 1)}
    assert misplaced(Projection(weeks=[[("a", 1), ("b", 2), ("c", 3), ("unknown", 4)], [], [("b", 1)]]), numbers) == []
    assert misplaced(Projection(weeks=[[("b", 1), ("a", 3)]]), numbers) == [
        "序号 does not count the rows of the ledger from b on",
        "the ledger from b on is not in the order of its numbers",
    ]

"""Art. 9, 报告抄送: what inspection and government read, are sent, and may ask for (mechanism §6, §9)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from docx import Document

from tests.support.town import ADMINISTRATOR, AUDITOR, CLERK, COORDINATOR, HEAD, TOWNSHIP, Town

SUPERVISOR, GOVERNMENT = "supervisor-sq", "government-sq"
ORDERS, PAPERS = "/dispatch/api/orders", "/dispatch/api/papers"
LETTERS = ("circular", "report", "copy")
CLUE = "经办人张三多次要求诉求人周春梅补交已取消的证明，电话19900001234。"


async def reported(town: Town) -> str:
    """Dispatched on Monday, and reported when nobody had answered by Friday's close; its id."""
    complaint_id = await town.dispatched("cannot")
    await town.until("Fri 18:00")
    return complaint_id


async def issued(town: Town, complaint_id: str) -> dict[str, str]:
    """Circular, report and copy, signed by the head; their ids by kind."""
    return {kind: (await town.do(HEAD, f"{ORDERS}/{complaint_id}/papers/{kind}"))["paper_id"] for kind in LETTERS}


async def status(town: Town, who: str, path: str) -> int:
    return (await town.ask(who, "GET", path)).status_code


async def listed(town: Town, who: str) -> set[str]:
    """The orders a reader is shown."""
    return {each["complaint_id"] for each in (await town.read(who, ORDERS, limit=200))["orders"]}


@pytest.mark.parametrize("who", [SUPERVISOR, GOVERNMENT])
async def test_what_was_supervised_or_reported_at_a_level_is_read_there_without_the_petitioner(
    town: Town, who: str
) -> None:
    content = "窗口一直不办，周春梅，电话19900007001。"
    late = await town.complaint("cannot", content=content)
    await town.order(late, "dispatch", lead="zrzy")
    prompt = await town.dispatched("cannot")
    await town.replied(prompt, "reasons")
    await town.until("Thu 17:30")
    assert await status(town, who, f"{ORDERS}/{late}") == 404
    await town.until("Thu 17:31")
    file = await town.file(late, who)
    assert ([rung["rung"] for rung in file["rungs"]], file["petitioner"]) == (["urged", "supervised"], None)
    shown = {each["complaint_id"]: each["content"] for each in (await town.read(who, ORDERS, limit=200))["orders"]}
    told = "窗口一直不办，某某，电话〔电话已隐去〕。"
    assert file["content"] == file["complaint"]["content"] == shown[late] == told, "struck out, not masked"
    assert prompt not in shown
    assert await status(town, who, f"{ORDERS}/{prompt}") == 404
    assert await town.order_refused(late, "urge", who) == "not-allowed"


async def test_what_was_late_at_another_level_is_not_theirs(town: Town) -> None:
    complaint_id = await town.complaint("cannot", TOWNSHIP)
    await town.order(complaint_id, "dispatch", f"coordinator-{TOWNSHIP}", lead="zhfw")
    await town.until("Fri 18:00")
    assert {rung["level"] for rung in (await town.file(complaint_id))["rungs"]} == {TOWNSHIP}
    assert await status(town, SUPERVISOR, f"{ORDERS}/{complaint_id}") == 404
    assert complaint_id not in await listed(town, SUPERVISOR)


async def test_the_circular_goes_to_both_the_report_to_the_government_and_the_copy_to_inspection(town: Town) -> None:
    complaint_id = await reported(town)
    for who in (SUPERVISOR, GOVERNMENT):
        assert await town.read(who, f"{ORDERS}/{complaint_id}/papers") == [], "nothing is theirs before it is signed"
    papers = await issued(town, complaint_id)
    for who, kinds in ((SUPERVISOR, {"circular", "copy"}), (GOVERNMENT, {"circular", "report"})):
        shown = await town.read(who, f"{ORDERS}/{complaint_id}/papers")
        assert {each["kind"] for each in shown} == kinds
        mine = {each["paper_id"]: each["kind"] for each in await town.read(who, f"{PAPERS}/addressed", limit=200)}
        assert {kind for paper_id, kind in mine.items() if paper_id in papers.values()} == kinds
        for kind, paper_id in papers.items():
            answer = await town.ask(who, "GET", f"{PAPERS}/{paper_id}.docx")
            assert answer.status_code == (200 if kind in kinds else 404), (who, kind)
            if kind in kinds:
                text = "".join(paragraph.text for paragraph in Document(BytesIO(answer.content)).paragraphs)
                assert "自然资源局" in text
                assert "周春梅" not in text
    [report] = await town.read(GOVERNMENT, f"{PAPERS}/addressed", kind="report", limit=1)
    assert report["paper_id"] == papers["report"]


async def test_what_is_not_theirs_is_not_printed_for_them(town: Town) -> None:
    complaint_id = await reported(town)
    for who in (SUPERVISOR, GOVERNMENT):
        for path in ("work-order.docx", "papers/circular/draft.docx"):
            assert await status(town, who, f"{ORDERS}/{complaint_id}/{path}") == 403
        assert await town.refused(who, f"{ORDERS}/{complaint_id}/papers/circular") == "not-allowed"
        assert await status(town, who, PAPERS) == 403
    assert await status(town, CLERK, f"{PAPERS}/addressed") == 403


async def test_inspection_asks_for_one_file_by_its_number_which_is_logged(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    number = (await town.file(complaint_id))["number"]
    asked = {"number": number, "reason": "核实群众反映的推诿问题。"}
    file = await town.do(SUPERVISOR, "/dispatch/api/inspections", **asked)
    assert (file["complaint_id"], file["petitioner"]) == (complaint_id, None)
    for reader in (SUPERVISOR, AUDITOR):
        [logged, *_] = await town.read(reader, "/dispatch/api/inspections")
        assert (logged["number"], logged["reason"], logged["by"]) == (number, asked["reason"], SUPERVISOR)
        assert town.said(logged["at"]) == "Mon 09:00"


async def test_a_file_is_asked_for_with_a_reason_by_inspection_alone_and_of_its_own_level(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    path, number = "/dispatch/api/inspections", (await town.file(complaint_id))["number"]
    assert await town.refused(SUPERVISOR, path, number=number) == "invalid reason"
    assert await town.refused(SUPERVISOR, path, number="SQ-2022-9999", reason="核实。") == "no-such-order"
    for who in (GOVERNMENT, COORDINATOR, AUDITOR):
        assert await town.refused(who, path, number=number, reason="核实。") == "not-allowed"
    of_a_township = await town.complaint("cannot", TOWNSHIP)
    number = (await town.file(of_a_township))["number"]
    assert (await town.do(SUPERVISOR, path, number=number, reason="核实。"))["number"] == number, "of its townships too"


async def test_a_clue_of_misconduct_is_copied_by_hand_to_inspection_and_nobody_else_reads_it(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    await town.order(complaint_id, "clue", text=CLUE)
    told = {each["recipient"]: each["text"] for each in await town.messages(complaint_id) if "张三" in each["text"]}
    assert set(told) == {"supervisor@sq"}
    assert all(personal not in told["supervisor@sq"] for personal in ("19900001234", "周春梅"))
    for reader in (SUPERVISOR, COORDINATOR, AUDITOR):
        [clue, *_] = await town.read(reader, "/dispatch/api/clues")
        assert (clue["complaint_id"], clue["level"], clue["by"]) == (complaint_id, "sq", COORDINATOR)
    history = await town.read(CLERK, f"/intake/api/complaints/{complaint_id}/history")
    assert "张三" not in str(history)
    assert "张三" not in str(await town.file(complaint_id, "officer-zrzy"))
    assert await status(town, CLERK, "/dispatch/api/clues") == 403


async def test_a_clue_says_what_was_noticed_and_is_copied_by_the_office_also_after_the_end(town: Town) -> None:
    complaint_id = await town.dispatched("cannot")
    assert await town.order_refused(complaint_id, "clue") == "invalid text"
    for who in (CLERK, "officer-zrzy", SUPERVISOR):
        assert await town.order_refused(complaint_id, "clue", who, text=CLUE) == "not-allowed"
    assert await town.order_refused(complaint_id, "clue", f"coordinator-{TOWNSHIP}", text=CLUE) == "other-center"
    await town.replied(complaint_id, "reasons")
    await town.order(complaint_id, "check", passed=True)
    await town.followed_up(complaint_id, "satisfied")
    await town.order(complaint_id, "clue", text=CLUE)


# 常态化联络


async def liaison(town: Town) -> str:
    """Discipline inspection's liaison of the county's center, entered once; its key."""
    given = {"kind": "liaison", "center": "sq", "code": "jw", "name": "叶鹏", "organ": "县纪委监委"}
    known = {each["key"] for each in await town.read(COORDINATOR, "/directory/api/facts/liaison")}
    if "sq/jw" not in known:
        await town.do(ADMINISTRATOR, "/directory/api/facts", **given)
    return "sq/jw"


def meeting(town: Town, **changed: Any) -> dict[str, Any]:
    """What was agreed this Monday at half past eight."""
    return {
        "liaisons": ["sq/jw"],
        "held_at": town.at("Mon 08:30").isoformat(),
        "attendees": "县纪委监委叶鹏、政务服务中心汪涛",
        "subject": "上季度督办通报情况",
        "agreed": "每月初抄送督办通报清单。",
    } | changed


async def test_meetings_with_liaisons_of_other_organs_are_logged_and_read_by_both_sides(town: Town) -> None:
    await liaison(town)
    await town.do(COORDINATOR, "/directory/api/centers/sq/meetings", **meeting(town))
    for reader in (COORDINATOR, SUPERVISOR, GOVERNMENT, AUDITOR):
        [logged, *_] = await town.read(reader, "/directory/api/meetings")
        assert (logged["agreed"], logged["by"], logged["liaisons"]) == (
            "每月初抄送督办通报清单。",
            COORDINATOR,
            ["sq/jw"],
        )
    of_the_township = await town.read(f"coordinator-{TOWNSHIP}", "/directory/api/meetings")
    assert of_the_township == []


async def test_a_meeting_is_logged_after_it_was_held_with_liaisons_there_are_by_the_centers_own_office(
    town: Town,
) -> None:
    await liaison(town)
    path = "/directory/api/centers/sq/meetings"
    later = meeting(town, held_at=town.at("Tue 09:00").isoformat())
    assert await town.refused(COORDINATOR, path, **later) == "invalid held_at"
    assert await town.refused(COORDINATOR, path, **meeting(town, liaisons=["sq/nobody"])) == "invalid liaisons.0"
    assert await town.refused(COORDINATOR, path, **meeting(town, agreed="")) == "invalid agreed"
    assert await town.refused(CLERK, path, **meeting(town)) == "not-allowed"
    assert await town.refused(f"coordinator-{TOWNSHIP}", path, **meeting(town)) == "other-center"
    answer = await town.ask(CLERK, "GET", "/directory/api/meetings")
    assert answer.status_code == 403


async def test_those_above_page_through_what_was_late_from_where_they_were(town: Town) -> None:
    assert await town.not_told("supervisor-sq", "/dispatch/supervised", before="昨天") == "bad-page before"

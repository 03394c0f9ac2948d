"""Supervision, circular, report, copy, referral and reasons are issued under somebody's signature (Art. 6, 8, 9)."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import Connection, select, text

from services.dispatch.store.escalations import UNSIGNED
from services.dispatch.tables import Base, FiredRung
from shared.events.intake import Triage
from shared.migrate import config_of
from tests.support.dispatching import CLERK, COORDINATOR, HEAD, Desk, desk, officer
from tests.support.letters import county_by_name, issue, not_issued, overdue, papers_of, text_of

__all__ = ["desk"]

ZRZY = officer("sq/zrzy")


async def test_the_ladder_calls_for_a_supervision_a_circular_a_report_and_a_copy(desk: Desk) -> None:
    complaint_id = await overdue(desk)
    called = await papers_of(desk, complaint_id)
    assert {kind: paper["issued"] for kind, paper in called.items()} == dict.fromkeys(
        ("supervision", "circular", "report", "copy")
    )


async def test_a_circular_is_numbered_dated_and_signed_by_the_head(desk: Desk) -> None:
    complaint_id = await overdue(desk)
    issued = await issue(desk, complaint_id, "circular")
    assert (issued["number"], issued["issued_by"]) == ("沈政通报〔2026〕1号", HEAD.id)
    assert (await papers_of(desk, complaint_id))["circular"]["issued"]["paper_id"] == issued["paper_id"]
    text = await text_of(desk, f"papers/{issued['paper_id']}.pdf")
    for words in (
        "沈丘县政务服务中心文件", "沈政通报〔2026〕1号", "关于自然资源局未按督办要求办理",
        "各政务服务部门、各便民服务中心：", "2026年11月23日分办自然资源局办理，办理期限为2026年11月26日17时30分",
        "2026年11月26日17时30分，我中心发出督办通知",
        "2026年11月30日", "抄送：沈丘县人民政府，沈丘县纪律检查委员会、沈丘县监察委员会。",
    ):  # fmt: skip
        assert words in text


async def test_a_report_to_the_government_says_who_signed_it(desk: Desk) -> None:
    complaint_id = await overdue(desk)
    issued = await issue(desk, complaint_id, "report")
    text = await text_of(desk, f"papers/{issued['paper_id']}.pdf")
    for words in ("沈政报〔2026〕1号签发人：汪涛", "沈丘县人民政府：", "特此报告。"):
        assert words in text


async def test_nothing_of_the_petitioner_stands_on_what_leaves_for_others(desk: Desk) -> None:
    complaint_id = await overdue(desk)
    for kind in ("supervision", "circular", "report", "copy"):
        issued = await issue(desk, complaint_id, kind)
        text = await text_of(desk, f"papers/{issued['paper_id']}.docx")
        assert not any(words in text for words in ("张三丰", "19900001234", "前街", "窗口不给办"))


@pytest.mark.parametrize("kind", ["circular", "report", "copy"])
async def test_only_the_head_issues_what_goes_to_everyone_or_upwards(desk: Desk, kind: str) -> None:
    complaint_id = await overdue(desk)
    assert await not_issued(desk, complaint_id, kind, COORDINATOR) == (403, "heads-only")
    assert await not_issued(desk, complaint_id, kind, CLERK) == (403, "not-allowed")


async def test_a_paper_is_issued_once_for_its_occasion(desk: Desk) -> None:
    complaint_id = await overdue(desk)
    await issue(desk, complaint_id, "supervision", COORDINATOR)
    assert await not_issued(desk, complaint_id, "supervision", COORDINATOR) == (409, "issued-already")


async def test_what_nothing_calls_for_is_not_issued(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    assert await not_issued(desk, complaint_id, "circular", HEAD) == (409, "nothing-to-issue")


GRID = """
         read              print          issue
none     nothing-to-issue  no-such-paper  nothing-to-issue
waiting  yes               no-such-paper  yes
issued   issued-already    yes            issued-already
"""


async def test_a_draft_is_read_signed_and_printed_wherever_it_stands(desk: Desk) -> None:
    uncalled, called = await desk.complaint(), await overdue(desk)
    head, *lines = [line.split() for line in GRID.strip().splitlines()]
    assert [state for state, *_ in lines] == ["none", "waiting", "issued"]
    paper_id = "none"
    for state, *answers in lines:
        papers = f"orders/{uncalled if state == 'none' else called}/papers/circular"
        if state == "issued":
            paper_id = (await papers_of(desk, called))["circular"]["issued"]["paper_id"]
        doors = {
            "print": ("GET", f"papers/{paper_id}.docx"),
            "read": ("GET", f"{papers}/draft.docx"),
            "issue": ("POST", papers),
        }
        for step, expected in zip(head, answers, strict=True):  # what waits is issued last
            method, path = doors[step]
            answer = await desk.ask(method, path, HEAD, json={} if method == "POST" else None)
            if expected == "yes":
                assert answer.is_success, (state, step)
            else:
                assert answer.json()["code"] == expected, (state, step)
                assert answer.json()["detail"].endswith("。")


async def test_numbers_run_without_gaps_by_kind_and_year(desk: Desk) -> None:
    first, second = await overdue(desk), await overdue(desk)
    numbers = [(await issue(desk, each, "circular"))["number"] for each in (second, first)]
    await not_issued(desk, first, "circular", HEAD)
    third = await overdue(desk)
    numbers.append((await issue(desk, third, "circular"))["number"])
    assert numbers == [f"沈政通报〔2026〕{n}号" for n in (1, 2, 3)]
    desk.now("2027-01-04 09:00")
    assert (await issue(desk, third, "copy"))["number"] == "沈政抄函〔2027〕1号"


@pytest.mark.parametrize("form", ["pdf", "docx"])
async def test_an_issued_paper_is_the_same_bytes_whenever_it_is_printed(desk: Desk, form: str) -> None:
    complaint_id = await overdue(desk)
    path = f"papers/{(await issue(desk, complaint_id, 'copy'))['paper_id']}.{form}"
    first = (await desk.ask("GET", path, HEAD)).content
    desk.now("12-05 10:00")
    await desk.act(complaint_id, "reply", ZRZY, kind="reasons", text="不符合条件。", legal_basis="《条例》")
    assert (await desk.ask("GET", path, COORDINATOR)).content == first


async def test_a_draft_is_read_before_it_is_signed(desk: Desk) -> None:
    complaint_id = await overdue(desk)
    text = await text_of(desk, f"orders/{complaint_id}/papers/circular/draft.docx")
    assert "未按督办要求办理" in text
    assert "〔2026〕" not in text


async def test_what_awaits_a_signature_stays_visible_until_all_three_are_issued(desk: Desk) -> None:
    complaint_id = await overdue(desk)
    for kind in ("circular", "report", "copy"):
        waiting = (await desk.ask("GET", "papers/unsigned", HEAD)).json()
        assert [each["complaint_id"] for each in waiting] == [complaint_id]
        await issue(desk, complaint_id, kind)
    assert (await desk.ask("GET", "papers/unsigned", HEAD)).json() == []
    listed = (await desk.ask("GET", "papers", HEAD)).json()
    assert [paper["kind"] for paper in listed] == ["copy", "report", "circular"]


async def test_what_awaits_a_signature_is_found_without_reading_what_was_signed(desk: Desk) -> None:
    async with desk.store.reading() as session:
        plan = await session.execute(text(f"EXPLAIN QUERY PLAN {select(FiredRung).where(UNSIGNED)}"))
        assert "rungs_unsigned" in str([row[-1] for row in plan])


def _kept_as_before(connection: Connection) -> None:
    """A store as it was before it was kept when the letters about a report were all signed, brought to today."""
    config = config_of("dispatch", Base.metadata, connection)
    command.downgrade(config, "dispatch_0012")
    command.upgrade(config, "heads")
    connection.commit()


async def test_what_was_signed_before_that_was_kept_awaits_no_signature(desk: Desk) -> None:
    signed, waiting = await overdue(desk), await overdue(desk)
    for kind in ("circular", "report", "copy"):
        await issue(desk, signed, kind)
    await issue(desk, waiting, "circular")
    async with desk.store.engine.connect() as connection:
        await connection.execution_options(yousu_reading=True)
        await connection.run_sync(_kept_as_before)
    unsigned = (await desk.ask("GET", "papers/unsigned", HEAD)).json()
    assert [each["complaint_id"] for each in unsigned] == [waiting]


async def test_a_supervision_by_hand_says_what_the_coordinator_demands(desk: Desk) -> None:
    await county_by_name(desk)
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.due_at(complaint_id, "11-26 17:30")
    desk.now("11-27 09:00")
    await desk.act(complaint_id, "supervise", requirement="今日内与诉求人见面。")
    issued = await issue(desk, complaint_id, "supervision", COORDINATOR)
    assert "督办要求：今日内与诉求人见面。" in await text_of(desk, f"papers/{issued['paper_id']}.pdf", ZRZY)


async def test_a_referral_tells_the_unit_what_is_asked_and_by_whom(desk: Desk) -> None:
    await county_by_name(desk)
    complaint_id = await desk.complaint(Triage.OUT_OF_SCOPE)
    await desk.act(complaint_id, "refer", unit="沈丘县供电公司", reason="属供电服务。")
    issued = await issue(desk, complaint_id, "referral", COORDINATOR)
    text = await text_of(desk, f"papers/{issued['paper_id']}.pdf")
    for words in (
        "沈政转函〔2026〕1号",
        "沈丘县供电公司：",
        "（属供电服务）",
        "诉求人：张三丰",
        "联系电话：19900001234",
    ):
        assert words in text


async def test_a_petitioner_is_told_in_writing_why_it_cannot_be_done(desk: Desk) -> None:
    await county_by_name(desk)
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    given = {"text": "超出权限。", "legal_basis": "《条例》第二十二条", "remedy": "可以依法申请行政复议。"}
    await desk.act(complaint_id, "reply", ZRZY, kind="reasons", **given)
    issued = await issue(desk, complaint_id, "reasons", COORDINATOR)
    text = await text_of(desk, f"papers/{issued['paper_id']}.pdf")
    for words in (
        "张三丰：",
        "办不了的理由：超出权限。",
        "法律、政策依据：《条例》第二十二条",
        "救济途径：可以依法申请行政复议。",
    ):
        assert words in text


async def test_reasons_the_check_has_returned_are_not_told_in_writing(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.act(complaint_id, "reply", ZRZY, kind="reasons", text="不行。", legal_basis="《条例》")
    await desk.act(complaint_id, "check", passed=False, reasons="依据不足。")
    assert await papers_of(desk, complaint_id) == {}


async def test_a_petitioner_is_told_in_writing_of_a_granted_extension_and_of_no_other(desk: Desk) -> None:
    await county_by_name(desk)
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.act(complaint_id, "reply", ZRZY, kind="plan", text="补办材料。", committed_on="2026-12-07")
    await desk.due_at(complaint_id, "12-07 17:30", leg=2)
    desk.now("12-04 10:00")
    await desk.act(complaint_id, "extend", ZRZY, reason="待外省函复。", committed_on="2026-12-09")
    assert await papers_of(desk, complaint_id) == {}
    await desk.act(complaint_id, "extend", COORDINATOR, approve=True)
    issued = await issue(desk, complaint_id, "extension", COORDINATOR)
    text = await text_of(desk, f"papers/{issued['paper_id']}.pdf")
    for words in (
        "张三丰：",
        "原承诺于2026年12月7日前办结",
        "延长至2026年12月9日",
        "延期的原因：待外省函复。",
        "沈政延告〔2026〕1号",
    ):
        assert words in text

"""The audit log on its page: found by who, when, what and result; and whether its chain is whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from services.directory.app import service
from services.directory.usecases import telling
from shared import clock
from shared.audit import keeping
from shared.audit.tables import AuditRow
from shared.security.roles import Actor, Role
from tests.support.alone import Alone
from tests.support.browser import Browser
from tests.support.county import a_few_of_the_county

ADMINISTRATOR = Actor("admin", "冯雪", Role.ADMINISTRATOR, "sq")
AUDITOR = Actor("shen", "沈", Role.AUDITOR, "sq")
CLERK = Actor("clerk-sq", "张敏", Role.CLERK, "sq")
AUDIT, UNITS = "/directory/audit", "/directory/units"


@pytest.fixture
async def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        alone.now("11-23 09:00")
        await alone.do(lambda session: telling.load_county(session, a_few_of_the_county()))
        yield alone


@pytest.fixture
async def auditor(directory: Alone) -> Browser:
    return await Browser(directory).logged_in(AUDITOR)


async def done_and_denied(directory: Alone) -> None:
    """An administrator corrects a unit, is refused once; a clerk may not."""
    administrator = await Browser(directory).logged_in(ADMINISTRATOR)
    at = f"{UNITS}/correct/%E5%91%A8%E5%8F%A3%E5%B8%82%E9%82%AE%E6%94%BF%E7%AE%A1%E7%90%86%E5%B1%80"
    await administrator.open(f"{UNITS}/of/周口市邮政管理局")
    await administrator.send(at, phone="11183", reason="电话变更")
    await administrator.send(at, phone="")
    clerk = await Browser(directory).logged_in(CLERK)
    await clerk.open(f"{UNITS}/new")
    await keeping.collected(directory.store).write()


async def sealed(directory: Alone, folder: Path) -> None:
    await directory.do(keeping.seal)
    await keeping.export(directory.store, folder / "audit")


async def test_an_empty_log_says_what_will_stand_here(directory: Alone, auditor: Browser) -> None:
    page = await auditor.open(AUDIT)
    assert page.status_code == 200
    assert "还没有记录" in page.text


async def test_it_is_found_by_who_what_result_and_day(directory: Alone, auditor: Browser) -> None:
    await done_and_denied(directory)
    page = (await auditor.open(AUDIT)).text
    assert page.count("维护机构人员、日历和账号<br>") == 3
    assert "电话变更" in page
    assert "张敏<br><small>窗口工作人员 clerk-sq</small>" in page
    today = f"{clock.machine_now():%Y-%m-%d}"
    for query, count in (
        ("actor=admin", 2),
        ("actor=clerk-sq", 1),
        ("result=denied", 1),
        ("result=failed", 1),
        ("subject=周口市邮政管理局", 2),
        ("action=administer", 3),
        ("action=triage", 0),
        (f"from={today}&to={today}&action=administer", 3),
        ("to=2020-01-01", 0),
        ("from=2099-01-01", 0),
        ("actor=admin&result=failed", 1),
    ):
        page = (await auditor.open(f"{AUDIT}?{query}")).text
        assert page.count("维护机构人员、日历和账号<br>") == count, query
        assert ("没有符合条件的记录" in page) == (count == 0), query


@pytest.mark.parametrize("day", ["2026-02-30", "0001-01-01", "9999-12-31"])
async def test_a_day_that_is_none_is_refused_with_how_to_write_one(auditor: Browser, day: str) -> None:
    page = await auditor.open(f"{AUDIT}?from={day}&to={day}")
    assert page.status_code == 422
    assert "没有这个日期" in page.text
    assert "没有查询" in page.text
    assert auditor.fields(AUDIT)["from"] == day, "to be put right where it was typed"


async def test_the_page_says_how_far_the_chain_is_sealed_and_exported(
    directory: Alone, auditor: Browser, tmp_path: Path
) -> None:
    assert "未开始" in (await auditor.open(AUDIT)).text
    await done_and_denied(directory)
    await sealed(directory, tmp_path)
    page = (await auditor.open(AUDIT)).text
    assert "<b>完好</b>" in page
    async with directory.store.reading() as session:
        state = await keeping.state(session, tmp_path / "audit", "directory")
    assert (state.broken, state.waiting) == (None, 0)
    assert state.sealed == state.exported > 3


@pytest.mark.parametrize("harm", ["changed", "cut off"])
async def test_whoever_has_changed_the_log_shows_on_the_page(
    directory: Alone, auditor: Browser, tmp_path: Path, harm: str
) -> None:
    await done_and_denied(directory)
    await sealed(directory, tmp_path)
    last = AuditRow.seq == keeping.last_exported(tmp_path / "audit", "directory")
    change = update(AuditRow).where(last).values(actor="anna") if harm == "changed" else delete(AuditRow).where(last)
    await directory.do(lambda session: session.execute(change))
    page = (await auditor.open(AUDIT)).text
    assert "<b>断开</b>" in page
    assert "条断开：日志被改动过" in page


async def test_only_auditors_read_it(directory: Alone) -> None:
    for actor in (ADMINISTRATOR, CLERK):
        other = await Browser(directory).logged_in(actor)
        assert (await other.open(AUDIT)).status_code == 403
        assert "审计日志" not in (await other.open("/directory/centers")).text.split("</nav>")[0]


async def test_what_was_cut_off_cannot_be_hidden_by_sealing_on(directory: Alone, tmp_path: Path) -> None:
    await done_and_denied(directory)
    await sealed(directory, tmp_path)
    last = keeping.last_exported(tmp_path / "audit", "directory")
    await directory.do(lambda session: session.execute(delete(AuditRow).where(AuditRow.seq == last)))
    await done_and_denied(directory)
    await sealed(directory, tmp_path)
    async with directory.store.reading() as session:
        state = await keeping.state(session, tmp_path / "audit", "directory")
    assert state.broken is not None

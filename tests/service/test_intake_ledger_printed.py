"""The ledger is printed as annex 3 draws it (mechanism §10)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest

from services.intake.api import printed
from services.intake.domain.annex import HEADINGS
from tests.support.intake import AUDITOR, CLERK, ORGANISATION, Intake, dispatched, intake_at_work
from tests.support.papers import pdf_cells, pdf_text

ANNEX_3 = [
    "序号", "姓名或单位名称", "单位联系人", "联系方式", "主要诉求", "诉求类别", "政务服务责任部门及牵头部门",
    "分办转办时间", "要求办理期限", "是否催办及时间", "是否督办及时间", "是否退回重办及时间", "实际办结时间",
    "办理情况", "回访时间", "办理结果满意度", "备注",
]  # fmt: skip
"""The 17 columns of annex 3, in its order and wording."""
NOTES = (
    "注：1.“单位联系人”栏仅适用于反映人为单位的情形。2.仅涉及多个政务服务部门的需明确牵头部门。"
    "3.“备注”栏标明“是否超期及超期时间”等。"
)


@pytest.fixture
async def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    async with intake_at_work(tmp_path, monkeypatch) as intake:
        yield intake


async def _printed(intake: Intake, **params: str) -> bytes:
    answer = await intake.ask("GET", "ledger.pdf", AUDITOR, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content


async def test_the_printed_ledger_is_annex_3_cell_by_cell(intake: Intake) -> None:
    first = await intake.registered()
    await intake.registered("WB-2", petitioner=ORGANISATION, content='=HYPERLINK("http://x") #eval("1") $x$ {{7*7}} 䶮')
    await intake.triaged(first["complaint_id"])
    await intake.hear(dispatched(first["complaint_id"]))
    (table,) = pdf_cells(await _printed(intake))
    rows = [["".join(str(cell).split()) for cell in row.values()] for row in await intake.ledger()]
    assert list(HEADINGS) == ANNEX_3
    assert ["".join(cell.split()) for cell in table[0]] == ANNEX_3
    assert [["".join(cell.split()) for cell in row] for row in table[1:]] == rows


async def test_it_is_a3_landscape_with_title_and_three_notes(intake: Intake) -> None:
    await intake.registered()
    content = await _printed(intake)
    with pdfplumber.open(BytesIO(content)) as pdf:
        assert [round(side / 72 * 25.4) for side in (pdf.pages[0].width, pdf.pages[0].height)] == [420, 297]
    (text,) = pdf_text(content)
    assert text.startswith("附件3政务服务中心、便民服务中心“有诉即办”问题工作台账")
    assert NOTES in text


async def test_a_long_ledger_repeats_its_headings_on_every_sheet(intake: Intake) -> None:
    for n in range(60):
        await intake.registered(f"WB-{n}")
    tables = pdf_cells(await _printed(intake))
    assert len(tables) > 1
    assert all(["".join(cell.split()) for cell in table[0]] == ANNEX_3 for table in tables)
    assert sum(len(table) - 1 for table in tables) == 60


async def test_the_same_ledger_is_the_same_bytes(intake: Intake) -> None:
    await intake.registered()
    before = await _printed(intake, as_of="2026-09-28")
    intake.now("10-09 09:00")
    await intake.registered("WB-2", reported_at="2026-10-09T08:00:00+08:00")
    assert await _printed(intake, as_of="2026-09-28") == before


async def test_more_than_anybody_prints_is_refused(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printed, "MOST_ROWS", 1)
    for n in range(2):
        await intake.registered(f"WB-{n}")
    answer = await intake.ask("GET", "ledger.pdf", CLERK)
    assert (answer.status_code, answer.json()["code"]) == (422, "too-many-rows")

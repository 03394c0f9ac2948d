"""A word longer than its line, and a row of marks, are broken and printed whole; nothing is cut off at the edge."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import pdfplumber

from services.dispatch.usecases.papers import WORK_ORDER
from services.intake.api.printed import ledger_sheets
from services.intake.domain.annex import HEADINGS
from shared.papers.forms import LETTER
from shared.papers.letter import Letter, Particular, Style
from shared.papers.pdf import pdf
from shared.papers.printing import drawn
from shared.workdays import CHINA
from tests.support.papers import pdf_cells, pdf_text

DATED = datetime(2026, 11, 30, 9, 12, 31, 654321, tzinfo=CHINA)
WORDS = f"看{'W' * 90}完{'！' * 60}{'…' * 60}http://221.14.138.78/web/showNews.html?id=311&regId=19{'1' * 99}"
LIMITS = "2026-09-30 18:00；2026-10-15 17:30；2026-10-27 17:30"
NAME = "ChristopherFeatherstonehaughWWWWWWWW"


def _is_inside(content: bytes, margin: float) -> bool:
    """Whether every character stands within the margins, given in points."""
    with pdfplumber.open(BytesIO(content)) as file:
        return all(
            margin <= char["x0"] and char["x1"] <= page.width - margin for page in file.pages for char in page.chars
        )


async def test_in_a_letter() -> None:
    letter = Letter(Style.NOTICE, "沈丘县政务服务中心", "题", (WORDS,), particulars=(Particular("理由", WORDS),))
    content = await pdf(LETTER.layout, {"papers": [letter.values()]}, DATED)
    assert "".join(pdf_text(content)).replace("—1—", "").count(WORDS) == 2
    assert _is_inside(content, 60)


async def test_in_the_cells_of_a_work_order() -> None:
    order = {**WORK_ORDER.sample, "name": NAME, "contact_person": "！" * 20, "content": WORDS}
    content = await pdf(WORK_ORDER.layout, {"papers": [order]}, DATED)
    cells = ["".join(cell.split()) for page in pdf_cells(content) for row in page for cell in row]
    assert (cells[1], cells[3], cells.count(WORDS)) == (NAME, "！" * 20, 1)
    assert _is_inside(content, 70)


async def test_in_the_cells_of_the_ledger() -> None:
    told = {
        "姓名或单位名称": NAME,
        "单位联系人": NAME,
        "主要诉求": WORDS,
        "办理情况": WORDS,
        "备注": WORDS,
        "要求办理期限": LIMITS,
    }
    content = await drawn(ledger_sheets([dict.fromkeys(HEADINGS, "") | told]))
    [[_, row]] = pdf_cells(content)
    with pdfplumber.open(BytesIO(content)) as file:
        assert {"18:00；", "2026-10-15"} <= {word["text"] for word in file.pages[0].extract_words()}, (
            "no time is broken"
        )
    assert ["".join(cell.split()) for cell in row] == ["".join(told.get(heading, "").split()) for heading in HEADINGS]
    assert _is_inside(content, 39)

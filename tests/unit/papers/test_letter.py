"""A letter ends as the norm has it (GB/T 9704): what goes with it, who signs, and below a 文件 who printed it when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pdfplumber
import pytest
from docx import Document
from docx.shared import Pt

from shared.papers.forms import LETTER
from shared.papers.letter import Letter, Particular, Style
from shared.papers.pdf import pdf
from shared.papers.word import filled
from shared.workdays import CHINA
from tests.support.papers import pdf_text, word_text

DATED = datetime(2026, 11, 30, 9, 12, 31, 654321, tzinfo=CHINA)
"""As a clock that runs tells it."""
OFFICE, IMPRINT = "沈丘县政务服务中心", "沈丘县政务服务中心2026年11月30日印发"
DRAFT = Letter(Style.FILE, OFFICE, "督 办 通 知", ("请办理。",), to="沈丘县自然资源局")


async def _texts(letter: Letter) -> tuple[str, str]:
    """In PDF and in Word, without spaces."""
    drawn = await pdf(LETTER.layout, {"papers": [letter.values()]}, DATED)
    word = word_text(filled(LETTER.shipped.read_bytes(), [letter.values()], DATED))
    return "".join(pdf_text(drawn)), "".join(word.split())


async def test_a_file_without_copies_says_who_printed_it_and_when() -> None:
    for text in await _texts(DRAFT.issued("沈政督办〔2026〕1号", DATED, "汪涛")):
        assert text.count(IMPRINT) == 1
        assert "抄送" not in text


async def test_copies_are_named_above_who_printed_it() -> None:
    letter = replace(DRAFT, copies="沈丘县人民政府").issued("沈政通报〔2026〕1号", DATED, "汪涛")
    for text in await _texts(letter):
        assert f"抄送：沈丘县人民政府。{IMPRINT}" in text


@pytest.mark.parametrize("style", [Style.LETTER, Style.NOTICE])
async def test_neither_a_letter_nor_a_notice_does(style: Style) -> None:
    for text in await _texts(replace(DRAFT, style=style).issued("沈政转函〔2026〕1号", DATED, "汪涛")):
        assert "印发" not in text


async def test_a_draft_was_printed_on_no_day_yet() -> None:
    for text in await _texts(DRAFT):
        assert "印发" not in text


async def test_what_goes_with_it_stands_between_text_and_signature() -> None:
    letter = replace(DRAFT, style=Style.LETTER, closing="特此函达。", enclosure="工作单").issued("1号", DATED, "汪涛")
    for text in await _texts(letter):
        assert f"特此函达。附件：工作单{OFFICE}2026年11月30日" in text


@pytest.mark.parametrize(("style", "copies"), [(Style.FILE, ""), (Style.FILE, "沈丘县人民政府"), (Style.LETTER, "")])
async def test_what_ends_it_never_stands_on_a_page_without_its_text(style: Style, copies: str) -> None:
    for n in (*range(90, 400, 28), 1_000, 1_100):  # a line more each time, until it has filled the page
        letter = replace(DRAFT, style=style, copies=copies, paragraphs=("请" * n,), contact="联系人：金永强")
        *_, last = pdf_text(await pdf(LETTER.layout, {"papers": [letter.issued("1号", DATED, "汪涛").values()]}, DATED))
        assert "请" in last, (n, last)


async def test_each_line_of_a_demand_begins_a_paragraph() -> None:
    demand = Particular("督办要求", "查明原因；\n限期办结。")
    letter = replace(DRAFT, particulars=(demand,)).issued("1号", DATED, "汪涛")
    document = Document(BytesIO(filled(LETTER.shipped.read_bytes(), [letter.values()], DATED)))
    lines = [each for each in document.paragraphs if each.text in ("督办要求：查明原因；", "限期办结。")]
    assert [each.paragraph_format.first_line_indent for each in lines] == [Pt(32), Pt(32)]
    with pdfplumber.open(BytesIO(await pdf(LETTER.layout, {"papers": [letter.values()]}, DATED))) as drawn:
        begins = {char["text"]: round(char["x0"]) for char in drawn.pages[0].chars if char["text"] in "督限"}
    assert len(set(begins.values())) == 1, begins

"""A letter ends as the norm has it (GB/T 9704): what goes with it, who signs, and below a 文件 who printed it when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from shared.papers.forms import LETTER
from shared.papers.letter import Letter, Style
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

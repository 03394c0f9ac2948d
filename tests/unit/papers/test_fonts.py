"""Rare characters are printed; one that no font here has is named instead of a box."""

from __future__ import annotations

import pytest
from typst import Fonts

from shared.papers.fonts import chosen, typefaces
from shared.refusals import Unavailable


@pytest.mark.parametrize("character", ["诉", "䶮", "𠅤", "𬱖", "龘", "𰻝", "〔", "“", "A", "\n"])
def test_a_rare_character_is_printed_as_it_is(character: str) -> None:
    assert typefaces().printable(character) == character


@pytest.mark.parametrize(("character", "shown"), [("😡", "〔U+1F621〕"), ("\ue123", "〔U+E123〕"), ("\u2005", " ")])
def test_a_character_without_a_glyph_is_named(character: str, shown: str) -> None:
    assert typefaces().printable({"words": [character], "n": 1, "is": True}) == {"words": [shown], "n": 1, "is": True}


def test_what_only_joins_or_varies_is_left_out() -> None:
    assert typefaces().printable("一\ufe0f二\u200d三") == "一二三"


def test_without_a_chinese_font_nothing_is_printed_and_the_sentence_says_what_to_install() -> None:
    with pytest.raises(Unavailable, match="fonts-noto-cjk"):
        chosen(Fonts(include_system_fonts=False))


def test_titles_and_texts_fall_back_to_what_is_free() -> None:
    faces = typefaces()
    assert "Noto Serif CJK SC" in faces.body
    assert faces.facts["title-weight"] in ("bold", "regular")

"""Text as it is sent: what cannot be seen goes, what can be read stays, control characters are refused."""

import pytest

from shared.cleaning import ControlCharacter, clean


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("　 张三 \t\n", "张三"),
        ("张　三", "张　三"),
        ("项\u202e进前\u202c", "项进前"),
        ("\u202d199\u200b0000\u200d9033\u202c\ufeff", "19900009033"),
        ("\u2067明证\u2069", "明证"),
        ("张\u00ad三\u2060", "张三"),
        ("马䶮𠅤\U0002c256", "马䶮𠅤\U0002c256"),
        ("葛\U000e0101飾", "葛\U000e0101飾"),
        ("\ue815", "\ue815"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("🧑🏽\u200d⚕\ufe0f", "🧑🏽\u200d⚕\ufe0f"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("张\u200d三👨\u200d", "张三👨"),
        ("\u3164\u2800\ufe0f", ""),
        ("", ""),
    ],
)
def test_what_cannot_be_seen_is_stripped_and_the_rest_stays(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    "text", ["张\0三", "张\x00", "\x1f", "张\u0085三", "\x7f张", "\ud83d", "张\ufffe", "\ufdd0", "\U0010ffff"]
)
@pytest.mark.parametrize("lines", [False, True])
def test_control_characters_are_refused_even_at_the_ends(text: str, lines: bool) -> None:
    with pytest.raises(ControlCharacter):
        clean(text, lines=lines)


@pytest.mark.parametrize("text", ["一\n二", "一\r\n二", "一\u2028二", "一\t二"])
def test_newlines_and_tabs_within_belong_in_long_texts_only(text: str) -> None:
    assert clean(text, lines=True) == ("一\t二" if "\t" in text else "一\n二")
    with pytest.raises(ControlCharacter):
        clean(text)

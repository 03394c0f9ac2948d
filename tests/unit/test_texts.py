"""What staff and departments' systems write is read like a submission: cleaned first, measured then."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.texts import Name, Words

WORDS: TypeAdapter[str] = TypeAdapter(Words)
NAME: TypeAdapter[str] = TypeAdapter(Name)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("\u202e已办\u202c结\u200b", "已办结"),
        ("　已办结\r\n请查收 ", "已办结\n请查收"),
        ("\u200b" * 4000 + "好" * 5000, "好" * 5000),
        ('=HYPERLINK("x") <b>', '=HYPERLINK("x") <b>'),
    ],
)
def test_what_cannot_be_seen_goes_and_does_not_count(sent: str, kept: str) -> None:
    assert WORDS.validate_python(sent) == kept


@pytest.mark.parametrize(
    "sent", ["", " 　", "\u200b\u202e", "\ufeff", "好" * 5001, "a\x00b", "a\ufffeb", "a\ud83d", 1, None]
)
def test_nothing_at_all_too_much_and_what_no_store_can_hold_is_refused(sent: Any) -> None:
    with pytest.raises(ValidationError):
        WORDS.validate_python(sent)


@pytest.mark.parametrize("sent", ["电\n话", "电\t话", "\u200b", "长" * 81])
def test_a_name_is_one_short_line(sent: str) -> None:
    with pytest.raises(ValidationError):
        NAME.validate_python(sent)

"""Phones are written one way, whoever wrote them down (mechanism §2)."""

import pytest

from services.intake.domain.phone import normalised_phone


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("19900009020", "19900009020"),
        ("１９９００００９０２０", "19900009020"),
        ("199-0000 9021", "19900009021"),
        ("199－0000—9021", "19900009021"),
        ("+86 199 0000 9021", "19900009021"),
        ("＋86-19900009021", "19900009021"),
        ("0086 19900009021", "19900009021"),
        ("8619900009021", "19900009021"),
        ("019900009021", "19900009021"),
        ("0394-5000123", "0394-5000123"),
        ("03945000123", "0394-5000123"),
        ("（0394）5000123", "0394-5000123"),
        ("+86 394 5000123", "0394-5000123"),
        ("+86 0394 5000123", "0394-5000123"),
        ("0371 65900012", "0371-65900012"),
        ("010-65900012", "010-65900012"),
        ("5000123", "0394-5000123"),
        ("65900012", "0394-65900012"),
    ],
)
def test_a_phone_is_normalised(text: str, phone: str) -> None:
    assert normalised_phone(text, "0394") == phone
    assert normalised_phone(phone, "0394") == phone


NO_PHONES = (
    "- 1990000abcd 12345 110 1990000902 199000090211 12900009021 0394-1000123 010-5000123 ²5000123 ١٩٩٠٠٠٠٩٠٢١ + +86"
)


@pytest.mark.parametrize("text", ["", "5000123;DROP", *NO_PHONES.split()])
def test_what_is_no_phone_is_none(text: str) -> None:
    assert normalised_phone(text, "0394") is None

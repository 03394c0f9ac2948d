"""Numbers (mechanism §2): by center and year, at least four digits, said back however they are typed."""

from datetime import UTC, datetime

import pytest

from services.intake.domain.number import NUMBER, as_typed, number_of, place_of, printed_number, year_of


@pytest.mark.parametrize(
    ("center", "seq", "number"),
    [
        ("sq", 231, "SQ-2026-0231"),
        ("sq-zhidian", 7, "SQ-ZHIDIAN-2026-0007"),
        ("sq", 10_000, "SQ-2026-10000"),
    ],
)
def test_a_number_names_its_center_and_year(center: str, seq: int, number: str) -> None:
    assert number_of(center, 2026, seq) == number
    assert place_of(number) == (2026, seq)
    assert NUMBER.fullmatch(number)


def test_a_number_is_printed_as_annex_2_prints_it() -> None:
    assert printed_number(2026, 231) == "2026年第0231号"


def test_the_year_is_that_of_shanghai() -> None:
    assert year_of(datetime(2026, 12, 31, 16, tzinfo=UTC)) == 2027


def test_small_letters_and_spaces_make_no_difference() -> None:
    assert as_typed(" sq-2026-0231 ") == "SQ-2026-0231"


@pytest.mark.parametrize("text", ["", "SQ", "SQ-2026-1", "SQ-2026-0001\x00", "sq-2026-0001", "编号-2026-0001"])
def test_what_is_no_number_is_never_looked_up(text: str) -> None:
    assert not NUMBER.fullmatch(text)

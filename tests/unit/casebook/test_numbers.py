"""Numbers told by their check digits (GB 11643, GB 32100, ISO/IEC 7812)."""

import pytest

from services.casebook.domain.numbers import has_identity_shape, is_credit_code, is_identity, passes_luhn


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "11010519491231002x", "440524188001010014", "130503670401001"]
)
def test_an_identity_number_is_known_by_its_check_digit(number: str) -> None:
    assert is_identity(number)


@pytest.mark.parametrize(
    ("number", "has_shape"),
    [
        ("110105194912310021", True),  # the check digit is wrong
        ("110105194913310021", False),  # there is no thirteenth month
        ("990105194912310021", False),  # there is no such province
        ("130503670231001", False),  # nor such a day
        ("1101051949123100", False),
        ("X10105194912310021", False),
    ],
)
def test_what_is_none_may_still_look_like_one(number: str, has_shape: bool) -> None:
    assert (is_identity(number), has_identity_shape(number)) == (False, has_shape)


@pytest.mark.parametrize(
    ("code", "good"),
    [
        ("91350100M000100Y43", True),
        ("91350100m000100y43", True),
        ("91350100M000100Y44", False),
        ("9135010IM000100Y43", False),
        ("91350100M000100Y4", False),
    ],
)
def test_a_credit_code_is_known_by_its_check_character(code: str, good: bool) -> None:
    assert is_credit_code(code) is good


@pytest.mark.parametrize(("digits", "good"), [("6222021234567890128", True), ("6222021234567890123", False)])
def test_a_bank_card_is_known_by_its_last_digit(digits: str, good: bool) -> None:
    assert passes_luhn(digits) is good

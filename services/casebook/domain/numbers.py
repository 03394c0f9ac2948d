"""Numbers that name a person, a firm or an account, told by their check digits from those that only look like them."""

from datetime import date

_PROVINCES = frozenset(
    f"{region}{province}"
    for region, provinces in {
        1: "12345",
        2: "123",
        3: "1234567",
        4: "123456",
        5: "01234",
        6: "12345",
        7: "1",
        8: "123",
    }.items()
    for province in provinces
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def has_identity_shape(number: str) -> bool:
    """Whether a province and a day of birth stand where an identity number of 18 or 15 characters has them."""
    if len(number) == 15 and number.isdecimal():
        return number[:2] in _PROVINCES and _is_day(f"19{number[6:12]}")
    if len(number) == 18 and number[:17].isdecimal():
        return number[:2] in _PROVINCES and number[6:8] in ("18", "19", "20") and _is_day(number[6:14])
    return False


def is_identity(number: str) -> bool:
    """Whether this is an identity number (GB 11643): of 18 characters with its check digit, or of the old 15."""
    if not has_identity_shape(number):
        return False
    if len(number) == 15:
        return True
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == number[17].upper()


def is_credit_code(code: str) -> bool:
    """Whether this is a unified social credit code with its check character (GB 32100)."""
    code = code.upper()
    if len(code) != 18 or any(character not in _CREDIT for character in code):
        return False
    total = sum(_CREDIT.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return _CREDIT[-total % 31] == code[17]


def passes_luhn(digits: str) -> bool:
    """Whether the last digit checks the others as on a bank card (ISO/IEC 7812)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True

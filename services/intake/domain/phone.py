"""Phones, written one way (mechanism §2): `19900001001`, or area code, dash and number, `0394-5000123`."""

import re

_FOLDED = str.maketrans("０１２３４５６７８９＋", "0123456789+")
_PUNCTUATION = re.compile(r"[\s\-‐‑‒–—―−－ー﹣()（）]+")
_PREFIX = re.compile(r"\+86|0086|(?:86|0)(?=1[3-9][0-9]{9}$)")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(010|02[0-9])([2-9][0-9]{7})|(0[3-9][0-9]{2})([2-9][0-9]{6,7})")
_LOCAL = re.compile(r"[2-9][0-9]{6,7}")


def normalised_phone(text: str, area_code: str) -> str | None:
    """The phone, normalised; None when this is none.

    Full-width digits, spaces, dashes, brackets and the country's prefix make no difference; a local number of 7 or 8
    digits gets the area code of its center. `text` has been cleaned of what cannot be seen.
    """
    number = _PUNCTUATION.sub("", text.translate(_FOLDED))
    if prefix := _PREFIX.match(number):
        number = number[prefix.end() :]
        if number[:1] != "0" and not _MOBILE.fullmatch(number):
            number = f"0{number}"  # abroad, the area code is written without its zero
    if _MOBILE.fullmatch(number):
        return number
    if landline := _LANDLINE.fullmatch(number):
        return "-".join(part for part in landline.groups() if part)
    return f"{area_code}-{number}" if _LOCAL.fullmatch(number) else None

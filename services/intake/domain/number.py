"""Numbers: gap-free per center and year (mechanism §2).

A number begins with its center's code: the county's `SQ-2026-0231`, a township's `SQ-ZHIDIAN-2026-0007`. The year is
that of registration, in Shanghai. At least four digits; the ten-thousandth complaint of a year has five.
"""

import re
from datetime import datetime

from shared.workdays import CHINA

NUMBER = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*-[0-9]{4}-[0-9]{4,9}")
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What a query code is made of: nothing that is misread or misheard."""
CODE_LENGTH = 8


def year_of(registered_at: datetime) -> int:
    """The year a complaint is counted in."""
    return registered_at.astimezone(CHINA).year


def number_of(center: str, year: int, seq: int) -> str:
    """The number as it stands everywhere but on paper."""
    return f"{center.upper()}-{year}-{seq:04}"


def printed_number(year: int, seq: int) -> str:
    """The number as annex 2 prints it: `2026年第0231号`."""
    return f"{year}年第{seq:04}号"


def place_of(number: str) -> tuple[int, int]:
    """The year and the sequence in a number."""
    _, year, seq = number.rsplit("-", 2)
    return int(year), int(seq)


def as_typed(number_or_code: str) -> str:
    """A number or query code as somebody may type it: spaces and small letters make no difference."""
    return "".join(number_or_code.split()).upper()

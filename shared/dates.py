"""Dates and times as people type them, in any of the ways that are usual here; what reads otherwise stays as it is.

Fields are typed, since a browser's own follow the browser's language and forget what they do not take.
"""

import re
from datetime import date, datetime
from typing import Annotated
from unicodedata import normalize

from pydantic import AfterValidator, AwareDatetime
from pydantic_core import PydanticCustomError

from shared.refusals import FieldFault, Invalid

_DAY = r"(\d{4})(?:\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))"
_TIME = (
    r"(凌晨|早上|早|上午|中午|下午|晚上|晚)?\s*(\d{1,2})\s*"
    r"(?::\s*(\d{2})(?::\s*(\d{2}))?|[点时]\s*(?:(\d{1,2})\s*分?|(半)|整)?)"
)
_A_DAY = re.compile(_DAY)
_A_MOMENT = re.compile(rf"{_DAY}(?:T|\s*){_TIME}")
_A_MONTH = re.compile(r"(20\d{2})\s*(?:[-/.年]\s*)?(0?[1-9]|1[0-2])\s*月?")
_MORNING, _NIGHT = frozenset({"凌晨", "早上", "早", "上午"}), frozenset({"晚上", "晚"})
_AFTERNOON = _NIGHT | {"下午"}
NOON = 12
YEARS = range(2000, 2101)


def _of_our_time(at: datetime) -> datetime:
    if at.year not in YEARS:
        raise PydanticCustomError("datetime_parsing", "no time of ours")
    return at


Instant = Annotated[AwareDatetime, AfterValidator(_of_our_time)]
"""A date and time, with its zone, of a year in which something can have happened here."""


def day_typed(text: str) -> str:
    """`2026-11-03` for `2026/11/3`, `2026年11月3日` or `20261103`; whether there is such a day is not asked."""
    if not (found := _A_DAY.fullmatch(_plain(text))):
        return text
    return _day(found)


def month_typed(text: str, field: str = "month") -> date:
    """The first of the month that `2026-11`, `2026年11月`, `2026/11` or `202611` is; raises `Invalid`."""
    if not (found := _A_MONTH.fullmatch(_plain(text))):
        message = "没有这个月份，请核对，写成 2026-09 的样子。"
        raise Invalid("bad-month", message, [FieldFault(field, message)])
    return date(int(found[1]), int(found[2]), 1)


def moment_typed(text: str) -> str:
    """`2026-11-23T15:05:00+08:00`, the house's zone, for `2026-11-23 15:05` or `2026年11月23日 下午3点05分`."""
    if not (found := _A_MOMENT.fullmatch(_plain(text))):
        return text
    part, hour, minute, second, past, half = found.groups()[5:]
    hours, minutes = int(hour), 30 if half else int(minute or past or 0)
    if (hours >= NOON and part in _MORNING) or (hours == NOON and part in _NIGHT):
        return text  # noon or midnight, nobody knows
    if hours < NOON and part in _AFTERNOON:
        hours += NOON
    return f"{_day(found)}T{hours:02}:{minutes:02}:{int(second or 0):02}+08:00"


def _day(found: re.Match[str]) -> str:
    year, month, day, packed_month, packed_day = found.groups()[:5]
    return f"{year}-{int(month or packed_month):02}-{int(day or packed_day):02}"


def _plain(text: str) -> str:
    return normalize("NFKC", text).strip()

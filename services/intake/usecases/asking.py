"""What is asked for, as it was typed into a form or stands in an address: texts by the names of the fields."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from services.intake.domain.filters import Filter
from services.intake.domain.period import FIRST_DAY, LAST_DAY, Period
from services.intake.domain.states import State
from services.intake.domain.submission import Category
from services.intake.usecases.ledger import Asked
from shared.events.dispatch import Final
from shared.events.intake import Triage
from shared.events.sla import Rung
from shared.refusals import FieldFault, Invalid

FIELDS = (
    "text", "state", "department", "triage", "overdue", "from", "to",
    "center", "category", "channel", "final", "rung", "as_of",
)  # fmt: skip
"""What a ledger is narrowed by, in the order of its form."""
_OVERDUE = {"": None, "true": True, "false": False}
E = TypeVar("E", bound=StrEnum)


def ledger_asked(given: Mapping[str, str]) -> Asked:
    """The ledger that these fields ask for; raises `Invalid`."""
    days = Period(*(_day(name, given.get(name, "")) for name in ("from", "to", "as_of")))
    text = given.get("text")
    if text and not 2 <= len(text) <= 100:
        raise _unknown("text", "关键词请填2到100个字。")
    if given.get("overdue", "") not in _OVERDUE:
        raise _unknown("overdue")
    wanted = Filter(
        triage=_one_of(Triage, "triage", given),
        category=_one_of(Category, "category", given),
        source=given.get("channel"),
        department=given.get("department"),
        state=_one_of(State, "state", given),
        final=_one_of(Final, "final", given),
        overdue=_OVERDUE[given.get("overdue", "")],
        rung=_one_of(Rung, "rung", given),
        text=text,
    )
    return Asked(given.get("center"), days, wanted)


def _one_of(kind: type[E], name: str, given: Mapping[str, str]) -> E | None:
    if not given.get(name):
        return None
    try:
        return kind(given[name])
    except ValueError:
        raise _unknown(name) from None


def _unknown(name: str, message: str = "不在可选范围内，请重新选择。") -> Invalid:
    return Invalid("bad-filter", message, [FieldFault(name, message)])


def _day(field: str, text: str) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = date.min
    if not FIRST_DAY <= day <= LAST_DAY:
        message = "没有这个日期，请核对，写成 2026-09-28 的样子。"
        raise Invalid("bad-date", message, [FieldFault(field, message)])
    return day

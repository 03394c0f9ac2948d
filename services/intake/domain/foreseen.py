"""Which limit a complaint will have once it is dispatched: shown while it is sorted, decided elsewhere (Art. 8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.events.intake import Triage
from shared.workdays import Calendar, Due


@dataclass(frozen=True)
class Foreseen:
    """What is owed, how soon, and when that is if dispatched now; `due` is None where no limit runs."""

    length: str
    owed: str
    due: Due | None = None


@dataclass(frozen=True)
class Limits:
    """The numbers of Art. 8 as they are set here, in working days; 0 is close of business the same day."""

    plan: int
    """Of several departments, several levels, or a `hard` matter."""
    reasons: int
    refused: int


_WITHOUT: Mapping[Triage, Foreseen] = {
    Triage.GENERAL: Foreseen("当场办理", "当日办结；不能办结的，当日重新研判。"),
    Triage.OUT_OF_SCOPE: Foreseen("函转或告知", "审核后函转承办单位并跟踪，或告知办理渠道；不计部门答复期限。"),
}


def foreseen(triage: Triage, calendar: Calendar, now: datetime, limits: Limits) -> Foreseen:
    """The limit of what is sorted so, counted from now by this calendar (mechanism §5)."""
    if triage in _WITHOUT:
        return _WITHOUT[triage]
    together = f"涉及多个部门、多层级的，{_length(limits.plan)}内提出解决方案。"
    days, owed = {
        Triage.CANNOT: (limits.reasons, f"答复理由和依据；{together}"),
        Triage.HARD: (limits.plan, "提出解决方案。"),
        Triage.REFUSED: (limits.refused, "办结，或承诺办结时限。"),
    }[triage]
    return Foreseen(_length(days), owed, calendar.due_after(now, days))


def _length(days: int) -> str:
    return f"{days}个工作日" if days else "当日"

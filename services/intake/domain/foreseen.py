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


_DAYS: Mapping[Triage, tuple[int, str, str]] = {
    Triage.CANNOT: (3, "3个工作日", "答复理由和依据；涉及多个部门、多层级的，5个工作日内提出解决方案。"),
    Triage.HARD: (5, "5个工作日", "提出解决方案。"),
    Triage.REFUSED: (0, "当日", "办结，或承诺办结时限。"),
}
_WITHOUT: Mapping[Triage, Foreseen] = {
    Triage.GENERAL: Foreseen("当场办理", "当日办结；不能办结的，当日重新研判。"),
    Triage.OUT_OF_SCOPE: Foreseen("函转或告知", "审核后函转承办单位并跟踪，或告知办理渠道；不计部门答复期限。"),
}


def foreseen(triage: Triage, calendar: Calendar, now: datetime) -> Foreseen:
    """The limit of what is sorted so, counted from now by this calendar (mechanism §5)."""
    if triage not in _DAYS:
        return _WITHOUT[triage]
    days, length, owed = _DAYS[triage]
    return Foreseen(length, owed, calendar.due_after(now, days))

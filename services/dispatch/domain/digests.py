"""What a department owes this morning, and what a level has been told of late ones (mechanism §6, §9)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.events.dispatch import OwedOrder, Party


@dataclass(frozen=True)
class Owed:
    """An order's part that its department has not answered."""

    party: Party
    number: str
    complaint_id: str
    due_at: datetime | None
    """None while sla has not told it."""
    provisional: bool


def agendas(
    owed: Iterable[Owed], now: datetime, day: date, tomorrow: Mapping[str, date]
) -> list[tuple[Party, dict[str, Any]]]:
    """By department, what is open, overdue, due today and on its center's next working day; none that owes nothing.

    Each list begins with what is due first.
    """
    by_party: dict[tuple[str, str], list[Owed]] = {}
    for each in owed:
        by_party.setdefault((each.party.center, each.party.department), []).append(each)
    found = []
    for (center, _), parts in sorted(by_party.items()):
        dated = sorted((each for each in parts if each.due_at), key=lambda each: (each.due_at, each.number))
        agenda = {
            "open": len(parts),
            "overdue": [_told(each) for each in dated if each.due_at and each.due_at < now],
            "due_today": [_told(each) for each in dated if each.due_at and each.due_at >= now and _on(each, day)],
            "due_tomorrow": [_told(each) for each in dated if _on(each, tomorrow[center])],
        }
        found.append((parts[0].party, agenda))
    return found


def _on(owed: Owed, day: date) -> bool:
    return owed.due_at is not None and owed.due_at.date() == day


def _told(owed: Owed) -> OwedOrder:
    assert owed.due_at
    return OwedOrder(
        number=owed.number, complaint_id=owed.complaint_id, due_at=owed.due_at, provisional=owed.provisional
    )

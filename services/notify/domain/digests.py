"""What departments and inspection are told by the day and by the week (mechanism §6, §9)."""

from datetime import timedelta

from services.notify.domain import words
from services.notify.domain.facts import Names, Notice, tell
from services.notify.domain.recipients import code_of, departments, inspection
from shared.events.dispatch import AgendaCompiled, EscalatedOrder, WeekCompiled


def agenda(event: AgendaCompiled) -> list[Notice]:
    """A department hears in the morning what it owes (mechanism §6)."""
    return tell(
        departments([code_of(event.party)]),
        "agenda",
        day=words.day(event.day),
        open=f"{event.open}",
        overdue=words.listed("已逾期", [each.number for each in event.overdue]),
        today=words.listed("今日到期", [each.number for each in event.due_today]),
        tomorrow=words.listed("下一个工作日到期", [each.number for each in event.due_tomorrow]),
    )


def week(event: WeekCompiled, names: Names) -> list[Notice]:
    """Inspection hears what was supervised and reported at its level, and nothing of the petitioner (mechanism §9)."""
    return tell(
        inspection(event.subject),
        "week",
        since=words.day(event.since),
        until=words.day(event.until - timedelta(days=1)),
        supervised=words.listed("督办", [_late_order(each, names) for each in event.supervised]),
        reported=words.listed("通报", [_late_order(each, names) for each in event.reported]),
    )


def _late_order(order: EscalatedOrder, names: Names) -> str:
    return f"{order.number}（{words.several(names.get(code, code) for code in map(code_of, order.late))}）"

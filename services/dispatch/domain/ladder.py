"""Whether a rung fires, who is told, and what is overdue (Art. 9, mechanism §6)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from shared.events.dispatch import Party
from shared.events.sla import Rung
from shared.refusals import NotPossible


def demand(by: str) -> str:
    """What a supervision asks for (督办要求), by when: a date as it is said, `下一个工作日下班前`."""
    return f"请立即办理，并于{by}答复。"


REQUIREMENTS: Mapping[Rung, str] = {Rung.SUPERVISED: demand("下一个工作日下班前")}
"""What a rung demands, where it demands anything; by hand the coordinator says it."""


def fires(instant: datetime, ended_at: datetime | None) -> bool:
    """Whether a leg was still owed at a rung's instant, however late that is asked; equality is in time (Art. 9)."""
    return ended_at is None or ended_at > instant


def is_overtaken(instant: datetime, known: int | None, *, committed_by: int, recommitted_at: datetime | None) -> bool:
    """Whether the committed date had become another by a rung's instant, and sla counted with the one before.

    `known` is the revision sla knew that date by, where it says so. The new date has instants of its own: sla asks
    again. A change after the instant came too late for it.
    """
    was_changed = recommitted_at is not None and recommitted_at <= instant
    return was_changed and known is not None and known < committed_by


def late_parties(answered: Iterable[tuple[Party, datetime | None]], at: datetime) -> list[Party]:
    """Whoever had not answered by then; the lead comes first, as given."""
    return [party for party, answered_at in answered if answered_at is None or answered_at > at]


def is_late(due_at: datetime | None, ended_at: datetime) -> bool:
    """Whether what ended, or still lasts, at this instant is past its due; not while no due date is known."""
    return due_at is not None and ended_at > due_at


def must_be_overdue(due_at: datetime | None, now: datetime) -> None:
    """Supervising by hand waits for the due date (mechanism §6); before it one can urge."""
    if not is_late(due_at, now):
        raise NotPossible("not-overdue", "本件尚未逾期，现在可以催办；逾期未答复的才能督办。")

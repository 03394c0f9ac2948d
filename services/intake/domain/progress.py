"""How a complaint goes on, as its petitioner is told: a few steps, where it is among them, nothing from inside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.intake.domain.names import Names
from services.intake.domain.row import Row
from services.intake.domain.states import State
from services.intake.domain.words import FINALS, PUBLIC_STATES, SOURCES

_AT: Mapping[State, int] = {
    State.REGISTERED: 1,
    State.TRIAGED: 1,
    State.TRANSFERRED: 1,
    State.DECLINED: 1,
    State.REOPENED: 1,
    State.HANDLING: 2,
    State.PLANNED: 2,
    State.ANSWERED: 2,
    State.RETURNED: 2,
    State.REDOING: 2,
    State.REFERRED: 2,
    State.SETTLED: 3,
    State.PASSED: 3,
    State.OUTCOME: 3,
    State.DIRECTED: 3,
    State.FOLLOWED_UP: 3,
    State.CONCLUDING: 3,
    State.CLOSED: 5,
}
"""Which step it is at: 0 taken in, 1 sorted and sent, 2 handled, 3 checked and followed up, 4 ended."""
_TOLD = frozenset(state for state, step in _AT.items() if step >= 3) | {State.PLANNED}
"""What came of it is the petitioner's to know: a plan when it is given, a result after its check (Art. 8)."""


class Look(StrEnum):
    """Whether a step is behind, is where it stands, or is ahead."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Step:
    """One step of the way."""

    title: str
    details: str
    at: datetime | None
    look: Look


def progress(row: Row, names: Names) -> list[Step]:
    """The steps of its way, in order; one that was settled on the spot has fewer."""
    ended = FINALS[row.final] if row.final else "满意后销号"
    steps = [
        (0, "已受理", SOURCES.get(row.source, ""), row.registered_at),
        (1, "审核分办", _whom(row, names), row.sent_at[0] if row.sent_at else None),
        (2, "部门办理", PUBLIC_STATES[row.state] if _AT[row.state] == 2 else "", row.done_at),
        (3, "质检与回访", "", row.followed_up_at),
        (4, ended, "", None),
    ]
    if row.done_at and not row.sent_at:
        steps[1:3] = [(1, "当场办结", _whom(row, names), row.done_at)]
    return [Step(title, details, at, _look(place, _AT[row.state])) for place, title, details, at in steps]


def said(row: Row, names: Names) -> str:
    """Where it stands, in the words that follow 您反映的事项."""
    if row.final:
        return FINALS[row.final]
    if row.lead and _AT[row.state] == 2:
        together = f"{names.party(row.lead)}牵头" if row.co_handlers else names.party(row.lead)
        return f"正由{together}办理"
    return PUBLIC_STATES[row.state]


def outcome(row: Row) -> str:
    """What came of it, once the petitioner may know."""
    return row.outcome or "" if row.state in _TOLD else ""


def _whom(row: Row, names: Names) -> str:
    if row.lead:
        label = "牵头部门" if row.co_handlers else "责任部门"
        return f"{label}：{names.party(row.lead)}"
    if row.unit:
        return f"已函转：{row.unit}"
    return f"请向{row.channel}反映" if row.channel else ""


def _look(place: int, at: int) -> Look:
    return Look.DONE if place < at else Look.NOW if place == at else Look.AHEAD

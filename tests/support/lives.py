"""Lives of complaints as the events of a journal tell them, and the row of the ledger they make."""

from __future__ import annotations

from typing import Any

from services.intake.domain.annex import Shown, cells
from services.intake.domain.lateness import late_by
from services.intake.domain.names import Names
from services.intake.domain.row import ledger_row
from shared.events import Event
from shared.events.dispatch import (
    EscalationReported,
    EscalationSupervised,
    EscalationUrged,
    Final,
    OrderChecked,
    OrderClosed,
    OrderFollowedUp,
    RedoStarted,
    ReplyKind,
    Satisfaction,
    Stage,
)
from shared.events.intake import ComplaintRegistered, ComplaintTriaged, SealedPetitioner, Triage
from shared.events.sla import ClockOverran, ClockStarted
from shared.workdays import Calendar
from tests.support.alone import at
from tests.support.intake import HELPER, LEAD, dispatched, leg, replied

OF = {"center": "sq", "subject": "c-1"}
NAMES = Names({"sq": "县中心", "sq-zhidian": "纸店镇中心"}, {"sq/zrzy": "县自然资源局", "sq/zjj": "县住建局"})
SHOWN = Shown("孙**", "", "199****1001")


def registered(**changed: Any) -> ComplaintRegistered:
    """It came in over the web at 10:00 on 28 September."""
    given = {
        "number": "SQ-2026-0001", "source": "web", "source_ref": "WB-1", "reported_at": at("09-28 09:00"),
        "category": "complaint", "content": "跑了三趟没办成。", "query_code": "",
        "petitioner": SealedPetitioner(kind="individual", name=""),
    }  # fmt: skip
    return ComplaintRegistered(at=at("09-28 10:00"), **OF | given | changed)


def triaged(to: Triage, revision: int = 1) -> ComplaintTriaged:
    """It was sorted five minutes later."""
    return ComplaintTriaged(at=at("09-28 10:05"), revision=revision, triage=to, by="li", **OF)


def started(number: int, due: str, *, provisional: bool = False) -> ClockStarted:
    """The clock of a leg runs."""
    return ClockStarted(at=at("09-28 10:10"), leg=number, due_at=at(due), provisional=provisional, **OF)


def checked(when: str, revision: int, *, passed: bool = True) -> OrderChecked:
    """The coordinator has checked the answer."""
    return OrderChecked(at=at(when), revision=revision, passed=passed, leg=1, round=1, by="li", **OF)


def followed_up(when: str, revision: int, how: Satisfaction = Satisfaction.SATISFIED) -> OrderFollowedUp:
    """The petitioner was asked."""
    return OrderFollowedUp(
        at=at(when), revision=revision, satisfaction=how, opinion="好", method="phone", by="li", **OF
    )


def closed(when: str, revision: int, final: Final = Final.ZEROED, **changed: Any) -> OrderClosed:
    """It has ended."""
    given = {
        "number": "SQ-2026-0001", "triage": Triage.CANNOT, "redo": 0, "overdue": False, "problem": "", "result": "",
        "by": "li",
    }  # fmt: skip
    return OrderClosed(at=at(when), revision=revision, final=final, **OF | given | changed)


def shown(*events: Event, now: str = "12-31 23:59") -> dict[str, Any]:
    """The row of the ledger these make."""
    row = ledger_row(events)
    return cells(1, row, SHOWN, NAMES, late_by(row, Calendar(), at(now)))


def a_whole_life() -> list[Event]:
    """Dispatched to two departments, overdue, returned once, redone once, satisfied at last."""
    plan = replied(
        "c-1", "09-29 10:00", 3, ReplyKind.PLAN, text="十日内解决。", next_leg=leg(2, Stage.RESULT, "09-29 10:00")
    )
    rung = {"round": 1, "to": [LEAD], "level": "sq", **OF}
    return [
        registered(),
        triaged(Triage.HARD),
        dispatched("c-1", co_handlers=[HELPER]),
        started(1, "10-10 17:30"),
        plan,
        started(2, "10-12 17:30"),
        EscalationUrged(at=at("10-11 17:30"), leg=2, fell_due_at=at("10-11 17:30"), **rung),
        EscalationUrged(at=at("10-12 09:00"), leg=2, by="li", **rung),
        EscalationSupervised(at=at("10-12 17:30"), leg=2, fell_due_at=at("10-12 17:30"), **rung),
        EscalationReported(at=at("10-13 17:30"), leg=2, fell_due_at=at("10-13 17:30"), **rung),
        replied("c-1", "10-14 10:00", 4, text="办了一半。"),
        ClockOverran(
            at=at("10-14 10:00"), leg=2, due_at=at("10-12 17:30"), answered_at=at("10-14 10:00"), working_days=2,
            office_minutes=600, **OF,
        ),
        checked("10-14 11:00", 5, passed=False),
        replied("c-1", "10-15 10:00", 6, text="办好了。"),
        ClockOverran(
            at=at("10-15 10:00"), leg=2, due_at=at("10-12 17:30"), answered_at=at("10-15 10:00"), working_days=3,
            office_minutes=900, **OF,
        ),
        checked("10-15 11:00", 7),
        followed_up("10-15 15:00", 8, Satisfaction.DISSATISFIED),
        RedoStarted(at=at("10-15 15:00"), revision=9, round=2, leg=leg(3), reason="没办到位", by="li", **OF),
        started(3, "10-20 17:30"),
        replied("c-1", "10-16 10:00", 10, text="这回办到位了。"),
        checked("10-16 11:00", 11),
        followed_up("10-16 15:00", 12),
        closed("10-16 15:00", 13, redo=1, overdue=True),
    ]  # fmt: skip

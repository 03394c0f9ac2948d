"""What must have become of a complaint: worked out from its plan and from when things were really done, by the rules.

A rung must exist exactly once if and only if the answer came after its instant (equality is in time), however late the
house heard of either; the time of a supervision counts from when it was really given (Art. 9).
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from shared.events.dispatch import LimitRule
from shared.workdays import CHINA, Due
from tests.chaos.drill import CALENDAR
from tests.chaos.evidence import Row
from tests.chaos.plans import WITH_SYSTEMS, Plan

AT_THE_CENTER = ("window", "web")
"""What came in at the center's own window or pages has no partner to be sent notices."""
FINALS = {"referred": "referred_closed", "directed": "directed", "concluded": "concluded_unsatisfied"}


@dataclass
class Ladder:
    """The rungs a leg must have, and when it must be due."""

    due_at: datetime
    is_provisional: bool = False
    """Whether nobody is sure yet which days up to then are working days."""
    rungs: set[str] = field(default_factory=set)
    instants: dict[str, datetime] = field(default_factory=dict)
    """Before which each rung must not have been given."""
    overran: int | None = None
    """By how many working days the last answer that was late was, returned at the check or not; 0: less than one."""


def due_of(leg: Row) -> Due:
    """When a leg is due by its limit."""
    start = leg["starts_at"].astimezone(CHINA)
    match leg["rule"]:
        case LimitRule.SAME_DAY:
            return CALENDAR.due_same_day(start)
        case LimitRule.WORKING_DAYS:
            return CALENDAR.due_after(start, leg["working_days"])
    return CALENDAR.due_on(leg["committed_on"])


def ladder_of(leg: Row, answers: list[datetime], returns: list[datetime], supervised: datetime | None) -> Ladder:
    """The ladder of a leg that was answered then, returned at the check then, and supervised then."""
    start = leg["starts_at"].astimezone(CHINA)
    due = due_of(leg)
    found = Ladder(due.due_at, due.provisional)
    found.instants = _instants(start, due.due_at, supervised)
    for round_, answered in enumerate(answers):
        if round_:
            start = returns[round_ - 1]
            due = max(due, CALENDAR.due_after(start, 1), key=lambda each: each.due_at)
            found.due_at, found.is_provisional = due.due_at, due.provisional
        if answered > found.due_at:
            found.overran = CALENDAR.workdays_begun(found.due_at, answered)  # it was due at a close
        found.rungs |= _passed(start, found.due_at, answered, supervised)
    return found


def _passed(start: datetime, due: datetime, answered: datetime, supervised: datetime | None) -> set[str]:
    """The rungs whose instants had passed when the answer came."""
    return {rung for rung, instant in _instants(start, due, supervised).items() if answered > instant}


def _instants(start: datetime, due: datetime, supervised: datetime | None) -> dict[str, datetime]:
    """When each rung comes; a report only once there was a supervision."""
    found = {"urged": CALENDAR.urge_at(start, due), "supervised": due}
    if supervised:
        found["reported"] = max(CALENDAR.end_of_next_working_day(supervised), due)
    return found


def legs_of(plan: Plan) -> int:
    """How many legs it must have: none that was not dispatched."""
    return (1 + (plan.kind.planned or plan.kind.redone)) if plan.kind.answers else 0


def limit_of(plan: Plan, number: int) -> tuple[LimitRule, int | None]:
    """The limit of its leg of this number (Art. 8)."""
    if plan.kind.planned:
        return (LimitRule.WORKING_DAYS, 5) if number == 1 else (LimitRule.COMMITTED, None)
    return (LimitRule.SAME_DAY, None) if triage_of(plan) == "refused" else (LimitRule.WORKING_DAYS, 3)


def begun_by(plan: Plan, number: int) -> str:
    """The step at which its leg of this number began."""
    return "dispatch" if number == 1 else "redo" if plan.kind.redone else "answer-1"


def final_of(plan: Plan) -> str:
    """How it must have ended."""
    return FINALS.get(plan.kind.name, "zeroed")


def redo_of(plan: Plan) -> int:
    """How often it was done again."""
    return int(plan.kind.redone or plan.kind.returned)


def triage_of(plan: Plan) -> str:
    """How it stands sorted in the end."""
    return "refused" if plan.kind.retriaged else plan.kind.triage


def feedback_of(plan: Plan) -> Counter[str]:
    """What the channel must have been told, by type: one for each step."""
    kind, told = plan.kind, Counter({"complaint.registered": 1, "complaint.closed": 1})
    if kind.answers:
        told["complaint.dispatched"] = 1
        # Plan and reasons reach the petitioner when given, a result when it has passed the check (Art. 8).
        results = triage_of(plan) == "refused"
        told["complaint.replied"] = 1 if results else len(kind.answers)
    elif kind.name == "referred":
        told["complaint.dispatched"] = 1
    elif kind.name == "directed":
        told["complaint.replied"] = 1
    elif kind.triage == "general":
        told["complaint.replied"] = 1 + kind.redone
    return told


def assigned_of(plan: Plan) -> Counter[str]:
    """The assignments its departments' systems must have got: one each."""
    parties = [plan.lead, *([plan.co_handler] if plan.co_handler else [])] if plan.kind.answers else []
    return Counter(f"department.sq.{code}" for code in parties if code in WITH_SYSTEMS)


def notices_of(plan: Plan, rungs: list[Row], late: int) -> Counter[str]:
    """Some of the notices that must stand, by template: of these there is one for each recipient."""
    fired = Counter(row["rung"] for row in rungs)
    told = Counter(
        {
            "petitioner.closed": 1,
            "channel.closed": int(plan.source not in AT_THE_CENTER),
            "channel.registered": int(plan.source not in AT_THE_CENTER),
            "department.supervised": late if fired["supervised"] else 0,
            "head.supervised": fired["supervised"],
            "head.reported": fired["reported"],
            "government.reported": fired["reported"],
            "inspection.reported": fired["reported"],
        }
    )
    if plan.kind.answers:
        told["petitioner.dispatched"] = 1
        told["channel.dispatched"] = int(plan.source not in AT_THE_CENTER)
    return +told

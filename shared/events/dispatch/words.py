"""The words that several events of dispatch use: stages, answers, ends; whose part it is; a leg."""

from datetime import date
from enum import StrEnum

from shared.events.base import Fact, Moment


class Stage(StrEnum):
    """What the lead owes: a first answer, or the result of a plan."""

    REPLY = "reply"
    RESULT = "result"


class ReplyKind(StrEnum):
    """答复 with reasons, 解决方案, 办理结果 (Art. 8)."""

    REASONS = "reasons"
    PLAN = "plan"
    RESULT = "result"


class Satisfaction(StrEnum):
    """What a follow-up found (Art. 10)."""

    SATISFIED = "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied"
    DISSATISFIED = "dissatisfied"
    UNREACHABLE = "unreachable"


class Final(StrEnum):
    """How an order can end."""

    ZEROED = "zeroed"
    CONCLUDED_UNSATISFIED = "concluded_unsatisfied"
    CONCLUDED_UNREACHABLE = "concluded_unreachable"
    WITHDRAWN = "withdrawn"
    REFERRED_CLOSED = "referred_closed"
    DIRECTED = "directed"


class LimitRule(StrEnum):
    """How a stage's limit is counted (Art. 8)."""

    WORKING_DAYS = "working_days"
    SAME_DAY = "same_day"
    COMMITTED = "committed"


class Party(Fact):
    """A department, by the center it belongs to and its code there."""

    center: str
    department: str


class Leg(Fact):
    """What one ladder covers (mechanism §6): from an instant, under a limit, in one stage."""

    number: int
    stage: Stage
    round: int
    starts_at: Moment
    rule: LimitRule
    working_days: int | None = None
    committed_on: date | None = None
    calendar: str
    """The center whose calendar and hours count."""
    has_co_handlers: bool = False

"""Where a complaint stands, from registering to its end, and what the window may still do there (Art. 6)."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from shared.events.intake import Triage
from shared.refusals import FieldFault, Forbidden, Invalid, NotPossible


class State(StrEnum):
    """Where a complaint stands."""

    REGISTERED = "registered"
    TRIAGED = "triaged"
    SETTLED = "settled"
    TRANSFERRED = "transferred"
    HANDLING = "handling"
    DECLINED = "declined"
    """Back for review: the coordinator agreed that the department was not the right one."""
    PLANNED = "planned"
    ANSWERED = "answered"
    RETURNED = "returned"
    PASSED = "passed"
    REFERRED = "referred"
    OUTCOME = "outcome"
    DIRECTED = "directed"
    FOLLOWED_UP = "followed_up"
    REDOING = "redoing"
    REOPENED = "reopened"
    """To be dealt with anew at the window: what was settled, referred or directed did not satisfy."""
    CONCLUDING = "concluding"
    CLOSED = "closed"


AWAITING_ANSWER = frozenset({State.HANDLING, State.PLANNED, State.RETURNED, State.REDOING})
"""A department owes an answer, and its clock runs."""


class Step(StrEnum):
    """What the window does after registering."""

    TRIAGE = "triage"
    SETTLE = "settle"


_AT_THE_WINDOW = frozenset(Step)

ALLOWED: Mapping[State, frozenset[Step]] = {state: frozenset() for state in State} | {
    State.REGISTERED: frozenset({Step.TRIAGE}),
    State.TRIAGED: _AT_THE_WINDOW,
    State.TRANSFERRED: _AT_THE_WINDOW,
    State.DECLINED: _AT_THE_WINDOW,
    State.REOPENED: _AT_THE_WINDOW,
}
"""The steps still possible in each state; `settle` moreover only for what is `general`."""


def must_allow(state: State, step: Step) -> None:
    """Refuse a step that comes too early or too late; raises `NotPossible`."""
    if step in ALLOWED[state]:
        return
    match state:
        case State.REGISTERED:
            raise NotPossible("not-triaged", "该诉求尚未研判分类，请先研判为一般性问题，再当场办结。")
        case State.SETTLED:
            raise NotPossible("already-settled", "该诉求已当场办结，请等待回访；诉求人不满意时会退回重新办理。")
        case State.REFERRED:
            raise NotPossible("dispatched", "该诉求已函转有关单位，正在跟踪；需要重新研判的，请先在工作单上收回函转。")
        case State.CLOSED:
            raise NotPossible("closed", "该诉求已办结归档，不能再研判或当场办结；诉求人可以申请重新办理。")
    raise NotPossible("dispatched", "该诉求已分办，研判不能再更改；如有不妥，请在工作单上办理退单或改派。")


def must_be_general(triage: Triage | None) -> None:
    """Only what is general is settled on the spot (Art. 6); raises `NotPossible`."""
    if triage is not Triage.GENERAL:
        raise NotPossible("not-general", "只有研判为“一般性”的诉求才能当场办结；其他诉求请提交管理机构审核分办。")


def must_allow_retriage(current: Triage, to: Triage, reason: str | None, *, by_coordinator: bool) -> None:
    """A second triage says why; anything but a general one is for the coordinator to correct (mechanism §3)."""
    if to is current:
        raise NotPossible("same-triage", "该诉求已是这一研判类别，无需更改。")
    if current is not Triage.GENERAL and not by_coordinator:
        raise Forbidden("coordinator-only", "该诉求已提交管理机构，研判类别请由管理机构更正。")
    if not reason:
        message = "更改研判类别要写明理由。"
        raise Invalid("reason-missing", message, [FieldFault("reason", message)])


def must_not_be_about(about: str | None, names: Collection[str | None]) -> None:
    """Nobody handles a complaint about himself (mechanism §1); `names` are all that he and his department go by."""
    if about is not None and about in names:
        raise Forbidden("about-yourself", "该诉求反映的是您本人或您所在的部门，请回避，由其他工作人员办理。")

"""Where an order stands, what may be done there, and where that leads (mechanism §3 to §7)."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from shared.events.dispatch import Final, ReplyKind, Satisfaction
from shared.events.intake import Triage
from shared.refusals import FieldFault, Invalid, NotPossible


class State(StrEnum):
    """Where an order stands."""

    ON_SPOT = "on_spot"
    """At the window, which settles it or sorts it anew."""
    PENDING = "pending"
    """With the coordinator, for review and dispatch."""
    REFERRED = "referred"
    """With a unit outside; its outcome is awaited."""
    HANDLING = "handling"
    """With the departments."""
    CHECKING = "checking"
    """Answered; the quality check is next."""
    FOLLOWING_UP = "following_up"
    CONCLUDING = "concluding"
    """To be concluded without satisfaction; reasons and legal basis are awaited."""
    APPROVING = "approving"
    """Such a conclusion awaits a second person."""
    CLOSED = "closed"


class Action(StrEnum):
    """What can be done to an order; each is called as its door is."""

    TRIAGE = "triage"
    SETTLE = "settle"
    DISPATCH = "dispatch"
    TRANSFER = "transfer"
    REFER = "refer"
    DIRECT = "direct"
    OUTCOME = "outcome"
    RECALL = "recall"
    """Take back what was referred: it is sorted and dispatched anew."""
    SIGN = "sign"
    REPLY = "reply"
    URGE = "urge"
    SUPERVISE = "supervise"
    CHECK = "check"
    FOLLOW_UP = "follow-up"
    CONCLUDE = "conclude"
    APPROVE = "approve"
    DECLINE = "decline"
    UPHOLD = "uphold"
    """Or refuse: the coordinator's word on a decline."""
    EXTEND = "extend"
    GRANT = "grant"
    """Or refuse: the coordinator's word on an extension."""
    CONSENT = "consent"
    OVERRULE = "overrule"
    STUDY = "study"
    JOIN = "join"
    NUDGE = "nudge"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    """Or not: the second person's word on a withdrawal."""
    REOPEN = "reopen"
    CLUE = "clue"
    """Copy a clue of misconduct to discipline inspection."""


class Way(StrEnum):
    """How an order was dealt with; it decides what its end is called, and where a redo begins."""

    DISPATCHED = "dispatched"
    SETTLED = "settled"
    REFERRED = "referred"
    DIRECTED = "directed"


class Then(StrEnum):
    """What the coordinator makes of a follow-up that did not go well."""

    REDO = "redo"
    CONCLUDE = "conclude"


_REVIEW = {Action.TRIAGE, Action.SETTLE, Action.DISPATCH, Action.TRANSFER, Action.REFER, Action.DIRECT}
_DEPARTMENTS = {Action.SIGN, Action.REPLY, Action.DECLINE, Action.EXTEND}
_COORDINATOR = {Action.URGE, Action.SUPERVISE, Action.UPHOLD, Action.GRANT, Action.CONSENT, Action.OVERRULE}
_TOGETHER = {Action.STUDY, Action.JOIN}
_WHILE_OPEN = {Action.NUDGE, Action.WITHDRAW, Action.CONFIRM}
_ALWAYS = {Action.CLUE}

ALLOWED: Mapping[State, frozenset[Action]] = {
    state: frozenset(_ALWAYS | actions)
    for state, actions in {
        State.ON_SPOT: _WHILE_OPEN | {Action.TRIAGE, Action.SETTLE},
        State.PENDING: _WHILE_OPEN | _REVIEW | _TOGETHER,
        State.REFERRED: _WHILE_OPEN | {Action.OUTCOME, Action.REFER, Action.RECALL, Action.STUDY},
        State.HANDLING: _WHILE_OPEN | _DEPARTMENTS | _COORDINATOR | _TOGETHER,
        State.CHECKING: _WHILE_OPEN | {Action.CHECK, Action.STUDY},
        State.FOLLOWING_UP: _WHILE_OPEN | {Action.FOLLOW_UP},
        State.CONCLUDING: _WHILE_OPEN | {Action.FOLLOW_UP, Action.CONCLUDE, Action.STUDY},
        State.APPROVING: _WHILE_OPEN | {Action.APPROVE},
        State.CLOSED: {Action.REOPEN},
    }.items()
}

_NEXT_STEP: Mapping[State, str] = {
    State.ON_SPOT: "本件属一般性问题，正在窗口当场处理；请先当场办结，当场解决不了的请先改判分类。",
    State.PENDING: "本件正待审核分办；请先分办、函转或告知渠道。",
    State.REFERRED: "本件已函转有关单位，正在等待回函；请先登记处理结果，该单位不予办理的请收回函转，再重新研判分办。",
    State.HANDLING: "本件正由部门办理；请等部门答复，可以催办，超期后可以督办。",
    State.CHECKING: "部门已经答复，本件待质检；请先质检。",
    State.FOLLOWING_UP: "本件待回访；请先回访诉求人。",
    State.CONCLUDING: "本件拟作不满意办结；请填写理由和依据提请审批，或者再次回访。",
    State.APPROVING: "不满意办结的意见已提交；请由管理机构负责人审批。",
    State.CLOSED: "本件已经办结，不能再作处理；诉求人不认可的，可以在规定期限内申请重新办理。",
}


def must_allow(state: State, action: Action) -> None:
    """Refuse what cannot be done in this state, saying what can."""
    if action not in ALLOWED[state]:
        raise NotPossible("not-in-this-state", _NEXT_STEP[state])


def after_triage(triage: Triage) -> State:
    """General matters stay at the window, all others go to the coordinator (Art. 6)."""
    return State.ON_SPOT if triage is Triage.GENERAL else State.PENDING


_BEFORE_DISPATCH: Mapping[Triage, str] = {
    Triage.GENERAL: "一般性问题应当场解决，不分办；当场解决不了的，请先改判分类。",
    Triage.OUT_OF_SCOPE: "不属于政务服务范围的诉求不分办；请函转有关单位，或者告知法定渠道。",
}


def must_be_dispatchable(triage: Triage) -> None:
    """Refuse to dispatch what departments do not handle (Art. 6)."""
    if sentence := _BEFORE_DISPATCH.get(triage):
        raise NotPossible("not-for-departments", sentence)


def must_be_askable(unit: str, asked: tuple[str, date] | None, today: date, *, chase: bool) -> None:
    """Refuse to refer once more to the unit that is being asked, but to chase its answer, once a day (mechanism §3).

    `asked`: whom, and on which day last; None while nobody is. Who got no answer to a request of his sends it again:
    neither letter is written twice because of that.
    """
    if asked is None or unit != asked[0]:
        if chase:
            raise NotPossible("not-asked", f"本件没有函转{unit}，不能催问；请核对单位名称。")
    elif not chase:
        sentence = f"本件已函转{unit}，正在等待回函；需要催问的请注明催问，改送其他单位的请填写那个单位。"
        raise NotPossible("asked-already", sentence)
    elif asked[1] == today:
        raise NotPossible("chased-today", f"今天已向{unit}发函，请改日再催问。")


def must_be_out_of_scope(triage: Triage) -> None:
    """Only what is no matter of this center is referred or directed (Art. 6)."""
    if triage is not Triage.OUT_OF_SCOPE:
        raise NotPossible("in-scope", "本件属于政务服务范围，请分办到部门；确不属于的，请先改判为“不属于”。")


_OTHERWISE: Mapping[tuple[Action, str], str] = {
    (Action.REFER, "direct"): "诉讼、仲裁、行政复议、纪检监察和信访事项不函转，请告知诉求人法定渠道和理由。",
    (Action.DIRECT, "refer"): "该单位受理函转，不能让诉求人自行前往，请函转该单位并跟踪处理结果。",
}
"""What to do instead, by what was to be done and the way that leads to the unit."""


_GO_THEMSELVES = re.compile("法院|法庭|检察院|仲裁|复议|纪律检查|纪检|纪委|监委|监察委|信访")


def must_lead_there(action: Action, unit: str, way: str | None) -> None:
    """Refuse to refer to where petitioners go themselves, and to send them where complaints are referred (Art. 6).

    `way` is the directory's word on the unit; where it does not know it, the unit's own name says what it is.
    """
    way = way or ("direct" if _GO_THEMSELVES.search(unit) else None)
    if way and (sentence := _OTHERWISE.get((action, way))):
        field = "unit" if action is Action.REFER else "channel"
        raise Invalid("other-way", sentence, [FieldFault(field, sentence)])


def after_answer(kind: ReplyKind) -> State:
    """A lead's plan goes on to its result, everything else to the check (Art. 8, 10)."""
    return State.HANDLING if kind is ReplyKind.PLAN else State.CHECKING


def after_check(*, passed: bool) -> State:
    """Passed: ask the petitioner. Returned: the departments go on (Art. 10)."""
    return State.FOLLOWING_UP if passed else State.HANDLING


CLOSED_AS: Mapping[Way, Final] = {
    Way.DISPATCHED: Final.ZEROED,
    Way.SETTLED: Final.ZEROED,
    Way.REFERRED: Final.REFERRED_CLOSED,
    Way.DIRECTED: Final.DIRECTED,
}
"""What a petitioner who is content makes of it (清零销号 and its kin)."""

REDONE_FROM: Mapping[Way, State] = {
    Way.DISPATCHED: State.HANDLING,
    Way.SETTLED: State.ON_SPOT,
    Way.REFERRED: State.REFERRED,
    Way.DIRECTED: State.PENDING,
}
"""Where a redo begins that the petitioner asked for."""


def after_follow_up(
    state: State, way: Way, satisfaction: Satisfaction, then: Then | None
) -> tuple[State, Final | None]:
    """Where a follow-up leads (Art. 10): the next state, and how it ended if it did.

    Raises `Invalid` when the coordinator's decision is missing, or does not fit what the petitioner said, and
    `NotPossible` where one who was reached in this round, and is dissatisfied, would be concluded as unreachable: that
    takes a second person.
    """
    match satisfaction, then:
        case ((Satisfaction.SATISFIED | Satisfaction.BASICALLY_SATISFIED), None):
            return State.CLOSED, CLOSED_AS[way]
        case Satisfaction.DISSATISFIED, Then.REDO:
            return REDONE_FROM[way], None
        case Satisfaction.DISSATISFIED, Then.CONCLUDE:
            return State.CONCLUDING, None
        case Satisfaction.UNREACHABLE, None:
            return state, None
        case Satisfaction.UNREACHABLE, Then.CONCLUDE if state is State.CONCLUDING:
            raise NotPossible(
                "was-reached",
                "本轮已经联系上诉求人，其表示不满意，不能再按无法联系办结；请填写理由和依据提请不满意办结的审批。",
            )
        case Satisfaction.UNREACHABLE, Then.CONCLUDE:
            return State.CLOSED, Final.CONCLUDED_UNREACHABLE
    sentence = {
        Satisfaction.DISSATISFIED: "诉求人不满意，请选择退回重办（redo）或作不满意办结（conclude）。",
        Satisfaction.UNREACHABLE: "没有联系上诉求人，不能据此退回重办。",
    }.get(satisfaction, "诉求人满意或基本满意的直接清零销号，不需要选择后续处理。")
    raise Invalid("wrong-then", sentence, [FieldFault("then", sentence)])

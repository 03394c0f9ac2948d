"""A guidance case's way from draft to public, and from there to a newer one (Art. 11; mechanism §8)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.casebook.domain.text import Text, must_be_whole
from shared.refusals import FieldFault, Forbidden, Invalid, NotPossible


class State(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class Step(StrEnum):
    """What can be done with a case."""

    EDIT = "edit"
    CONFIRM = "confirm"
    """The editor has seen what was struck, and says that nothing personal is left."""
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    COSIGN = "cosign"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    REVISE = "revise"
    """Begin a newer one; this one stays public until that is."""
    REPLACE = "replace"
    """The newer one is public."""
    CITE = "cite"


_WRITING = (Step.EDIT, Step.CONFIRM)
_STAYS_PUBLIC = (Step.REVISE, Step.CITE)

ALLOWED: Mapping[State, Mapping[Step, State]] = {
    State.DRAFT: dict.fromkeys(_WRITING, State.DRAFT) | {Step.SUBMIT: State.SUBMITTED},
    State.SUBMITTED: {Step.APPROVE: State.APPROVED, Step.RETURN: State.RETURNED},
    State.RETURNED: dict.fromkeys(_WRITING, State.RETURNED) | {Step.SUBMIT: State.SUBMITTED},
    State.APPROVED: {Step.COSIGN: State.APPROVED, Step.PUBLISH: State.PUBLISHED, Step.RETURN: State.RETURNED},
    State.PUBLISHED: dict.fromkeys(_STAYS_PUBLIC, State.PUBLISHED)
    | {Step.WITHDRAW: State.WITHDRAWN, Step.REPLACE: State.REPLACED},
    State.WITHDRAWN: {},
    State.REPLACED: {},
}
OF_THE_APPROVER = frozenset({Step.APPROVE, Step.RETURN, Step.PUBLISH, Step.WITHDRAW})
OF_A_WRITER = frozenset({Step.EDIT, Step.CONFIRM, Step.SUBMIT})
NEEDS_REMARK = frozenset({Step.RETURN, Step.WITHDRAW})

STATES = dict(zip(State, ("草稿", "待审核", "已退回", "已审核", "已发布", "已撤回", "已被新案例替换"), strict=True))
STEPS = dict(
    zip(
        Step,
        ("修改", "确认脱敏", "提交审核", "审核通过", "退回", "会签", "发布", "撤回", "修订", "替换", "引用"),
        strict=True,
    )
)
_HINTS: Mapping[tuple[State, Step], str] = {
    (State.PUBLISHED, Step.EDIT): "已发布的案例不能直接修改，请发起修订，发布后替换原案例。",
    (State.SUBMITTED, Step.EDIT): "案例正在审核，不能修改；需要修改的，请审核人退回。",
    (State.APPROVED, Step.EDIT): "案例已审核通过，不能修改；需要修改的，请审核人退回。",
    (State.APPROVED, Step.APPROVE): "案例已审核通过，不需要重复审核。",
    (State.SUBMITTED, Step.PUBLISH): "案例还没有审核通过，不能发布。",
    (State.SUBMITTED, Step.COSIGN): "案例还没有审核通过，请在审核通过后会签。",
}
"""What to do instead, where that is known."""


@dataclass(frozen=True)
class Standing:
    """What must be known of a case to say what may be done with it."""

    state: State
    text: Text
    writers: Collection[str]
    """Whoever has written on it."""
    is_confirmed: bool = False
    unsigned: tuple[str, ...] = ()
    """The departments, by name, that have yet to sign with the bureau."""


def after(case: Standing, step: Step, by: str, remark: str | None = None) -> State:
    """The state this step leads to. Refused where it is not allowed, and why; the approver is never a writer."""
    if step not in ALLOWED[case.state]:
        plain = f"案例现在是“{STATES[case.state]}”，不能{STEPS[step]}。"
        raise NotPossible("not-now", _HINTS.get((case.state, step), plain))
    if step in OF_THE_APPROVER and by in case.writers:
        raise Forbidden("own-case", f"不能{STEPS[step]}自己编写的案例，请由另一名审核人办理。")
    if step in NEEDS_REMARK and not (remark and remark.strip()):
        raise Invalid("invalid", f"{STEPS[step]}案例请写明理由。", [FieldFault("remark", "必填，请填写。")])
    if step is Step.SUBMIT:
        must_be_whole(case.text)
        if not case.is_confirmed:
            raise NotPossible("not-confirmed", "提交前请核对脱敏结果并确认；确认后又修改过的，请重新确认。")
    if step is Step.PUBLISH and case.unsigned:
        raise NotPossible("not-cosigned", f"联合发布的案例还缺{'、'.join(case.unsigned)}会签，请会签后再发布。")
    return ALLOWED[case.state][step]


def open_to(case: Standing, by: str) -> list[Step]:
    """The steps that this state allows, in order; an approver is offered none on a case he has written on."""
    return [step for step in ALLOWED[case.state] if step not in OF_THE_APPROVER or by not in case.writers]


def must_sign_once(department: str, named: Collection[str], signed: Collection[str]) -> None:
    """Refuse a department that was not named, or has signed (mechanism §8)."""
    if department not in named:
        raise Forbidden("not-named", "这个案例没有请您的部门会签。")
    if department in signed:
        raise NotPossible("signed-already", "您的部门已经会签，不需要重复会签。")

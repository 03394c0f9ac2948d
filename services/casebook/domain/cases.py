"""A guidance case's way from draft to public (Art. 11; mechanism §8)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Self

from services.casebook.domain.personal import stripped
from shared.events.dispatch import OrderClosed
from shared.refusals import FieldFault, Forbidden, Invalid, NotPossible


class State(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What can be done with a case."""

    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


ALLOWED: Mapping[State, Mapping[Step, State]] = {
    State.DRAFT: {Step.EDIT: State.DRAFT, Step.SUBMIT: State.SUBMITTED},
    State.SUBMITTED: {Step.APPROVE: State.APPROVED, Step.RETURN: State.RETURNED},
    State.RETURNED: {Step.EDIT: State.RETURNED, Step.SUBMIT: State.SUBMITTED},
    State.APPROVED: {Step.PUBLISH: State.PUBLISHED, Step.RETURN: State.RETURNED},
    State.PUBLISHED: {Step.WITHDRAW: State.WITHDRAWN},
    State.WITHDRAWN: {},
}
OF_THE_APPROVER = frozenset({Step.APPROVE, Step.RETURN, Step.PUBLISH, Step.WITHDRAW})
NEEDS_REMARK = frozenset({Step.RETURN, Step.WITHDRAW})

_STATES = dict(zip(State, ("草稿", "待审核", "已退回", "已审核", "已发布", "已撤回"), strict=True))
_STEPS = dict(zip(Step, ("修改", "提交审核", "审核通过", "退回", "发布", "撤回"), strict=True))
_NAMES = {"title": "标题", "problem": "问题详情", "method": "处理方法", "steps": "处理步骤", "conclusion": "结论意见"}
_TITLE_LENGTH = 60


@dataclass(frozen=True)
class Text:
    """What a case says: Art. 11's problem, method, steps and conclusion, and what it rests on."""

    title: str
    problem: str
    method: str = ""
    steps: str = ""
    conclusion: str = ""
    basis: str = ""

    def anonymous(self) -> Self:
        """The same without personal data."""
        return type(self)(*(stripped(part).strip() for part in self.parts()))

    def parts(self) -> list[str]:
        """Everything it says, in order."""
        return [getattr(self, field.name) for field in fields(self)]


def drafted_from(event: OrderClosed) -> Text:
    """What the closing of a typical complaint already tells; its method and steps are for the editor to write."""
    conclusion = "\n".join(part for part in (event.result, event.reasons) if part)
    title = re.split(r"[。！？!?\n]", event.problem.strip())[0][:_TITLE_LENGTH]
    return Text(title or event.number, event.problem, conclusion=conclusion, basis=event.legal_basis or "").anonymous()


def after(state: State, step: Step, text: Text, author: str, by: str, remark: str | None) -> State:
    """The state this step leads to. Refused where it is not allowed, and why; the approver is never the author."""
    if step not in ALLOWED[state]:
        raise NotPossible("not-now", f"案例现在是“{_STATES[state]}”，不能{_STEPS[step]}。")
    if step in OF_THE_APPROVER and by == author:
        raise Forbidden("own-case", f"不能{_STEPS[step]}自己编写的案例，请由另一名审核人办理。")
    if step in NEEDS_REMARK and not (remark and remark.strip()):
        raise Invalid("invalid", f"{_STEPS[step]}案例请写明理由。", [FieldFault("remark", "必填，请填写。")])
    if step is Step.SUBMIT:
        must_be_complete(text)
    return ALLOWED[state][step]


def must_be_complete(text: Text) -> None:
    """Refuse, naming each, a case without its problem, method, steps or conclusion (Art. 11)."""
    missing = [field for field in _NAMES if not getattr(text, field)]
    if missing:
        faults = [FieldFault(field, f"请填写{_NAMES[field]}。") for field in missing]
        raise Invalid("incomplete", "提交审核前请补全：" + "、".join(_NAMES[field] for field in missing) + "。", faults)

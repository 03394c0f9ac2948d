"""Every step of a case, as its page offers it: the form's body is the JSON door's."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.api.views import Confirmed, Remark
from services.casebook.domain.cases import NEEDS_REMARK, Step
from services.casebook.tables import Case
from services.casebook.usecases import publishing, writing
from services.casebook.usecases.shelves import TAKEN_BY
from shared.security import roles
from shared.security.roles import Actor

Said = Callable[[AsyncSession, Actor, str, str | None], Awaitable[Case]]


@dataclass(frozen=True)
class Act:
    """One step: `/cases/{id}/{step}`."""

    step: Step
    label: str
    done: str
    """What is said when it is."""
    do: Callable[[AsyncSession, Actor, str, Any], Awaitable[Case]]
    body: type[BaseModel] | None = Remark
    """None: one button, nothing to fill in."""
    remark: str = ""
    """What is asked to be said with it; empty where nothing is."""

    @property
    def permission(self) -> roles.Action:
        """What whoever does it must be allowed to do."""
        return TAKEN_BY[self.step]

    @property
    def needs_remark(self) -> bool:
        """Whether something must be said."""
        return self.step in NEEDS_REMARK


def _saying(step: Said) -> Callable[[AsyncSession, Actor, str, Remark], Awaitable[Case]]:
    async def do(session: AsyncSession, actor: Actor, case_id: str, given: Remark) -> Case:
        return await step(session, actor, case_id, given.remark)

    return do


async def _confirm(session: AsyncSession, actor: Actor, case_id: str, given: Confirmed) -> Case:
    return await writing.confirm(session, actor, case_id, given.revision)


async def _cosign(session: AsyncSession, actor: Actor, case_id: str, _: None) -> Case:
    return await publishing.cosign(session, actor, case_id)


async def _revise(session: AsyncSession, actor: Actor, case_id: str, _: None) -> Case:
    return await writing.revise(session, actor, case_id)


ACTS: Mapping[Step, Act] = {
    act.step: act
    for act in (
        Act(Step.CONFIRM, "确认脱敏", "已确认脱敏，可以提交审核。", _confirm, Confirmed),
        Act(Step.SUBMIT, "提交审核", "已提交审核。", _saying(publishing.submit), remark="提交说明"),
        Act(Step.APPROVE, "审核通过", "已审核通过。", _saying(publishing.approve), remark="审核意见"),
        Act(Step.COSIGN, "会签", "已会签。", _cosign, None),
        Act(Step.PUBLISH, "发布", "已发布，公众可以查阅。", _saying(publishing.publish), remark="发布说明"),
        Act(Step.RETURN, "退回修改", "已退回编写人。", _saying(publishing.give_back), remark="退回理由"),
        Act(Step.REVISE, "修订", "已建立修订稿；修订稿发布之前，原案例仍然公开。", _revise, None),
        Act(Step.WITHDRAW, "撤回", "已撤回，公众不能再查阅。", _saying(publishing.withdraw), remark="撤回理由"),
    )
}
"""In the order in which they are offered."""

ASIDE = frozenset({Step.RETURN, Step.WITHDRAW})
"""What nobody waits for: its form is opened by whoever wants it."""

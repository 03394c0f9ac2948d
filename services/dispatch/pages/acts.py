"""Everything that can be done to an order, as its page offers it: the form's body is the JSON door's."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.api import bodies, doors, oversight
from services.dispatch.api.bodies import Standing
from services.dispatch.domain.states import Action
from services.dispatch.tables import Order
from services.dispatch.usecases import answering, closing, review
from services.dispatch.usecases.answering import Answered
from shared.security import roles
from shared.security.roles import Actor


class Uphold(bodies.Decline):
    """The coordinator's word on a decline."""

    uphold: bool


class Grant(bodies.Extend):
    """The coordinator's word on an extension."""

    approve: bool


class Approve(bodies.Conclude):
    """The second person's word on a conclusion."""

    approve: bool


class Confirm(bodies.Withdraw):
    """The second person's word on a withdrawal."""

    confirm: bool


@dataclass(frozen=True)
class Act:
    """One thing that can be done: `/orders/{id}/{action}`; its fields are the macro of its name in `acts.html`."""

    action: Action
    label: str
    done: str
    """What is said when it is."""
    permission: roles.Action
    do: Callable[[str, Any, AsyncSession, Actor], Awaitable[object]]
    body: type[BaseModel] | None = None
    """None: one button, nothing to fill in."""

    @property
    def macro(self) -> str:
        """What shows its fields."""
        return self.action.value.replace("-", "_")


async def _dispatch(complaint_id: str, given: bodies.Dispatch, session: AsyncSession, actor: Actor) -> Order:
    return await review.dispatch(session, actor, complaint_id, review.Dispatch(**given.model_dump()))


async def _reply(complaint_id: str, given: bodies.Reply, session: AsyncSession, actor: Actor) -> Answered:
    return await answering.reply(session, actor, complaint_id, answering.Answer(**given.model_dump()))


async def _check(complaint_id: str, given: bodies.Check, session: AsyncSession, actor: Actor) -> Order:
    return await closing.check(session, actor, complaint_id, **given.model_dump())


async def _follow_up(complaint_id: str, given: bodies.FollowUp, session: AsyncSession, actor: Actor) -> Order:
    return await closing.follow_up(session, actor, complaint_id, closing.Heard(**given.model_dump()))


async def _sign(complaint_id: str, _: None, session: AsyncSession, actor: Actor) -> Standing:
    return await doors.sign(complaint_id, session, actor)


async def _urge(complaint_id: str, _: None, session: AsyncSession, actor: Actor) -> Standing:
    return await doors.urge(complaint_id, session, actor)


_DISPATCH, _CHECK, _CONCLUDE = roles.Action.DISPATCH, roles.Action.CHECK, roles.Action.CONCLUDE
_REPLY, _CLUE = roles.Action.REPLY, roles.Action.COPY_CLUE

ACTS: Mapping[Action, Act] = {
    act.action: act
    for act in (
        # What somebody waits for comes first: the first that may be done is open on the page.
        Act(Action.CONFIRM, "确认撤回", "撤回的确认结果已记录。", _CONCLUDE, doors.withdraw, Confirm),
        Act(Action.APPROVE, "审批办结", "审批意见已记录。", _CONCLUDE, doors.conclude, Approve),
        Act(Action.UPHOLD, "审核退单", "退单审核意见已记录。", _DISPATCH, doors.decline, Uphold),
        Act(Action.GRANT, "审核延期", "延期审核意见已记录。", _DISPATCH, doors.extend, Grant),
        Act(Action.CONSENT, "审定承诺日期", "承诺日期的审定意见已记录。", _DISPATCH, doors.consent, bodies.Consent),
        Act(Action.DISPATCH, "分办", "已分办，期限从现在起计算。", _DISPATCH, _dispatch, bodies.Dispatch),
        Act(Action.OUTCOME, "登记回函结果", "处理结果已登记，请回访诉求人。", _DISPATCH, doors.outcome, bodies.Outcome),
        Act(Action.REFER, "函转", "已函转，请签发函转函并跟踪。", _DISPATCH, doors.refer, bodies.Refer),
        Act(Action.RECALL, "收回函转", "已收回，请重新研判、分办或改送。", _DISPATCH, doors.recall, bodies.Recall),
        Act(Action.DIRECT, "告知渠道", "已告知渠道，请回访诉求人。", _DISPATCH, doors.direct, bodies.Direct),
        Act(Action.CHECK, "质检", "质检结果已记录。", _CHECK, _check, bodies.Check),
        Act(Action.CONCLUDE, "提请不满意办结", "已提请审批。", _CONCLUDE, doors.conclude, bodies.Conclude),
        Act(Action.FOLLOW_UP, "回访", "回访已记录。", _CHECK, _follow_up, bodies.FollowUp),
        Act(Action.SIGN, "签收", "已签收，请按期答复。", _REPLY, _sign),
        Act(Action.REPLY, "答复", "答复已提交。", _REPLY, _reply, bodies.Reply),
        Act(Action.DECLINE, "退单", "退单已提交，审核期间期限照常计算。", _REPLY, doors.decline, bodies.Decline),
        Act(Action.EXTEND, "申请延期", "延期申请已提交，审核期间期限不变。", _REPLY, doors.extend, bodies.Extend),
        Act(
            Action.TRANSFER,
            "转办其他中心",
            "已转办，由接收中心分办；请签发函转函。",
            _DISPATCH,
            doors.transfer,
            bodies.Transfer,
        ),
        Act(Action.URGE, "手动催办", "催办已发出。", _DISPATCH, _urge),
        Act(Action.SUPERVISE, "手动督办", "督办已发出。", _DISPATCH, doors.supervise, bodies.Supervise),
        Act(
            Action.OVERRULE, "不再等待协办", "牵头部门不必再等待协办部门。", _DISPATCH, doors.overrule, bodies.Overrule
        ),
        Act(Action.STUDY, "登记会商", "会商纪要已登记。", _DISPATCH, doors.study, bodies.Study),
        Act(Action.JOIN, "并案办理", "已并案办理。", _DISPATCH, doors.join, bodies.Join),
        Act(
            Action.WITHDRAW,
            "登记撤回",
            "撤回意愿已登记，须由另一位负责人电话确认。",
            _CONCLUDE,
            doors.withdraw,
            bodies.Withdraw,
        ),
        Act(Action.CLUE, "抄告线索", "线索已抄告纪检监察机关。", _CLUE, oversight.copy_clue, oversight.Clue),
        Act(Action.REOPEN, "重新办理", "已重新办理。", _CHECK, doors.reopen, bodies.Reopen),
    )
}
"""In the order in which they are offered."""

NAMED = 5
"""How many of what an answer did not reach are named right after it; the order's page names all."""


def aftermath(came: object) -> str:
    """What else is said of what was done: of an answer, what it did not reach."""
    if not isinstance(came, Answered) or not came.left_out:
        return ""
    named = "".join(f"{each.number}：{each.why}" for each in came.left_out[:NAMED])
    more = f"其余{rest}件见本页。" if (rest := len(came.left_out) - NAMED) > 0 else ""
    return f"并入本件的诉求中，有{len(came.left_out)}件没有一并答复，请分别答复。{named}{more}"


ASIDE = frozenset(
    {
        Action.RECALL,
        Action.DECLINE,
        Action.EXTEND,
        Action.TRANSFER,
        Action.SUPERVISE,
        Action.OVERRULE,
        Action.STUDY,
        Action.JOIN,
        Action.WITHDRAW,
        Action.CLUE,
        Action.REOPEN,
    }
)
"""What nobody waits for: its form is opened by whoever wants it."""

"""How each event of a journal is told to people: what happened, and what there is to know of it."""

from collections.abc import Callable, Iterable
from typing import Any

from services.intake.domain.names import Names
from services.intake.domain.words import CATEGORIES, FINALS, REPLY_KINDS, SATISFACTIONS, STEPS, TRIAGES, told_at
from shared.events import Event, casebook, dispatch, intake, notify, sla

Details = Callable[[Any, Names], Iterable[str | None]]


def _about(label: str, text: str | None) -> str | None:
    return f"{label}：{text}" if text else None


def _registered(event: intake.ComplaintRegistered, _: Names) -> Iterable[str | None]:
    yield f"编号{event.number}"
    yield _about("类别", CATEGORIES.get(event.category, event.category))
    yield _about("反映时间", told_at(event.reported_at))
    yield _about("诉求", event.content)
    yield _about("备注", event.remarks)


def _triaged(event: intake.ComplaintTriaged, _: Names) -> Iterable[str | None]:
    yield TRIAGES[event.triage]
    yield _about("理由", event.reason)


def _settled(event: intake.ComplaintSettled, names: Names) -> Iterable[str | None]:
    yield event.result
    yield _about("协助部门", names.department(event.helped_by) if event.helped_by else None)


def _corrected(event: intake.ComplaintCorrected, _: Names) -> Iterable[str | None]:
    yield _about("类别", CATEGORIES.get(event.category, event.category))
    yield _about("诉求", event.content)
    yield _about("备注", event.remarks)
    yield _about("理由", event.reason)


def _dispatched(event: dispatch.OrderDispatched, names: Names) -> Iterable[str | None]:
    yield _about("牵头" if event.co_handlers else "责任部门", names.party(event.lead))
    yield _about("协办", names.parties(event.co_handlers))
    yield _about("办理要求", event.instructions)


def _transferred(event: dispatch.OrderTransferred, names: Names) -> Iterable[str | None]:
    yield f"由{names.center(event.from_center)}转{names.center(event.to_center)}"
    yield _about("理由", event.reason)


def _referred(event: dispatch.OrderReferred, _: Names) -> Iterable[str | None]:
    yield _about("函转", event.unit)
    yield _about("理由", event.reason)


def _outcome(event: dispatch.OutcomeRecorded, _: Names) -> Iterable[str | None]:
    yield _about(event.unit, event.text)


def _recalled(event: dispatch.OrderRecalled, _: Names) -> Iterable[str | None]:
    yield _about("原承接单位", event.unit)
    yield _about("理由", event.reason)


def _directed(event: dispatch.OrderDirected, _: Names) -> Iterable[str | None]:
    yield _about("渠道", event.channel)
    yield _about("理由", event.reason)


def _replied(event: dispatch.OrderReplied, _: Names) -> Iterable[str | None]:
    yield event.text
    yield _about("依据", event.legal_basis)
    yield _about("救济途径", event.remedy)
    yield _about("承诺办结日期", event.committed_on.isoformat() if event.committed_on else None)


def _declined(event: dispatch.DeclineRaised, names: Names) -> Iterable[str | None]:
    yield _about("理由", event.reason)
    yield _about("应由", names.department(event.right_department) if event.right_department else None)


def _declined_again(event: dispatch.DeclineRefused, _: Names) -> Iterable[str | None]:
    yield _about("理由", event.reasons)
    yield "未获同意的次数已到上限，不得再退单" if event.is_final else None


def _extension(event: dispatch.ExtensionAsked, _: Names) -> Iterable[str | None]:
    yield f"由{event.was}延至{event.committed_on}"
    yield _about("理由", event.reason)


def _granted(event: dispatch.ExtensionGranted | dispatch.ConsentRefused, _: Names) -> Iterable[str | None]:
    yield f"由{event.was}改为{event.committed_on}"
    yield _about("理由", event.reasons)


def _overruled(event: dispatch.HoldOverruled, names: Names) -> Iterable[str | None]:
    yield _about("不再等待", names.parties(event.parties))
    yield _about("理由", event.reason)


def _studied(event: dispatch.StudyHeld, names: Names) -> Iterable[str | None]:
    yield told_at(event.held_at)
    yield _about("参加部门", names.parties(event.departments))
    yield _about("参加人员", event.attendees)
    yield _about("结论", event.conclusion)
    yield _about("牵头", names.party(event.lead) if event.lead else None)


def _joined(event: dispatch.OrderJoined, _: Names) -> Iterable[str | None]:
    yield _about("主办件", event.leading_number)
    yield _about("理由", event.reason)


def _joining_changed(event: dispatch.JoiningChanged, _: Names) -> Iterable[str | None]:
    yield _about("原主办件", event.former_number)
    yield _about("主办件", event.leading_number)
    yield _about("理由", event.reason)


Said = dispatch.WithdrawalAsked | dispatch.OrderReopened | intake.ComplaintNudged | intake.ReopeningAsked


def _said(event: Said, _: Names) -> Iterable[str | None]:
    yield _about("诉求人意见", event.words)


def _confirmed_not(event: dispatch.WithdrawalRefused, _: Names) -> Iterable[str | None]:
    yield _about("电话确认情况", event.words)


def _rated(event: intake.RatingGiven, _: Names) -> Iterable[str | None]:
    yield f"{event.score}分（满分5分）"
    yield _about("意见", event.words)


Reasoned = (
    dispatch.OrderChecked
    | dispatch.ConclusionRefused
    | dispatch.DeclineUpheld
    | dispatch.ExtensionRefused
    | dispatch.ConsentGiven
)


def _checked(event: Reasoned, _: Names) -> Iterable[str | None]:
    yield _about("理由", event.reasons)


def _followed_up(event: dispatch.OrderFollowedUp, _: Names) -> Iterable[str | None]:
    yield SATISFACTIONS[event.satisfaction]
    yield {True: "问题已解决", False: "问题未解决", None: None}[event.solved]
    yield _about("意见", event.opinion)


def _reasoned(
    event: dispatch.RedoStarted | intake.PetitionerCorrected | intake.PetitionerErased, _: Names
) -> Iterable[str | None]:
    yield _about("理由", event.reason)


def _proposed(event: dispatch.ConclusionProposed, _: Names) -> Iterable[str | None]:
    yield _about("理由", event.reasons)
    yield _about("依据", event.legal_basis)


def _closed(event: dispatch.OrderClosed, names: Names) -> Iterable[str | None]:
    yield FINALS[event.final]
    yield _about("理由", event.reasons)
    yield _about("审批人", names.member(event.approved_by) if event.approved_by else None)


def _escalated(event: dispatch.Escalation, names: Names) -> Iterable[str | None]:
    yield _about("对象", names.parties(event.to))
    yield _about("要求", event.requirement)
    yield "人工发出" if event.fell_due_at is None else None


def _issued(event: dispatch.LetterIssued, _: Names) -> Iterable[str | None]:
    yield event.number


def _clock(event: sla.ClockStarted, _: Names) -> Iterable[str | None]:
    yield f"{told_at(event.due_at)}前{'（暂定）' if event.provisional else ''}"


def _moved(event: sla.ClockMoved, _: Names) -> Iterable[str | None]:
    provisional = "（暂定）" if event.provisional else ""
    if event.why == "co_handlers" and event.co_handlers_due_at:
        yield f"协办期限改为{told_at(event.co_handlers_due_at)}{provisional}"
    else:
        yield f"由{told_at(event.was)}改为{told_at(event.due_at)}{provisional}"
    yield {
        "returned": "退回重办",
        "extended": "准予延期",
        "refused": "承诺时限未获同意",
        "calendar": "工作日安排变动",
        "co_handlers": "工作日安排变动",
    }.get(event.why, event.why)


def _overran(event: sla.ClockOverran, _: Names) -> Iterable[str | None]:
    yield f"超期{event.working_days}个工作日"


def _reminded(event: sla.ReminderDue, names: Names) -> Iterable[str | None]:
    yield f"{STEPS[event.step]}应于{told_at(event.due_at)}前完成"
    to = "负责人" if event.to is sla.Reminded.HEAD else "管理机构"
    yield f"第{event.times}次，提醒{names.center(event.office)}{to}"


def _titled(
    event: casebook.CasePublished | casebook.CaseReplaced | casebook.CaseCited, _: Names
) -> Iterable[str | None]:
    yield event.title


def _withdrawn(event: casebook.CaseWithdrawn, _: Names) -> Iterable[str | None]:
    yield event.title
    yield _about("理由", event.reason)


def _nothing(_event: Event, _: Names) -> Iterable[str | None]:
    return ()


def _joining_title(event: dispatch.JoiningChanged) -> str:
    return "多人同诉，更换主办件" if event.leading else "不再并入主办件"


def _reply_title(event: dispatch.OrderReplied) -> str:
    return f"{'' if event.is_lead else '协办'}部门反馈{REPLY_KINDS[event.kind]}"


TOLD: dict[type[Event], tuple[str | Callable[[Any], str], Details]] = {
    intake.ComplaintRegistered: ("登记受理", _registered),
    intake.ComplaintTriaged: (lambda event: "研判分类" if event.revision == 1 else "更正研判分类", _triaged),
    intake.ComplaintSettled: ("当场办结", _settled),
    intake.ComplaintCorrected: ("更正登记内容", _corrected),
    intake.PetitionerCorrected: ("更正诉求人信息", _reasoned),
    intake.PetitionerErased: ("删除诉求人信息", _reasoned),
    dispatch.OrderDispatched: ("分办", _dispatched),
    dispatch.OrderTransferred: ("转办", _transferred),
    dispatch.OrderReferred: ("函转", _referred),
    dispatch.OutcomeRecorded: ("承办单位反馈", _outcome),
    dispatch.OrderRecalled: ("收回函转", _recalled),
    dispatch.OrderDirected: ("告知办理渠道", _directed),
    dispatch.OrderSigned: ("签收", _nothing),
    dispatch.DeclineRaised: ("申请退单", _declined),
    dispatch.DeclineUpheld: ("同意退单，重新分办", _checked),
    dispatch.DeclineRefused: ("未同意退单", _declined_again),
    dispatch.ExtensionAsked: ("申请延期", _extension),
    dispatch.ExtensionGranted: ("同意延期", _granted),
    dispatch.ExtensionRefused: ("未同意延期", _checked),
    dispatch.ConsentGiven: ("同意承诺时限", _checked),
    dispatch.ConsentRefused: ("未同意承诺时限", _granted),
    dispatch.HoldOverruled: ("不再等待协办答复", _overruled),
    dispatch.StudyHeld: ("会商", _studied),
    dispatch.OrderJoined: ("多人同诉，合并办理", _joined),
    dispatch.JoiningChanged: (_joining_title, _joining_changed),
    dispatch.OrderReplied: (_reply_title, _replied),
    dispatch.OrderChecked: (lambda event: "质检通过" if event.passed else "质检退回", _checked),
    dispatch.OrderFollowedUp: ("回访", _followed_up),
    dispatch.RedoStarted: ("退回重办", _reasoned),
    dispatch.WithdrawalAsked: ("诉求人要求撤回，待确认", _said),
    dispatch.WithdrawalRefused: ("未确认撤回，继续办理", _confirmed_not),
    dispatch.OrderReopened: ("重新办理", _said),
    intake.ComplaintNudged: ("诉求人催办", _said),
    intake.ReopeningAsked: ("诉求人申请重新办理", _said),
    intake.RatingGiven: ("诉求人评价", _rated),
    dispatch.ConclusionProposed: ("拟结案，待审批", _proposed),
    dispatch.ConclusionRefused: ("未同意结案", _checked),
    dispatch.OrderClosed: ("办结", _closed),
    dispatch.EscalationUrged: ("催办", _escalated),
    dispatch.EscalationSupervised: ("督办", _escalated),
    dispatch.EscalationReported: ("通报", _escalated),
    dispatch.LetterIssued: (lambda event: f"签发{event.name}", _issued),
    sla.ClockStarted: ("办理期限", _clock),
    sla.ClockMoved: ("期限变动", _moved),
    sla.ClockOverran: ("超期办结", _overran),
    sla.ReminderDue: ("内部时限提醒", _reminded),
    notify.MessageFailed: ("有一条通知未能送达", _nothing),
    casebook.CasePublished: ("已形成指导案例", _titled),
    casebook.CaseWithdrawn: ("指导案例已撤回", _withdrawn),
    casebook.CaseReplaced: ("指导案例已由新案例替换", _titled),
    casebook.CaseCited: ("引用指导案例", _titled),
}
"""How each event is told: what happened, and the details. One that is not here is told by its type alone."""

"""How the desks of dispatch call what the house calls by name (mechanism §0)."""

from collections.abc import Mapping

from services.dispatch.domain.office import Task
from services.dispatch.domain.states import State, Then
from services.dispatch.domain.tries import DayPart
from shared.events.dispatch import Final, ReplyKind, Satisfaction, Stage
from shared.events.intake import Triage
from shared.events.sla import Rung

TRIAGES: Mapping[Triage, str] = {
    Triage.GENERAL: "一般性",
    Triage.CANNOT: "办不了",
    Triage.HARD: "很难办",
    Triage.REFUSED: "不给办",
    Triage.OUT_OF_SCOPE: "不属于",
}
SOURCES: Mapping[str, str] = {
    "window": "“有诉即办”窗口",
    "hotline-12345": "12345政务服务热线",
    "governance-center": "社会治理综合服务中心",
    "web": "网上自助",
}
STATES: Mapping[State, str] = {
    State.ON_SPOT: "窗口办理中",
    State.PENDING: "待审核分办",
    State.REFERRED: "已函转，跟踪中",
    State.HANDLING: "部门办理中",
    State.CHECKING: "待质检",
    State.FOLLOWING_UP: "待回访",
    State.CONCLUDING: "拟不满意办结",
    State.APPROVING: "办结待审批",
    State.CLOSED: "已办结",
}
FINALS: Mapping[Final, str] = {
    Final.ZEROED: "已清零销号",
    Final.CONCLUDED_UNSATISFIED: "不满意办结",
    Final.CONCLUDED_UNREACHABLE: "无法联系，办结",
    Final.WITHDRAWN: "诉求人撤回",
    Final.REFERRED_CLOSED: "函转办结",
    Final.DIRECTED: "已告知渠道，办结",
}
STAGES: Mapping[Stage, str] = {Stage.REPLY: "答复阶段", Stage.RESULT: "结果阶段"}
REPLIES: Mapping[ReplyKind, str] = {
    ReplyKind.REASONS: "办不了的理由和依据",
    ReplyKind.PLAN: "解决方案",
    ReplyKind.RESULT: "办理结果",
}
RUNGS: Mapping[Rung, str] = {Rung.URGED: "催办", Rung.SUPERVISED: "督办", Rung.REPORTED: "通报"}
SATISFACTIONS: Mapping[Satisfaction, str] = {
    Satisfaction.SATISFIED: "满意",
    Satisfaction.BASICALLY_SATISFIED: "基本满意",
    Satisfaction.DISSATISFIED: "不满意",
    Satisfaction.UNREACHABLE: "未联系上",
}
THENS: Mapping[Then, str] = {Then.REDO: "退回重办", Then.CONCLUDE: "办结（不满意的须经审批）"}
METHODS: Mapping[str, str] = {"phone": "电话", "window": "窗口当面", "visit": "上门", "message": "短信或网上"}
"""How a petitioner was asked; another word stands as it was said."""
DAY_PARTS: Mapping[DayPart, str] = {DayPart.MORNING: "上午", DayPart.AFTERNOON: "下午", DayPart.EVENING: "晚上"}
TASKS: Mapping[Task, str] = {
    Task.DISPATCH: "审核分办",
    Task.ADJUDICATE: "裁定分办",
    Task.DECLINE: "审核退单",
    Task.EXTENSION: "审核延期",
    Task.CONSENT: "审定承诺日期",
    Task.OVERRULE: "协办超时",
    Task.TAKE_BACK: "部门停用",
    Task.CHECK: "质检",
    Task.FOLLOW_UP: "回访",
    Task.CONCLUDE: "不满意办结",
    Task.APPROVE: "审批办结",
    Task.WITHDRAWAL: "确认撤回",
    Task.REFERRAL: "跟踪函转",
    Task.SIGN: "签发通报",
}

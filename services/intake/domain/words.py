"""The Chinese words for what the house calls by name (mechanism §0)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time

from services.intake.domain.courts import Court
from services.intake.domain.states import State
from services.intake.domain.submission import Category, Kind
from shared.events.dispatch import Final, ReplyKind, Satisfaction
from shared.events.intake import Triage
from shared.events.sla import Rung, Step
from shared.workdays import CHINA

CATEGORIES: Mapping[str, str] = {
    Category.COMPLAINT: "投诉",
    Category.OPINION: "意见",
    Category.SUGGESTION: "建议",
    Category.QUESTION: "疑问",
    Category.DIFFICULTY: "疑难事项",
    Category.COMPLEX: "复杂问题",
}

SOURCES: Mapping[str, str] = {
    "window": "“有诉即办”窗口",
    "hotline-12345": "12345政务服务热线",
    "governance-center": "社会治理综合服务中心",
    "web": "网上自助",
}

PETITIONERS: Mapping[str, str] = {Kind.INDIVIDUAL: "个人", Kind.ORGANISATION: "单位"}

TRIAGES: Mapping[Triage, str] = {
    Triage.GENERAL: "一般性",
    Triage.CANNOT: "办不了",
    Triage.HARD: "很难办",
    Triage.REFUSED: "不给办",
    Triage.OUT_OF_SCOPE: "不属于政务服务范围",
}

STEPS: Mapping[Step, str] = {
    Step.TRIAGE: "研判分类",
    Step.SETTLE: "当场办结或重新研判",
    Step.DISPATCH: "审核分办",
    Step.ACCEPT: "接收转办并分办",
    Step.REFERRAL: "函转跟踪",
    Step.CHECK: "质检",
    Step.FOLLOW_UP: "回访",
    Step.SIGN: "签发通报、报告和抄送函",
}

COURTS: Mapping[Court, str] = {
    Court.OFFICE: "中心管理机构",
    Court.LEAD: "牵头或责任部门",
    Court.CO_HANDLER: "协办部门",
    Court.PETITIONER: "诉求人（未联系上）",
    Court.OUTSIDE: "外部单位",
}

STATES: Mapping[State, str] = {
    State.REGISTERED: "已受理，待研判",
    State.TRIAGED: "已研判，待办理",
    State.SETTLED: "已当场办结，待回访",
    State.TRANSFERRED: "已转办，待分办",
    State.HANDLING: "办理中",
    State.PLANNED: "已答复解决方案，办理中",
    State.ANSWERED: "已反馈，待质检",
    State.DECLINED: "退单成立，待重新分办",
    State.RETURNED: "质检退回，重办中",
    State.PASSED: "质检通过，待回访",
    State.REFERRED: "已函转，跟踪办理中",
    State.OUTCOME: "承办单位已反馈，待回访",
    State.DIRECTED: "已告知办理渠道，待回访",
    State.FOLLOWED_UP: "已回访，待处理",
    State.REDOING: "诉求人要求重办，办理中",
    State.REOPENED: "诉求人不满意，待重新办理",
    State.CONCLUDING: "拟结案，待审批",
    State.CLOSED: "已办结",
}
"""Where a complaint stands, as the ledger says it."""

PUBLIC_STATES: Mapping[State, str] = {
    State.REGISTERED: "已受理",
    State.TRIAGED: "已受理",
    State.SETTLED: "已有办理结果，正在回访",
    State.TRANSFERRED: "正在转办",
    State.HANDLING: "正在办理",
    State.PLANNED: "正在办理",
    State.ANSWERED: "正在办理",
    State.DECLINED: "正在转办",
    State.RETURNED: "正在办理",
    State.PASSED: "已有办理结果，正在回访",
    State.REFERRED: "已转交相关单位，正在跟踪",
    State.OUTCOME: "已有办理结果，正在回访",
    State.DIRECTED: "已告知办理渠道，正在回访",
    State.FOLLOWED_UP: "已回访",
    State.REDOING: "正在重新办理",
    State.REOPENED: "正在重新办理",
    State.CONCLUDING: "已回访",
    State.CLOSED: "已办结",
}
"""The same as the petitioner is told it; nothing of what goes on inside."""

FINALS: Mapping[Final, str] = {
    Final.ZEROED: "已清零销号",
    Final.CONCLUDED_UNSATISFIED: "不满意结案",
    Final.CONCLUDED_UNREACHABLE: "无法联系，结案",
    Final.WITHDRAWN: "诉求人撤回",
    Final.REFERRED_CLOSED: "函转办结",
    Final.DIRECTED: "已告知办理渠道，办结",
}

SATISFACTIONS: Mapping[Satisfaction, str] = {
    Satisfaction.SATISFIED: "满意",
    Satisfaction.BASICALLY_SATISFIED: "基本满意",
    Satisfaction.DISSATISFIED: "不满意",
    Satisfaction.UNREACHABLE: "未联系上",
}

RUNGS: Mapping[Rung, str] = {Rung.URGED: "催办", Rung.SUPERVISED: "督办", Rung.REPORTED: "通报"}

REPLY_KINDS: Mapping[ReplyKind, str] = {
    ReplyKind.REASONS: "答复意见",
    ReplyKind.PLAN: "解决方案",
    ReplyKind.RESULT: "办理结果",
}


def told_at(at: datetime) -> str:
    """An instant to the minute, in Shanghai: `2026-09-28 10:15`."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def told_until(at: datetime) -> str:
    """Up to when something is known: `2026年9月30日24时`, or `2026年9月30日10时15分` of a day that is not over."""
    local = at.astimezone(CHINA)
    clock_time = "24时" if local.time() == time.max else f"{local.hour}时{local.minute:02}分"
    return f"{local.year}年{local.month}月{local.day}日{clock_time}"


def told_times(instants: Iterable[datetime]) -> str:
    """Several instants, each once, joined."""
    return "；".join(dict.fromkeys(map(told_at, instants)))

"""How codes, dates and lists read in a message."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from shared.events.dispatch import Final, ReplyKind, Stage
from shared.events.intake import Triage
from shared.events.sla import Step

TRIAGE: Mapping[Triage, str] = {
    Triage.GENERAL: "一般性问题",
    Triage.CANNOT: "办不了",
    Triage.HARD: "很难办",
    Triage.REFUSED: "不给办",
    Triage.OUT_OF_SCOPE: "不属于政务服务范围",
}
REPLY: Mapping[ReplyKind, str] = {
    ReplyKind.REASONS: "答复意见",
    ReplyKind.PLAN: "解决方案",
    ReplyKind.RESULT: "办理结果",
}
OWED: Mapping[Stage, str] = {Stage.REPLY: "答复意见或解决方案", Stage.RESULT: "办理结果"}
FINAL: Mapping[Final, str] = {
    Final.ZEROED: "已办结并清零销号",
    Final.CONCLUDED_UNSATISFIED: "经审批已办结",
    Final.CONCLUDED_UNREACHABLE: "因多次联系不上诉求人，已先行办结",
    Final.WITHDRAWN: "已由诉求人撤回",
    Final.REFERRED_CLOSED: "已由承接单位处理完毕",
    Final.DIRECTED: "已告知应走的渠道，本中心办结",
}
STEP: Mapping[Step, str] = {
    Step.TRIAGE: "研判分类",
    Step.SETTLE: "当场办结或重新研判",
    Step.DISPATCH: "审核分办",
    Step.ACCEPT: "接收转办并分办",
    Step.REFERRAL: "向承接单位催问处理情况",
    Step.CHECK: "质检",
    Step.FOLLOW_UP: "回访",
    Step.SIGN: "签发通报、报告和抄送函",
}
MOVED_BY: Mapping[str, str] = {
    "returned": "办理结果退回重办",
    "extended": "承诺时限经批准延期",
    "refused": "承诺时限过长未获同意",
    "calendar": "工作日安排变动",
    "co_handlers": "工作日安排变动",
}
FIELD: Mapping[str, str] = {
    "order": "工作单编号",
    "round": "轮次",
    "stage": "办理阶段",
    "kind": "答复种类",
    "text": "答复内容",
    "legal_basis": "法律、政策依据",
    "remedy": "救济途径",
    "committed_on": "承诺办结日期",
    "replied_by": "答复人",
    "petitioner.name": "姓名或单位名称",
    "petitioner.contact_person": "单位联系人",
    "petitioner.phone": "联系电话",
    "content": "诉求主要内容",
    "category": "诉求反映类别",
    "reported_at": "诉求反映时间",
}
"""What the fields of what comes in are called, where a sentence about one might not say which it is about."""


def instant(at: datetime) -> str:
    """`2026年11月26日17:30`."""
    return f"{day(at)}{at:%H:%M}"


def day(on: date) -> str:
    """`2026年11月26日`."""
    return f"{on.year}年{on.month}月{on.day}日"


def due(at: datetime, provisional: bool) -> str:
    """A due instant, marked while the days it counts are not settled (mechanism §5)."""
    return instant(at) + ("（暂定）" if provisional else "")


def several(names: Iterable[str]) -> str:
    """`自然资源局、住建局`."""
    return "、".join(names)


def clause(label: str, text: str | None) -> str:
    """A sentence of its own for what may be missing: `原因：……。`, or nothing."""
    return f"{label}：{text.strip().rstrip('。')}。" if text and text.strip() else ""


def fault(field: str, message: str) -> str:
    """What is wrong with what came in, and with which part, unless the sentence says so itself: `轮次：应为整数`."""
    called, said = FIELD.get(field, ""), message.rstrip("。")
    return said if called in said else f"{called}：{said}"


LISTED = 20
"""How many a sentence names; of more it says how many there are."""


def listed(label: str, named: Sequence[str]) -> str:
    """`已逾期3件：甲、乙、丙。`, or nothing; of many only the first are named."""
    if not named:
        return ""
    return f"{label}{len(named)}件：{several(named[:LISTED])}{'等' if len(named) > LISTED else ''}。"

"""What the actions are called, where people read of them: in the permission table and in the audit log."""

from shared.security.roles import Action

GROUPS: dict[str, dict[Action, str]] = {
    "受理与登记": {
        Action.REGISTER: "登记诉求",
        Action.FILE: "网上反映诉求",
        Action.MEND: "改正渠道退回",
        Action.TRIAGE: "研判分类、当场办结",
        Action.CORRECT: "更正登记信息",
        Action.ERASE: "删除诉求人信息",
        Action.READ_COMPLAINT: "查看诉求",
        Action.READ_ATTACHMENT: "查看附件",
        Action.READ_ENCLOSURE: "查看办理材料",
        Action.REVEAL: "查看诉求人完整信息",
        Action.READ_STATUS: "查询进度",
        Action.NUDGE: "催一催",
        Action.ASK_REOPENING: "申请重新办理",
        Action.RATE: "评价",
    },
    "分办与办理": {
        Action.DISPATCH: "审核分办、转办、函转、催办督办",
        Action.REPLY: "签收、答复",
        Action.DECLINE: "退单及其审核",
        Action.EXTEND: "延期及其审核",
        Action.CHECK: "质检、回访",
        Action.CONCLUDE: "不满意办结、撤回及其审批",
        Action.READ_ORDER: "查看工作单",
        Action.READ_CLOCK: "查看办理期限",
        Action.COUNT_DAYS: "推算工作日和期限",
        Action.READ_MESSAGES: "查看通知情况",
        Action.READ_INBOX: "查看发给自己的消息",
    },
    "文书": {
        Action.PRINT: "打印工作单",
        Action.READ_PAPERS: "查看文书",
        Action.ISSUE: "签发文书",
        Action.KEEP_TEMPLATES: "维护文书模板",
    },
    "监督": {
        Action.READ_ADDRESSED: "查看督办通报",
        Action.INSPECT_FILE: "调阅工作单",
        Action.READ_INSPECTIONS: "查看调阅记录",
        Action.COPY_CLUE: "抄告线索",
        Action.READ_CLUES: "查看线索",
    },
    "台账与统计": {
        Action.READ_LEDGER: "查看工作台账",
        Action.READ_FIGURES: "查看统计分析",
        Action.EXPORT: "导出台账和统计",
    },
    "指导案例": {
        Action.READ_CASES: "查看已发布的案例",
        Action.READ_CANDIDATES: "查看待编写的典型诉求",
        Action.WRITE_CASE: "编写案例",
        Action.APPROVE_CASE: "审核案例",
        Action.COSIGN_CASE: "会签案例",
        Action.CITE_CASE: "引用案例",
        Action.KEEP_SYNONYMS: "维护近义词表",
    },
    "联络": {
        Action.KEEP_PLACES: "登记窗口、专区和协调室",
        Action.KEEP_MEETINGS: "登记联络会议",
        Action.READ_MEETINGS: "查看联络会议",
    },
    "系统": {
        Action.READ_DIRECTORY: "查看机构人员和工作日历",
        Action.ADMINISTER: "维护机构人员、日历和账号",
        Action.READ_PARKED: "查看搁置消息",
        Action.REPLAY_PARKED: "处理搁置消息",
        Action.READ_AUDIT: "查看审计日志",
        Action.LOG_IN: "登录、退出",
        Action.USE_ACCOUNT: "管理自己的账号",
        Action.SEE_COUNTS: "查看待办数量",
        Action.MOVE_DRILL_CLOCK: "拨动演练时钟",
    },
}
"""By what they belong to, in the order they are shown."""

CALLED: dict[Action, str] = {action: called for group in GROUPS.values() for action, called in group.items()}
EVERYWHERE = frozenset(
    {Action.FILE, Action.READ_CASES, Action.KEEP_SYNONYMS, Action.READ_DIRECTORY, Action.LOG_IN, Action.USE_ACCOUNT}
    | {Action.SEE_COUNTS, Action.MOVE_DRILL_CLOCK, Action.COUNT_DAYS}
)
"""What has no place: whoever may do it at all may do it without regard to a scope."""

"""The main menu: which desks there are, and who sees them. The first tab someone sees is where that one begins.

A tab is seen by whoever may do its action, which is the action of the page it leads to (a test compares). `key` is what
that page hands to `pages.show(…, tab=…)`. `counted` names the service whose `/fragments/counts` tells how many wait
there; `shared.web.pages.counts` words the answer.
"""

from dataclasses import dataclass

from shared.security.roles import PUBLIC, Action, Actor, allowed
from shared.settings import settings


@dataclass(frozen=True)
class Tab:
    """An entry of the main menu."""

    key: str
    label: str
    href: str
    action: Action
    counted: str | None = None
    everywhere: bool = False
    """Whether every service has such a page; each tells at `/fragments/<key>` how many wait on it there."""
    for_public: bool = False
    """Whether only those see it who have not logged in."""


TABS = (
    Tab("register", "诉求登记", "/intake/register", Action.REGISTER),
    Tab("desk", "综合协调", "/dispatch/desk", Action.DISPATCH, counted="dispatch"),
    Tab("mine", "本部门承办", "/dispatch/mine", Action.REPLY, counted="dispatch"),
    Tab("today", "今日诉求", "/intake/today", Action.TRIAGE, counted="intake"),
    Tab("rejected", "渠道退回", "/intake/rejected", Action.MEND, counted="intake"),
    Tab("calls", "回访名单", "/dispatch/calls", Action.CHECK, counted="dispatch"),
    Tab("forecast", "催办督办", "/dispatch/forecast", Action.DISPATCH, counted="dispatch"),
    Tab("supervised", "督办通报", "/dispatch/supervised", Action.READ_ADDRESSED),
    Tab("ledger", "工作台账", "/intake/ledger", Action.READ_LEDGER),
    Tab("figures", "统计分析", "/intake/figures", Action.READ_FIGURES),
    Tab("inspections", "调阅和线索", "/dispatch/inspections", Action.READ_INSPECTIONS),
    Tab("drafts", "案例编写", "/casebook/drafts", Action.WRITE_CASE, counted="casebook"),
    Tab("approving", "案例审核", "/casebook/approving", Action.APPROVE_CASE, counted="casebook"),
    Tab("cosigning", "案例会签", "/casebook/cosigning", Action.COSIGN_CASE, counted="casebook"),
    Tab("inbox", "我的消息", "/notify/inbox", Action.READ_INBOX, counted="notify"),
    Tab("messages", "消息通知", "/notify/messages", Action.READ_MESSAGES, counted="notify"),
    Tab("directory", "机构与人员", "/directory/centers", Action.READ_DIRECTORY),
    Tab("calendar", "工作日历", "/directory/calendar", Action.READ_DIRECTORY),
    Tab("parked", "搁置消息", "/intake/parked", Action.READ_PARKED, everywhere=True),
    Tab("paper-templates", "文书模板", "/dispatch/paper-templates", Action.KEEP_TEMPLATES),
    Tab("templates", "消息模板", "/notify/templates", Action.KEEP_TEMPLATES),
    Tab("audit", "审计日志", "/intake/audit", Action.READ_AUDIT),
    Tab("file", "反映诉求", "/intake/file", Action.FILE, for_public=True),
    Tab("status", "查询进度", "/intake/status", Action.READ_STATUS, for_public=True),
    Tab("cases", "指导案例", "/casebook/cases", Action.READ_CASES),
)
"""In the order they are shown, so in the order of a complaint's way."""


def tabs_of(actor: Actor) -> list[Tab]:
    """What this actor sees."""
    seen = (tab for tab in TABS if not tab.for_public or actor is PUBLIC)
    return [tab for tab in seen if allowed(actor, tab.action, sample=settings().sample)]


def first_page(actor: Actor) -> str | None:
    """Where this actor begins; None where there is nothing to see without logging in."""
    return next((tab.href for tab in tabs_of(actor)), None)

"""The one permission table: which role may do what, and how far it reaches. What is not in it is denied."""

from dataclasses import dataclass
from enum import StrEnum

from shared.refusals import Forbidden


class Role(StrEnum):
    """Who someone is to the house (contract, Roles)."""

    CLERK = "clerk"
    COORDINATOR = "coordinator"
    HEAD = "head"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    GOVERNMENT = "government"
    CASE_EDITOR = "case_editor"
    CASE_APPROVER = "case_approver"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    CHANNEL = "channel"
    PUBLIC = "public"


CALLED = {
    Role.CLERK: "窗口工作人员",
    Role.COORDINATOR: "综合协调人员",
    Role.HEAD: "中心负责人",
    Role.OFFICER: "部门承办人员",
    Role.SUPERVISOR: "纪检监督人员",
    Role.GOVERNMENT: "政府督查人员",
    Role.CASE_EDITOR: "案例编辑",
    Role.CASE_APPROVER: "案例审核",
    Role.ADMINISTRATOR: "系统管理员",
    Role.AUDITOR: "审计人员",
    Role.CHANNEL: "渠道",
    Role.PUBLIC: "公众",
}
"""What the roles are called."""


class Reach(StrEnum):
    """How far a role reaches."""

    DEPARTMENT = "本部门"
    CENTER = "本中心"
    LEVEL = "本级逾期事项"
    COUNTY = "全县"
    CHANNEL = "本渠道"
    OWN = "本人一件"


REACH = {
    Role.CLERK: Reach.CENTER,
    Role.COORDINATOR: Reach.CENTER,
    Role.HEAD: Reach.CENTER,
    Role.OFFICER: Reach.DEPARTMENT,
    Role.SUPERVISOR: Reach.LEVEL,
    Role.GOVERNMENT: Reach.LEVEL,
    Role.CASE_EDITOR: Reach.CENTER,
    Role.CASE_APPROVER: Reach.COUNTY,
    Role.ADMINISTRATOR: Reach.COUNTY,
    Role.AUDITOR: Reach.COUNTY,
    Role.CHANNEL: Reach.CHANNEL,
    Role.PUBLIC: Reach.OWN,
}
"""Each role's scope: whatever it may do, it may do there."""


class Action(StrEnum):
    """What one can ask of the house."""

    REGISTER = "register"
    FILE = "file"
    MEND = "mend"
    TRIAGE = "triage"
    CORRECT = "correct"
    ERASE = "erase"
    READ_COMPLAINT = "read_complaint"
    READ_ATTACHMENT = "read_attachment"
    READ_LEDGER = "read_ledger"
    READ_FIGURES = "read_figures"
    EXPORT = "export"
    READ_STATUS = "read_status"
    NUDGE = "nudge"
    ASK_REOPENING = "ask_reopening"
    RATE = "rate"
    READ_ORDER = "read_order"
    INSPECT_FILE = "inspect_file"
    READ_INSPECTIONS = "read_inspections"
    COPY_CLUE = "copy_clue"
    READ_CLUES = "read_clues"
    DISPATCH = "dispatch"
    REPLY = "reply"
    READ_ENCLOSURE = "read_enclosure"
    DECLINE = "decline"
    EXTEND = "extend"
    CHECK = "check"
    CONCLUDE = "conclude"
    PRINT = "print"
    READ_PAPERS = "read_papers"
    READ_ADDRESSED = "read_addressed"
    ISSUE = "issue"
    KEEP_TEMPLATES = "keep_templates"
    READ_CLOCK = "read_clock"
    COUNT_DAYS = "count_days"
    READ_MESSAGES = "read_messages"
    READ_INBOX = "read_inbox"
    WRITE_CASE = "write_case"
    APPROVE_CASE = "approve_case"
    READ_CANDIDATES = "read_candidates"
    COSIGN_CASE = "cosign_case"
    CITE_CASE = "cite_case"
    KEEP_SYNONYMS = "keep_synonyms"
    READ_CASES = "read_cases"
    REVEAL = "reveal"
    READ_AUDIT = "read_audit"
    READ_DIRECTORY = "read_directory"
    KEEP_PLACES = "keep_places"
    KEEP_MEETINGS = "keep_meetings"
    READ_MEETINGS = "read_meetings"
    ADMINISTER = "administer"
    READ_PARKED = "read_parked"
    REPLAY_PARKED = "replay_parked"
    LOG_IN = "log_in"
    USE_ACCOUNT = "use_account"
    SEE_COUNTS = "see_counts"
    MOVE_DRILL_CLOCK = "move_drill_clock"


_WINDOW = {Role.CLERK, Role.COORDINATOR, Role.HEAD}
_OFFICE = {Role.COORDINATOR, Role.HEAD}
_ABOVE = {Role.SUPERVISOR, Role.GOVERNMENT}
_EVERYONE = set(Role)
_STAFF = _EVERYONE - {Role.CHANNEL, Role.PUBLIC}

MAY: dict[Action, frozenset[Role]] = {
    action: frozenset(roles)
    for action, roles in {
        Action.REGISTER: {Role.CLERK, Role.CHANNEL},
        Action.FILE: _EVERYONE,  # by the house's own page, as its channel `web`
        Action.MEND: {Role.CLERK},  # what a channel sent wrongly, as it came
        Action.TRIAGE: _WINDOW,
        Action.CORRECT: _WINDOW,
        Action.ERASE: {Role.HEAD},  # who complained, once it has ended for good
        Action.READ_COMPLAINT: _WINDOW | {Role.AUDITOR},
        Action.READ_ATTACHMENT: _WINDOW,  # unmasked, so for those who handle it
        Action.READ_LEDGER: _WINDOW | {Role.AUDITOR},
        Action.READ_FIGURES: _WINDOW | _ABOVE | {Role.AUDITOR},
        Action.EXPORT: _WINDOW | _ABOVE | {Role.AUDITOR},  # what each may read; that is asked for again
        Action.READ_STATUS: _EVERYONE,
        # A petitioner has no account: number and query code, or the link of the end, open these.
        Action.NUDGE: _EVERYONE,
        Action.ASK_REOPENING: _EVERYONE,
        Action.RATE: _EVERYONE,
        # Those above read what was late at their level, and the papers addressed to them; no petitioner.
        Action.READ_ORDER: _WINDOW | _ABOVE | {Role.OFFICER, Role.AUDITOR},
        Action.INSPECT_FILE: {Role.SUPERVISOR},
        Action.READ_INSPECTIONS: {Role.SUPERVISOR, Role.AUDITOR},
        Action.COPY_CLUE: _OFFICE,
        Action.READ_CLUES: _OFFICE | {Role.SUPERVISOR, Role.AUDITOR},
        Action.DISPATCH: _OFFICE,
        Action.REPLY: {Role.OFFICER},
        Action.READ_ENCLOSURE: _OFFICE | {Role.OFFICER},  # he those of his own department
        # He asks, they decide: each half of these doors is asked for again.
        Action.DECLINE: _OFFICE | {Role.OFFICER},
        Action.EXTEND: _OFFICE | {Role.OFFICER},
        Action.CHECK: _OFFICE,
        Action.CONCLUDE: _OFFICE,
        Action.PRINT: _WINDOW | {Role.OFFICER},
        Action.READ_PAPERS: _WINDOW | _ABOVE | {Role.OFFICER},
        Action.READ_ADDRESSED: _ABOVE,
        Action.ISSUE: _OFFICE,  # some kinds of papers under the head's signature alone
        Action.KEEP_TEMPLATES: {Role.HEAD, Role.ADMINISTRATOR},
        Action.READ_CLOCK: _WINDOW | _ABOVE | {Role.OFFICER, Role.AUDITOR},  # whoever reads orders
        Action.COUNT_DAYS: _STAFF,
        Action.READ_MESSAGES: _OFFICE | {Role.AUDITOR},
        Action.READ_INBOX: _OFFICE | _ABOVE | {Role.OFFICER, Role.CASE_EDITOR, Role.CASE_APPROVER},  # those to oneself
        Action.WRITE_CASE: {Role.CASE_EDITOR, Role.COORDINATOR, Role.HEAD},
        Action.APPROVE_CASE: {Role.CASE_APPROVER},
        Action.READ_CANDIDATES: {Role.CASE_EDITOR, Role.CASE_APPROVER, Role.AUDITOR} | _OFFICE,
        Action.COSIGN_CASE: {Role.OFFICER},
        Action.CITE_CASE: _WINDOW | {Role.OFFICER},
        Action.KEEP_SYNONYMS: {Role.CASE_EDITOR, Role.CASE_APPROVER},
        Action.READ_CASES: _EVERYONE,
        Action.REVEAL: _WINDOW | {Role.OFFICER},  # an officer those of his own open orders
        Action.READ_AUDIT: {Role.AUDITOR},
        Action.READ_DIRECTORY: _STAFF,
        Action.KEEP_PLACES: _OFFICE | {Role.ADMINISTRATOR},
        Action.KEEP_MEETINGS: _OFFICE,
        Action.READ_MEETINGS: _OFFICE | _ABOVE | {Role.AUDITOR},
        Action.ADMINISTER: {Role.ADMINISTRATOR},
        Action.READ_PARKED: {Role.ADMINISTRATOR},
        Action.REPLAY_PARKED: {Role.ADMINISTRATOR},
        Action.LOG_IN: _EVERYONE,
        Action.USE_ACCOUNT: _STAFF,
        Action.SEE_COUNTS: _STAFF,
        Action.MOVE_DRILL_CLOCK: _EVERYONE,  # there is such a clock only in a drill, which production refuses
    }.items()
}

ALWAYS = frozenset({Action.LOG_IN, Action.USE_ACCOUNT})
"""What one may do whose password or second factor is still to be set."""
SENSITIVE = frozenset(
    {
        Action.MEND,
        Action.TRIAGE,
        Action.CORRECT,
        Action.READ_COMPLAINT,
        Action.READ_ATTACHMENT,
        Action.READ_ENCLOSURE,
        Action.READ_LEDGER,
        Action.READ_FIGURES,
        Action.EXPORT,
        Action.DISPATCH,
        Action.REPLY,
        Action.CHECK,
        Action.READ_ORDER,
        Action.READ_MESSAGES,
        Action.READ_INBOX,
        Action.PRINT,
        Action.READ_PAPERS,
        Action.READ_ADDRESSED,
        Action.ISSUE,
        Action.READ_CLUES,
        Action.REVEAL,
        Action.READ_AUDIT,
    }
)
"""Reading that the audit log tells of, as it does of every change and of everything denied: desks and lists too."""
GUESSABLE = frozenset({Action.READ_STATUS, Action.NUDGE, Action.ASK_REOPENING, Action.RATE})
"""What numbers, codes and links open: whoever has not logged in may try so many of them in a minute."""
OPEN = frozenset({Action.READ_CASES, Action.FILE})
"""What anybody seeks and files without login: more in a minute than a village behind one address asks for."""
SAMPLE_READING = frozenset({Action.READ_COMPLAINT, Action.READ_LEDGER})
"""What anyone may read, masked, where all data is the sample county's."""


def allowed(actor: "Actor", action: Action, *, sample: bool) -> bool:
    """Whether the table allows it, or this is a sample county's house and everyone may read that."""
    return actor.may(action) or (actor is PUBLIC and sample and action in SAMPLE_READING)


@dataclass(frozen=True)
class Actor:
    """Who asks. `id` is a username, a channel's source, or empty for the public."""

    id: str
    name: str
    role: Role
    center: str | None = None
    department: str | None = None
    owes: str = ""
    """What this one has to do before anything else: `password` or `second-factor`."""

    def may(self, action: Action) -> bool:
        """Whether the table allows it, somewhere; who owes something first may only do that."""
        return self.role in MAY[action] and (not self.owes or action in ALWAYS)

    def reaches(self, *centers: str | None) -> bool:
        """Whether one of these centers is its own; whose scope is the county reaches all."""
        return REACH[self.role] is Reach.COUNTY or self.center in centers


PUBLIC = Actor("", "公众", Role.PUBLIC)


def must_reach(actor: Actor, *centers: str | None) -> None:
    """Refuse one who works at none of these centers."""
    if not actor.reaches(*centers):
        raise Forbidden("other-center", "这不是您所在中心的事项，请联系承办中心办理。")

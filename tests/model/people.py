"""Who acts in the model: some of the sample county, and what their roles may do at all (contract, Roles)."""

from dataclasses import dataclass

COUNTY, TOWNSHIP = "sq", "sq-zhidian"
CENTERS = (COUNTY, TOWNSHIP)
NAMES = {COUNTY: "沈丘县政务服务中心", TOWNSHIP: "纸店镇便民服务中心"}
UNITS = {
    "sq/zrzy": "自然资源局",
    "sq/zjj": "住房和城乡建设局",
    "sq/swj": "税务局",
    "sq-zhidian/zhfw": "综合服务科",
}
"""Departments of the county, which every center may name, and a unit of the township's own (mechanism §4)."""

WINDOW = frozenset({"clerk", "coordinator", "head"})
OFFICE = frozenset({"coordinator", "head"})
HEAD = frozenset({"head"})
OFFICERS = frozenset({"officer"})
PUBLIC = frozenset({"petitioner"})
MAY = (
    dict.fromkeys(("triage", "settle", "correct"), WINDOW)
    | dict.fromkeys(("dispatch", "transfer", "refer", "direct", "outcome", "recall"), OFFICE)
    | dict.fromkeys(("urge", "supervise", "uphold", "grant", "consent", "overrule", "study", "join"), OFFICE)
    | dict.fromkeys(("check", "follow-up", "conclude", "withdraw", "reopen"), OFFICE)
    | dict.fromkeys(("approve", "confirm"), HEAD)
    | dict.fromkeys(("sign", "reply", "decline", "extend"), OFFICERS)
    | dict.fromkeys(("nudge", "ask-reopening", "rate"), PUBLIC)
)
"""The roles that may do each thing. A door that two sides use is two of them: to ask, and to say a word on it."""


@dataclass(frozen=True)
class Who:
    """A party: one of the staff, or the petitioner."""

    username: str
    role: str
    center: str | None = None
    department: str | None = None

    @property
    def party(self) -> str:
        """The department it answers for, `<center>/<code>`."""
        return f"{self.center}/{self.department}"


PETITIONER = Who("petitioner", "petitioner")
STAFF = (
    *(Who(f"{role}-{center}", role, center) for center in CENTERS for role in ("clerk", "coordinator", "head")),
    *(Who(f"officer-{code}", "officer", *code.split("/")) for code in UNITS),
    Who("auditor-sq", "auditor", COUNTY),
    Who("admin", "administrator", COUNTY),
)
EVERYONE = (*STAFF, PETITIONER)


def officer(party: str) -> Who:
    """Who answers for a department."""
    return next(who for who in STAFF if who.role == "officer" and who.party == party)


def of(role: str, center: str) -> Who:
    """Who holds this role at this center."""
    return next(who for who in STAFF if (who.role, who.center) == (role, center))


def meant(code: str, center: str) -> str | None:
    """The department a bare code means to a center: a unit of its own, else one of the county; None: nobody."""
    return next((f"{each}/{code}" for each in (center, COUNTY) if f"{each}/{code}" in UNITS), None)

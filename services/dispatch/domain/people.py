"""Who may not touch an order, and who is behind a code (mechanism §1, §4, §7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.events.dispatch import Party
from shared.refusals import FieldFault, Forbidden, Invalid


@dataclass(frozen=True)
class Person:
    """Who acts: one of the staff, and where he belongs."""

    username: str
    name: str
    center: str | None = None
    department: str | None = None

    @property
    def codes(self) -> set[str]:
        """All a complaint may call him or his department."""
        own = {self.username, self.name}
        return own | {self.department, f"{self.center}/{self.department}"} if self.department else own


def is_about(about: str | None, person: Person) -> bool:
    """Whether a complaint is about this person or his department."""
    return (about or "").strip() in person.codes


def must_not_be_about(about: str | None, person: Person) -> None:
    """Nobody dispatches, checks or follows up a complaint about himself or his department."""
    if is_about(about, person):
        raise Forbidden("about-you", "本件反映的就是您本人或您所在的部门，请交由其他工作人员办理。")


def must_be_another(approver: str, proposer: str) -> None:
    """A conclusion takes two people (Art. 10)."""
    if approver == proposer:
        raise Forbidden("own-proposal", "不能审批自己提出的办结意见，请由另一位负责人审批。")


def is_shown_the_petitioner(center: str, department: str, *, confidential: bool, about: Party | None) -> bool:
    """Whether a department may see who complains: never one complained about in confidence.

    `about` is the department that is complained about, when the complaint names one; when it names none, nobody can
    say that it is another.
    """
    return not confidential or (about is not None and about != Party(center=center, department=department))


def candidates(code: str, center: str, parent: str | None) -> list[Party]:
    """Whom a department's code can mean to a dispatching center, the likeliest first.

    A bare code is a unit of its own, else a department of the county; another level is reached by transfer (Art. 7).
    """
    reachable = [center, *([parent] if parent else [])]
    at, slash, department = code.rpartition("/")
    if slash:
        return [Party(center=at, department=department)] if at in reachable else []
    return [Party(center=each, department=code) for each in reachable]


def unknown_department(field: str, code: str) -> FieldFault:
    """What is wrong with a code that means nobody here."""
    return FieldFault(field, f"没有部门“{code}”，或者它不归本中心分办；请核对代码，跨层级的请先函转。")


def must_be_distinct(lead: Party, co_handlers: Sequence[Party]) -> None:
    """One lead, and every co-handler once (Art. 7)."""
    if lead in co_handlers:
        sentence = "牵头部门不能同时是协办部门，请从协办部门中去掉。"
    elif any(co_handlers.count(party) > 1 for party in co_handlers):
        sentence = "同一个协办部门写了不止一次，请去掉重复的。"
    else:
        return
    raise Invalid("department-twice", sentence, [FieldFault("co_handlers", sentence)])

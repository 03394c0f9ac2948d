"""What departments, and petitioners, do together: overruled co-handlers, joint studies, joined complaints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.dispatch.domain.answers import named
from services.dispatch.domain.states import State
from shared.events.dispatch import Party
from shared.events.intake import Triage
from shared.refusals import FieldFault, Invalid, NotPossible


def must_be_owing(owing: list[Party], asked: list[Party], names: Mapping[str, str]) -> list[Party]:
    """The co-handlers who hold the lead back and no longer shall: those named, or all; refuses where there is none."""
    if not owing:
        raise NotPossible("nobody-owes", "没有尚未答复的协办部门，牵头部门可以直接报送办理结果。")
    if others := [party for party in asked if party not in owing]:
        sentence = f"{'、'.join(named(party, names) for party in others)}不是尚未答复的协办部门，请核对。"
        raise Invalid("not-owing", sentence, [FieldFault("departments", sentence)])
    return asked or owing


def must_have_been(held_at: datetime, now: datetime) -> None:
    """Minutes are taken of a study that was held."""
    if held_at > now:
        sentence = "会商时间晚于现在，请在会商之后登记纪要。"
        raise Invalid("not-yet", sentence, [FieldFault("held_at", sentence)])


def must_meet_once(departments: Sequence[Party]) -> None:
    """Who takes part stands in the minutes once."""
    if any(departments.count(party) > 1 for party in departments):
        sentence = "同一个参加部门写了不止一次，请去掉重复的。"
        raise Invalid("department-twice", sentence, [FieldFault("departments", sentence)])


@dataclass(frozen=True)
class Side:
    """One of two complaints that are to be handled as one."""

    complaint_id: str
    state: State
    triage: Triage
    handling_center: str
    lead: Party | None
    is_joined: bool
    leads_others: bool


def must_be_joinable(one: Side, leading: Side) -> None:
    """Complaints about one matter, sorted alike, at one center; the leading one is with its departments (多人同诉)."""
    if one.complaint_id == leading.complaint_id:
        sentence = "不能与自己合并，请填写另一件诉求的编号。"
    elif leading.is_joined:
        sentence = "该件已并入其他诉求办理，请填写主办件的编号。"
    elif one.is_joined or one.leads_others:
        sentence = "本件已经合并办理，不能再并入其他诉求。"
    elif leading.handling_center != one.handling_center:
        sentence = "该件由其他中心办理，请先函转到同一中心再合并。"
    elif leading.state is not State.HANDLING:
        sentence = "主办件应当正由部门办理，请先分办主办件。"
    elif one.triage is not leading.triage:
        sentence = "两件诉求的研判分类不一致，不能合并办理，请先更正研判。"
    elif one.lead is not None and one.lead != leading.lead:
        sentence = "两件诉求的牵头部门不一致，不能合并办理。"
    else:
        return
    raise Invalid("cannot-join", sentence, [FieldFault("to", sentence)])


UNANSWERED = frozenset({State.ON_SPOT, State.PENDING, State.HANDLING})
"""Where the answer to the leading one may still come; from there on each is checked and followed up for itself."""
_LEADS = frozenset({State.PENDING, State.HANDLING})
"""Where one can take the place of the leading one."""


def goes_along(one: Side, leading: Side) -> bool:
    """Whether it is under review with the leading one, and goes where that goes: sorted alike, at the same center."""
    is_alike = (one.triage, one.handling_center) == (leading.triage, leading.handling_center)
    return one.state is State.PENDING and is_alike


def succession(joined: Sequence[Side]) -> tuple[str | None, frozenset[str]]:
    """Who leads when the leading one leads no more, and who is joined to that one (their ids).

    The one that came in first of those that can; to it is joined what stands where it stands, with the same lead.
    """
    able = sorted((each for each in joined if each.state in _LEADS), key=lambda each: each.complaint_id)
    if not able:
        return None, frozenset()
    heir, *others = able
    alike = [each for each in others if (each.state, each.lead) == (heir.state, heir.lead)]
    return heir.complaint_id, frozenset(each.complaint_id for each in alike)

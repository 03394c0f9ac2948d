"""退单: when a department may decline, and what follows when the coordinator agrees or not (mechanism §4)."""

from datetime import datetime

from shared.events.dispatch import Party, Stage
from shared.refusals import FieldFault, Forbidden, Invalid, NotPossible
from shared.workdays import Calendar


def must_be_in_time(assigned_at: datetime, now: datetime, calendar: Calendar, within: int) -> None:
    """Within so many working days of the dispatch, to the very close of the last."""
    last = calendar.due_after(assigned_at, within).due_at
    if now > last:
        raise NotPossible(
            "too-late-to-decline",
            f"退单应在分办后{within}个工作日内（{last:%Y-%m-%d %H:%M}前）提出，现已超过，请继续办理。",
        )


def must_be_unanswered(stage: Stage, *, has_answered: bool, by_lead: bool) -> None:
    """What a department or its lead has begun to answer is not declined any more."""
    if has_answered:
        raise NotPossible("answered", "本部门已经答复过本件，不能再退单。")
    if stage is not Stage.REPLY:
        who = "本部门" if by_lead else "牵头部门"
        raise NotPossible("answered", f"{who}已经提出解决方案，本件不能再退单，请按方案办理。")


def must_be_declinable_again(*, pending: bool, refused: int, most: int) -> None:
    """One decline of a department at a time; after so many refusals it is settled."""
    if pending:
        raise NotPossible("decline-pending", "本部门的退单正在等待管理机构审核；审核期间请继续办理，期限照常计算。")
    if refused >= most:
        raise NotPossible("decline-final", f"本部门的退单已{most}次未获同意，不能再退单，请继续办理。")


def must_be_decidable(pending: list[Party], asked: str | None) -> Party:
    """Whose decline is decided: the only one that waits, or the one that is named by its code."""
    if not pending:
        raise NotPossible("nothing-to-decide", "没有待审核的退单。")
    if asked is None and len(pending) == 1:
        return pending[0]
    for party in pending:
        if asked in (party.department, f"{party.center}/{party.department}"):
            return party
    codes = "、".join(party.department for party in pending)
    sentence = f"请写明审核哪个部门的退单：{codes}。"
    raise Invalid("which-department", sentence, [FieldFault("department", sentence)])


def must_be_taken_back(*, uphold: bool) -> None:
    """What a retired department has cannot be left with it."""
    if not uphold:
        raise NotPossible("department-retired", "该部门已停用，没有人能继续办理本件，请收回后重新分办。")


def is_for_the_head(dispatches: int, most: int) -> bool:
    """Whether so many dispatches are all that a coordinator may name departments for: the head adjudicates."""
    return dispatches >= most


def must_be_for_the_head(dispatches: int, most: int, *, is_head: bool) -> None:
    """After so many dispatches the next is for the head."""
    if is_for_the_head(dispatches, most) and not is_head:
        raise Forbidden(
            "third-dispatch", f"本件已经分办{dispatches}次并退回，再次分办须由管理机构负责人裁定，请提交负责人。"
        )

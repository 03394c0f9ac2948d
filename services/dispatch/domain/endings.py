"""The petitioner's own word on the end: withdrawing (撤回), and reopening what was closed (mechanism §7)."""

from datetime import datetime

from shared.refusals import Forbidden, NotPossible
from shared.workdays import Calendar


def must_be_withdrawable(*, pending: bool) -> None:
    """One withdrawal at a time waits for its confirmation."""
    if pending:
        raise NotPossible("withdrawal-pending", "撤回意愿已经登记，正在等待另一位工作人员电话确认。")


def must_be_another(confirmer: str, asker: str) -> None:
    """A withdrawal is confirmed by a second person."""
    if confirmer == asker:
        raise Forbidden("own-proposal", "撤回须由另一位负责人电话确认，不能由登记人自己确认。")


def reopenable_until(closed_at: datetime, calendar: Calendar, within: int) -> datetime:
    """The last instant at which the petitioner may have it reopened, so many working days after its end."""
    return calendar.due_after(closed_at, within).due_at


def must_be_reopenable(
    closed_at: datetime, reopened_at: datetime | None, asked_at: datetime, calendar: Calendar, within: int
) -> None:
    """Once, and within so many working days of its end; it is asked in time, however late that is heard of."""
    if reopened_at is not None:
        raise NotPossible("reopened-once", "本件已经重新办理过一次，不能再次申请；如有新的情况，请另行提出诉求。")
    until = reopenable_until(closed_at, calendar, within)
    if asked_at > until:
        raise NotPossible(
            "too-late-to-reopen",
            f"申请重新办理应在办结后{within}个工作日内（{until:%Y-%m-%d %H:%M}前）提出，现已超过；请另行提出诉求。",
        )

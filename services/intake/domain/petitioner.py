"""What a petitioner may do by number and query code: nudge, have it reopened, and rate the end (mechanism §6, §7)."""

from datetime import datetime

from services.intake.domain.journal import Journal
from services.intake.domain.states import State
from services.intake.domain.words import told_at
from shared.events.dispatch import OrderClosed, OrderReopened
from shared.events.intake import ComplaintNudged, RatingGiven, ReopeningAsked
from shared.refusals import NotPossible
from shared.workdays import Calendar


def must_be_nudgeable(journal: Journal, state: State, now: datetime, calendar: Calendar) -> None:
    """Once a working day, while it is open and somebody has it."""
    if state is State.CLOSED:
        raise NotPossible("closed", "您的诉求已经办结；如不认可，可以申请重新办理。")
    if state is State.REGISTERED:
        raise NotPossible("just-registered", "您的诉求正在研判分类，还没有交由谁办理；研判后每个工作日可以催办一次。")
    last = journal.last(ComplaintNudged)
    if last and calendar.workdays_between(last.at.date(), now.date()) == 0:
        sentence = f"您已于{told_at(last.at)}催办过，我们正在督促办理；每个工作日可以催办一次，请下一个工作日再催。"
        raise NotPossible("nudged-today", sentence)


def must_be_reopenable(journal: Journal, state: State, now: datetime, calendar: Calendar, within: int) -> None:
    """Once, and within so many working days of its end."""
    closed = journal.last(OrderClosed)
    if state is not State.CLOSED or closed is None:
        raise NotPossible("still-open", "您的诉求还在办理，不需要申请重新办理；想了解进度可以催办。")
    if journal.some(OrderReopened, ReopeningAsked):
        raise NotPossible("reopened-once", "您的诉求已经申请过重新办理，不能再次申请；如有新的情况，请另行提出诉求。")
    until = calendar.due_after(closed.at, within).due_at
    if now > until:
        raise NotPossible(
            "too-late-to-reopen",
            f"申请重新办理应在办结后{within}个工作日内（{until:%Y-%m-%d %H:%M}前）提出，现已超过；请另行提出诉求。",
        )


def must_be_erasable(journal: Journal, state: State, now: datetime, calendar: Calendar, within: int) -> None:
    """Ended, and so long ago that the petitioner, who had so many working days, can no longer have it reopened."""
    closed = journal.last(OrderClosed)
    if state is not State.CLOSED or closed is None:
        raise NotPossible("still-open", "本件还在办理，办理需要诉求人信息，办结以后才能删除。")
    until = calendar.due_after(closed.at, within).due_at
    if now <= until:
        raise NotPossible("may-be-reopened", f"诉求人在{until:%Y-%m-%d %H:%M}前还可以申请重新办理，之后才能删除。")


def must_be_ratable(journal: Journal, state: State, closing: str) -> None:
    """This end, if it still is the end, and has not been rated."""
    closed = journal.last(OrderClosed)
    if closed is None or closed.event_id != closing or state is not State.CLOSED:
        raise NotPossible("reopened", "您的诉求已经重新办理，请在再次办结后使用新的评价链接。")
    rated = next((rating for rating in journal.all(RatingGiven) if rating.closing == closing), None)
    if rated:
        raise NotPossible("rated-already", f"您已于{told_at(rated.at)}评价过了，感谢您的评价；评价链接只能使用一次。")

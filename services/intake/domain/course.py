"""The course a complaint takes, read from its journal: where it stands, how it ended, by how much it was late."""

from services.intake.domain.journal import Journal
from services.intake.domain.states import State
from shared.events import Event
from shared.events.dispatch import (
    ConclusionProposed,
    ConclusionRefused,
    DeclineUpheld,
    Final,
    OrderChecked,
    OrderClosed,
    OrderDirected,
    OrderDispatched,
    OrderFollowedUp,
    OrderRecalled,
    OrderReferred,
    OrderReopened,
    OrderReplied,
    OrderTransferred,
    OutcomeRecorded,
    RedoStarted,
    ReplyKind,
)
from shared.events.intake import ComplaintSettled, ComplaintTriaged
from shared.events.sla import ClockOverran

_COURSE = (
    OrderDispatched,
    DeclineUpheld,
    OrderTransferred,
    OrderReferred,
    OutcomeRecorded,
    OrderRecalled,
    OrderDirected,
    OrderReplied,
    OrderChecked,
    OrderFollowedUp,
    RedoStarted,
    OrderReopened,
    ConclusionProposed,
    ConclusionRefused,
    OrderClosed,
)


def stage_of(journal: Journal) -> State:
    """Where it stands. Once there is an order its own events say; before that, what the window did."""
    state: State | None = None
    elsewhere: type[Event] | None = None
    anew = 0
    for event in journal.some(*_COURSE):
        state = _after(event) or state
        if isinstance(event, OrderReferred | OrderRecalled | OrderDirected):
            elsewhere = type(event)
        elif isinstance(event, RedoStarted | OrderReopened) and event.leg is None:
            if elsewhere is OrderReferred:
                state = State.REFERRED  # the unit it was referred to does it again
            elif elsewhere is OrderDirected:
                elsewhere = None
            else:
                anew += 1
    settled = len(journal.all(ComplaintSettled))
    if state in (State.REOPENED, State.TRANSFERRED, State.DECLINED, State.TRIAGED):
        # What was settled and is begun anew has no leg: one more settlement than beginnings is a new one.
        return State.SETTLED if settled > anew else state
    if state is not None:
        return state
    if settled:
        return State.SETTLED
    return State.TRIAGED if journal.all(ComplaintTriaged) else State.REGISTERED


def _after(event: Event) -> State | None:
    """The state an event of the order leads to; None when it leads nowhere."""
    match event:
        case OrderDispatched():
            return State.HANDLING
        case DeclineUpheld():
            return State.DECLINED
        case OrderTransferred():
            return State.TRANSFERRED
        case OrderReferred():
            return State.REFERRED
        case OutcomeRecorded():
            return State.OUTCOME
        case OrderRecalled():
            return State.TRIAGED
        case OrderDirected():
            return State.DIRECTED
        case OrderReplied(is_lead=True):
            return State.PLANNED if event.kind is ReplyKind.PLAN else State.ANSWERED
        case OrderChecked():
            return State.PASSED if event.passed else State.RETURNED
        case OrderFollowedUp() | ConclusionRefused():
            return State.FOLLOWED_UP
        case RedoStarted() | OrderReopened():
            return State.REDOING if event.leg else State.REOPENED
        case ConclusionProposed():
            return State.CONCLUDING
        case OrderClosed():
            return State.CLOSED
    return None


def final_of(journal: Journal, state: State) -> Final | None:
    """How it ended; None while it is open, or open again."""
    closed = journal.last(OrderClosed)
    return closed.final if closed and state is State.CLOSED else None


def overran_of(journal: Journal) -> dict[int, int]:
    """By how many working days begun after its due day each leg was answered late, as last counted; by leg.

    0: late, but before another working day had begun (an answer after close of the due day itself).
    """
    counted = sorted(journal.all(ClockOverran), key=lambda event: event.answered_at)
    return {event.leg: event.working_days if event.office_minutes else 0 for event in counted}

"""A complaint's row in the ledger (annex 3) as the journal's events give it, before names are put in.

A pure function: the same events give the same row, live, rebuilt, or as of any day.
"""

from collections.abc import Iterable
from datetime import datetime

from services.intake.domain.course import final_of, overran_of, stage_of
from services.intake.domain.journal import Journal
from services.intake.domain.states import AWAITING_ANSWER, State
from shared.events import Event
from shared.events.base import Fact, Moment
from shared.events.dispatch import (
    DeclineUpheld,
    EscalationReported,
    EscalationSupervised,
    EscalationUrged,
    Final,
    JoiningChanged,
    Leg,
    OrderChecked,
    OrderClosed,
    OrderDirected,
    OrderDispatched,
    OrderFollowedUp,
    OrderJoined,
    OrderRecalled,
    OrderReferred,
    OrderReopened,
    OrderReplied,
    OrderTransferred,
    OutcomeRecorded,
    Party,
    RedoStarted,
    ReplyKind,
    Satisfaction,
)
from shared.events.intake import ComplaintCorrected, ComplaintRegistered, ComplaintSettled, ComplaintTriaged, Triage
from shared.events.sla import ClockMoved, ClockStarted, Rung


class Limit(Fact):
    """When a leg is due, as last told."""

    leg: int
    due_at: Moment
    provisional: bool
    extended_from: Moment | None = None


class Again(Fact):
    """Something was to be done again: returned at the check, or asked for by the petitioner."""

    at: Moment
    by_petitioner: bool


class Row(Fact):
    """One complaint in the ledger, without the petitioner."""

    complaint_id: str
    number: str
    center: str
    shown_in: list[str]
    """Every center that took it in or over; each shows it in its ledger (Art. 7)."""
    registered_at: Moment
    category: str
    content: str
    triage: Triage | None
    state: State
    final: Final | None
    lead: Party | None
    co_handlers: list[Party]
    helped_by: str | None
    unit: str | None
    """The unit outside it was referred to."""
    channel: str | None
    """The channel the petitioner was directed to."""
    sent_at: list[Moment]
    """Every dispatch, transfer, referral and direction."""
    limits: list[Limit]
    due_at: Moment | None
    """When an answer is due that has not been given."""
    calendar: str | None = None
    """The center whose calendar counts for it."""
    source: str = ""
    urged_at: list[Moment]
    supervised_at: list[Moment]
    reported_at: list[Moment]
    again: list[Again]
    done_at: Moment | None
    outcome: str | None
    """What came of it, in the words last given."""
    followed_up_at: Moment | None
    satisfaction: Satisfaction | None
    overdue: bool
    overran: int | None
    """Working days by which answers were late, summed over legs (0: less than one); None when none has been counted."""
    overran_before: int = 0
    """The part of it that the answer now owed has yet to make good: as this leg was last counted."""
    missed_first_date: bool
    closing: str | None
    """Why it was closed without satisfaction."""
    joined_to: str | None = None
    """The number of the complaint it is handled together with."""

    @property
    def handling_center(self) -> str:
        """The center that has it now."""
        return self.shown_in[-1]

    @property
    def departments(self) -> list[str]:
        """The codes of the departments that have it, the lead's first."""
        return [f"{party.center}/{party.department}" for party in (self.lead, *self.co_handlers) if party]

    @property
    def rung(self) -> Rung | None:
        """The highest rung it has reached, by the ladder or by hand (Art. 9)."""
        reached = (
            (Rung.REPORTED, self.reported_at),
            (Rung.SUPERVISED, self.supervised_at),
            (Rung.URGED, self.urged_at),
        )
        return next((rung for rung, given in reached if given), None)

    def is_overdue(self, now: datetime) -> bool:
        """Whether an answer was late, or is now; one given at the very instant is in time (mechanism §6)."""
        return self.overdue or (self.due_at is not None and self.due_at < now)


def ledger_row(events: Iterable[Event]) -> Row:
    """The row these events of one complaint make; its registering must be among them."""
    return row_of(Journal(events))


def row_of(journal: Journal) -> Row:
    """The same of a journal already sorted."""
    [registered] = journal.all(ComplaintRegistered)
    corrected = journal.last(ComplaintCorrected) or registered
    state = stage_of(journal)
    final = final_of(journal, state)
    dispatched, legs = journal.last(OrderDispatched), _legs(journal)
    limits = [limit for leg in legs if (limit := _limit(journal, leg))]
    owed = legs[-1] if legs and state in AWAITING_ANSWER else None
    followed_up = journal.last(OrderFollowedUp)
    directed, closed = journal.last(OrderDirected), journal.last(OrderClosed)
    settled = journal.last(ComplaintSettled)
    by_leg = overran_of(journal)
    fell_due = any(event.fell_due_at for event in journal.all(EscalationSupervised))
    return Row(
        complaint_id=registered.subject,
        number=registered.number,
        center=registered.center,
        shown_in=_centers(journal, registered.center),
        registered_at=registered.at,
        category=corrected.category,
        content=corrected.content,
        triage=_triage(journal),
        state=state,
        final=final,
        lead=dispatched.lead if dispatched else None,
        co_handlers=dispatched.co_handlers if dispatched else [],
        helped_by=settled.helped_by if settled else None,
        unit=_unit(journal),
        channel=directed.channel if directed else None,
        sent_at=[e.at for e in journal.some(OrderDispatched, OrderTransferred, OrderReferred, OrderDirected)],
        limits=limits,
        due_at=next((limit.due_at for limit in limits if owed and limit.leg == owed.number), None),
        calendar=owed.calendar if owed else None,
        source=registered.source,
        urged_at=[e.at for e in journal.all(EscalationUrged)],
        supervised_at=[e.at for e in journal.all(EscalationSupervised)],
        reported_at=[e.at for e in journal.all(EscalationReported)],
        again=_again(journal),
        done_at=_done_at(journal),
        outcome=_outcome(journal),
        followed_up_at=followed_up.at if followed_up else None,
        satisfaction=followed_up.satisfaction if followed_up else None,
        overdue=bool(by_leg) or fell_due or _ended_late(journal, legs, limits),
        overran=sum(by_leg.values()) if by_leg else None,
        overran_before=by_leg.get(owed.number, 0) if owed else 0,
        missed_first_date=_missed_first_date(journal),
        closing=closed.reasons if closed and final else None,
        joined_to=joinings[-1].leading_number if (joinings := journal.some(OrderJoined, JoiningChanged)) else None,
    )


def _centers(journal: Journal, first: str) -> list[str]:
    """In the order they had it, each once; the one that has it now last."""
    later = [
        event.to_center if isinstance(event, OrderTransferred) else event.handling_center
        for event in journal.some(OrderTransferred, OrderDispatched)
    ]
    return list(dict.fromkeys([*reversed(later), first]))[::-1]


def _unit(journal: Journal) -> str | None:
    """The unit it was referred to last, unless it was taken back from there."""
    match journal.some(OrderReferred, OrderRecalled)[-1:]:
        case [OrderReferred(unit=unit)]:
            return str(unit)
    return None


def _triage(journal: Journal) -> Triage | None:
    """As it was sorted, or as an answer showed it to be, whichever was last: after a decline it is sorted anew."""
    match _later(journal.last(ComplaintTriaged), journal.last(OrderReplied)):
        case ComplaintTriaged(triage=triage) | OrderReplied(triage=triage):
            return Triage(triage)
    return None


def _later(*events: Event | None) -> Event | None:
    """The last of what the window and an order have said: between publishers only the time tells."""
    return max((e for e in events if e), key=lambda e: (e.at, e.event_id), default=None)


def _legs(journal: Journal) -> list[Leg]:
    legs = [
        event.next_leg if isinstance(event, OrderReplied) else event.leg
        for event in journal.some(OrderDispatched, OrderReplied, RedoStarted, OrderReopened)
    ]
    return [leg for leg in legs if leg]


def _ended_late(journal: Journal, legs: list[Leg], limits: list[Limit]) -> bool:
    """Whether a leg's answer, or the end that came without one, lies after its due date as told last.

    What the closing says of it is what dispatch knew then: a clock may have been moved of which it had not heard.
    What a decline took off its departments was owed by nobody until it was closed.
    """
    ends = {event.leg: event.at for event in journal.all(OrderReplied) if event.is_lead}
    ends |= {event.leg: event.at for event in journal.all(DeclineUpheld)}
    if legs and (closed := journal.last(OrderClosed)):
        ends.setdefault(legs[-1].number, closed.at)
    return any(limit.leg in ends and ends[limit.leg] > limit.due_at for limit in limits)


def _limit(journal: Journal, leg: Leg) -> Limit | None:
    started: list[ClockStarted | ClockMoved] = [e for e in journal.all(ClockStarted) if e.leg == leg.number]
    moved = [e for e in journal.all(ClockMoved) if e.leg == leg.number]
    if not (told := started + moved):
        return None
    last = told[-1]
    extended = next((e.was for e in moved if e.why == "extended"), None)
    return Limit(leg=leg.number, due_at=last.due_at, provisional=last.provisional, extended_from=extended)


def _again(journal: Journal) -> list[Again]:
    events = journal.some(OrderChecked, RedoStarted, OrderReopened)
    return [
        Again(at=e.at, by_petitioner=not isinstance(e, OrderChecked))
        for e in events
        if not isinstance(e, OrderChecked) or not e.passed
    ]


def _done_at(journal: Journal) -> Moment | None:
    """The department's last answer a check accepted; or when it was settled, or its outcome or direction given."""
    last_check = max((e.revision for e in journal.all(OrderChecked) if e.passed), default=0)
    replies = [e for e in journal.all(OrderReplied) if e.is_lead and e.kind is not ReplyKind.PLAN]
    done: list[Event] = [e for e in replies if e.revision <= last_check]
    done += [*journal.all(OutcomeRecorded), *journal.all(OrderDirected), *journal.all(ComplaintSettled)]
    return max((e.at for e in done), default=None)


def _outcome(journal: Journal) -> str | None:
    """As the departments, the unit or the window said last: after a decline it may be settled after all."""
    answers = [e for e in journal.some(OrderReplied, OutcomeRecorded, OrderDirected) if getattr(e, "is_lead", True)]
    match _later(*answers[-1:], journal.last(ComplaintSettled)):
        case OrderReplied(text=text) | OutcomeRecorded(text=text):
            return str(text)
        case OrderDirected(reason=reason):
            return str(reason)
        case ComplaintSettled(result=result):
            return str(result)
    return None


def _missed_first_date(journal: Journal) -> bool:
    """Whether another department got it later and the date first told to the petitioner passed (mechanism §4)."""
    dispatches = journal.all(OrderDispatched)
    if len(dispatches) < 2:
        return False
    first = _limit(journal, dispatches[0].leg)
    answers = [e.at for e in journal.all(OrderReplied) if e.is_lead]
    supervised = [e.at for e in journal.all(EscalationSupervised)]
    return first is not None and any(at > first.due_at for at in [*answers[:1], *supervised])

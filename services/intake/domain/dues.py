"""The legs of a complaint and when each was due (mechanism §6), as figures count them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.courts import named
from services.intake.domain.journal import Journal
from shared.events.dispatch import (
    DeclineUpheld,
    Leg,
    OrderChecked,
    OrderClosed,
    OrderDispatched,
    OrderReopened,
    OrderReplied,
    Party,
    RedoStarted,
)
from shared.events.sla import ClockMoved, ClockStarted


@dataclass(frozen=True)
class Due:
    """A leg: when its answer is due (as last told, and as first), when that came, and when something else began."""

    leg: int
    department: str
    at: datetime
    first_at: datetime
    answered_at: datetime | None
    """The answer that stands: one that was returned at the check is none."""
    followed_at: datetime | None

    @property
    def was_given_up(self) -> bool:
        """Whether nobody answered it, for something else began, or it ended, before it was due."""
        return self.answered_at is None and self.followed_at is not None and self.followed_at <= self.at


def dues_of(journal: Journal) -> list[Due]:
    """The legs whose clock has been told of, in order."""
    legs = _legs(journal)
    returned = {event.leg: event.revision for event in journal.all(OrderChecked) if not event.passed}
    closed = min((event.at for event in journal.all(OrderClosed)), default=None)
    declined = {event.leg: event.at for event in journal.all(DeclineUpheld)}
    answers = [event for event in journal.all(OrderReplied) if event.is_lead]
    found = []
    for place, (leg, party) in enumerate(legs):
        if not (told := _told(journal, leg)):
            continue
        stands = (e.at for e in answers if e.leg == leg.number and e.revision > returned.get(leg.number, 0))
        followed_at = legs[place + 1][0].starts_at if place + 1 < len(legs) else closed
        followed_at = declined.get(leg.number, followed_at)
        due = Due(leg.number, named(party), told[-1], told[0], next(stands, None), followed_at)
        found.append(due)
    return found


def _legs(journal: Journal) -> list[tuple[Leg, Party]]:
    """Every leg, and who led in it."""
    lead: Party | None = None
    legs: list[tuple[Leg, Party]] = []
    for event in journal.some(OrderDispatched, OrderReplied, RedoStarted, OrderReopened):
        lead = event.lead if isinstance(event, OrderDispatched) else lead
        leg = event.next_leg if isinstance(event, OrderReplied) else event.leg
        if leg and lead:
            legs.append((leg, lead))
    return legs


def _told(journal: Journal, leg: Leg) -> list[datetime]:
    """When it is due, as first told and as told since."""
    told: Iterable[ClockStarted | ClockMoved] = [*journal.all(ClockStarted), *journal.all(ClockMoved)]
    return [event.due_at for event in told if event.leg == leg.number]

"""What is counted of a complaint, as the tests ask for it."""

from __future__ import annotations

from services.intake.domain.calendars import Calendars
from services.intake.domain.counted import Counted, Fact
from services.intake.domain.facts import facts_of
from services.intake.domain.journal import Journal
from shared.events import Event
from shared.events.dispatch import ReplyKind
from shared.events.intake import Triage
from shared.workdays import Calendar
from tests.support.alone import at
from tests.support.intake import dispatched, replied
from tests.support.lives import checked, closed, followed_up, registered, started, triaged

CALENDARS = Calendars({"sq": [(at("01-01 00:00"), Calendar())]})
MINUTE = 60


def facts(*events: Event) -> list[Fact]:
    """All that is counted of this life."""
    return facts_of(Journal(events), CALENDARS)


def of(counted: Counted, *events: Event) -> list[Fact]:
    """What of it is counted as this."""
    return [fact for fact in facts(*events) if fact.counted is counted]


def held(*events: Event) -> dict[str, int]:
    """Office minutes in each court."""
    return {
        f"{fact.detail} {fact.department or ''}".strip(): (fact.working or 0) // MINUTE
        for fact in of(Counted.HELD, *events)
    }


def simple_life() -> list[Event]:
    """Registered 10:00 on Monday 28 September, dispatched 10:10, answered and checked next day, satisfied at 15:00."""
    return [
        registered(),
        triaged(Triage.CANNOT),
        dispatched("c-1"),
        started(1, "10-08 17:30"),
        replied("c-1", "09-29 10:00", 3, ReplyKind.REASONS),
        checked("09-29 11:00", 4),
        followed_up("09-29 15:00", 5),
        closed("09-29 15:00", 6),
    ]

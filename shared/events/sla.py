"""What sla announces: when an order is due, what its ladder has to say and when, and who is to be reminded (Art. 8, 9).

`subject` is the complaint's id.
"""

from datetime import date
from enum import StrEnum

from shared.events.base import Event, Moment


class Rung(StrEnum):
    """催办, 督办, 通报, in this order."""

    URGED = "urged"
    SUPERVISED = "supervised"
    REPORTED = "reported"


class ClockStarted(Event, type="clock.started"):
    """A leg is due at this instant."""

    leg: int
    due_at: Moment
    provisional: bool
    co_handlers_due_at: Moment | None = None


class ClockMoved(Event, type="clock.moved"):
    """A leg's due instant has changed; a later `revision` replaces an earlier."""

    leg: int
    revision: int
    was: Moment
    due_at: Moment
    provisional: bool
    co_handlers_due_at: Moment | None = None
    why: str
    """`returned`, `extended`, `refused` (a far date that was not consented to), `calendar`, or `co_handlers`: the
    calendar has moved theirs alone, and the lead's stands."""


class ClockOverran(Event, type="clock.overran"):
    """A leg was answered after it was due; counted in working time until that answer (mechanism §6)."""

    leg: int
    due_at: Moment
    answered_at: Moment
    working_days: int
    """Working days begun after the due day, at least 1."""
    office_minutes: int
    """Those begun after it was due; 0 when it was answered before another working day had begun."""


class RungDue(Event, type="rung.due"):
    """The instant of a rung has come; whether it fires is for dispatch to say, who has the answers."""

    leg: int
    round: int | None = None
    """The latest sla knew of. Where dispatch has a later one, the answer that was returned says whether it is owed: the
    later one has instants of its own, and is asked about again."""
    committed_by: int | None = None
    """The order's revision at which the committed date sla counted by was last changed; 0: it is the first. A later
    one that stood by `instant` has instants of its own too."""
    rung: Rung
    instant: Moment


class DigestDue(Event, type="digest.due"):
    """It is time to tell the departments of these centers what they owe (mechanism §6). `subject` is the day.

    Where `week_since` is given it is the first working day of a week too: inspection hears of the escalations since.
    """

    day: date
    centers: list[str]
    week_since: Moment | None = None
    week_until: Moment | None = None


class Step(StrEnum):
    """What a center's own office owes within an inner limit (mechanism §3, **Decided**)."""

    TRIAGE = "triage"
    SETTLE = "settle"
    """A general one: settled on the spot, or sorted anew."""
    DISPATCH = "dispatch"
    """Review, and dispatch, referral, direction or transfer."""
    ACCEPT = "accept"
    """A transfer."""
    REFERRAL = "referral"
    """To ask the unit outside again."""
    CHECK = "check"
    FOLLOW_UP = "follow_up"
    SIGN = "sign"
    """The circular, the report and the copy letter of an order that was reported."""


class Reminded(StrEnum):
    """Who is reminded of an inner limit."""

    COORDINATOR = "coordinator"
    HEAD = "head"


class ReminderDue(Event, type="reminder.due"):
    """An inner limit has passed; nobody climbs a ladder, but the office is reminded (mechanism §3)."""

    step: Step
    office: str
    """The center whose managing office owes it."""
    to: Reminded
    due_at: Moment
    times: int
    """Which reminder of this limit it is; the first is 1."""

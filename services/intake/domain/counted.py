"""What is counted in figures, and what a fact says of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Counted(StrEnum):
    """What is counted, and what `at`, `detail` and `yes` of such a fact say."""

    REGISTERED = "registered"
    SORTED = "sorted"
    """At the first triage; detail: the triage as it stands."""
    DISPATCHED = "dispatched"
    RESPONSE = "response"
    """The first response, when it was due, or when given before any leg; `done_at`: when given, in whatever way."""
    DUE = "due"
    """A leg, when it was due, or first missed; `done_at`: when the answer was given that stands."""
    DECLINED = "declined"
    """By a department (退单); yes: the coordinator agreed. `working`: how long before the date then, if before it."""
    NUDGED = "nudged"
    """By the petitioner (催一催)."""
    RATED = "rated"
    """By the petitioner; detail: the score."""
    PLANNED = "planned"
    """A plan; detail: which of this complaint it is."""
    FOLLOWED_UP = "followed_up"
    """Detail: the satisfaction; yes: solved, as the petitioner said."""
    URGED = "urged"
    SUPERVISED = "supervised"
    REPORTED = "reported"
    """The rungs, for each department named; detail: `ladder` or `by_hand`."""
    RETURNED = "returned"
    """At the check. `working`: how long before the date then the answer came that was returned, if in time."""
    REDONE = "redone"
    """The petitioner was not content. `working` as above."""
    REOPENED = "reopened"
    """The same after the end. `working` as above."""
    EXTENDED = "extended"
    """A committed date; detail: which extension of this complaint it is."""
    REMINDED = "reminded"
    """An inner limit of the office passed; detail: the step."""
    CLOSED = "closed"
    """Detail: how; yes: something was overdue; `working`, `elapsed`: how long it took."""
    PUBLISHED = "published"
    """A guidance case was drawn from it; detail: the case."""
    HELD = "held"
    """At its end, how long it was with somebody; detail: the court."""


LADDER, BY_HAND = "ladder", "by_hand"


@dataclass(frozen=True)
class Fact:
    """Something counted. `also`: it is counted for another department already, and for a center only once."""

    counted: Counted
    place: str
    """Among those of its kind of one complaint."""
    at: datetime
    center: str
    """The center that had it then."""
    department: str | None = None
    detail: str | None = None
    done_at: datetime | None = None
    yes: bool | None = None
    also: bool = False
    working: int | None = None
    """Seconds of office time."""
    elapsed: int | None = None
    """Seconds."""
    source: str = ""
    category: str = ""
    petitioner: str = ""
    """`individual` or `organisation`."""

"""What a department asks and the coordinator decides (mechanism §4, §5)."""

from datetime import date

from shared.events.base import Event
from shared.events.dispatch.words import Party


class DeclineRaised(Event, type="decline.raised"):
    """退单: a department says it is not the right one; its clock goes on until the coordinator has agreed (Art. 7)."""

    revision: int
    party: Party
    leg: int
    reason: str
    right_department: str | None = None
    """`<center>/<department>`, where it knows."""
    by: str


class DeclineUpheld(Event, type="decline.upheld"):
    """The coordinator agrees: the leg ends unanswered, and the order is reviewed and dispatched anew."""

    revision: int
    party: Party
    leg: int
    reasons: str
    for_the_head: bool = False
    """The next dispatch would be the third: the head adjudicates."""
    by: str


class DeclineRefused(Event, type="decline.refused"):
    """The coordinator does not agree: it stays where it is, and no date changes."""

    revision: int
    party: Party
    leg: int
    reasons: str
    is_final: bool = False
    """The second refusal: this department cannot decline again."""
    by: str


class ExtensionAsked(Event, type="extension.asked"):
    """The lead asks for a later committed date, before it is due; the old one stands until that is granted."""

    revision: int
    party: Party
    leg: int
    was: date
    committed_on: date
    reason: str
    by: str


class ExtensionGranted(Event, type="extension.granted"):
    """The coordinator grants a later committed date, once; the clock moves (Art. 8)."""

    revision: int
    party: Party
    leg: int
    was: date
    committed_on: date
    reasons: str | None = None
    by: str


class ExtensionRefused(Event, type="extension.refused"):
    """The committed date stands."""

    revision: int
    party: Party
    leg: int
    reasons: str
    by: str


class ConsentGiven(Event, type="consent.given"):
    """The coordinator consents to a date beyond what a `hard` matter may take without that."""

    revision: int
    party: Party
    leg: int
    committed_on: date
    reasons: str | None = None
    by: str


class ConsentRefused(Event, type="consent.refused"):
    """The coordinator does not consent: the last date that needs no consent stands; the clock moves."""

    revision: int
    party: Party
    leg: int
    was: date
    committed_on: date
    reasons: str
    by: str

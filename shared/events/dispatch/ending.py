"""From the follow-up to the end, and beyond it (Art. 10, 11)."""

from shared.events.base import Event
from shared.events.dispatch.words import Final, Leg, Party, Satisfaction
from shared.events.intake import Triage


class OrderFollowedUp(Event, type="order.followed_up"):
    """The petitioner was asked (Art. 10)."""

    revision: int
    satisfaction: Satisfaction
    solved: bool | None = None
    opinion: str
    method: str
    by: str


class RedoStarted(Event, type="redo.started"):
    """The petitioner was dissatisfied: the departments do it again, in a new round on a new leg (Art. 10)."""

    revision: int
    round: int
    leg: Leg | None
    """None for what was never dispatched: settled, referred or directed."""
    reason: str
    by: str


class ConclusionProposed(Event, type="conclusion.proposed"):
    """A conclusion without satisfaction awaits a second person."""

    revision: int
    reasons: str
    legal_basis: str
    by: str


class ConclusionRefused(Event, type="conclusion.refused"):
    """The second person does not agree: it is concluded otherwise, or the petitioner is asked again."""

    revision: int
    reasons: str
    by: str


class WithdrawalAsked(Event, type="withdrawal.asked"):
    """The petitioner's words are logged; a second person confirms them by phone (Art. 10)."""

    revision: int
    words: str
    method: str
    by: str


class WithdrawalRefused(Event, type="withdrawal.refused"):
    """The petitioner, phoned, does not withdraw: it goes on."""

    revision: int
    words: str
    by: str


class OrderReopened(Event, type="order.reopened"):
    """The petitioner has had a closed one reopened: a new round, with its departments on a new leg (Art. 10)."""

    revision: int
    round: int
    leg: Leg | None
    """None for what was never dispatched: settled, referred or directed."""
    words: str
    by: str
    """`petitioner` when it was asked for at the public door."""


class OrderClosed(Event, type="order.closed"):
    """The end, whatever it is (Art. 10); carries what a guidance case can be drafted from (Art. 11)."""

    revision: int
    final: Final
    number: str
    triage: Triage
    satisfaction: Satisfaction | None = None
    redo: int
    overdue: bool
    handled_by: list[Party] = []
    problem: str
    result: str
    legal_basis: str | None = None
    reasons: str | None = None
    typical: bool = False
    by: str
    approved_by: str | None = None


class CaseSuggested(Event, type="case.suggested"):
    """The coordinator has marked a closed complaint as typical: a guidance case should be drawn from it (Art. 11).

    The petitioner's own name, phone and address are struck from the texts already, by who knows them.
    """

    number: str
    problem: str
    result: str
    legal_basis: str | None = None
    reasons: str | None = None
    by: str

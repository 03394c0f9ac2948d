"""Reviewed and sent on its way: to departments, another center, a unit outside, or a lawful channel (Art. 6, 7)."""

from shared.events.base import Event, Moment
from shared.events.dispatch.words import Leg, Party


class OrderDispatched(Event, type="order.dispatched"):
    """The coordinator has named the departments and fixed the limit (Art. 7); the clock starts now."""

    revision: int
    handling_center: str
    lead: Party
    co_handlers: list[Party] = []
    leg: Leg
    by: str
    instructions: str | None = None


class OrderTransferred(Event, type="order.transferred"):
    """Another center's coordinator takes over and dispatches (Art. 7)."""

    revision: int
    from_center: str
    to_center: str
    by: str
    reason: str | None = None


class OrderReferred(Event, type="order.referred"):
    """Not a matter of this center: referred by letter to the unit that handles it, and tracked (Art. 6)."""

    revision: int
    unit: str
    by: str
    reason: str | None = None


class OutcomeRecorded(Event, type="outcome.recorded"):
    """The unit a complaint was referred to has answered."""

    revision: int
    unit: str
    text: str
    by: str


class OrderRecalled(Event, type="order.recalled"):
    """A referral is taken back: the unit does not take the matter; it is sorted and dispatched anew (Art. 6)."""

    revision: int
    unit: str
    """That had it."""
    reason: str
    by: str


class OrderDirected(Event, type="order.directed"):
    """A matter of court, arbitration, review or discipline: the petitioner is told that channel, and why."""

    revision: int
    channel: str
    reason: str
    by: str


class OrderSigned(Event, type="order.signed"):
    """A department has signed for its assignment; recorded and shown, it starts nothing."""

    party: Party
    by: str


class HoldOverruled(Event, type="hold.overruled"):
    """Co-handlers who have not answered hold the lead back no longer: the coordinator says why (Art. 7)."""

    revision: int
    parties: list[Party]
    leg: int
    reason: str
    by: str


class StudyHeld(Event, type="study.held"):
    """会商: several departments have studied the matter together; it stops no clock (Art. 7)."""

    revision: int
    held_at: Moment
    departments: list[Party]
    attendees: str
    conclusion: str
    lead: Party | None = None
    by: str


class OrderJoined(Event, type="order.joined"):
    """多人同诉: handled together with another one, whose answers are its own; it keeps its number and its leg."""

    revision: int
    leading: str
    """The complaint whose answers count for this one."""
    leading_number: str
    leg: int
    reason: str
    by: str


class JoiningChanged(Event, type="joining.changed"):
    """多人同诉: it is joined to the former leading one no longer, but to another one (`leading`) or to none."""

    revision: int
    former: str
    former_number: str
    leading: str | None = None
    """None: it is handled by itself, or leads the others."""
    leading_number: str | None = None
    leg: int | None = None
    """The leg on which departments have it; None while nobody has."""
    reason: str
    by: str

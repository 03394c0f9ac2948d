"""To a department's own system, about its own orders."""

from typing import Literal

from shared.events.base import Fact, Moment
from shared.events.dispatch import Final, Stage
from shared.events.intake import Fault
from shared.events.partners.message import PartnerMessage


class Petitioner(Fact):
    """Who complains, opened."""

    kind: str
    name: str | None = None
    contact_person: str | None = None
    phone: str | None = None
    other_contact: str | None = None
    address: str | None = None


class OfOrder(PartnerMessage):
    """What every message about an order says; a reply names the order by either."""

    number: str
    complaint_id: str


class OrderAssigned(OfOrder, type="order.assigned"):
    """The department is to answer this, by then (Art. 7, 8). One for each assignment."""

    role: Literal["lead", "co_handler"]
    stage: Stage
    round: int
    due_at: Moment
    provisional: bool
    registered_at: Moment
    category: str
    content: str
    instructions: str | None
    confidential: bool
    """The petitioner asked not to be known to this department; `petitioner` is null then, and when it was erased."""
    petitioner: Petitioner | None


class OrderEscalated(OfOrder):
    """What the three rungs say to whoever has not answered."""

    round: int
    fell_due_at: Moment | None
    """None when it was given by hand."""
    requirement: str | None


class OrderUrged(OrderEscalated, type="order.urged"):
    """催办 (Art. 9)."""


class OrderSupervised(OrderEscalated, type="order.supervised"):
    """督办 (Art. 9)."""


class OrderReported(OrderEscalated, type="order.reported"):
    """通报 (Art. 9)."""


class OrderReturned(OfOrder, type="order.returned"):
    """退回重办: the check returned it, or the petitioner was not content (Art. 10). `round` is the one that begins."""

    stage: Stage
    round: int
    reasons: str | None


class AssignmentClosed(OfOrder, type="order.closed"):
    """It has ended (Art. 10)."""

    final: Final


class AnswerRejected(PartnerMessage, type="reply.rejected"):
    """A reply could not be taken; every fault is named, and nothing has changed."""

    in_reply_to: str
    order: str | None
    faults: list[Fault]

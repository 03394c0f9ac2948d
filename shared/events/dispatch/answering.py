"""What departments answer, and what the check makes of it (Art. 8, 10)."""

from datetime import date

from shared.events.base import Event
from shared.events.dispatch.words import Leg, Party, ReplyKind
from shared.events.intake import Fault, Triage


class OrderReplied(Event, type="order.replied"):
    """A department has answered (Art. 8). Where the answer is a plan, `next_leg` is stage `result`."""

    revision: int
    reply_id: str
    party: Party
    is_lead: bool
    kind: ReplyKind
    text: str
    legal_basis: str | None = None
    remedy: str | None = None
    committed_on: date | None = None
    needs_consent: bool = False
    """Committed beyond what a `hard` matter may take without the coordinator's consent."""
    round: int
    leg: int
    triage: Triage
    """As it stands after this answer; reasons where a plan was due make it `cannot`."""
    next_leg: Leg | None = None
    by: str


class ReplyRejected(Event, type="reply.rejected"):
    """A department's own system has sent an answer that cannot be taken: it is told why. `subject`: the department."""

    party: Party
    order: str | None = None
    """The order it named, if that could be read."""
    in_reply_to: str
    faults: list[Fault]


class OrderChecked(Event, type="order.checked"):
    """The coordinator has checked the result (Art. 10). Returned, it is a new round of the same leg."""

    revision: int
    passed: bool
    reasons: str | None = None
    leg: int
    round: int
    """The round that goes on: the same when passed, the next when returned."""
    by: str

"""To a channel, about what it has handed over."""

from shared.events.base import Moment
from shared.events.dispatch import Final, ReplyKind
from shared.events.intake import Fault
from shared.events.partners.message import PartnerMessage


class Feedback(PartnerMessage):
    """What every message to a channel says: the message it answers, and the channel's own reference."""

    in_reply_to: str | None
    source_ref: str | None


class FeedbackRegistered(Feedback, type="complaint.registered"):
    """It has its number (Art. 5); for a submission that came again, the first one."""

    number: str
    complaint_id: str
    query_code: str | None
    """For the petitioner; null when it was erased."""


class FeedbackRejected(Feedback, type="complaint.rejected"):
    """It could not be registered; every fault is named by its field."""

    faults: list[Fault]


class FeedbackDispatched(Feedback, type="complaint.dispatched"):
    """Departments have it, by then; or, out of scope, a unit outside, without a date (Art. 6, 7)."""

    number: str
    to: list[str]
    due_at: Moment | None
    provisional: bool | None


class FeedbackReplied(Feedback, type="complaint.replied"):
    """The answer given to the petitioner: reasons and plan at once, the result when it has passed (Art. 8)."""

    number: str
    kind: ReplyKind
    text: str


class FeedbackClosed(Feedback, type="complaint.closed"):
    """It has ended (Art. 10)."""

    number: str
    final: Final
    result: str

"""What partners read from the bus and write to it: a published contract of its own, apart from the inner events.

Out: CloudEvents 1.0 whose `type` is the plain name (`order.assigned`), on the queue of whoever may read them. A name
may be that of an inner event and yet say something else. In: a submission, a reply; plain, or as a CloudEvent's `data`.
"""

from shared.events.partners.channels import (
    Feedback,
    FeedbackClosed,
    FeedbackDispatched,
    FeedbackRegistered,
    FeedbackRejected,
    FeedbackReplied,
)
from shared.events.partners.departments import (
    AnswerRejected,
    AssignmentClosed,
    OfOrder,
    OrderAssigned,
    OrderEscalated,
    OrderReported,
    OrderReturned,
    OrderSupervised,
    OrderUrged,
    Petitioner,
)
from shared.events.partners.documents import schemas
from shared.events.partners.incoming import (
    MESSAGES_IN,
    Reply,
    Submission,
    SubmittedFile,
    SubmittedPetitioner,
    SubmittedProfile,
    unwrapped,
)
from shared.events.partners.levels import Escalation, LevelDigest, LevelEscalated, LevelReported, LevelSupervised
from shared.events.partners.message import PartnerMessage, messages_out

__all__ = [
    "MESSAGES_IN",
    "AnswerRejected",
    "AssignmentClosed",
    "Escalation",
    "Feedback",
    "FeedbackClosed",
    "FeedbackDispatched",
    "FeedbackRegistered",
    "FeedbackRejected",
    "FeedbackReplied",
    "LevelDigest",
    "LevelEscalated",
    "LevelReported",
    "LevelSupervised",
    "OfOrder",
    "OrderAssigned",
    "OrderEscalated",
    "OrderReported",
    "OrderReturned",
    "OrderSupervised",
    "OrderUrged",
    "PartnerMessage",
    "Petitioner",
    "Reply",
    "Submission",
    "SubmittedFile",
    "SubmittedPetitioner",
    "SubmittedProfile",
    "messages_out",
    "schemas",
    "unwrapped",
]

"""What partners read from the bus and write to it: a published contract of its own, apart from the inner events.

Out: CloudEvents 1.0 whose `type` is the plain name (`order.assigned`), on the queue of whoever may read them. A name
may be that of an inner event and yet say something else. In: a submission, a reply; plain, or as a CloudEvent's `data`.
"""

from datetime import date, datetime
from typing import Any, ClassVar, Literal

import orjson
from pydantic import Field

from shared.events.base import Fact, Moment
from shared.events.dispatch import Final, Party, ReplyKind, Stage
from shared.events.intake import Fault
from shared.texts import Name, Words

_known: dict[str, type["PartnerMessage"]] = {}


class PartnerMessage(Fact):
    """The `data` of a message to a partner; `type` names it on the wire."""

    type: ClassVar[str]
    version: ClassVar[int]

    def __init_subclass__(cls, **_: Any) -> None:
        """Leave the class's type to pydantic's own hook."""
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(cls, *, type: str = "", version: int = 1, **kwargs: Any) -> None:  # noqa: A002
        """Enter the class in the list of what partners may get."""
        super().__pydantic_init_subclass__(**kwargs)
        if type:
            cls.type, cls.version = type, version
            if _known.setdefault(cls.full_type(), cls) is not cls:
                raise TypeError(f"{cls.full_type()} is declared twice")

    @classmethod
    def full_type(cls) -> str:
        """`<noun>.<past-verb>.v<n>`."""
        return f"{cls.type}.v{cls.version}"

    def to_wire(self, message_id: str, at: datetime, center: str, subject: str) -> bytes:
        """The message as a CloudEvent in structured JSON."""
        return orjson.dumps(
            {
                "specversion": "1.0",
                "id": message_id,
                "source": "/yousu/notify",
                "type": self.type,
                "subject": subject,
                "time": at.isoformat(),
                "datacontenttype": "application/json",
                "dataschema": f"urn:yousu:partners:{self.full_type()}",
                "center": center,
                "data": self.model_dump(mode="json"),
            }
        )


def messages_out() -> dict[str, type[PartnerMessage]]:
    """Everything a partner may get, by its full type."""
    return dict(sorted(_known.items()))


# To a department's own system, about its own orders.


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


# To a channel, about what it has handed over.


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


# To discipline inspection and the government, of the level the late department belongs to: nothing of the petitioner.


class Escalation(PartnerMessage):
    """Who is late with what."""

    number: str
    complaint_id: str
    level: str
    round: int
    fell_due_at: Moment | None
    late: list[Party]
    requirement: str | None


class LevelSupervised(Escalation, type="escalation.supervised"):
    """督办 (Art. 9)."""


class LevelReported(Escalation, type="escalation.reported"):
    """通报 (Art. 9)."""


class LevelEscalated(Fact):
    """One order of a weekly digest."""

    number: str
    complaint_id: str
    late: list[Party]
    at: Moment


class LevelDigest(PartnerMessage, type="digest.compiled"):
    """What was supervised and reported since the last digest (mechanism §9), for discipline inspection alone."""

    level: str
    since: Moment
    until: Moment
    supervised: list[LevelEscalated]
    reported: list[LevelEscalated]


# What comes in.


class Reply(Fact):
    """A department's answer (Art. 8), written to `reply.<center>.<department>`. Unknown fields are ignored."""

    order: Name = Field(description="The order's number or its complaint's id, as `order.assigned` names them.")
    round: int
    stage: Stage
    kind: ReplyKind
    text: Words
    legal_basis: Words | None = None
    remedy: Words | None = None
    committed_on: date | None = None
    replied_by: Name


class SubmittedProfile(Fact):
    """What an organisation may state of itself, for the equality report only (Art. 2)."""

    size: str | None = Field(default=None, max_length=100)
    ownership: str | None = Field(default=None, max_length=100)
    capital: str | None = Field(default=None, max_length=100)
    stage: str | None = Field(default=None, max_length=100)


class SubmittedPetitioner(Fact):
    """Who complains. An organisation names a contact person; the phone may be missing only at the window."""

    kind: Literal["individual", "organisation"]
    name: str = Field(min_length=1)
    contact_person: str | None = None
    phone: str | None = None
    other_contact: str | None = None
    address: str | None = None
    profile: SubmittedProfile | None = None


class SubmittedFile(Fact):
    """A file uploaded before by HTTP."""

    id: str
    name: str


class Submission(Fact):
    """A complaint, written to `submission.<source>` (Art. 3, 5). Unknown fields are ignored; intake reads it itself."""

    source: str | None = Field(default=None, description="The sender's own, or left out.")
    source_ref: str = Field(min_length=1)
    center: str
    reported_at: datetime = Field(description="RFC 3339 with offset; not in the future, not before 2020.")
    petitioner: SubmittedPetitioner
    category: Literal["complaint", "opinion", "suggestion", "question", "difficulty", "complex"]
    content: str = Field(min_length=2)
    remarks: str | None = None
    attachments: list[SubmittedFile] | None = Field(default=None, max_length=5)
    service_item: str | None = None
    confidential: bool | None = None
    about: str | None = None
    extensions: dict[str, Any] | None = None


MESSAGES_IN: dict[str, type[Fact]] = {"submission.v1": Submission, "reply.v1": Reply}


def unwrapped(value: object) -> object:
    """What was sent, out of its envelope if it came as a CloudEvent."""
    if isinstance(value, dict) and "specversion" in value and "data" in value:
        return value["data"]
    return value


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of each message's `data`, by the name of its file."""
    out = {f"{name}.json": kind.model_json_schema(mode="serialization") for name, kind in messages_out().items()}
    incoming = {f"{name}.json": kind.model_json_schema() for name, kind in MESSAGES_IN.items()}
    return {
        name: {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:yousu:partners:{name.removesuffix('.json')}",
            **schema,
        }
        for name, schema in (out | incoming).items()
    }

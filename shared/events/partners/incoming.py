"""What comes in: a complaint from a channel, an answer from a department."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from shared.events.base import Fact
from shared.events.dispatch import ReplyKind, Stage
from shared.texts import Name, Words


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

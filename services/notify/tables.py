"""What notify owns: what it must know of a complaint to tell anyone of it, and every message with its fate."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.notify.domain.facts import Began, Matter, OpenLeg
from services.notify.domain.means import Fate, State
from services.notify.domain.templates import Template
from services.notify.domain.wording import Wording
from shared.db import Instant
from shared.events.dispatch import ReplyKind, Stage
from shared.rows import Filled


class Base(Filled, DeclarativeBase):
    """The tables of notify."""

    type_annotation_map = {datetime: Instant}


class Complaint(Base):
    """A complaint as it was registered, or corrected since."""

    __tablename__ = "complaints"

    complaint_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    center: Mapped[str] = mapped_column(String(80))
    number: Mapped[str] = mapped_column(String(80), index=True)
    source: Mapped[str] = mapped_column(String(80))
    source_ref: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(80))
    content: Mapped[str] = mapped_column(Text, deferred=True)
    """Long, and needed only where a message is shown or sent."""
    confidential: Mapped[bool]
    about: Mapped[str | None] = mapped_column(Text)
    registered_at: Mapped[datetime]
    in_reply_to: Mapped[str | None] = mapped_column(String(80))
    """The channel's message that brought it in."""
    revision: Mapped[int]


class Petitioner(Base):
    """Who complained, each field sealed; the only place of it here. Erasing a person empties its row."""

    __tablename__ = "petitioners"

    complaint_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str | None] = mapped_column(Text)
    contact_person: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    other_contact: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    query_code: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int]


class Order(Base):
    """Who handles a complaint now."""

    __tablename__ = "orders"

    complaint_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    handling_center: Mapped[str] = mapped_column(String(80))
    lead: Mapped[str | None] = mapped_column(String(160))
    """None until it is dispatched."""
    co_handlers: Mapped[list[str]] = mapped_column(JSON)
    revision: Mapped[int]
    ceased: Mapped[dict[str, int] | None] = mapped_column(JSON)
    """Which co-handlers have answered, or were overruled, by the order's revision at which they were."""
    owed_anew: Mapped[int | None]
    """The order's revision at which all departments came to owe an answer last."""


class Leg(Base):
    """A leg, and who handled it when it began; written once."""

    __tablename__ = "legs"

    complaint_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    began: Mapped[str] = mapped_column(String(20))
    stage: Mapped[str] = mapped_column(String(20))
    round: Mapped[int]
    lead: Mapped[str] = mapped_column(String(160))
    co_handlers: Mapped[list[str]] = mapped_column(JSON)
    instructions: Mapped[str | None] = mapped_column(Text)

    def open_leg(self) -> OpenLeg:
        """It as the rules know it."""
        return OpenLeg(
            Began(self.began), Stage(self.stage), self.lead, tuple(self.co_handlers), self.instructions, self.round
        )


class Answer(Base):
    """The lead's answer of a round: what the petitioner is told once it has passed the check."""

    __tablename__ = "answers"

    complaint_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    leg: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)

    def given(self) -> tuple[ReplyKind, str]:
        """Its kind and its text."""
        return ReplyKind(self.kind), self.text


class Message(Base):
    """One thing told to one recipient, and what has become of it."""

    __tablename__ = "messages"

    message_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(80))
    complaint_id: Mapped[str] = mapped_column(String(80), index=True)
    """Or the record of a rejected submission, which never became a complaint."""
    center: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    recipient: Mapped[str] = mapped_column(String(160))
    template: Mapped[str] = mapped_column(String(80))
    means: Mapped[str] = mapped_column(String(20))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Nothing personal: that stands in `petitioners` alone."""
    state: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int]
    error: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    """When what it tells of happened."""
    sent_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    """When the delivery job takes it (the machine's time); None when it has no such business."""
    decision: Mapped[str | None] = mapped_column(Text)
    """Why it was tried again, or given up."""
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None]
    read_by: Mapped[str | None] = mapped_column(String(80))
    """Who of the recipient's has opened it first, where it is told at the desk."""
    read_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("event_id", "recipient", "template", name="messages_told_once"),
        Index("messages_of_recipient", "recipient", "message_id"),
        Index(
            "messages_failed",
            "message_id",
            postgresql_where=text("state = 'failed'"),
            sqlite_where=text("state = 'failed'"),
        ),
        Index(
            "messages_unreached",
            "message_id",
            postgresql_where=text("state = 'recorded' AND next_try_at IS NULL"),
            sqlite_where=text("state = 'recorded' AND next_try_at IS NULL"),
        ),
        Index(
            "messages_given_up",
            "message_id",
            postgresql_where=text("state = 'given_up'"),
            sqlite_where=text("state = 'given_up'"),
        ),
        Index(
            "messages_unread",
            "recipient",
            "message_id",
            postgresql_where=text("means = 'console' AND read_at IS NULL"),
            sqlite_where=text("means = 'console' AND read_at IS NULL"),
        ),
        Index(
            "messages_to_deliver",
            "next_try_at",
            postgresql_where=text("next_try_at IS NOT NULL"),
            sqlite_where=text("next_try_at IS NOT NULL"),
        ),
    )

    @property
    def fate(self) -> Fate:
        """What has become of it, as the rules know it."""
        return Fate(State(self.state), waits=self.next_try_at is not None)


class WordingRow(Base):
    """Words that were put in the place of a template's, or, both empty, the return to the shipped ones."""

    __tablename__ = "wordings"

    wording_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """Of the same kind as a message's id: it tells which of the two was there first."""
    template: Mapped[str] = mapped_column(String(80))
    title: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]

    def changed(self) -> Wording:
        """It as the rules know it."""
        words = None if self.title is None or self.body is None else Template(self.title, self.body)
        return Wording(self.wording_id, self.template, words)


def matter_of(complaint: Complaint, order: Order | None) -> Matter:
    """A complaint as the rules know it; until someone else handles it, the center that took it in does."""
    return Matter(
        number=complaint.number,
        source=complaint.source,
        source_ref=complaint.source_ref,
        handling_center=order.handling_center if order else complaint.center,
        confidential=complaint.confidential,
        about=complaint.about,
        in_reply_to=complaint.in_reply_to,
    )

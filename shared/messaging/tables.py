"""The tables every service keeps for its events. Their times are the machine's: no business of the mechanism."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import Instant
from shared.rows import Filled


class KernelBase(Filled, DeclarativeBase):
    """Tables that stand in every service's store."""

    type_annotation_map = {datetime: Instant}


class OutboxRow(KernelBase):
    """A message waiting to be sent, or sent."""

    __tablename__ = "outbox"

    message_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    exchange: Mapped[str] = mapped_column(String(40))
    routing_key: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(80))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    """Set when a try to send it failed."""

    __table_args__ = (
        Index(
            "outbox_unsent",
            "message_id",
            postgresql_where=text("sent_at IS NULL"),
            sqlite_where=text("sent_at IS NULL"),
        ),
    )


class InboxRow(KernelBase):
    """A claim: this service has taken this event, and its effects are in the same transaction."""

    __tablename__ = "inbox"

    event_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    taken_at: Mapped[datetime] = mapped_column(index=True)


class ParkedRow(KernelBase):
    """An event a handler could not take: waiting for another try, or dead until someone replays it."""

    __tablename__ = "parked"

    event_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(80))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    error: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int]
    awaits: Mapped[str | None] = mapped_column(String(80), index=True)
    """The aggregate that was unknown; the event that creates it sets this one free."""
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)
    """None: dead."""
    parked_at: Mapped[datetime]

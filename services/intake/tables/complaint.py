"""What was registered and what was not: complaints, their numbers, petitioners and files."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.tables.base import Base


class SourceRefRow(Base):
    """A claim: this channel's reference is this complaint, however often it is sent."""

    __tablename__ = "source_refs"

    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    source_ref: Mapped[str] = mapped_column(String(100), primary_key=True)
    complaint_id: Mapped[str] = mapped_column(String(36))


class CounterRow(Base):
    """The last number given by a center in a year."""

    __tablename__ = "counters"

    center: Mapped[str] = mapped_column(String(80), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int]


class ComplaintRow(Base):
    """A complaint as registered (annex 2), corrected where it was, and as sorted (Art. 6)."""

    __tablename__ = "complaints"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[str] = mapped_column(String(100), unique=True)
    center: Mapped[str] = mapped_column(String(80))
    year: Mapped[int]
    seq: Mapped[int]
    source: Mapped[str] = mapped_column(String(80))
    source_ref: Mapped[str] = mapped_column(String(100))
    reported_at: Mapped[datetime]
    registered_at: Mapped[datetime]
    category: Mapped[str] = mapped_column(String(20))
    content: Mapped[str] = mapped_column(Text)
    remarks: Mapped[str | None] = mapped_column(Text)
    confidential: Mapped[bool]
    about: Mapped[str | None] = mapped_column(String(100))
    """Who is complained about, and therefore barred from it."""
    service_item: Mapped[str | None] = mapped_column(String(200))
    attachments: Mapped[str | None] = mapped_column(Text)
    """Sealed JSON."""
    extensions: Mapped[dict[str, Any]] = mapped_column(JSON)
    query_code: Mapped[str] = mapped_column(String(200))
    """Sealed; told again when the same submission comes again."""
    triage: Mapped[str | None] = mapped_column(String(20))
    triage_revision: Mapped[int]
    revision: Mapped[int]
    """How often category, content or remarks were corrected."""

    __table_args__ = (UniqueConstraint("center", "year", "seq"),)


class AttachmentRow(Base):
    """A file that came with a complaint: its name and its bytes, sealed (mechanism §2)."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    complaint_id: Mapped[str] = mapped_column(String(36), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    data: Mapped[str] = mapped_column(Text)


class PetitionerRow(Base):
    """The petitioner's fields, sealed, as they were from `at` on; the highest revision holds now. Erased: all None."""

    __tablename__ = "petitioners"

    complaint_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str | None] = mapped_column(Text)
    contact_person: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    other_contact: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    phone_index: Mapped[str | None] = mapped_column(String(64), index=True)
    """Finds the same phone without holding it."""


class ProfileRow(Base):
    """What an organisation said of itself; for the equality report alone (Art. 2), so nobody reads it by the way."""

    __tablename__ = "profiles"

    complaint_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    size: Mapped[str | None] = mapped_column(String(100))
    ownership: Mapped[str | None] = mapped_column(String(100))
    capital: Mapped[str | None] = mapped_column(String(100))
    stage: Mapped[str | None] = mapped_column(String(100))


class RejectedRow(Base):
    """A submission that could not be registered, as it came (sealed, cut at 64 kB), and why."""

    __tablename__ = "rejected_submissions"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    center: Mapped[str | None] = mapped_column(String(80))
    """The center it was meant for, where it could be read; otherwise it is the county's."""
    source: Mapped[str] = mapped_column(String(80))
    source_ref: Mapped[str | None] = mapped_column(String(100))
    in_reply_to: Mapped[str] = mapped_column(String(80))
    faults: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    raw: Mapped[str] = mapped_column(Text)
    mended_as: Mapped[str | None] = mapped_column(String(36))
    """The complaint it became, once somebody had mended it."""

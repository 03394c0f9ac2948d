"""What intake owns. Personal data is sealed and stands in `petitioners` alone (attachments: in `complaints`)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false, text, true
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import Instant


def _where(condition: str) -> dict[str, Any]:
    """An index of only these rows, in either database."""
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


class Base(DeclarativeBase):
    """The tables of intake."""

    type_annotation_map = {datetime: Instant}


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


class JournalRow(Base):
    """Something that happened to a complaint; appended, kept for ever, without the petitioner's fields."""

    __tablename__ = "ledger_journal"

    event_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    complaint_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (Index("ledger_journal_of", "complaint_id", "at"),)


class LedgerRow(Base):
    """A complaint's row in the ledger of one center, as the journal gives it; one row for each center that shows it."""

    __tablename__ = "ledger_rows"

    shown_in: Mapped[str] = mapped_column(String(80), primary_key=True)
    complaint_id: Mapped[str] = mapped_column(String(36), primary_key=True, index=True)
    center: Mapped[str] = mapped_column(String(80))
    year: Mapped[int]
    seq: Mapped[int]
    handling_center: Mapped[str] = mapped_column(String(80))
    registered_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20))
    final: Mapped[str | None] = mapped_column(String(30))
    satisfaction: Mapped[str | None] = mapped_column(String(30))
    lead: Mapped[str | None] = mapped_column(String(160))
    co_handlers: Mapped[str | None] = mapped_column(Text)
    """Their codes, each between spaces; None where there are none, as mostly."""
    source: Mapped[str] = mapped_column(String(80), server_default="")
    category: Mapped[str] = mapped_column(String(20), server_default="")
    triage: Mapped[str | None] = mapped_column(String(20))
    overdue: Mapped[bool] = mapped_column(server_default=false())
    rung: Mapped[str | None] = mapped_column(String(20))
    """The highest reached."""
    due_at: Mapped[datetime | None]
    """When an answer is due that has not been given."""
    stale: Mapped[bool] = mapped_column(server_default=true())
    """To be computed anew from the journal: an earlier release computed it, or something was heard late."""
    data: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (
        Index("ledger_rows_newest", "registered_at", "complaint_id"),
        Index("ledger_rows_in_order", "shown_in", "center", "year", "seq"),
        Index("ledger_rows_by_time", "shown_in", "registered_at", "complaint_id"),
        Index("ledger_rows_stale", "complaint_id", **_where("stale")),
        Index("ledger_rows_of_lead", "lead", "registered_at", **_where("lead IS NOT NULL")),
        Index("ledger_rows_with_co_handlers", "complaint_id", **_where("co_handlers IS NOT NULL")),
        Index("ledger_rows_due", "shown_in", "due_at", **_where("due_at IS NOT NULL")),
        Index("ledger_rows_unsorted", "shown_in", "registered_at", **_where("state = 'registered'")),
    )


class FigureRow(Base):
    """Something of a complaint that is counted (`domain.facts`), as it was from `since` until `until`.

    What an event changes is not overwritten: a figure as of any day counts the rows that held then.
    """

    __tablename__ = "figure_facts"

    complaint_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    counted: Mapped[str] = mapped_column(String(20), primary_key=True)
    place: Mapped[str] = mapped_column(String(90), primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime | None]
    """When something else began to hold; None: it holds now."""
    at: Mapped[datetime]
    """The instant at which it counts."""
    center: Mapped[str] = mapped_column(String(80))
    department: Mapped[str | None] = mapped_column(String(160))
    detail: Mapped[str | None] = mapped_column(String(40))
    done_at: Mapped[datetime | None]
    yes: Mapped[bool | None]
    also: Mapped[bool]
    working: Mapped[int | None]
    elapsed: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(80))
    category: Mapped[str] = mapped_column(String(20))
    petitioner: Mapped[str] = mapped_column(String(20))

    __table_args__ = (Index("figure_facts_by_time", "at", "center"),)


class CalendarRow(Base):
    """A center's calendar as it was known from `since` on; kept, so that working time is counted the same again."""

    __tablename__ = "calendars"

    center: Mapped[str] = mapped_column(String(80), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class NameRow(Base):
    """What a center or a department was called from `since` on; kept, so that what is printed again calls it so."""

    __tablename__ = "names"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    """A center's, or a department's `<center>/<code>`."""
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[datetime]
    name: Mapped[str] = mapped_column(Text)


class ExportRow(Base):
    """A list that somebody takes out of the house: asked for on a page, made by a job, kept for a day."""

    __tablename__ = "exports"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    asked_by: Mapped[str] = mapped_column(String(80))
    """Who alone may fetch it."""
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    """By the machine's time."""
    actor: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As who asked stood then, with the scope the list has."""
    kind: Mapped[str] = mapped_column(String(20))
    format: Mapped[str] = mapped_column(String(10))
    asked: Mapped[str] = mapped_column(Text)
    """What it was narrowed to, by the fields of the form: sealed JSON, since a keyword may be a name."""
    state: Mapped[str] = mapped_column(String(10))
    """`waiting`, `working`, `ready` or `failed`."""
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    """How many complaints are looked at, and of a finished one how many rows it has; None until they are counted."""
    read_at: Mapped[datetime | None]
    """The instant its rows are of; None until its complaints are found."""
    tries: Mapped[int] = mapped_column(server_default="0")
    """How often its file was begun."""
    taken_until: Mapped[datetime | None]
    """By the machine's time: until then whoever has begun it is left alone, and thought dead afterwards."""
    why: Mapped[str | None] = mapped_column(Text)
    """Why it failed."""

    __table_args__ = (
        Index("exports_of", "asked_by", "id"),
        Index("exports_unfinished", "id", **_where("state IN ('waiting', 'working')")),
    )


UNFINISHED = text("exports.state IN ('waiting', 'working')")
"""Written out, since the index of only these rows is used for nothing less plain."""
FINISHED = text("exports.state IN ('ready', 'failed')")


class ExportPartRow(Base):
    """Some of the complaints of an export, in its order, and their rows once they are read (sealed)."""

    __tablename__ = "export_parts"

    export_id: Mapped[str] = mapped_column(String(36), ForeignKey("exports.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ids: Mapped[list[str]] = mapped_column(JSON)
    rows: Mapped[int] = mapped_column(default=0)
    cells: Mapped[str | None] = mapped_column(Text)


class ExportFileRow(Base):
    """An export that was made, sealed."""

    __tablename__ = "export_files"

    export_id: Mapped[str] = mapped_column(String(36), ForeignKey("exports.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    data: Mapped[str] = mapped_column(Text)


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

"""What happened, and what is shown and counted of it: journal, ledger, figures, and the calendars and names of then."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, false, true
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.tables.base import Base, where


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
        Index("ledger_rows_stale", "complaint_id", **where("stale")),
        Index("ledger_rows_of_lead", "lead", "registered_at", **where("lead IS NOT NULL")),
        Index("ledger_rows_with_co_handlers", "complaint_id", **where("co_handlers IS NOT NULL")),
        Index("ledger_rows_due", "shown_in", "due_at", **where("due_at IS NOT NULL")),
        Index("ledger_rows_unsorted", "shown_in", "registered_at", **where("state = 'registered'")),
    )


class FactColumns:
    """What a fact says (`domain.counted`)."""

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


class FigureRow(FactColumns, Base):
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

    __table_args__ = (
        Index("figure_facts_by_kind", "counted", "at"),
        Index("figure_facts_by_beginning", "since", "at"),
        Index("figure_facts_by_end", "until", "at", **where("until IS NOT NULL")),
    )


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

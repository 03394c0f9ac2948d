"""What is kept of papers: the numbers given, what was issued and with what, and the Word templates put in place."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.ids import new_id
from shared.messaging.tables import KernelBase


class PaperNumber(KernelBase):
    """The last number given, by center, year and kind."""

    __tablename__ = "paper_numbers"

    center: Mapped[str] = mapped_column(String(80), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    n: Mapped[int]


class IssuedPaper(KernelBase):
    """A paper that was issued: what it states, and sealed beside it whom it names, as he was called on that day."""

    __tablename__ = "issued_papers"

    paper_id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20))
    center: Mapped[str] = mapped_column(String(80))
    year: Mapped[int]
    seq: Mapped[int]
    number: Mapped[str] = mapped_column(String(80))
    """As printed: 沈政督办〔2026〕3号."""
    subject: Mapped[str] = mapped_column(String(80))
    """The complaint or case it is about; of a report, the center whose it is."""
    occasion: Mapped[str] = mapped_column(String(80))
    """What called for it, such as a leg; the same occasion has one paper of a kind."""
    title: Mapped[str] = mapped_column(Text)
    letter: Mapped[dict[str, Any]] = mapped_column(JSON)
    template: Mapped[str] = mapped_column(String(36))
    """The Word template then in force: its id, or `shipped-` and its digest; empty where there is none."""
    layout: Mapped[str | None] = mapped_column(String(36))
    """The layout as it was then: `shipped-` and its digest. None of what was issued before these were kept."""
    petitioner: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Who complained, where the paper names him: each field sealed with the complaint's id. Erased: None."""
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(80))
    """The username of who signed it."""

    __table_args__ = (
        UniqueConstraint("subject", "kind", "occasion", name="issued_papers_once"),
        UniqueConstraint("center", "kind", "year", "seq", name="issued_papers_numbered"),
        Index("issued_papers_of_center", "center", "paper_id"),
    )


class ShippedForm(KernelBase):
    """A layout or Word template of a release with which something was issued: later ones print it with that again."""

    __tablename__ = "shipped_forms"

    form_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """`shipped-` and its digest."""
    content: Mapped[bytes] = mapped_column(LargeBinary)


class PaperTemplate(KernelBase):
    """A Word template that an office has put in place of the shipped one; every version is kept."""

    __tablename__ = "paper_templates"

    template_id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    center: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str] = mapped_column(String(80))
    withdrawn_at: Mapped[datetime | None]
    """When a later version, or the shipped one, took its place."""

    __table_args__ = (UniqueConstraint("center", "kind", "version", name="paper_templates_versions"),)

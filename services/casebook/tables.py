"""What casebook owns."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.casebook.domain.personal import Struck
from services.casebook.domain.shapes import Kind
from services.casebook.domain.text import Text as CaseText
from shared.db import Instant
from shared.rows import Filled


class Base(Filled, DeclarativeBase):
    """The tables of casebook."""

    type_annotation_map = {datetime: Instant}


class Candidate(Base):
    """A complaint that was closed as typical: a case should be drawn from it (Art. 11). Without personal data."""

    __tablename__ = "candidates"

    complaint_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    center: Mapped[str] = mapped_column(String(36), index=True)
    number: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(Text)
    problem: Mapped[str] = mapped_column(Text)
    conclusion: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    struck: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    closed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """When the draft should be there."""
    remind_at: Mapped[datetime | None] = mapped_column(index=True)
    """When its editor is reminded; None once that was done, or is not needed."""
    case_id: Mapped[str | None] = mapped_column(String(36))
    """What was drawn from it."""
    dismissed_by: Mapped[str | None] = mapped_column(String(80))
    dismissed_because: Mapped[str | None] = mapped_column(Text)

    @property
    def text(self) -> CaseText:
        """What there is to begin with."""
        return CaseText(self.title, self.problem, conclusion=self.conclusion, basis=self.basis)

    @property
    def is_open(self) -> bool:
        """Whether a draft is still awaited."""
        return self.case_id is None and self.dismissed_by is None


class Case(Base):
    """A guidance case."""

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_state_indexed", "state", "indexed"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    center: Mapped[str] = mapped_column(String(36), index=True)
    complaint_id: Mapped[str | None] = mapped_column(String(36), index=True)
    mechanism: Mapped[str | None] = mapped_column(String(80))
    """The other response mechanism it was drawn from, by name (task 5)."""
    title: Mapped[str] = mapped_column(Text)
    problem: Mapped[str] = mapped_column(Text)
    method: Mapped[str] = mapped_column(Text)
    steps: Mapped[str] = mapped_column(Text)
    conclusion: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    author: Mapped[str] = mapped_column(String(80))
    approver: Mapped[str | None] = mapped_column(String(80))
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    departments: Mapped[list[str]] = mapped_column(JSON)
    """Who publishes it together with the bureau, as `<center>/<code>`."""
    struck: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """What was struck from it, masked, and where its marks stand."""
    confirmed_by: Mapped[str | None] = mapped_column(String(80))
    """Who has seen what was struck since the text last changed."""
    replaces: Mapped[str | None] = mapped_column(String(36), index=True)
    replaced_by: Mapped[str | None] = mapped_column(String(36))
    citations: Mapped[int] = mapped_column(default=0, index=True)
    """On how many complaints it was cited."""
    length: Mapped[float] = mapped_column(default=0)
    """How long it is to the search; 0 while it is not found."""
    indexed: Mapped[int] = mapped_column(default=0)
    """By which tokenizer its terms were kept; 0 while there are none."""

    @property
    def text(self) -> CaseText:
        """What it says."""
        return CaseText(self.title, self.problem, self.method, self.steps, self.conclusion, self.basis)

    def say(self, text: CaseText, struck: list[dict[str, Any]]) -> None:
        """Say this from now on; whoever confirmed what it said before has not seen it."""
        for field, part in text.parts().items():
            setattr(self, field, part)
        self.struck, self.confirmed_by = struck, None


def kept(struck: Struck) -> dict[str, Any]:
    """Something struck as it is kept: masked."""
    return {
        "field": struck.field,
        "kind": struck.kind,
        "found": struck.masked,
        "instead": struck.instead,
        "at": struck.at,
        "certain": struck.certain,
    }


def as_struck(row: dict[str, Any]) -> Struck:
    """What was kept of something struck."""
    return Struck(row["field"], Kind(row["kind"]), row["found"], row["instead"], row["at"], row["certain"])


class CaseReview(Base):
    """A step of a case's way, who took it, and what they said."""

    __tablename__ = "case_reviews"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    step: Mapped[str] = mapped_column(String(12))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    remark: Mapped[str | None] = mapped_column(Text)


class Cosignature(Base):
    """A department has signed to publish a case together with the bureau."""

    __tablename__ = "case_cosignatures"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    department: Mapped[str] = mapped_column(String(80), primary_key=True)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class Citation(Base):
    """A case was cited on a complaint: once, whoever cites it again."""

    __tablename__ = "case_citations"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    complaint_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class CaseTerm(Base):
    """A public case has this term so often; with its length, so that ranking reads nothing else."""

    __tablename__ = "case_terms"

    term: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    count: Mapped[float]
    length: Mapped[float]


class TermCount(Base):
    """How many public cases have this term."""

    __tablename__ = "term_counts"

    term: Mapped[str] = mapped_column(String(40), primary_key=True)
    cases: Mapped[int]


class Collection(Base):
    """How many cases are found, and how long they are in all: one row, held by whoever adds or removes one."""

    __tablename__ = "collection"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cases: Mapped[int]
    length: Mapped[float]


class Synonym(Base):
    """Words that mean the same to the search."""

    __tablename__ = "synonyms"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    """Parted by spaces."""
    by: Mapped[str] = mapped_column(String(80))
    """Empty for those that were shipped."""
    at: Mapped[datetime | None]

"""What casebook owns."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.casebook.domain import Text as CaseText
from shared.db import Instant


class Base(DeclarativeBase):
    """The tables of casebook."""

    type_annotation_map = {datetime: Instant}


class Case(Base):
    """A guidance case. One drawn from a complaint has the complaint's id: there is never a second."""

    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    center: Mapped[str] = mapped_column(String(36), index=True)
    complaint_id: Mapped[str | None] = mapped_column(String(36))
    mechanism: Mapped[str | None] = mapped_column(String(80))
    """The other response mechanism it was drawn from, by name (task 5)."""
    title: Mapped[str] = mapped_column(String(200))
    problem: Mapped[str] = mapped_column(Text)
    method: Mapped[str] = mapped_column(Text)
    steps: Mapped[str] = mapped_column(Text)
    conclusion: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), index=True)
    author: Mapped[str] = mapped_column(String(80))
    approver: Mapped[str | None] = mapped_column(String(80))
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    length: Mapped[int] = mapped_column(default=0)
    """How many terms it is found by; 0 while it is not public."""

    @property
    def text(self) -> CaseText:
        """What it says."""
        return CaseText(self.title, self.problem, self.method, self.steps, self.conclusion, self.basis)


class CaseReview(Base):
    """A step of a case's way, who took it, and what they said."""

    __tablename__ = "case_reviews"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    step: Mapped[str] = mapped_column(String(12))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    remark: Mapped[str | None] = mapped_column(Text)


class CaseTerm(Base):
    """A public case has this term so often."""

    __tablename__ = "case_terms"

    term: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    count: Mapped[int]

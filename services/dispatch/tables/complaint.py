"""The complaint as it was told to the window."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.dispatch.tables.base import Base


class Complaint(Base):
    """What was registered, without the petitioner."""

    __tablename__ = "complaints"

    complaint_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[str] = mapped_column(index=True)
    center: Mapped[str]
    source: Mapped[str]
    category: Mapped[str]
    content: Mapped[str] = mapped_column(Text)
    remarks: Mapped[str | None] = mapped_column(Text)
    confidential: Mapped[bool]
    about: Mapped[str | None] = mapped_column(Text)
    service_item: Mapped[str | None] = mapped_column(Text)
    reported_at: Mapped[datetime]
    registered_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)
    """Of the latest correction."""

    petitioner: Mapped["Petitioner"] = relationship(lazy="raise")

    __table_args__ = (
        Index(
            "complaints_of_item",
            "center",
            "service_item",
            "complaint_id",
            postgresql_where=text("service_item IS NOT NULL"),
            sqlite_where=text("service_item IS NOT NULL"),
        ),
    )


class Petitioner(Base):
    """Who complains: each field sealed with the complaint's id. Erased: all None."""

    __tablename__ = "petitioners"

    complaint_id: Mapped[str] = mapped_column(String(36), ForeignKey("complaints.complaint_id"), primary_key=True)
    kind: Mapped[str]
    name: Mapped[str | None] = mapped_column(Text)
    contact_person: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    other_contact: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=0)
    """Of the latest correction."""

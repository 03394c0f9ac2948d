"""What passes between a center and discipline inspection beside the ladder (mechanism §9)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.tables.base import Base, Key


class Inspection(Base):
    """Discipline inspection has asked for one file by its number: who, when and why."""

    __tablename__ = "inspections"

    inspection_id: Mapped[Key]
    complaint_id: Mapped[str] = mapped_column(String(36), ForeignKey("orders.complaint_id"), index=True)
    number: Mapped[str]
    center: Mapped[str] = mapped_column(index=True)
    """The level whose inspection it is."""
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str]


class Clue(Base):
    """A clue of misconduct, copied by hand to discipline inspection."""

    __tablename__ = "clues"

    clue_id: Mapped[Key]
    complaint_id: Mapped[str] = mapped_column(String(36), ForeignKey("orders.complaint_id"), index=True)
    number: Mapped[str]
    center: Mapped[str] = mapped_column(index=True)
    """Whose office has copied it."""
    level: Mapped[str] = mapped_column(index=True)
    """Whose inspection it went to."""
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str]

"""What directory owns beside its facts (which are kept as in every replica): secrets, the calendars' parts, history."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import Instant
from shared.rows import Filled
from shared.workdays import Half, Notice, Override


class Base(Filled, DeclarativeBase):
    """The tables of directory."""

    type_annotation_map = {datetime: Instant}


class Account(Base):
    """How a member logs in."""

    __tablename__ = "accounts"

    username: Mapped[str] = mapped_column(String(80), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(default=False)
    """It was given by somebody else."""
    totp_secret: Mapped[str | None] = mapped_column(Text)
    """Of the second factor, sealed; counts once `totp_step` is there."""
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    """The last step a code of which was used: none opens twice."""
    recovery: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Digests of the codes left that open once instead."""

    @property
    def has_second_factor(self) -> bool:
        """Whether logging in needs a code."""
        return self.totp_step is not None


class Change(Base):
    """A fact as it became, who made it so and why; written once, never changed."""

    __tablename__ = "changes"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))
    """Empty for what the house has loaded by itself."""
    reason: Mapped[str | None] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class HolidayNotice(Base):
    """A notice of the State Council as it was pasted and confirmed, and what was read in it; in the order loaded.

    One that was withdrawn stays, with who, when and why.
    """

    __tablename__ = "holiday_notices"

    number: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    amends: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    loaded_at: Mapped[datetime]
    loaded_by: Mapped[str] = mapped_column(String(80))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(80))
    withdrawn_because: Mapped[str | None] = mapped_column(Text)

    def read(self) -> Notice:
        """It as the calendar knows it."""
        return Notice.from_facts(self.facts)


class LocalDay(Base):
    """A center's own word on a day or half of it; what was removed stays, with who, when and why."""

    __tablename__ = "local_days"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    center: Mapped[str] = mapped_column(String(80))
    day: Mapped[date]
    half: Mapped[str | None] = mapped_column(String(20))
    worked: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    set_at: Mapped[datetime]
    set_by: Mapped[str] = mapped_column(String(80))
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str | None] = mapped_column(String(80))
    removed_because: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("local_days_of_center", "center", "day"),)

    def override(self) -> Override:
        """It as the calendar knows it."""
        return Override(self.day, self.worked, self.reason, Half(self.half) if self.half else None, self.source)


class ServicePlace(Base):
    """A center's window, zone or coordination room, as it was recorded (mechanism §11); the highest revision holds."""

    __tablename__ = "service_places"

    center: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[str] = mapped_column(Text)
    staff: Mapped[list[str]] = mapped_column(JSON)
    """Usernames."""
    opened_on: Mapped[date]
    merged_from: Mapped[str | None] = mapped_column(Text)
    """The earlier complaints desk that a window was merged with."""
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))


class Meeting(Base):
    """A meeting of a center with its liaisons at other organs (常态化联络, mechanism §9); written once."""

    __tablename__ = "meetings"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    center: Mapped[str] = mapped_column(String(80), index=True)
    liaisons: Mapped[list[str]] = mapped_column(JSON)
    """Their keys."""
    held_at: Mapped[datetime]
    attendees: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    agreed: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))

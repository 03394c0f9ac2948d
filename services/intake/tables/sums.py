"""Facts summed by the day, so that a figure of many months need not look at every one of them (`store.sums`)."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.tables.base import Base
from services.intake.tables.ledger import FactColumns

_NUMBERED = BigInteger().with_variant(Integer, "sqlite")


class SumRow(Base):
    """Facts of one kind that count on one day, less those that ceased to: what one other day made of them.

    Added up over the days until any day, they are what held at its end. Once for each thing figures are split by.
    """

    __tablename__ = "figure_sums"

    id: Mapped[int] = mapped_column(_NUMBERED, primary_key=True)
    split: Mapped[str] = mapped_column(String(20))
    """By what (`tally.By`)."""
    counts_on: Mapped[date]
    known_on: Mapped[date]
    """The day on which they began to hold, or ceased."""
    center: Mapped[str] = mapped_column(String(80))
    key: Mapped[str | None] = mapped_column(String(160))
    counted: Mapped[str] = mapped_column(String(20))
    detail: Mapped[str | None] = mapped_column(String(40))
    yes: Mapped[bool | None]
    also: Mapped[bool]
    in_time: Mapped[int]
    n: Mapped[int]
    working: Mapped[int] = mapped_column(BigInteger)
    elapsed: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (Index("figure_sums_by_day", "split", "counts_on"),)


class ChangeRow(FactColumns, Base):
    """A fact that began (`n` 1) or ceased (-1) to hold on a day that had been summed; written by triggers, with it."""

    __tablename__ = "figure_changes"

    id: Mapped[int] = mapped_column(_NUMBERED, primary_key=True)
    complaint_id: Mapped[str] = mapped_column(String(36))
    counted: Mapped[str] = mapped_column(String(20))
    known_at: Mapped[datetime]
    n: Mapped[int]


class SummedRow(Base):
    """Until when facts have been summed: one row, none before the first day has been."""

    __tablename__ = "figures_summed"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[datetime]
    """The first instant after; always a midnight."""

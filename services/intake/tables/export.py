"""Lists that are taken out of the house, from being asked for until they are fetched."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.tables.base import Base, where


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
    name: Mapped[str | None] = mapped_column(String(200))
    """Of the file, once it is made."""
    size: Mapped[int | None] = mapped_column(BigInteger)
    """Its bytes."""

    __table_args__ = (
        Index("exports_of", "asked_by", "id"),
        Index("exports_unfinished", "id", **where("state IN ('waiting', 'working')")),
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
    """A piece of the file that an export has become, sealed; they are read one after the other."""

    __tablename__ = "export_files"

    export_id: Mapped[str] = mapped_column(String(36), ForeignKey("exports.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[str] = mapped_column(Text)

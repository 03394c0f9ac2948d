"""What one asks and another decides: written when it is asked, decided once."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.tables.base import Base, Key
from shared.events.dispatch import Party


def _waiting(table: str) -> tuple[Index, ...]:
    """Those that nobody has decided are found among all that ever were."""
    undecided = text("decided_at IS NULL")
    return (Index(f"{table}_waiting", "complaint_id", postgresql_where=undecided, sqlite_where=undecided),)


class Asked:
    """What all of these say."""

    complaint_id: Mapped[str] = mapped_column(String(36), ForeignKey("orders.complaint_id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str]
    granted: Mapped[bool | None]
    """None while nobody has decided."""
    decision: Mapped[str | None] = mapped_column(Text)
    """What was said to it."""
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]

    def decide(self, at: datetime, by: str, *, granted: bool, decision: str | None) -> None:
        """Decide it."""
        self.granted, self.decision, self.decided_at, self.decided_by = granted, decision, at, by


class Decline(Asked, Base):
    """退单: a department says that it is not the right one."""

    __tablename__ = "declines"
    __table_args__ = _waiting("declines")

    decline_id: Mapped[Key]
    dispatch: Mapped[int]
    leg: Mapped[int]
    center: Mapped[str]
    department: Mapped[str]
    right_department: Mapped[str | None] = mapped_column(String(160))
    """`<center>/<department>`, where it knows."""

    @property
    def party(self) -> Party:
        """Who declines."""
        return Party(center=self.center, department=self.department)


class Extension(Asked, Base):
    """延期: the lead asks for a later committed date."""

    __tablename__ = "extensions"
    __table_args__ = _waiting("extensions")

    extension_id: Mapped[Key]
    leg: Mapped[int]
    was: Mapped[date]
    committed_on: Mapped[date]


class Withdrawal(Asked, Base):
    """撤回: the petitioner's words (`reason`), confirmed by a second person by phone."""

    __tablename__ = "withdrawals"
    __table_args__ = _waiting("withdrawals")

    withdrawal_id: Mapped[Key]
    round: Mapped[int]
    method: Mapped[str]

"""What is kept of a request, and the head of the chain that seals it. Times are the machine's."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.messaging.tables import KernelBase


class AuditRow(KernelBase):
    """One request; written once, and given its place in the chain by the sealing job."""

    __tablename__ = "audit"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(80), index=True)
    """A username or a channel's source; empty for the public."""
    role: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(40))
    door: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    """What it was about: a complaint's id, a username …; empty for a list."""
    address: Mapped[str] = mapped_column(String(60))
    result: Mapped[str] = mapped_column(String(10))
    """`allowed`, `denied` or `failed`."""
    reason: Mapped[str | None] = mapped_column(Text)
    query: Mapped[str | None] = mapped_column(Text)
    """What a list was narrowed to; None where nothing was, and in what an earlier release has sealed."""
    seq: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    """Its place in the chain; None until it is sealed."""
    hash: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        Index("audit_unsealed", "id", postgresql_where=text("seq IS NULL"), sqlite_where=text("seq IS NULL")),
    )

    def facts(self) -> dict[str, Any]:
        """What is sealed; without `query` where there is none, as before there was any."""
        told = {
            "id": self.id,
            "at": self.at.isoformat(timespec="microseconds"),
            "actor": self.actor,
            "role": self.role,
            "action": self.action,
            "door": self.door,
            "subject": self.subject,
            "address": self.address,
            "result": self.result,
            "reason": self.reason,
        }
        return told if self.query is None else {**told, "query": self.query}


class AuditHead(KernelBase):
    """The end of the chain: one row, held by whoever goes on with it."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))

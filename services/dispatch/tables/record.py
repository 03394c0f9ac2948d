"""What was done to an order: written once, told for ever."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.domain.states import Action, Then
from services.dispatch.tables.base import Base, Key
from shared.events.dispatch import ReplyKind, Satisfaction, Stage
from shared.events.sla import Rung


class Reply(Base):
    """An answer of a department."""

    __tablename__ = "replies"

    reply_id: Mapped[Key]
    complaint_id: Mapped[str] = mapped_column(String(36))
    leg: Mapped[int]
    round: Mapped[int]
    stage: Mapped[Stage]
    center: Mapped[str]
    department: Mapped[str]
    is_lead: Mapped[bool]
    kind: Mapped[ReplyKind]
    text: Mapped[str] = mapped_column(Text)
    legal_basis: Mapped[str | None] = mapped_column(Text)
    remedy: Mapped[str | None] = mapped_column(Text)
    committed_on: Mapped[date | None]
    needs_consent: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    by: Mapped[str]
    returned_at: Mapped[datetime | None]
    consented: Mapped[bool | None]
    """Where consent is needed: None while nobody has decided."""
    consent_said: Mapped[str | None] = mapped_column(Text)
    consented_at: Mapped[datetime | None]
    consented_by: Mapped[str | None]

    __table_args__ = (
        ForeignKeyConstraint(["complaint_id", "leg"], ["legs.complaint_id", "legs.number"]),
        Index("replies_of_leg", "complaint_id", "leg"),
        Index(
            "replies_waiting",
            "complaint_id",
            postgresql_where=sql("needs_consent AND consented IS NULL"),
            sqlite_where=sql("needs_consent AND consented IS NULL"),
        ),
    )


class Check(Base):
    """A quality check."""

    __tablename__ = "checks"

    check_id: Mapped[Key]
    complaint_id: Mapped[str] = mapped_column(String(36), ForeignKey("orders.complaint_id"), index=True)
    leg: Mapped[int]
    round: Mapped[int]
    passed: Mapped[bool]
    reasons: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str]


class FollowUp(Base):
    """A follow-up, reached or not."""

    __tablename__ = "follow_ups"

    follow_up_id: Mapped[Key]
    complaint_id: Mapped[str] = mapped_column(String(36), ForeignKey("orders.complaint_id"), index=True)
    round: Mapped[int]
    satisfaction: Mapped[Satisfaction]
    solved: Mapped[bool | None]
    opinion: Mapped[str] = mapped_column(Text)
    method: Mapped[str]
    then: Mapped[Then | None]
    at: Mapped[datetime]
    by: Mapped[str]


class HandNotice(Base):
    """An urging or supervision given by hand: beside the ladder, it uses up no rung."""

    __tablename__ = "hand_notices"

    notice_id: Mapped[Key]
    complaint_id: Mapped[str] = mapped_column(String(36), ForeignKey("orders.complaint_id"), index=True)
    leg: Mapped[int]
    rung: Mapped[Rung]
    requirement: Mapped[str | None] = mapped_column(Text)
    told: Mapped[list[dict[str, str]]]
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str]


class Conclusion(Base):
    """A conclusion without satisfaction: proposed by one, decided by another."""

    __tablename__ = "conclusions"

    conclusion_id: Mapped[Key]
    complaint_id: Mapped[str] = mapped_column(String(36), ForeignKey("orders.complaint_id"), index=True)
    round: Mapped[int]
    reasons: Mapped[str] = mapped_column(Text)
    legal_basis: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[str]
    approved: Mapped[bool | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    decision: Mapped[str | None] = mapped_column(Text)
    """What the approver said."""


class Step(Base):
    """What happened beside the departments: settled, transferred, referred, answered from outside, directed."""

    __tablename__ = "steps"

    step_id: Mapped[Key]
    complaint_id: Mapped[str] = mapped_column(String(36), ForeignKey("orders.complaint_id"), index=True)
    round: Mapped[int]
    action: Mapped[Action]
    target: Mapped[str | None] = mapped_column(Text)
    """The center, unit or channel it went to, or who helped."""
    text: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str]


class Study(Base):
    """The minutes of a joint study (会商)."""

    __tablename__ = "studies"

    study_id: Mapped[Key]
    complaint_id: Mapped[str] = mapped_column(String(36), ForeignKey("orders.complaint_id"), index=True)
    round: Mapped[int]
    departments: Mapped[list[dict[str, str]]]
    held_at: Mapped[datetime]
    attendees: Mapped[str] = mapped_column(Text)
    conclusion: Mapped[str] = mapped_column(Text)
    lead: Mapped[str | None] = mapped_column(String(160))
    """`<center>/<department>`."""
    at: Mapped[datetime]
    by: Mapped[str]

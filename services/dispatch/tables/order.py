"""The order, its legs and whose part it is; the row of the order is the lock of the whole."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.dispatch.domain.ladder import is_late
from services.dispatch.domain.states import Action, State, Way
from services.dispatch.tables.asked import Decline, Extension, Withdrawal
from services.dispatch.tables.base import Base
from services.dispatch.tables.complaint import Complaint
from services.dispatch.tables.record import Check, Conclusion, FollowUp, HandNotice, Reply, Step, Study
from shared.events.dispatch import Final, LimitRule, Party, ReplyKind, Satisfaction, Stage
from shared.events.intake import Triage
from shared.events.sla import Rung


class Order(Base):
    """The work order of a triaged complaint: one, for life."""

    __tablename__ = "orders"

    complaint_id: Mapped[str] = mapped_column(String(36), ForeignKey("complaints.complaint_id"), primary_key=True)
    revision: Mapped[int] = mapped_column(default=0)
    center: Mapped[str]
    handling_center: Mapped[str]
    """The center whose coordinator dispatches, checks and follows up; another one after a transfer."""
    transferred: Mapped[bool] = mapped_column(default=False)
    triage: Mapped[Triage]
    triage_revision: Mapped[int]
    state: Mapped[State]
    since: Mapped[datetime | None]
    """Since when it stands there; a transfer or another referral begins it anew."""
    way: Mapped[Way | None]
    stage: Mapped[Stage | None]
    round: Mapped[int] = mapped_column(default=1)
    leg: Mapped[int] = mapped_column(default=0)
    """The number of the leg that runs or ran last; 0 before the first."""
    dispatches: Mapped[int] = mapped_column(default=0)
    """How often departments were named; the last ones count."""
    dispatched_at: Mapped[datetime | None]
    instructions: Mapped[str | None] = mapped_column(Text)
    commit_by: Mapped[date | None]
    """The last day a plan may commit to, where the coordinator fixed it at dispatch."""
    commit_within: Mapped[int | None]
    """The same in working days: so many a redo or a reopening gets again."""
    result: Mapped[str | None] = mapped_column(Text)
    """What the petitioner was or will be told, in its latest words."""
    legal_basis: Mapped[str | None] = mapped_column(Text)
    satisfaction: Mapped[Satisfaction | None]
    typical: Mapped[bool] = mapped_column(default=False)
    overdue: Mapped[bool] = mapped_column(default=False)
    joined_to: Mapped[str | None] = mapped_column(String(36))
    """The complaint it is handled together with, whose answers are its own."""
    last_joined: Mapped[str | None] = mapped_column(String(36))
    """What was joined to it last: who has waited for its lock knows it by that. Where it has left, until one asks."""
    final: Mapped[Final | None]
    closed_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    """When the petitioner had it reopened: once."""

    complaint: Mapped[Complaint] = relationship(lazy="raise")
    legs: Mapped[list["Leg"]] = relationship(lazy="raise", order_by="Leg.number")
    assignments: Mapped[list["Assignment"]] = relationship(lazy="raise", order_by="Assignment.position")
    steps: Mapped[list[Step]] = relationship(lazy="raise", order_by=Step.step_id)
    checks: Mapped[list[Check]] = relationship(lazy="raise", order_by=Check.check_id)
    follow_ups: Mapped[list[FollowUp]] = relationship(lazy="raise", order_by=FollowUp.follow_up_id)
    hand_notices: Mapped[list[HandNotice]] = relationship(lazy="raise", order_by=HandNotice.notice_id)
    conclusions: Mapped[list[Conclusion]] = relationship(lazy="raise", order_by=Conclusion.conclusion_id)
    declines: Mapped[list[Decline]] = relationship(lazy="raise", order_by=Decline.decline_id)
    studies: Mapped[list[Study]] = relationship(lazy="raise", order_by=Study.study_id)
    withdrawals: Mapped[list[Withdrawal]] = relationship(lazy="raise", order_by=Withdrawal.withdrawal_id)
    extensions: Mapped[list[Extension]] = relationship(lazy="raise", order_by=Extension.extension_id)

    __table_args__ = (
        Index("orders_of_center", "center", "state", "complaint_id"),
        Index("orders_of_handling_center", "handling_center", "state", "complaint_id"),
        Index(
            "orders_waiting",
            "handling_center",
            "state",
            "since",
            postgresql_where=text("state <> 'closed'"),
            sqlite_where=text("state <> 'closed'"),
        ),
        Index(
            "orders_joined",
            "joined_to",
            postgresql_where=text("joined_to IS NOT NULL"),
            sqlite_where=text("joined_to IS NOT NULL"),
        ),
    )

    def go(self, state: State, at: datetime) -> None:
        """Let it stand there from now on."""
        self.state, self.since = state, at

    @property
    def current_leg(self) -> "Leg":
        """The leg that runs or ran last. Only for what was dispatched."""
        return next(leg for leg in self.legs if leg.number == self.leg)

    @property
    def parties(self) -> list["Assignment"]:
        """The assignments of the last dispatch, the lead first; none while it is back for review."""
        return [each for each in self.assignments if each.dispatch == self.dispatches and each.ended_at is None]

    @property
    def transfers(self) -> list[Step]:
        """The steps by which it went from center to center, in order."""
        return [step for step in self.steps if step.action is Action.TRANSFER]

    @property
    def centers(self) -> list[str]:
        """The centers it has lain with: the one that took it in, and each that took it over; the last handles it."""
        return [self.center, *(step.target for step in self.transfers if step.target)]

    def parties_of(self, leg: "Leg") -> list["Assignment"]:
        """The assignments that leg is or was owed by, the lead first."""
        return [each for each in self.assignments if each.dispatch == leg.dispatch]

    def desks(self) -> set[str]:
        """On whose desks it lies: its office's, and those of the departments that have a part of it."""
        return {self.handling_center, *(f"{each.center}/{each.department}" for each in self.parties)}

    def answered(self, leg: "Leg") -> list[tuple[Party, datetime | None]]:
        """Each department and when it answered: the lead this leg, a co-handler its part of what was done then."""
        parties = self.parties_of(leg)
        return [(each.party, leg.answered_at if each.is_lead else leg.ceased_at(each)) for each in parties]

    def owing(self) -> list[Party]:
        """The co-handlers who have not answered, and hold the lead back."""
        return [each.party for each in self.parties if not each.is_lead and each.ceased_at is None]

    def owe_again(self) -> None:
        """Everyone owes an answer anew: a redo or a reopening begins, where every department does its part again.

        When co-handlers ceased to owe before stays with the legs it was for: a rung of theirs may yet be asked about.
        """
        for leg in self.legs:
            if leg.dispatch == self.dispatches and leg.ceased is None:
                leg.ceased = [
                    each.party.model_dump() | {"at": each.ceased_at.isoformat()}
                    for each in self.parties
                    if each.ceased_at
                ]
        for each in self.parties:
            each.answered_at = each.overruled_at = None

    def has_begun_to_answer(self, assignment: "Assignment") -> bool:
        """Whether a department has: the lead this leg, a co-handler its part, in whatever round."""
        if assignment.is_lead:
            return self.current_leg.answered_at is not None
        return assignment.answered_leg is not None

    def is_overdue(self, at: datetime) -> bool:
        """Whether any stage was late, or by this instant is (annex 3)."""
        ended = self.closed_at or at
        return self.overdue or any(is_late(leg.due_at, leg.ended_at or ended) for leg in self.legs)


class Leg(Base):
    """What one ladder covers: a stage under a limit (mechanism §6)."""

    __tablename__ = "legs"

    complaint_id: Mapped[str] = mapped_column(String(36), ForeignKey("orders.complaint_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[Stage]
    round: Mapped[int]
    """Its latest: a return at the check goes on with the same leg."""
    expects: Mapped[ReplyKind]
    """The answer that is due."""
    dispatch: Mapped[int]
    """Whose departments owe it."""
    starts_at: Mapped[datetime]
    rule: Mapped[LimitRule]
    working_days: Mapped[int | None]
    committed_on: Mapped[date | None]
    committed_by: Mapped[int] = mapped_column(default=0, server_default="0")
    """The order's revision at which the committed date was last changed; 0: it is the first."""
    recommitted_at: Mapped[datetime | None]
    """When that was."""
    calendar: Mapped[str]
    first_due_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    """As sla says; None until it has been heard."""
    provisional: Mapped[bool] = mapped_column(default=False)
    co_handlers_due_at: Mapped[datetime | None]
    clock_revision: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None]
    """By the lead; None again when the check returned it."""
    returned_at: Mapped[datetime | None]
    """When the check returned it last."""
    lifted_at: Mapped[datetime | None]
    """When it was taken off the departments unanswered."""
    overran_working_days: Mapped[int | None]
    ceased: Mapped[list[dict[str, str]] | None] = mapped_column(JSON)
    """Which co-handlers had ceased to owe, and when (`at`), since all owe anew; None while that stands with them."""

    rungs: Mapped[list["FiredRung"]] = relationship(lazy="raise", order_by="FiredRung.at")
    replies: Mapped[list[Reply]] = relationship(lazy="raise", order_by=Reply.reply_id)

    __table_args__ = (
        Index(
            "legs_running",
            "due_at",
            postgresql_where=text("answered_at IS NULL AND lifted_at IS NULL"),
            sqlite_where=text("answered_at IS NULL AND lifted_at IS NULL"),
        ),
    )

    def recommit(self, day: date, revision: int, at: datetime) -> None:
        """Commit to another day, as the order's revision tells."""
        self.committed_on, self.committed_by, self.recommitted_at = day, revision, at

    @property
    def ended_at(self) -> datetime | None:
        """When nothing was owed on it any more."""
        return self.answered_at or self.lifted_at

    def ceased_at(self, co_handler: "Assignment") -> datetime | None:
        """When a co-handler ceased to hold the lead back in what this leg was part of."""
        if self.ceased is None:
            return co_handler.ceased_at
        party = co_handler.party.model_dump()
        return next((datetime.fromisoformat(each["at"]) for each in self.ceased if party.items() <= each.items()), None)


class Assignment(Base):
    """A department's part of one dispatch."""

    __tablename__ = "assignments"

    complaint_id: Mapped[str] = mapped_column(String(36), ForeignKey("orders.complaint_id"), primary_key=True)
    dispatch: Mapped[int] = mapped_column(primary_key=True)
    center: Mapped[str] = mapped_column(primary_key=True)
    department: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    """0 is the lead; co-handlers follow as they were named."""
    assigned_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    """When a co-handler first answered what it owes; a lead answers legs. None again when all owe anew."""
    answered_leg: Mapped[int | None]
    """In which it last did; 0: not in one of these, but to what it was joined to, on a stage or round before."""
    answered_round: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    """When the order went back to review."""
    overruled_at: Mapped[datetime | None]
    """When a co-handler ceased to hold the lead back; None again when all owe anew."""

    __table_args__ = (Index("assignments_of_department", "center", "department", "complaint_id"),)

    @property
    def ceased_at(self) -> datetime | None:
        """When a co-handler ceased to hold the lead back: it has answered, or was overruled."""
        return self.answered_at or self.overruled_at

    @property
    def is_lead(self) -> bool:
        """Whether it leads."""
        return self.position == 0

    @property
    def party(self) -> Party:
        """Whose it is."""
        return Party(center=self.center, department=self.department)


class FiredRung(Base):
    """A rung that fired. Its key is the guarantee that none does twice (mechanism §6)."""

    __tablename__ = "rungs"

    complaint_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    leg: Mapped[int] = mapped_column(primary_key=True)
    rung: Mapped[Rung] = mapped_column(primary_key=True)
    fell_due_at: Mapped[datetime]
    at: Mapped[datetime]
    told: Mapped[list[dict[str, str]]]
    level: Mapped[str]
    signed_at: Mapped[datetime | None]
    """Of 通报: when the last of circular, report and copy was signed."""

    __table_args__ = (
        ForeignKeyConstraint(["complaint_id", "leg"], ["legs.complaint_id", "legs.number"]),
        Index("rungs_at_level", "level", "complaint_id"),
        Index("rungs_of_level", "level", "at"),
        Index(
            "rungs_unsigned",
            "at",
            "complaint_id",
            postgresql_where=text("rung = 'reported' AND signed_at IS NULL"),
            sqlite_where=text("rung = 'reported' AND signed_at IS NULL"),
        ),
    )

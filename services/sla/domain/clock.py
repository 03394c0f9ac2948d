"""A leg's clock and its ladder: when it is due, and which rung comes when (Art. 8, 9; mechanism §5, §6).

A clock keeps facts; its next rung is always worked out anew from all of them.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.sla.domain.limit import Counted, Limit
from shared.events.dispatch import LimitRule, Stage
from shared.events.sla import Rung
from shared.workdays import Calendar, DayFact, Due


class State(StrEnum):
    """What a clock is doing."""

    RUNNING = "running"
    ANSWERED = "answered"
    CLOSED = "closed"
    """Its order is closed, or a later leg has begun."""


class Early(Exception):
    """A fact has come before the one it builds on."""


@dataclass(eq=False, kw_only=True)
class Clock:
    """What one leg owes and when. Each rung is given once; a return at the check continues the same ladder."""

    complaint_id: str
    leg: int
    center: str
    """The center that took the complaint in."""
    opened_by: int
    """The order's revision at which the leg began."""
    calendar: str
    """The center whose calendar counts."""
    calendar_revision: int
    stage: Stage
    round: int
    """The latest known here."""
    rule: LimitRule
    working_days: int | None
    committed_on: date | None
    has_co_handlers: bool
    started_at: datetime
    due_at: datetime
    provisional: bool
    co_handlers_due_at: datetime | None = None
    committed_by: int = 0
    """The order's revision at which the committed date was last changed; 0: it is the first."""
    revision: int = 1
    """Of the due date."""
    state: State = State.RUNNING
    answered_round: int | None = None
    answered_at: datetime | None = None
    returned_at: datetime | None = None
    lifted_at: datetime | None = None
    """When it was taken off the departments unanswered."""
    urged_at: datetime | None = None
    supervised_at: datetime | None = None
    reported_at: datetime | None = None
    next_rung: Rung | None = None
    rung_at: datetime | None = None
    """The instant of the next rung."""
    next_fire_at: datetime | None = None
    """The same, until dispatch has been asked about it."""
    parties: str | None = ""
    """Whose it is, each `<center>/<department>` and a space; empty where the departments of the leg before go on.

    None: it began before this was kept.
    """
    levels: str | None = ""
    """The levels whose inspection and government were told, each center and a space; None: before this was kept."""

    def told(self, level: str) -> None:
        """Inspection and government of this level know of it."""
        known = self.levels or ""
        if level not in known.split():
            self.levels = f"{known}{level} "

    @property
    def limit(self) -> Limit:
        """The limit it was opened with."""
        return Limit(self.started_at, self.rule, self.working_days, self.committed_on)

    def counted(self, calendar: Calendar) -> Due:
        """Its due date by this calendar, day by day: the limit's, or after a return that one's least, if later."""
        dues = [self.limit.due(calendar)]
        if self.returned_at:
            dues.append(calendar.due_after(self.returned_at, 1))
        return max(dues, key=lambda due: due.due_at)

    def start(self, calendar: Calendar) -> None:
        """Begin to run: the ladder stands, and the co-handlers know their time."""
        self._count_co_handlers(calendar)
        self._arm(calendar)

    def answer(self, number: int, at: datetime, calendar: Calendar) -> bool:
        """The lead has answered in this round: the ladder stops there (mechanism §6). False when that was known.

        Rungs whose instants had passed by then are still owed, if nobody was there to give them. Raises `Early` while
        the return that began this round is not known.
        """
        if number > self.round:
            raise Early
        if number <= (self.answered_round or 0):
            return False
        self.answered_round, self.answered_at = number, at
        if self.state is State.RUNNING:
            self.state = State.ANSWERED
        self._arm(calendar)
        return True

    def overrun(self, calendar: Calendar) -> tuple[int, int] | None:
        """How late the answer was: working days begun after the due day, at least 1; office minutes begun in these."""
        if self.answered_at is None or self.answered_at <= self.due_at:
            return None
        days = calendar.workdays_begun(self.due_at, self.answered_at)
        minutes = math.ceil(calendar.office_minutes(self.due_at, self.answered_at))
        return max(days, 1), max(minutes, min(days, 1))

    def resume(self, number: int, at: datetime, calendar: Calendar) -> bool:
        """The answer was returned at the check and counts as none (Art. 9, 10). True when the due date has moved.

        It stays, but is no earlier than close of the next working day. Raises `Early` while that answer is not known,
        or a rung is owed that this answer, which was late, could not stop: it belongs to the time before the return.
        """
        if number <= self.round:
            return False
        if number - 1 > (self.answered_round or 0) or self._owes_what_passed:
            raise Early
        self.round, self.returned_at = number, at
        if self.state is State.ANSWERED:
            self.state = State.RUNNING
        least = calendar.due_after(at, 1)
        moved = least.due_at > self.due_at and self._move(least.due_at, least.provisional, calendar)
        self._arm(calendar)
        return moved

    def climb(self, rung: Rung, given_at: datetime, calendar: Calendar) -> None:
        """A rung was really given then; the next one takes its time from there (mechanism §6)."""
        setattr(self, f"{rung}_at", given_at)
        self._arm(calendar)

    def recount(self, counted: Counted, now: datetime) -> bool:
        """Count again by a changed calendar (mechanism §5). True when a date, the co-handlers' too, is another now.

        What is provisional moves either way, but one moved earlier never ends before close of the next working day.
        What is certain has been told, and stays; only where its day is off now it rolls on (Civil Code 203). A date is
        certain no more when nobody is sure of its day any longer: the notice that named it was withdrawn. The date of
        the co-handlers goes with the lead's, and leaves a day that is off now.
        """
        calendar = counted.calendar
        due = self.counted(calendar)
        at, provisional = due.due_at, due.provisional
        if not (self.provisional or calendar.day(self.due_at.date()).provisional):
            at = self._rolled_on(calendar, now)
            provisional = at != self.due_at and calendar.day(at.date()).provisional
        elif at < self.due_at:
            at = min(self.due_at, max(at, calendar.end_of_next_working_day(now)))
        self.calendar_revision = counted.revision
        theirs = self.co_handlers_due_at
        moved = self._move(at, provisional, calendar)
        if theirs and (moved or not calendar.is_workday(theirs.date())):
            self.co_handlers_due_at = self._co_handlers_again(theirs, calendar, now)
            if self.co_handlers_due_at != theirs and not moved:
                self.revision += 1
                moved = True
        self._arm(calendar)
        return moved

    def recommit(self, committed_on: date, revision: int, calendar: Calendar) -> bool:
        """The committed date is another: extended, or not consented to. True when the due date has moved.

        A rung that was asked about by the date before is asked about anew, even where its instant is the same.
        """
        if revision <= self.committed_by:
            return False
        self.committed_on, self.committed_by = committed_on, revision
        due = self.counted(calendar)
        moved = self._move(due.due_at, due.provisional, calendar)
        self.next_rung = self.rung_at = self.next_fire_at = None
        self._arm(calendar)
        return moved

    def lift(self, at: datetime, calendar: Calendar) -> None:
        """It is taken off the departments, who have not answered; rungs whose instants had passed are still owed."""
        self.lifted_at = at
        self.close()
        self._arm(calendar)

    def _rolled_on(self, calendar: Calendar, now: datetime) -> datetime:
        """The due date, or the close of the next working day if its own has been taken off; what is past is past."""
        if now >= self.due_at or calendar.is_workday(self.due_at.date()):
            return self.due_at
        return calendar.end_of_next_working_day(self.due_at)

    def close(self) -> None:
        """Nothing is owed on this leg any more, but for rungs that its end had passed."""
        self.state = State.CLOSED
        if not self._owes_what_passed:
            self.next_rung = self.rung_at = self.next_fire_at = None

    @property
    def ended_at(self) -> datetime | None:
        """When nothing was owed on it any more."""
        return self.answered_at or self.lifted_at

    @property
    def _owes_what_passed(self) -> bool:
        """Whether a rung's instant was over when it ended, and the rung is not known to have been given."""
        return bool(self.rung_at and self.ended_at and self.rung_at < self.ended_at)

    def _move(self, due_at: datetime, provisional: bool, calendar: Calendar) -> bool:
        if (due_at, provisional) == (self.due_at, self.provisional):
            return False
        self.due_at, self.provisional = due_at, provisional
        self.revision += 1
        self._count_co_handlers(calendar)
        return True

    def _count_co_handlers(self, calendar: Calendar) -> None:
        # One working day before the lead, or half the time of a shorter limit: the same instant as 催办 (mechanism §4).
        if self.has_co_handlers and self.stage is Stage.RESULT:
            self.co_handlers_due_at = calendar.urge_at(self.started_at, self.due_at)

    def _co_handlers_again(self, was: datetime, calendar: Calendar, now: datetime) -> datetime:
        # What is past is past; an earlier one ends no earlier than close of the next working day, or than the lead's.
        at = calendar.urge_at(self.started_at, self.due_at)
        if was <= now:
            return was
        return at if at >= was else min(self.due_at, max(at, calendar.end_of_next_working_day(now)))

    def _arm(self, calendar: Calendar) -> None:
        rung, at = next_rung(self, calendar) or (None, None)
        if (rung, at) != (self.next_rung, self.rung_at):
            self.next_rung, self.rung_at, self.next_fire_at = rung, at, at


def next_rung(clock: Clock, calendar: Calendar) -> tuple[Rung, datetime] | None:
    """The rung that comes next, and its instant (Art. 9); None when all are given, or it was answered by then.

    Only an answer by its instant stops a rung: one that came later, and was heard before the rung could be given, as
    after an outage, does not.
    """
    if clock.reported_at:
        return None
    rung, at = _following(clock, calendar)
    is_owed = clock.state is State.RUNNING or (clock.ended_at is not None and at < clock.ended_at)
    return (rung, at) if is_owed else None


def _following(clock: Clock, calendar: Calendar) -> tuple[Rung, datetime]:
    if clock.supervised_at:
        return _after(Rung.SUPERVISED, clock.supervised_at, clock, calendar)
    if clock.urged_at:
        return _after(Rung.URGED, clock.urged_at, clock, calendar)
    return Rung.URGED, calendar.urge_at(clock.returned_at or clock.started_at, clock.due_at)


def _after(rung: Rung, given_at: datetime, clock: Clock, calendar: Calendar) -> tuple[Rung, datetime]:
    """What follows when this rung was given then."""
    if rung is Rung.URGED:
        return Rung.SUPERVISED, clock.due_at
    # A return at the check may have moved the due date beyond the time the notice gave.
    return Rung.REPORTED, max(calendar.end_of_next_working_day(given_at), clock.due_at)


def ahead(clock: Clock, calendar: Calendar, now: datetime) -> Iterator[tuple[Rung, datetime]]:
    """The rungs that will be given if nobody answers, each with when (Art. 9); what is due already comes now."""
    rung, at = clock.next_rung, clock.rung_at
    while rung and at:
        given_at = max(at, now)
        yield rung, given_at
        rung, at = (None, None) if rung is Rung.REPORTED else _after(rung, given_at, clock, calendar)


@dataclass(frozen=True)
class Explained:
    """A due date, and why it is then (Art. 8)."""

    due_at: datetime
    provisional: bool
    trace: tuple[DayFact, ...]
    notes: tuple[str, ...]


def explain(clock: Clock, calendar: Calendar) -> Explained:
    """The clock's due date, day by day as the calendar has them now, with what else has moved it."""
    due, notes = clock.counted(calendar), []
    if clock.returned_at and due.due_at > clock.limit.due(calendar).due_at:
        notes.append("质检退回重办：期限不早于退回后下一个工作日下班。")
    if due.due_at != clock.due_at:
        notes.append(f"日历后来有调整，按现在的日历为{due.due_at:%Y-%m-%d %H:%M}；期限仍以已告知的为准。")
    return Explained(clock.due_at, clock.provisional, due.trace, tuple(notes))

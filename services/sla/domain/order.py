"""An order as sla knows it: one ladder at a time (mechanism §6)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.sla.domain.clock import Clock
from services.sla.domain.inner import LETTERS, Course, InnerLimit
from services.sla.domain.limit import Counted, Limit
from shared.events.dispatch import Leg, Party


@dataclass(eq=False)
class Order:
    """What sla knows of a complaint: its legs' clocks, at which revision it was last closed, its inner limits."""

    complaint_id: str
    closed_by: int | None = None
    clocks: dict[int, Clock] = field(default_factory=dict)
    inner_limits: dict[str, InnerLimit] = field(default_factory=dict)
    """By the event that marked each."""

    def open(self, leg: Leg, center: str, opened_by: int, counted: Counted, parties: Sequence[Party] = ()) -> Clock:
        """A leg begins, and ends the earlier ones: an order has one ladder at a time (mechanism §6).

        `parties`: the departments, where they were named with it.
        """
        calendar = counted.calendar
        due = Limit(leg.starts_at, leg.rule, leg.working_days, leg.committed_on).due(calendar)
        clock = self.clocks[leg.number] = Clock(
            complaint_id=self.complaint_id,
            leg=leg.number,
            center=center,
            opened_by=opened_by,
            calendar_revision=counted.revision,
            started_at=leg.starts_at,
            due_at=due.due_at,
            provisional=due.provisional,
            parties="".join(f"{each.center}/{each.department} " for each in parties),
            **leg.model_dump(exclude={"number", "starts_at"}),
        )
        clock.start(calendar)
        self._settle()
        return clock

    def close(self, revision: int) -> None:
        """The order is closed; a leg that began later (reopened) goes on."""
        self.closed_by = max(revision, self.closed_by or 0)
        self._settle()

    @property
    def offices(self) -> frozenset[str]:
        """The centers whose offices may know of it: the one that took it in, and each that has or had it since."""
        took_in = (clock.center for clock in self.clocks.values())
        return frozenset((*took_in, *self.course.offices))

    @property
    def parties(self) -> frozenset[str] | None:
        """The departments that have it, each as `<center>/<department>`; none while it is back for review.

        None where it was dispatched before they were kept.
        """
        for _, clock in sorted(self.clocks.items(), reverse=True):
            if clock.lifted_at:
                return frozenset()
            if clock.parties != "":
                return None if clock.parties is None else frozenset(clock.parties.split())
        return frozenset()

    @property
    def levels(self) -> frozenset[str] | None:
        """The levels at which it was supervised or reported, each as its center.

        None where that was done before they were kept.
        """
        told = [clock.levels for clock in self.clocks.values()]
        return None if None in told else frozenset(" ".join(filter(None, told)).split())

    @property
    def course(self) -> Course:
        """Its marks but for its letters', in the order they happened."""
        return self._course(letters=False)

    def _course(self, *, letters: bool, leg: int | None = None) -> Course:
        wanted = letters, leg
        return Course.of([each for each in self.inner_limits.values() if (each.mark in LETTERS, each.leg) == wanted])

    def note(self, limit: InnerLimit) -> Course:
        """Something happened that says whose turn it is, now or long ago; the course it makes, to be counted."""
        self.inner_limits[limit.event_id] = limit
        course = self._course(letters=limit.mark in LETTERS, leg=limit.leg)
        course.settle()
        return course

    def _settle(self) -> None:
        for clock in self.clocks.values():
            if clock.leg < max(self.clocks) or clock.opened_by < (self.closed_by or 0):
                clock.close()

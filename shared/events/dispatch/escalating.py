"""The ladder, its papers and digests, and what is copied to discipline inspection (Art. 9; mechanism §6, §9)."""

from datetime import date

from shared.events.base import Event, Fact, Moment
from shared.events.dispatch.words import Party


class ClueCopied(Event, type="clue.copied"):
    """A clue of misconduct, copied by hand to discipline inspection; nobody else hears it (mechanism §9)."""

    revision: int
    level: str
    """The center of the level whose inspection it is for."""
    text: str
    by: str


class Escalation(Event):
    """What all three rungs say. `at` is when it was really given."""

    leg: int
    round: int
    fell_due_at: Moment | None = None
    """None when it was given by hand, beside the ladder."""
    to: list[Party]
    """Whoever has not answered."""
    level: str
    """The center of the level the late department belongs to."""
    by: str | None = None
    requirement: str | None = None


class EscalationUrged(Escalation, type="escalation.urged"):
    """催办 (Art. 9)."""


class EscalationSupervised(Escalation, type="escalation.supervised"):
    """督办: overdue and unanswered (Art. 9)."""


class EscalationReported(Escalation, type="escalation.reported"):
    """通报: supervised and still unanswered; to the government, copied to discipline inspection (Art. 9)."""


class LetterIssued(Event, type="letter.issued"):
    """A paper about an order was issued under somebody's signature, and has its number (mechanism §6)."""

    revision: int
    kind: str
    """As `shared.papers.kinds` names it: `circular`, `report`, `copy` …"""
    name: str
    """The same in Chinese."""
    number: str
    left: int
    """How many of those that belong with it are still unsigned: circular, report and copy are issued together."""
    leg: int | None = None
    by: str


class OwedOrder(Fact):
    """An order a department has not answered, and by when it is to."""

    number: str
    complaint_id: str
    due_at: Moment
    provisional: bool


class AgendaCompiled(Event, type="agenda.compiled"):
    """What a department owes this morning (mechanism §6). `subject` is the department, `<center>/<code>`."""

    day: date
    party: Party
    open: int
    overdue: list[OwedOrder]
    due_today: list[OwedOrder]
    due_tomorrow: list[OwedOrder]
    """On the next working day."""


class EscalatedOrder(Fact):
    """An order that was supervised or reported, and who was late; nothing of the petitioner."""

    number: str
    complaint_id: str
    late: list[Party]
    at: Moment


class WeekCompiled(Event, type="week.compiled"):
    """What was supervised and reported at a level, for discipline inspection (mechanism §9). `subject`: its center."""

    since: Moment
    until: Moment
    supervised: list[EscalatedOrder]
    reported: list[EscalatedOrder]

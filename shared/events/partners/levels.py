"""To inspection and government, of the level the late department belongs to: nothing of the petitioner."""

from shared.events.base import Fact, Moment
from shared.events.dispatch import Party
from shared.events.partners.message import PartnerMessage


class Escalation(PartnerMessage):
    """Who is late with what."""

    number: str
    complaint_id: str
    level: str
    round: int
    fell_due_at: Moment | None
    late: list[Party]
    requirement: str | None


class LevelSupervised(Escalation, type="escalation.supervised"):
    """督办 (Art. 9)."""


class LevelReported(Escalation, type="escalation.reported"):
    """通报 (Art. 9)."""


class LevelEscalated(Fact):
    """One order of a weekly digest."""

    number: str
    complaint_id: str
    late: list[Party]
    at: Moment


class LevelDigest(PartnerMessage, type="digest.compiled"):
    """What was supervised and reported since the last digest (mechanism §9), for discipline inspection alone."""

    level: str
    since: Moment
    until: Moment
    supervised: list[LevelEscalated]
    reported: list[LevelEscalated]

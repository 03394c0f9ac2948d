"""Who can be told something, and under which code a message for them is found again."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.events.dispatch import Party

AT_THE_CENTER = frozenset({"window", "web"})
"""Sources that are no partner: who wrote there is told as the petitioner."""


class Kind(StrEnum):
    """What a recipient is to the complaint (mechanism §1)."""

    PETITIONER = "petitioner"
    DEPARTMENT = "department"
    COORDINATOR = "coordinator"
    HEAD = "head"
    GOVERNMENT = "government"
    INSPECTION = "inspection"
    CASE_EDITOR = "case_editor"
    CASE_APPROVER = "case_approver"
    CHANNEL = "channel"


@dataclass(frozen=True)
class Recipient:
    """Someone told. A petitioner's code says nothing about the person; the complaint does."""

    kind: Kind
    code: str


PETITIONER = Recipient(Kind.PETITIONER, "petitioner")


def code_of(party: Party) -> str:
    """A department's code in the whole house: `<center>/<department>`."""
    return f"{party.center}/{party.department}"


def departments(codes: Sequence[str]) -> list[Recipient]:
    """These departments."""
    return [Recipient(Kind.DEPARTMENT, code) for code in codes]


def coordinator(center: str) -> Recipient:
    """A center's managing office."""
    return Recipient(Kind.COORDINATOR, f"coordinator@{center}")


def head(center: str) -> Recipient:
    """The head of a center's managing office."""
    return Recipient(Kind.HEAD, f"head@{center}")


def government(center: str) -> Recipient:
    """The government of this level (Art. 9)."""
    return Recipient(Kind.GOVERNMENT, f"government@{center}")


def inspection(center: str) -> Recipient:
    """Discipline inspection of this level (Art. 9)."""
    return Recipient(Kind.INSPECTION, f"supervisor@{center}")


def case_editor(center: str) -> Recipient:
    """Who writes guidance cases at this center (Art. 11)."""
    return Recipient(Kind.CASE_EDITOR, f"case_editor@{center}")


def case_approver(center: str) -> Recipient:
    """Who approves guidance cases for this center (Art. 11)."""
    return Recipient(Kind.CASE_APPROVER, f"case_approver@{center}")


def channels(source: str) -> list[Recipient]:
    """The partner that handed the complaint over; none when it came in at the center's own window or pages."""
    return [] if source in AT_THE_CENTER else [Recipient(Kind.CHANNEL, source)]

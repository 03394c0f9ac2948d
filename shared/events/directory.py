"""What directory announces: who and what there is, each fact whole, so that a replica needs only the latest.

`subject` is the fact's code. A later `revision` replaces an earlier one; facts are never deleted, only made inactive.
"""

from enum import StrEnum
from typing import Any

from shared.events.base import Event


class DirectoryFact(Event):
    """What all facts have."""

    revision: int
    name: str
    active: bool = True


class CenterChanged(DirectoryFact, type="center.changed"):
    """A center: the county's, or a township's with `parent`. `subject` is its code."""

    parent: str | None
    area_code: str
    place: str | None = None
    calendar: dict[str, Any]
    """Its working-day calendar, as `shared.workdays.Calendar.to_facts` writes it."""


class DepartmentChanged(DirectoryFact, type="department.changed"):
    """A department or a center's own unit. `subject` is `<center>/<code>`."""

    code: str
    short_name: str


class MemberChanged(DirectoryFact, type="member.changed"):
    """Someone who works here. `subject` is the username."""

    role: str
    department: str | None = None
    phone: str | None = None


class ChannelChanged(DirectoryFact, type="channel.changed"):
    """A channel that may hand complaints over. `subject` is its source; keys are known only by their hash."""

    key_hash: str


class PartnerKind(StrEnum):
    """What a partner reads on the bus (contract, RabbitMQ)."""

    DEPARTMENT = "department"
    FEEDBACK = "feedback"
    SUPERVISION = "supervision"
    GOVERNMENT = "government"


class PartnerChanged(DirectoryFact, type="partner.changed"):
    """A partner that reads the bus, or, inactive, no longer does. `subject` names its queue, e.g. `feedback.web`."""

    kind: PartnerKind


class UnitChanged(DirectoryFact, type="unit.changed"):
    """A unit outside the house, to which complaints are referred or petitioners directed. `subject` is its name."""

    way: str
    """`refer` or `direct` (Art. 6)."""
    phone: str | None = None


class LiaisonChanged(DirectoryFact, type="liaison.changed"):
    """Whom a center calls at another organ (常态化联络, mechanism §9). `subject` is `<center>/<organ>/<n>`."""

    organ: str
    phone: str | None = None

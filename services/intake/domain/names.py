"""What codes are called. Rows and events hold codes; names are put in when they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.events.dispatch import Party


@dataclass(frozen=True)
class Names:
    """The directory's names as they are, or were at an instant; a code without one stands for itself."""

    centers: Mapping[str, str] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)
    """By `<center>/<code>`."""
    members: Mapping[str, str] = field(default_factory=dict)

    def center(self, code: str) -> str:
        """A center's name."""
        return self.centers.get(code, code)

    def department(self, code: str) -> str:
        """The short name of a department, by `<center>/<code>`."""
        return self.departments.get(code, code)

    def party(self, party: Party) -> str:
        """The short name of a department that was named in an event."""
        return self.department(f"{party.center}/{party.department}")

    def parties(self, parties: list[Party]) -> str:
        """Several, joined."""
        return "、".join(map(self.party, parties))

    def member(self, username: str) -> str:
        """Somebody's name."""
        return self.members.get(username, username)

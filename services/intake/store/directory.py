"""Queries about what the replica of the directory holds, as intake needs it."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.names import Names
from services.intake.store import names as kept
from shared import replica


@dataclass
class Centers:
    """The centers of the house: their parents, and which is the county's."""

    parents: dict[str, str | None] = field(default_factory=dict)

    @property
    def county(self) -> str | None:
        """The county's center; None while the directory has not told of it."""
        return next((code for code, parent in sorted(self.parents.items()) if parent is None), None)

    def under(self, center: str | None) -> frozenset[str]:
        """A center and its townships."""
        return frozenset(code for code, parent in self.parents.items() if center in (code, parent))


async def centers(session: AsyncSession) -> Centers:
    """All centers, active or not."""
    return Centers(await replica.center_parents(session))


async def names(session: AsyncSession, until: datetime | None = None) -> Names:
    """What everything is called now, or was at an instant."""
    if until is not None:
        return await kept.at(session, until)
    center, department, member = [await replica.names(session, kind) for kind in ("center", "department", "member")]
    return Names(center, department, member)

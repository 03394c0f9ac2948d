"""Queries about what the replica of the directory holds, as intake needs it."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.names import Names
from shared.replica import FactRow


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
    found = await session.execute(
        select(FactRow.code, FactRow.data["parent"].as_string().label("parent")).where(FactRow.kind == "center")
    )
    return Centers({row.code: row.parent for row in found})


async def area_codes(session: AsyncSession) -> dict[str, str]:
    """The active centers and their area codes; asked for every submission, so without their calendars."""
    area_code, active = FactRow.data["area_code"].as_string().label("area_code"), FactRow.data["active"].as_boolean()
    found = await session.execute(select(FactRow.code, area_code).where(FactRow.kind == "center", active))
    return {row.code: row.area_code for row in found}


async def names(session: AsyncSession) -> Names:
    """What everything is called today."""
    found = await session.execute(
        select(
            FactRow.kind, FactRow.code, FactRow.data["name"].as_string(), FactRow.data["short_name"].as_string()
        ).where(FactRow.kind.in_(("center", "department", "member")))
    )
    by_kind: dict[str, dict[str, str]] = {"center": {}, "department": {}, "member": {}}
    for kind, code, name, short_name in found:
        by_kind[kind][code] = short_name or name
    return Names(by_kind["center"], by_kind["department"], by_kind["member"])

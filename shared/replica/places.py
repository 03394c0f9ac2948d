"""Centers and their calendars, departments, units outside."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.messaging import Unknown
from shared.replica.kept import Fact, FactRow, of_kind
from shared.workdays import Calendar


async def center(session: AsyncSession, code: str) -> Fact:
    """A center, active or not; raises `Unknown` while the directory has not told of it."""
    fact = (await of_kind(session, "center")).get(code)
    if fact is None:
        raise Unknown(code)
    return fact


async def center_codes(session: AsyncSession) -> dict[str, str]:
    """The active centers and their area codes."""
    centers = await of_kind(session, "center")
    return {fact.code: fact.data["area_code"] for fact in centers.values() if fact.data["active"]}


async def center_exists(session: AsyncSession, code: str) -> bool:
    """Whether there is such a center, and it is active."""
    return code in await center_codes(session)


async def parent_of(session: AsyncSession, code: str) -> str | None:
    """The county's center that a township's belongs to; None for that one itself, or one that is unknown."""
    return (await center_parents(session)).get(code)


async def center_parents(session: AsyncSession) -> dict[str, str | None]:
    """Every center, and the county's center it belongs to."""
    return {fact.code: fact.data["parent"] for fact in (await of_kind(session, "center")).values()}


async def root_center(session: AsyncSession) -> str:
    """The county's own center; raises `Unknown` while the directory has not told of it."""
    for code, parent in (await center_parents(session)).items():
        if parent is None:
            return code
    raise Unknown("county")


async def center_name(session: AsyncSession, code: str) -> str:
    """A center's name; its code while it is unknown."""
    fact = (await of_kind(session, "center")).get(code)
    return str(fact.data["name"]) if fact else code


async def names(session: AsyncSession, kind: str) -> dict[str, str]:
    """What all of a kind are called, shortly where they have a short name, by code."""
    return {
        fact.code: fact.data.get("short_name") or fact.data["name"] for fact in (await of_kind(session, kind)).values()
    }


async def department_names(session: AsyncSession) -> dict[str, str]:
    """The short names of all departments, by `<center>/<code>`."""
    return await names(session, "department")


async def departments_of(session: AsyncSession, centers: Sequence[str]) -> list[tuple[str, str]]:
    """The active departments of these centers, in the order of the centers: `<center>/<code>` and short name."""
    found = [fact for fact in (await of_kind(session, "department")).values() if fact.data["active"]]
    return [
        (fact.code, fact.data.get("short_name") or fact.data["name"])
        for center in centers
        for fact in found
        if fact.data["center"] == center
    ]


async def department_titles(session: AsyncSession) -> dict[str, str]:
    """The full names of all departments, as papers say them, by `<center>/<code>`."""
    rows = await session.scalars(select(FactRow).where(FactRow.kind == "department"))
    return {row.code: row.data["name"] for row in rows}


async def department_exists(session: AsyncSession, center: str, code: str) -> bool:
    """Whether this center has such a department, and it is active."""
    return bool(await department_is_active(session, center, code))


async def department_is_active(session: AsyncSession, center: str, code: str) -> bool | None:
    """Whether this department works here; None while the directory has not told of it."""
    fact = (await of_kind(session, "department")).get(f"{center}/{code}")
    return bool(fact.data["active"]) if fact else None


async def retired_departments(session: AsyncSession) -> list[str]:
    """The departments that work no longer: `<center>/<code>`."""
    return [fact.code for fact in (await of_kind(session, "department")).values() if not fact.data["active"]]


async def way_to(session: AsyncSession, unit: str) -> str | None:
    """Whether complaints are referred to this unit (`refer`) or petitioners told to go there (`direct`), if known."""
    fact = (await of_kind(session, "unit")).get(unit)
    return str(fact.data["way"]) if fact and fact.data["active"] else None


async def calendar_of(session: AsyncSession, code: str) -> Calendar:
    """The working-day calendar of a center; raises `Unknown` while the directory has not told of it."""
    return calendar_told((await center(session, code)).data["calendar"])


def calendar_told(facts: dict[str, Any]) -> Calendar:
    """The calendar that a `center.changed` told of; built once, however often it is asked for."""
    return _calendar(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS))


@lru_cache(maxsize=256)
def _calendar(given: bytes) -> Calendar:
    return Calendar.from_facts(orjson.loads(given))


async def knows_the_county(session: AsyncSession) -> bool:
    """Whether the directory has been heard: it tells of the county's own center last."""
    return None in (await center_parents(session)).values()

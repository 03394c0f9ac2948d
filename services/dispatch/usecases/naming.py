"""Whom the codes of departments mean that somebody has named."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.domain import people
from shared import replica
from shared.events.dispatch import Party
from shared.refusals import FieldFault, Invalid


async def parties(session: AsyncSession, center: str, named: Sequence[tuple[str, str]]) -> list[Party]:
    """The departments these (field, code) mean to a center; every unknown one is named by its field."""
    parent = await replica.parent_of(session, center)
    found: list[Party] = []
    faults: list[FieldFault] = []
    for field, code in named:
        for party in people.candidates(code, center, parent):
            if await replica.department_exists(session, party.center, party.department):
                found.append(party)
                break
        else:
            faults.append(people.unknown_department(field, code))
    if faults:
        raise Invalid("unknown-department", faults[0].message, faults)
    return found


def numbered(field: str, codes: Sequence[str]) -> list[tuple[str, str]]:
    """Each code of a list with the field it stands in."""
    return [(f"{field}.{n}", code) for n, code in enumerate(codes)]

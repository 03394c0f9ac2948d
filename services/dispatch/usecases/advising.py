"""What helps to name departments: who there is, and who led what was like it. It is shown, and never done by itself."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import people
from services.dispatch.domain.answers import code_of
from services.dispatch.tables import Order
from shared import replica

NEWEST = 200
"""Orders about the same item that are looked at."""
MOST = 3


@dataclass(frozen=True)
class Advice:
    """A department that may be the right one, and why."""

    code: str
    name: str
    why: str


@dataclass(frozen=True)
class Choices:
    """Whom an order can go to: codes (or names, of units) and what they are called."""

    departments: list[tuple[str, str]]
    centers: list[tuple[str, str]]
    units: list[str]
    advice: list[Advice]


async def choices(session: AsyncSession, order: Order) -> Choices:
    """All that the center which handles this order can choose from, and who may be the right department."""
    here = order.handling_center
    parent = await replica.parent_of(session, here)
    departments = await replica.departments_of(session, [here, *([parent] if parent else [])])
    active = await replica.center_codes(session)
    centers = [(code, await replica.center_name(session, code)) for code in active if code != here]
    units = sorted((await replica.names(session, "unit")).values())
    return Choices(departments, centers, units, await _advice(session, order, parent, dict(departments)))


async def _advice(session: AsyncSession, order: Order, parent: str | None, names: dict[str, str]) -> list[Advice]:
    found: dict[str, str] = {}
    right = {each.right_department for each in order.declines if each.right_department and each.granted}
    found |= dict.fromkeys(sorted(right), "退单部门认为应由其办理")
    if item := order.complaint.service_item:
        past = await store.past_leads(session, order.center, item, NEWEST)
        found |= {code: f"同一事项近期分办过{count}件" for code, count in past if code not in found}
    about = (order.complaint.about or "").strip()
    named = [code_of(party) for party in people.candidates(about, order.handling_center, parent)] if about else []
    found |= {code: "诉求中点名的部门" for code in named if code not in found}
    return [Advice(code, names[code], why) for code, why in found.items() if code in names][:MOST]

"""What may be read of orders, and by whom (contract, Roles): everything about one, and lists for the desks."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import people
from services.dispatch.domain.answers import named
from services.dispatch.domain.states import ALLOWED, State
from services.dispatch.tables import Assignment, Order
from services.dispatch.usecases import petitioners, telling
from shared import clock, replica
from shared.events.dispatch import Party
from shared.refusals import FieldFault, Forbidden, Invalid, NotFound
from shared.security.roles import Actor, Role, must_reach
from shared.security.seal import SealBroken

_READS_TOWNSHIPS = {Role.COORDINATOR, Role.HEAD}
ABOVE = frozenset({Role.SUPERVISOR, Role.GOVERNMENT})
"""Who reads what was late at a level: its inspection and its government (Art. 9)."""


async def order_file(session: AsyncSession, actor: Actor, complaint_id: str) -> dict[str, Any]:
    """Everything about an order; who complains is masked, and shown to departments only while it is open."""
    return await told_to(session, actor, await opened(session, actor, complaint_id))


async def opened(session: AsyncSession, actor: Actor, complaint_id: str) -> Order:
    """An order with everything there is about it, for one who may read it."""
    order = await store.order_file(session, complaint_id)
    await must_read_order(session, actor, order)
    assert order
    return order


async def told_to(session: AsyncSession, actor: Actor, order: Order) -> dict[str, Any]:
    """All that this actor may know of an order that he may read."""
    names = await replica.department_names(session)
    shown = await is_shown_the_petitioner(session, actor, order)
    told = {
        **_summary(order, names, clock.now()),
        "joined_to": order.joined_to and await store.number_of(session, order.joined_to),
        **await _joined(session, order),
        "actions": sorted(ALLOWED[order.state]),
        "petitioner": petitioners.masked(order.complaint.petitioner) if shown else None,
        **telling.everything(order, names),
    }
    return _as_shown(actor, order, told, shown=shown)


async def _joined(session: AsyncSession, order: Order) -> dict[str, list[str]]:
    """What is joined to it; and of that, what departments have to answer by itself: it waits for another answer."""
    found = await store.joined_to(session, order.complaint_id)
    awaited = order.stage if order.state is State.HANDLING else None
    apart = [each.number for each in found if each.state is State.HANDLING and each.stage is not awaited]
    return {"joined": [each.number for each in found], "joined_apart": apart}


def _as_shown(actor: Actor, order: Order, told: dict[str, Any], *, shown: bool) -> dict[str, Any]:
    """Its texts with numbers masked; for whoever is not shown the petitioner, what is known of this one is gone.

    That first: nobody finds a mask. An auditor reads what is known masked in texts, too.
    """
    petitioner = order.complaint.petitioner
    if not shown:
        try:
            told = telling.everywhere(petitioners.striker(petitioner), told)
        except SealBroken:
            told = telling.masked(told, lambda _: petitioners.UNREADABLE)
    elif actor.role is Role.AUDITOR:
        told = telling.masked(told, petitioners.masker(petitioner))
    return dict(telling.masked(told))


async def order_list(
    session: AsyncSession,
    actor: Actor,
    *,
    state: State | None,
    center: str | None,
    department: str | None,
    after: str,
    limit: int,
) -> dict[str, Any]:
    """A page of the orders this actor may see, oldest first; `next` goes on where it ends."""
    centers, party = await _scope(session, actor, center, department)
    level = actor.center if actor.role in ABOVE else None
    found = await store.orders(
        session, centers=centers, party=party, level=level, state=state, after=after, limit=limit
    )
    names, now = await replica.department_names(session), clock.now()
    shown = [await is_shown_the_petitioner(session, actor, order) for order in found]
    return {
        "orders": [
            _as_shown(actor, order, _summary(order, names, now), shown=is_shown)
            for order, is_shown in zip(found, shown, strict=True)
        ],
        "next": found[-1].complaint_id if len(found) == limit else None,
    }


async def _scope(
    session: AsyncSession, actor: Actor, center: str | None, department: str | None
) -> tuple[list[str] | None, tuple[str, str] | None]:
    if actor.role is Role.OFFICER:
        return None, (actor.center or "", actor.department or "")
    centers = [center] if center else None
    if actor.role not in ABOVE:  # they see of all centers what was late at their level
        if centers is None and actor.role is not Role.AUDITOR:
            centers = [actor.center or ""]
        if center:
            await must_read_centers(session, actor, center)
    if department is None:
        return centers, None
    at, slash, code = department.rpartition("/")
    if not slash:
        sentence = "请写明部门所属的中心，例如 sq/zrzy。"
        raise Invalid("which-department", sentence, [FieldFault("department", sentence)])
    return centers, (at, code)


async def must_read_order(session: AsyncSession, actor: Actor, order: Order | None) -> None:
    """Refuse an order that there is not, or that this actor may not know of."""
    if actor.role in ABOVE:
        if order is None or not was_late_at(order, actor.center):
            raise NotFound("no-such-order", "没有这件工作单，或者它没有在本级被督办、通报；需要调阅的请按编号调阅。")
        return
    if order is None or (actor.role is Role.OFFICER and _own(order, actor) is None):
        raise NotFound("no-such-order", "没有这件诉求的工作单；刚登记的请先研判分类，稍后再试。")
    if actor.role is not Role.OFFICER:
        await must_read_centers(session, actor, *order.centers)


def was_late_at(order: Order, level: str | None) -> bool:
    """Whether it was supervised or reported at this level (mechanism §6)."""
    return any(fired.rung in store.ABOVE and fired.level == level for leg in order.legs for fired in leg.rungs)


async def must_read_centers(session: AsyncSession, actor: Actor, *centers: str) -> None:
    """Own centers, and for the county's coordinators their townships'."""
    if actor.role in _READS_TOWNSHIPS:
        for center in centers:
            if await replica.parent_of(session, center) == actor.center:
                return
    must_reach(actor, *centers)


def _own(order: Order, actor: Actor) -> Assignment | None:
    mine = (actor.center, actor.department)
    return next((each for each in order.parties if (each.center, each.department) == mine), None)


async def is_shown_the_petitioner(session: AsyncSession, actor: Actor, order: Order) -> bool:
    """Whether this actor may see who complains: a department only while its order is open, and not in confidence.

    Inspection and government never do.
    """
    if actor.role in ABOVE:
        return False
    if actor.role is not Role.OFFICER:
        return True
    if order.state is State.CLOSED:
        return False
    about = await _department_of(session, order) if order.complaint.confidential else None
    return people.is_shown_the_petitioner(
        actor.center or "", actor.department or "", confidential=order.complaint.confidential, about=about
    )


async def _department_of(session: AsyncSession, order: Order) -> Party | None:
    """The department a complaint is about, when it names one that is known."""
    parent = await replica.parent_of(session, order.center)
    for party in people.candidates((order.complaint.about or "").strip(), order.center, parent):
        if await replica.department_exists(session, party.center, party.department):
            return party
    return None


async def revealed(session: AsyncSession, actor: Actor, complaint_id: str) -> dict[str, str | None]:
    """Who complains, in the clear: for the office, and for a department on its own open order (contract, Roles)."""
    order = await opened(session, actor, complaint_id)
    if actor.role is not Role.OFFICER:  # a department is told who complains of it, unless that was in confidence
        people.must_not_be_about(order.complaint.about, people.Person(actor.id, actor.name))
    if not await is_shown_the_petitioner(session, actor, order):
        raise Forbidden("not-shown", "本件已经办结，或诉求人要求对被反映的部门保密，不能查看诉求人。")
    return petitioners.opened(order.complaint.petitioner)


def _summary(order: Order, names: dict[str, str], now: datetime) -> dict[str, Any]:
    complaint = order.complaint
    leg = order.current_leg if order.leg else None
    parties = [{**each.party.model_dump(), "name": named(each.party, names)} for each in order.parties]
    return {
        "complaint_id": order.complaint_id,
        "number": complaint.number,
        "center": order.center,
        "handling_center": order.handling_center,
        "transferred": order.transferred,
        "revision": order.revision,
        "state": order.state,
        "triage": order.triage,
        "way": order.way,
        "stage": order.stage,
        "round": order.round,
        "redo": order.round - 1,
        "lead": parties[0] if parties else None,
        "co_handlers": parties[1:],
        "due_at": leg and leg.due_at,
        "provisional": bool(leg and leg.provisional),
        "overdue": order.is_overdue(now),
        "final": order.final,
        "category": complaint.category,
        "content": complaint.content,
        "confidential": complaint.confidential,
        "reported_at": complaint.reported_at,
        "registered_at": complaint.registered_at,
        "dispatched_at": order.dispatched_at,
        "first_due_at": order.legs[0].first_due_at if order.legs else None,
        "closed_at": order.closed_at,
        "reopened_at": order.reopened_at,
    }

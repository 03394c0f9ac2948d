"""What may be read of orders, and by whom (contract, Roles): everything about one, and lists for the desks."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import people
from services.dispatch.domain.answers import named
from services.dispatch.domain.states import ALLOWED, State
from services.dispatch.tables import Assignment, Order, Petitioner
from services.dispatch.usecases import telling
from shared import clock, replica
from shared.events.dispatch import Party
from shared.refusals import FieldFault, Forbidden, Invalid, NotFound
from shared.security import mask
from shared.security.keys import sealer
from shared.security.roles import Actor, Role, must_reach
from shared.security.seal import SealBroken

_READS_TOWNSHIPS = {Role.COORDINATOR, Role.HEAD}


async def order_file(session: AsyncSession, actor: Actor, complaint_id: str) -> dict[str, Any]:
    """Everything about an order; who complains is masked, and shown to departments only while it is open."""
    order = await store.order_file(session, complaint_id)
    await must_read_order(session, actor, order)
    assert order
    names = await replica.department_names(session)
    shown = await is_shown_the_petitioner(session, actor, order)
    return {
        **_summary(order, names, clock.now()),
        "joined_to": order.joined_to and await store.number_of(session, order.joined_to),
        "joined": [number for _, number in await store.joined_to(session, complaint_id)],
        "actions": sorted(ALLOWED[order.state]),
        "petitioner": _petitioner(order.complaint.petitioner) if shown else None,
        **telling.everything(order, names),
    }


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
    found = await store.orders(session, centers=centers, party=party, state=state, after=after, limit=limit)
    names, now = await replica.department_names(session), clock.now()
    return {
        "orders": [_summary(order, names, now) for order in found],
        "next": found[-1].complaint_id if len(found) == limit else None,
    }


async def _scope(
    session: AsyncSession, actor: Actor, center: str | None, department: str | None
) -> tuple[list[str] | None, tuple[str, str] | None]:
    if actor.role is Role.OFFICER:
        return None, (actor.center or "", actor.department or "")
    centers = [center] if center else None
    if centers is None and actor.role is not Role.AUDITOR:
        centers = [actor.center or ""]
    if center:
        await _must_read(session, actor, center)
    if department is None:
        return centers, None
    at, slash, code = department.rpartition("/")
    if not slash:
        sentence = "请写明部门所属的中心，例如 sq/zrzy。"
        raise Invalid("which-department", sentence, [FieldFault("department", sentence)])
    return centers, (at, code)


async def must_read_order(session: AsyncSession, actor: Actor, order: Order | None) -> None:
    """Refuse an order that there is not, or that this actor may not know of."""
    if order is None or (actor.role is Role.OFFICER and _own(order, actor) is None):
        raise NotFound("no-such-order", "没有这件诉求的工作单；刚登记的请先研判分类，稍后再试。")
    if actor.role is not Role.OFFICER:
        await _must_read(session, actor, order.center, order.handling_center)


async def _must_read(session: AsyncSession, actor: Actor, *centers: str) -> None:
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
    """Whether this actor may see who complains: a department only while its order is open, and not in confidence."""
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
    order = await store.order_file(session, complaint_id)
    await must_read_order(session, actor, order)
    assert order
    if actor.role is not Role.OFFICER:  # a department is told who complains of it, unless that was in confidence
        people.must_not_be_about(order.complaint.about, people.Person(actor.id, actor.name))
    if not await is_shown_the_petitioner(session, actor, order):
        raise Forbidden("not-shown", "本件已经办结，或诉求人要求对被反映的部门保密，不能查看诉求人。")
    row = order.complaint.petitioner
    return {"kind": row.kind, **sealer().open_fields(_sealed(row), row.complaint_id)}


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
        "content": mask.mask_text(complaint.content),
        "confidential": complaint.confidential,
        "reported_at": complaint.reported_at,
        "registered_at": complaint.registered_at,
        "dispatched_at": order.dispatched_at,
        "first_due_at": order.legs[0].first_due_at if order.legs else None,
        "closed_at": order.closed_at,
        "reopened_at": order.reopened_at,
    }


def _sealed(row: Petitioner) -> dict[str, str | None]:
    return {
        "name": row.name,
        "contact_person": row.contact_person,
        "phone": row.phone,
        "other_contact": row.other_contact,
        "address": row.address,
    }


def _petitioner(row: Petitioner) -> dict[str, str | None]:
    """The petitioner's fields, masked."""
    sealed = _sealed(row)
    try:
        fields = sealer().open_fields(sealed, row.complaint_id)
    except SealBroken:
        return {"kind": row.kind, **{name: text and mask.HIDDEN for name, text in sealed.items()}}
    return {
        "kind": row.kind,
        "name": mask.mask_name(fields["name"] or "", organisation=row.kind == "organisation"),
        "contact_person": mask.mask_name(fields["contact_person"] or "") or None,
        "phone": mask.mask_phone(fields["phone"] or "") or None,
        "other_contact": fields["other_contact"] and mask.HIDDEN,
        "address": mask.mask_address(fields["address"] or "") or None,
    }

"""What dispatch lends to other pages: how many wait behind its tabs, and how an order stands."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from services.dispatch.domain.office import Task
from services.dispatch.pages.kit import ComplaintId, OrderReader, pages, shown
from services.dispatch.usecases import queueing, reading, supervising
from shared.security.roles import Action, Actor, Role
from shared.web.live import stream
from shared.web.pages import counts
from shared.web.permit import permit
from shared.web.session import Reader

router = APIRouter(prefix="/fragments", include_in_schema=False)

Seeing = Annotated[Actor, permit(Action.SEE_COUNTS)]


@router.get("/live")
async def tell_to_look(
    request: Request, actor: Seeing, session: Reader, center: Annotated[str, Query(max_length=80)] = ""
) -> Response:
    """That something has changed on one's own desk, on that of one's level, and on the township's that is looked at."""
    if actor.role is Role.OFFICER:
        return await stream(request, {f"{actor.center}/{actor.department}"})
    if actor.role in reading.ABOVE:
        return await stream(request, {supervising.desk_of(actor.center or "")})
    if not actor.may(Action.DISPATCH):
        return await stream(request, ())
    here = center or actor.center or ""
    await reading.must_read_centers(session, actor, here)
    return await stream(request, {actor.center or "", here})


@router.get("/counts")
async def count(actor: Seeing, session: Reader) -> HTMLResponse:
    """How many wait behind each tab that this actor has here."""
    if actor.role is Role.OFFICER:
        return counts({"mine": (await queueing.how_many_parts(session, actor)).owed})
    if not actor.may(Action.DISPATCH):
        return counts({})
    waiting = await queueing.how_many_wait(session, actor)
    overdue = await queueing.how_many_overdue(session, actor)
    return counts({"desk": sum(waiting.values()), "calls": waiting[Task.FOLLOW_UP], "forecast": overdue})


@router.get("/orders/{complaint_id}")
async def show_order(complaint_id: ComplaintId, actor: OrderReader, session: Reader) -> HTMLResponse:
    """Who has an order, by when, and how it stands; for the page of its complaint."""
    order = await reading.opened(session, actor, complaint_id)
    return pages.fragment("order_part.html", order=order, **await shown(session, order.handling_center))

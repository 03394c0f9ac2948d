"""What a service could not take, on a page that every service has: why, when it is tried again, and what is done."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from shared.messaging.consumer import parked
from shared.web.audit import SERVICE_NAMES
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.pages import SHARED
from shared.web.parked import Reason, Replaying, Seeing, given_up, seen, tried_again
from shared.web.session import Reader, Session

router = APIRouter(include_in_schema=False)

MOST_SHOWN = 100
Show = Annotated[Literal["", "waiting", "dead"], Query(alias="show")]
Id = Annotated[str, Field(min_length=1, max_length=200)]


class Chosen(BaseModel):
    """Which one; an id may hold what no path takes."""

    id: Id


class Abandoned(Reason):
    """Which one, and why."""

    id: Id


@router.get("/parked")
async def show_parked(
    request: Request,
    _: Seeing,
    session: Reader,
    show: Show = "",
    chosen: Annotated[str, Query(alias="give-up", max_length=200)] = "",
) -> HTMLResponse:
    """What could not be taken here, the oldest first; `give-up` opens the form to give one up."""
    return await _page(request, session, show, chosen)


@router.get("/fragments/parked")
async def count_parked(request: Request, _: Seeing, session: Reader) -> HTMLResponse:
    """How many wait here and how many are dead, for the page of any service."""
    waiting, dead = await parked(session)
    here: str = request.app.state.service
    return SHARED.fragment("parked_count.html", here=here, called=SERVICE_NAMES[here], waiting=waiting, dead=dead)


@router.post("/parked/replay")
async def replay_parked(request: Request, _: Replaying, form: Posted, session: Session) -> Response:
    """Give one another try at once."""
    form.again = lambda session, form: _page(request, session, form=form)
    await tried_again(session, form.read(Chosen).id)
    return done(f"/{request.app.state.service}/parked", "已安排重试，稍后刷新查看结果；处理成功的不再列出。")


@router.post("/parked/give-up")
async def give_up_parked(request: Request, _: Replaying, form: Posted, session: Session) -> Response:
    """Take one away for good, and say why."""
    form.again = lambda session, form: _page(request, session, chosen=form.text("id"), form=form)
    given = form.read(Abandoned)
    await given_up(session, request, given.id, given.reason)
    return done(f"/{request.app.state.service}/parked", "已放弃这条消息，理由已记入审计日志。")


async def _page(
    request: Request, session: AsyncSession, show: str = "", chosen: str = "", form: Form = EMPTY
) -> HTMLResponse:
    waiting, dead = await parked(session)
    rows = await seen(session, MOST_SHOWN, dead={"waiting": False, "dead": True}.get(show))
    return await SHARED.show(
        request,
        "parked.html",
        tab="parked",
        form=form,
        here=request.app.state.service,
        services=SERVICE_NAMES,
        rows=rows,
        show=show,
        waiting=waiting,
        dead=dead,
        chosen=next((row for row in await seen(session, 1000) if row.id == chosen), None) if chosen else None,
    )

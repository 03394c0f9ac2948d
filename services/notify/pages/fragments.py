"""What notify lends to every page: how many messages wait to be read, how many have failed and wait for somebody."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from services.notify.usecases import inbox, reading
from shared.security.roles import Action, Actor
from shared.web.pages import counts
from shared.web.permit import permit
from shared.web.session import Reader

router = APIRouter(prefix="/fragments", include_in_schema=False)


@router.get("/counts")
async def count(actor: Annotated[Actor, permit(Action.SEE_COUNTS)], session: Reader) -> HTMLResponse:
    """How many wait behind the tabs that this actor has here."""
    waiting: dict[str, int] = {}
    if actor.may(Action.READ_INBOX):
        waiting["inbox"] = await inbox.how_many_unread(session, actor)
    if actor.may(Action.DISPATCH):
        waiting["messages"] = await reading.failed(session, actor)
    return counts(waiting)

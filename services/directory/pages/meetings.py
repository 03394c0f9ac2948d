"""常态化联络: a center's meetings with its liaisons at other organs, and the minutes of each (mechanism §9)."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.api.contacts import MeetingGiven
from services.directory.pages.kit import show
from services.directory.usecases import contacts
from shared.security.roles import Action, Actor
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/meetings", include_in_schema=False)

HERE = "/directory/meetings"
MOST_SHOWN = 100


@router.get("")
async def show_meetings(
    request: Request, actor: Annotated[Actor, permit(Action.READ_MEETINGS)], session: Reader
) -> HTMLResponse:
    """The meetings of one's own level, the one held last first."""
    return await _page(request, session, actor)


@router.post("")
async def record(
    request: Request, actor: Annotated[Actor, permit(Action.KEEP_MEETINGS)], form: Posted, session: Session
) -> Response:
    """Keep the minutes of a meeting."""
    form.again = lambda session, form: _page(request, session, actor, form)
    given = form.read(MeetingGiven)
    await contacts.record_meeting(session, actor, actor.center or "", contacts.Minutes(**given.model_dump()))
    return done(HERE, "联络会议已登记。")


async def _page(request: Request, session: AsyncSession, actor: Actor, form: Form = EMPTY) -> HTMLResponse:
    known = await store.held(session)
    liaisons = known.get("liaison", {})
    own = [key for key, fact in liaisons.items() if fact["active"] and fact["center"] == actor.center]

    def called(key: str) -> str:
        fact = liaisons.get(key)
        return f"{fact['organ']}　{fact['name']}" if fact else key

    return await show(
        request,
        actor,
        "meetings.html",
        "directory",
        "meetings",
        form=form,
        rows=await contacts.meetings(session, actor, MOST_SHOWN),
        keeps=actor.may(Action.KEEP_MEETINGS),
        choices=[(key, called(key)) for key in own],
        liaison_named=called,
        center_named=lambda code: known.get("center", {}).get(code, {}).get("name", code),
    )

"""The officer's desk: what his department owes, by when, and what it has answered that is not closed yet."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.pages.kit import Replier, part, show
from services.dispatch.usecases import queueing
from shared import clock
from shared.security.roles import Actor
from shared.web.session import Reader

router = APIRouter(include_in_schema=False)

Show = Annotated[Literal["", "owed", "answered"], Query()]


@router.get("/mine")
async def show_mine(
    request: Request,
    actor: Replier,
    session: Reader,
    show_only: Annotated[Show, Query(alias="show")] = "",
) -> HTMLResponse:
    """The department's open orders."""
    return await show(request, session, actor, "mine.html", "mine", **await _parts(session, actor, show_only))


@router.get("/fragments/mine")
async def refresh_mine(
    actor: Replier, session: Reader, show_only: Annotated[Show, Query(alias="show")] = ""
) -> HTMLResponse:
    """The list as it is now."""
    return await part(session, actor, "parts.html", **await _parts(session, actor, show_only))


async def _parts(session: AsyncSession, actor: Actor, show_only: str) -> dict[str, Any]:
    parts, now = await queueing.parts(session, actor), clock.now()
    owed = [each for each in parts if each.is_owed]
    answered = [each for each in parts if not each.is_owed]
    return {
        "parts": {"": parts, "owed": owed, "answered": answered}[show_only],
        "show_only": show_only,
        "owed": len(owed),
        "answered": len(answered),
        "unsigned": sum(each.assignment.signed_at is None for each in owed),
        "overdue": sum(each.due_at is not None and each.due_at < now for each in owed),
    }

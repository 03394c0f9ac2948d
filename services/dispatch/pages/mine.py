"""The officer's desk: what his department owes, by when, and what it has answered that is not closed yet."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.pages.kit import Replier, part, show
from services.dispatch.usecases import queueing
from shared.security.roles import Actor
from shared.settings import settings
from shared.web.session import Reader

router = APIRouter(include_in_schema=False)

Show = Annotated[Literal["", "owed", "answered"], Query(alias="show")]
PageNumber = Annotated[int, Query(ge=1, le=1_000)]
OWED = {"": None, "owed": True, "answered": False}


@router.get("/mine")
async def show_mine(
    request: Request, actor: Replier, session: Reader, show_only: Show = "", page: PageNumber = 1
) -> HTMLResponse:
    """The department's open orders."""
    return await show(request, session, actor, "mine.html", "mine", **await _parts(session, actor, show_only, page))


@router.get("/fragments/mine")
async def refresh_mine(actor: Replier, session: Reader, show_only: Show = "", page: PageNumber = 1) -> HTMLResponse:
    """The list as it is now."""
    return await part(session, actor, "parts.html", **await _parts(session, actor, show_only, page))


async def _parts(session: AsyncSession, actor: Actor, show_only: str, page: int) -> dict[str, Any]:
    found = await queueing.parts(session, actor, page, owed=OWED[show_only])

    def address(page: int = 1) -> str:
        given = {"show": show_only, "page": page if page > 1 else None}
        return urlencode({name: value for name, value in given.items() if value})

    return {
        "parts": found.parts,
        "has_more": found.has_more,
        "show_only": show_only,
        "page": page,
        "address": address,
        "counted": await queueing.how_many_parts(session, actor),
        "decline_within": settings().decline_working_days,
    }

"""Who was told what about a complaint, by itself and as a part of the complaint's page."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.pages.kit import Code, Reading, pages, shown
from services.notify.usecases import reading
from services.notify.usecases.reading import Listed
from shared.security.roles import Actor
from shared.web.session import Reader

router = APIRouter(include_in_schema=False)

SHOWN = 50


@router.get("/messages/{complaint_id}")
async def show_messages(complaint_id: Code, request: Request, actor: Reading, session: Reader) -> HTMLResponse:
    """What was told about a complaint, the newest first, as a page."""
    found = await _found(session, actor, complaint_id)
    return await pages.show(request, "of_complaint.html", tab="messages", found=found, **await shown(session))


@router.get("/fragments/messages/{complaint_id}")
async def part_of_messages(complaint_id: Code, actor: Reading, session: Reader) -> HTMLResponse:
    """The same as a part of another page."""
    found = await _found(session, actor, complaint_id)
    return pages.fragment("messages_part.html", found=found, **await shown(session))


async def _found(session: AsyncSession, actor: Actor, complaint_id: str) -> Listed:
    return await reading.listed(session, actor, complaint_id=complaint_id, limit=SHOWN)

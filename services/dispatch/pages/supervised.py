"""What supervision and the government look at: supervisions and reports of their level, with what was issued."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.pages.kit import Addressed, part, show
from services.dispatch.usecases import supervising
from shared.events.sla import Rung
from shared.papers.kinds import KINDS, Kind
from shared.refusals import FieldFault, Invalid
from shared.security.roles import Actor
from shared.web.session import Reader

router = APIRouter(include_in_schema=False)


Which = Annotated[Rung | None, Query()]
Place = Annotated[str, Query(max_length=40)]


@router.get("/supervised")
async def show_supervised(
    request: Request, actor: Addressed, session: Reader, rung: Which = None, before: Place = ""
) -> HTMLResponse:
    """The newest first; nothing about petitioners."""
    given = await _given(session, actor, rung, before)
    return await show(request, session, actor, "supervised.html", "supervised", **given)


@router.get("/fragments/supervised")
async def refresh_supervised(actor: Addressed, session: Reader, rung: Which = None, before: Place = "") -> HTMLResponse:
    """The list as it is now."""
    return await part(session, actor, "supervised_part.html", **await _given(session, actor, rung, before))


async def _given(session: AsyncSession, actor: Actor, rung: Rung | None, before: str) -> dict[str, Any]:
    def address(before: str = "") -> str:
        given = {"rung": rung and rung.value, "before": before}
        return urlencode({name: value for name, value in given.items() if value})

    return {
        "found": await supervising.given(session, actor, rung, _instant(before)),
        "rung": rung,
        "rungs": store.ABOVE,
        "named": {kind.value: KINDS[kind].name for kind in Kind},
        "before": before,
        "address": address,
    }


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        sentence = "没有这一页，请从第一页重新查看。"
        raise Invalid("bad-page", sentence, [FieldFault("before", sentence)])
    return at

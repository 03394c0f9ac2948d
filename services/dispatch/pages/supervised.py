"""What supervision and the government look at: supervisions and reports of their level, with what was issued."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from services.dispatch import store
from services.dispatch.pages.kit import Addressed, show
from services.dispatch.usecases import supervising
from shared.events.sla import Rung
from shared.papers.kinds import KINDS, Kind
from shared.refusals import FieldFault, Invalid
from shared.web.session import Reader

router = APIRouter(include_in_schema=False)


@router.get("/supervised")
async def show_supervised(
    request: Request,
    actor: Addressed,
    session: Reader,
    rung: Rung | None = None,
    before: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    """The newest first; nothing about petitioners."""
    page = await supervising.given(session, actor, rung, _instant(before))
    rungs = store.ABOVE
    named = {kind.value: KINDS[kind].name for kind in Kind}
    return await show(
        request, session, actor, "supervised.html", "supervised", found=page, rung=rung, rungs=rungs, named=named
    )


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

"""Seeking public cases, without login."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from services.casebook.api.views import Id
from services.casebook.domain.cases import State
from services.casebook.pages.kit import Reading, pages
from services.casebook.usecases import reading, searching
from shared.web.session import Reader

router = APIRouter(include_in_schema=False)

LISTED = 30


@router.get("/cases")
async def show_cases(
    request: Request,
    actor: Reading,
    session: Reader,
    q: Annotated[str, Query(max_length=2000)] = "",
    helps: Annotated[Id | None, Query(alias="for")] = None,
) -> HTMLResponse:
    """The public cases most like `q`, without it the newest; `for` is the complaint that one is sought for."""
    if q.strip():
        found = [case for case, _ in await searching.similar(session, q, LISTED)]
    else:
        found = list(await reading.browse(session, actor, State.PUBLISHED, LISTED))
    return await pages.show(request, "cases.html", tab="cases", q=q, cases=found, helps=helps)

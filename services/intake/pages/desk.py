"""The window's desk: what came in today, what waits to be sorted, and what channels sent that has to be mended."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.period import Period
from services.intake.domain.words import CATEGORIES, FINALS, SOURCES, STATES, TRIAGES
from services.intake.pages.kit import pages
from services.intake.store import directory
from services.intake.usecases import mending
from services.intake.usecases.ledger import Asked, page, unsorted, unsorted_count
from services.intake.usecases.reading import scope
from shared import clock
from shared.security.roles import Action, Actor
from shared.web.live import stream
from shared.web.pages import counts
from shared.web.permit import permit
from shared.web.session import Reader

router = APIRouter(include_in_schema=False)

MOST_SHOWN = 200
A_PAGE = 50

Sorting = Annotated[Actor, permit(Action.TRIAGE)]
Mending = Annotated[Actor, permit(Action.MEND)]
Seeing = Annotated[Actor, permit(Action.SEE_COUNTS)]
Show = Annotated[Literal["", "mended"], Query()]
Before = Annotated[str, Query(pattern=r"^[A-Za-z0-9-]{0,36}$")]


@router.get("/fragments/live")
async def tell_to_look(request: Request, actor: Seeing, session: Reader) -> Response:
    """That something has changed on the desks of the centers whose complaints this actor reads."""
    return await stream(request, await scope(session, actor) if actor.may(Action.TRIAGE) else ())


@router.get("/fragments/counts")
async def show_counts(actor: Seeing, session: Reader) -> HTMLResponse:
    """How many wait behind the tabs that this actor sees."""
    waiting: dict[str, int] = {}
    if actor.may(Action.TRIAGE):
        waiting["today"] = await unsorted_count(session, actor)
    if actor.may(Action.MEND):
        waiting["rejected"] = await mending.waiting(session, actor)
    return counts(waiting)


@router.get("/today")
async def show_today(request: Request, actor: Sorting, session: Reader) -> HTMLResponse:
    """What waits to be sorted, the oldest first, and what came in today."""
    return await pages.show(request, "today.html", tab="today", **await _today(session, actor))


@router.get("/fragments/today")
async def show_today_anew(actor: Sorting, session: Reader) -> HTMLResponse:
    """The same lists as they are by now; the page asks for them from time to time."""
    return pages.fragment("today_part.html", **await _today(session, actor))


async def _today(session: AsyncSession, actor: Actor) -> dict[str, Any]:
    today = clock.now().date()
    came = await page(session, actor, Asked(period=Period(today, today)), MOST_SHOWN, None, newest_first=True)
    waiting = await unsorted(session, actor, MOST_SHOWN)
    return {
        "unsorted": waiting,
        "how_many_unsorted": len(waiting) if len(waiting) < MOST_SHOWN else await unsorted_count(session, actor),
        "came": came.entries,
        "more": came.following is not None,
        "today": today,
        "registers": actor.may(Action.REGISTER),
        "prints": actor.may(Action.PRINT),
        "words": {"categories": CATEGORIES, "sources": SOURCES, "triages": TRIAGES, "states": STATES, "finals": FINALS},
    }


@router.get("/rejected")
async def show_rejected(
    request: Request, actor: Mending, session: Reader, show: Show = "", before: Before = ""
) -> HTMLResponse:
    """What could not be registered, the newest first: what nobody has mended, or what was."""
    rejected = await _rejected(session, actor, show, before)
    return await pages.show(request, "rejected.html", tab="rejected", **rejected)


@router.get("/fragments/rejected")
async def show_rejected_anew(actor: Mending, session: Reader, show: Show = "", before: Before = "") -> HTMLResponse:
    """The same list as it is by now."""
    return pages.fragment("rejected_part.html", **await _rejected(session, actor, show, before))


async def _rejected(session: AsyncSession, actor: Actor, show: str, before: str) -> dict[str, Any]:
    rows = await mending.rejected(session, actor, A_PAGE, mended=show == "mended", before=before or None)
    names = await directory.names(session)

    def address(**other: str) -> str:
        given = {"show": show, "before": before} | other
        return urlencode({name: value for name, value in given.items() if value})

    return {
        "rows": [
            (row, SOURCES.get(row.source, row.source), names.center(row.center) if row.center else "") for row in rows
        ],
        "waiting": await mending.waiting(session, actor),
        "given": show,
        "before": before,
        "more": rows[-1].id if len(rows) == A_PAGE else "",
        "address": address,
    }

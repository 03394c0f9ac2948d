"""The coordinator's desk: one queue of all that waits for the office, what is due first first."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.domain.office import Task
from services.dispatch.pages.kit import Dispatcher, part, show
from services.dispatch.usecases import queueing
from shared import replica
from shared.security.roles import Actor
from shared.web.session import Reader

router = APIRouter(include_in_schema=False)

Kind = Annotated[Task | None, Query(alias="kind")]
Center = Annotated[str, Query(max_length=80)]
PageNumber = Annotated[int, Query(ge=1, le=queueing.MOST_PAGES)]


@router.get("/desk")
async def show_desk(
    request: Request, actor: Dispatcher, session: Reader, kind: Kind = None, center: Center = "", page: PageNumber = 1
) -> HTMLResponse:
    """The desk, of one's own center or a township's that is looked at."""
    parents = await replica.center_parents(session)
    around = {
        "asked_center": center,
        "townships": [code for code, parent in sorted(parents.items()) if parent == actor.center],
    }
    queue = await _queue(session, actor, kind, center, page)
    return await show(request, session, actor, "desk.html", "desk", **around, **queue)


@router.get("/fragments/desk")
async def refresh_desk(
    actor: Dispatcher, session: Reader, kind: Kind = None, center: Center = "", page: PageNumber = 1
) -> HTMLResponse:
    """The queue as it is now."""
    return await part(session, actor, "queue.html", **await _queue(session, actor, kind, center, page))


async def _queue(session: AsyncSession, actor: Actor, kind: Task | None, center: str, page: int) -> dict[str, Any]:
    here = center or actor.center or ""
    queue = await queueing.queue(session, actor, here, kind, page)

    def address(kind: Task | None, page: int = 1) -> str:
        given = {"kind": kind and kind.value, "center": center, "page": page if page > 1 else None}
        return urlencode({name: value for name, value in given.items() if value})

    return {
        "queue": queue,
        "tasks": list(Task),
        "kind": kind,
        "page": page,
        "total": sum(queue.counts.values()),
        "address": address,
        "is_own": here == actor.center,
    }

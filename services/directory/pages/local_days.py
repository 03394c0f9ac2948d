"""A center's own word on a day or half of it, above every notice (Art. 8): set, seen, taken back."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.api.calendars import LocalDayGiven, Reason
from services.directory.domain.calendars import HALVES
from services.directory.pages.kit import Administrator, DirectoryReader, show
from services.directory.pages.sheets import centers
from services.directory.usecases import calendars
from shared import clock
from shared.audit.edge import note
from shared.security.roles import Actor
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.session import Reader, Session

router = APIRouter(prefix="/local-days", include_in_schema=False)

HERE = "/directory/local-days"
MOST_SHOWN = 200
Center = Annotated[str, Query(max_length=80)]


@router.get("")
async def show_local_days(
    request: Request, actor: DirectoryReader, session: Reader, center: Center = "", removed: bool = False
) -> HTMLResponse:
    """The local days of a center or of all, the latest first; with `removed`, those taken back too."""
    return await _page(request, session, actor, center=center, removed=removed)


@router.post("")
async def set_local_day(request: Request, actor: Administrator, form: Posted, session: Session) -> Response:
    """Let a day, or half of it, be worked or off."""
    form.again = lambda session, form: _page(request, session, actor, form)
    given = form.read(LocalDayGiven)
    note(request, subject=str(given.day), reason=given.reason)
    told = given.model_dump(exclude={"centers", "day"})
    rows = await calendars.set_local_day(session, actor, given.centers, given.day, **told)
    return done(HERE, f"已设定：{given.day}{rows[0].override().why}，共{len(rows)}个中心；未到期的期限随之重算。")


@router.post("/{local_day_id}/remove")
async def remove(local_day_id: str, request: Request, actor: Administrator, form: Posted, session: Session) -> Response:
    """Take one back."""
    form.again = lambda session, form: _page(request, session, actor, form, removing=local_day_id)
    reason = form.read(Reason).reason
    note(request, reason=reason)
    row = await calendars.remove_local_day(session, actor, local_day_id, reason)
    return done(HERE, f"已撤销：{row.day}{row.override().why}；未到期的期限随之重算。")


async def _page(
    request: Request,
    session: AsyncSession,
    actor: Actor,
    form: Form = EMPTY,
    *,
    removing: str = "",
    center: str = "",
    removed: bool = False,
) -> HTMLResponse:
    rows = await calendars.local_days(session, center or None, removed=removed)
    return await show(
        request,
        actor,
        "local_days.html",
        "calendar",
        "local-days",
        setting=EMPTY if removing else form,
        removing=removing,
        taking_back=form if removing else EMPTY,
        rows=sorted(rows, key=lambda row: (row.day, row.id), reverse=True)[:MOST_SHOWN],
        centers=centers(await store.held(session)),
        asked_center=center,
        removed=removed,
        halves=[(half or "", called) for half, called in HALVES.items()],
        called_half=lambda half: HALVES[half],
        today=clock.now().date(),
        own=[actor.center] if actor.center else [],
    )

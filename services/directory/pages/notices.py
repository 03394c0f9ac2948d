"""The State Council's notices: pasted, previewed day by day, confirmed; withdrawn where one was loaded by mistake."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.directory.api.calendars import ConfirmedNotice, NoticeText, Reason
from services.directory.domain.calendars import Preview
from services.directory.pages.kit import Administrator, DirectoryReader, show
from services.directory.usecases import calendars
from shared.audit.edge import note
from shared.security.roles import Actor
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.session import Reader, Session

router = APIRouter(prefix="/notices", include_in_schema=False)

HERE = "/directory/notices"


@router.get("")
async def show_notices(request: Request, actor: DirectoryReader, session: Reader) -> HTMLResponse:
    """All that were loaded, and where to paste the next one."""
    return await _page(request, session, actor)


@router.post("/preview")
async def preview(request: Request, actor: Administrator, form: Posted, session: Reader) -> HTMLResponse:
    """What a notice says and would change; nothing is loaded."""
    form.again = lambda session, form: _page(request, session, actor, form)
    text = form.read(NoticeText).text
    return await _preview_page(request, actor, text, await calendars.preview(session, text))


@router.post("")
async def confirm(request: Request, actor: Administrator, form: Posted, session: Session) -> Response:
    """Load what was shown; every center's calendar is told anew."""
    form.again = lambda session, form: _page(request, session, actor, form)
    given = form.read(ConfirmedNotice)
    row, seen = await calendars.confirm(session, actor, given.text, given.digest)
    note(request, subject=str(row.number))
    sentence = f"已载入《{row.title}》，{len(seen.changes)}天有变化；未到期的期限随之重算。"
    return done(f"{HERE}/{row.number}", sentence)


@router.get("/{number:int}")
async def show_notice(number: int, request: Request, actor: DirectoryReader, session: Reader) -> HTMLResponse:
    """One of them: its text, and the days read in it."""
    return await _notice_page(request, session, actor, number)


@router.post("/{number:int}/withdraw")
async def withdraw(number: int, request: Request, actor: Administrator, form: Posted, session: Session) -> Response:
    """Take back one that was loaded by mistake."""
    form.again = lambda session, form: _notice_page(request, session, actor, number, form)
    reason = form.read(Reason).reason
    note(request, reason=reason)
    row = await calendars.withdraw(session, actor, number, reason)
    return done(HERE, f"已撤回《{row.title}》；未到期的期限随之重算。")


async def _page(request: Request, session: AsyncSession, actor: Actor, form: Form = EMPTY) -> HTMLResponse:
    rows = await calendars.notices(session, withdrawn=True)
    return await show(request, actor, "notices.html", "calendar", "notices", form=form, rows=list(reversed(rows)))


async def _preview_page(request: Request, actor: Actor, text: str, seen: Preview) -> HTMLResponse:
    return await show(request, actor, "notice_preview.html", "calendar", "notices", text=text, seen=seen)


async def _notice_page(
    request: Request, session: AsyncSession, actor: Actor, number: int, form: Form = EMPTY
) -> HTMLResponse:
    row = await calendars.notice(session, number)
    days = sorted(row.read().days.items())
    return await show(request, actor, "notice.html", "calendar", "notices", form=form, row=row, days=days)

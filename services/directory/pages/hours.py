"""A center's hours: office hours by season, which limits count in, and service hours, which move no clock (Art. 8)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.directory.api.hours import OfficeHoursGiven, ServiceHoursGiven, office_hours, service_hours
from services.directory.pages.calendar import center_shown
from services.directory.pages.hours_typed import HoursTyped, days_shown, spans_shown
from services.directory.pages.kit import Administrator, DirectoryReader, show
from services.directory.usecases import calendars
from shared.audit.edge import note
from shared.security.roles import Actor
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.session import Reader, Session

router = APIRouter(prefix="/hours", include_in_schema=False)

HERE = "/directory/hours"


@router.get("")
async def show_hours(
    request: Request, actor: DirectoryReader, session: Reader, center: Annotated[str, Query(max_length=80)] = ""
) -> HTMLResponse:
    """The hours of one's own center, or of another."""
    return await _page(request, session, actor, center)


@router.post("/{center}/office")
async def set_office_hours(
    center: str, request: Request, actor: Administrator, form: Posted, session: Session
) -> Response:
    """Set the office hours, which count."""
    form.again = lambda session, form: _page(request, session, actor, center, form, "office")
    typed = HoursTyped(form)
    given = typed.read(OfficeHoursGiven, typed.hours)
    note(request, reason=given.reason)
    hours = typed.made(lambda: office_hours(given))
    await calendars.set_hours(session, actor, center, given.reason, hours)
    return done(f"{HERE}?center={center}", "办公时间已保存；已经告知的确定期限不变，新的期限按它计算。")


@router.post("/{center}/service")
async def set_service_hours(
    center: str, request: Request, actor: Administrator, form: Posted, session: Session
) -> Response:
    """Set when somebody is at the window."""
    form.again = lambda session, form: _page(request, session, actor, center, form, "service")
    typed = HoursTyped(form)
    given = typed.read(ServiceHoursGiven, {"workdays": typed.hours, "days_off": typed.spans("days_off")})
    note(request, reason=given.reason)
    hours = typed.made(lambda: service_hours(given))
    await calendars.set_hours(session, actor, center, given.reason, hours)
    return done(f"{HERE}?center={center}", "窗口服务时间已保存；期限不受影响。")


async def _page(
    request: Request, session: AsyncSession, actor: Actor, center: str, form: Form = EMPTY, sent: str = ""
) -> HTMLResponse:
    code, choices = await center_shown(session, actor, center)
    calendar = await calendars.calendar_of(session, code)
    return await show(
        request,
        actor,
        "hours.html",
        "calendar",
        "hours",
        center=code,
        centers=choices,
        called=dict(choices).get(code, code),
        form_of=lambda name: form if name == sent else EMPTY,
        kinds=(
            ("office", "办公时间", calendar.hours, "期限按办公时间计算。"),
            (
                "service",
                "窗口服务时间",
                calendar.service.workdays,
                "窗口有人值守的时间，包括午间和休息日；不影响期限。",
            ),
        ),
        days_off=calendar.service.days_off,
        spans_shown=spans_shown,
        day_shown=lambda season, is_last: days_shown(season)[is_last],
    )

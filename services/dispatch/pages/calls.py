"""Whom the office calls, and what the ladder will say tomorrow if nobody answers."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.domain.office import Task
from services.dispatch.domain.tries import LEAST_DAYS, LEAST_TRIES, day_part
from services.dispatch.pages.kit import Checker, Dispatcher, part, show
from services.dispatch.usecases import queueing
from shared.events.sla import Rung
from shared.security.roles import Actor
from shared.settings import settings
from shared.web.session import Reader

router = APIRouter(include_in_schema=False)

PageNumber = Annotated[int, Query(ge=1, le=1_000)]


@router.get("/calls")
async def show_calls(request: Request, actor: Checker, session: Reader, page: PageNumber = 1) -> HTMLResponse:
    """The petitioners to be asked, with every try by its part of the day."""
    rule = {"least_tries": LEAST_TRIES, "least_days": LEAST_DAYS}
    return await show(request, session, actor, "calls.html", "calls", **rule, **await _calls(session, actor, page))


@router.get("/fragments/calls")
async def refresh_calls(actor: Checker, session: Reader, page: PageNumber = 1) -> HTMLResponse:
    """The list as it is now."""
    return await part(session, actor, "call_list.html", **await _calls(session, actor, page))


async def _calls(session: AsyncSession, actor: Actor, page: int) -> dict[str, Any]:
    return {"found": await queueing.calls(session, actor, page), "page": page, "day_part": day_part}


@router.get("/forecast")
async def show_forecast(request: Request, actor: Dispatcher, session: Reader) -> HTMLResponse:
    """What is overdue, what the next working day brings, and the referrals to chase."""
    return await show(request, session, actor, "forecast.html", "forecast", **await _forecast(session, actor))


@router.get("/fragments/forecast")
async def refresh_forecast(actor: Dispatcher, session: Reader) -> HTMLResponse:
    """The same lists as they are now."""
    return await part(session, actor, "forecast_part.html", **await _forecast(session, actor))


async def _forecast(session: AsyncSession, actor: Actor) -> dict[str, Any]:
    return {
        "outlook": await queueing.outlook(session, actor),
        "most_legs": queueing.MOST_LEGS,
        "referred": await queueing.queue(session, actor, actor.center or "", Task.REFERRAL, 1),
        "rungs": list(Rung),
        "chased_every": settings().inner_referral_working_days,
    }

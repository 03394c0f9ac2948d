"""Whom the office calls, and what the ladder will say tomorrow if nobody answers."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.dispatch.domain.office import Task
from services.dispatch.domain.tries import LEAST_DAYS, LEAST_TRIES, day_part
from services.dispatch.pages.kit import Checker, Dispatcher, part, show
from services.dispatch.usecases import queueing
from shared.events.sla import Rung
from shared.settings import settings
from shared.web.session import Reader

router = APIRouter(include_in_schema=False)


@router.get("/calls")
async def show_calls(request: Request, actor: Checker, session: Reader) -> HTMLResponse:
    """The petitioners to be asked, with every try by its part of the day."""
    found = await queueing.calls(session, actor)
    rule = {"least_tries": LEAST_TRIES, "least_days": LEAST_DAYS}
    return await show(request, session, actor, "calls.html", "calls", calls=found, day_part=day_part, **rule)


@router.get("/fragments/calls")
async def refresh_calls(actor: Checker, session: Reader) -> HTMLResponse:
    """The list as it is now."""
    found = await queueing.calls(session, actor)
    return await part(session, actor, "call_list.html", calls=found, day_part=day_part)


@router.get("/forecast")
async def show_forecast(request: Request, actor: Dispatcher, session: Reader) -> HTMLResponse:
    """What is overdue, what the next working day brings, and the referrals to chase."""
    outlook = await queueing.outlook(session, actor)
    referred = await queueing.queue(session, actor, actor.center or "", Task.REFERRAL, 1)
    told = {"rungs": list(Rung), "chased_every": settings().inner_referral_working_days}
    return await show(request, session, actor, "forecast.html", "forecast", outlook=outlook, referred=referred, **told)

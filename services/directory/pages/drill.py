"""The drill's bar, which stands on every page of a drill: time is moved by a form."""

from datetime import datetime, time, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from pydantic import AwareDatetime, BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import jobs
from shared import clock, replica
from shared.refusals import FieldFault, Invalid, NotFound
from shared.security.roles import Action, Actor
from shared.web.browsers import own_path
from shared.web.flash import done
from shared.web.forms import Posted
from shared.web.permit import permit
from shared.web.session import Reader
from shared.workdays import CHINA

router = APIRouter(include_in_schema=False)

MORNING = time(8)


class Move(BaseModel):
    """Where time shall be moved: by a step, or to an instant; `run` lets it pass again."""

    to: Literal["hour", "morning", "workday", "run"] | None = None
    now: AwareDatetime | None = None
    back: str = "/"


@router.post("/drill-clock")
async def move_drill_clock(
    request: Request, _: Annotated[Actor, permit(Action.MOVE_DRILL_CLOCK)], form: Posted, session: Reader
) -> RedirectResponse:
    """Move the drill clock, and go back to the page when the house is quiet there. 404 outside a drill."""
    if not clock.is_drill():
        raise NotFound("no-drill", "本系统没有处于演练状态。")
    given = form.read(Move)
    back = own_path(given.back)
    if given.to == "run":
        clock.let_run()
        return done(back, "演练时钟恢复走时。")
    to = given.now or await _instant(session, given.to)
    await jobs.move_drill_clock(request.app.state.house, to)
    return done(back, f"演练时钟已拨到{to.astimezone(CHINA):%Y-%m-%d %H:%M}，到期的事项都已处理。")


async def _instant(session: AsyncSession, step: str | None) -> datetime:
    now = clock.now()
    match step:
        case "hour":
            return now + timedelta(hours=1)
        case "morning":
            return datetime.combine(now.date() + timedelta(days=1), MORNING, CHINA)
        case "workday":
            calendar = await replica.calendar_of(session, await replica.root_center(session))
            day = calendar.working_day_after(now.date())
            return calendar.next_opening(datetime.combine(day, time(), CHINA))
    sentence = "请选择把时间拨到哪里。"
    raise Invalid("no-drill-time", sentence, [FieldFault("now", sentence)])

"""The doors of the house as a whole: logging in, announcing everything again, the drill clock."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, Field

from services.directory import jobs
from services.directory.usecases import accounts, telling
from shared import clock
from shared.refusals import NotFound
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter()


class Login(BaseModel):
    """Who wants to log in."""

    username: str = Field(max_length=80)
    password: str = Field(max_length=200)


class Token(BaseModel):
    """Send it back as `Authorization: Bearer`."""

    token: str


class Announced(BaseModel):
    """How many facts were announced."""

    announced: int


class DrillTime(BaseModel):
    """Where the drill clock shall stand; None lets it run again."""

    now: AwareDatetime | None


@router.post("/login")
async def login(given: Login, request: Request, session: Reader, _: Annotated[Actor, permit(Action.LOG_IN)]) -> Token:
    """Log in."""
    return Token(token=await accounts.log_in(session, request.app.state.sessions, given.username, given.password))


@router.post("/announce")
async def announce(session: Session, _: Annotated[Actor, permit(Action.ADMINISTER)]) -> Announced:
    """Announce every current fact again: after a restore, or for a service that is new."""
    return Announced(announced=await telling.announce_all(session))


@router.put("/drill-clock")
async def move_drill_clock(
    given: DrillTime, request: Request, _: Annotated[Actor, permit(Action.MOVE_DRILL_CLOCK)]
) -> dict[str, datetime]:
    """Move the drill clock; answers when the house is quiet there. 404 outside a drill."""
    if not clock.is_drill():
        raise NotFound("no-drill", "本系统没有处于演练状态。")
    if given.now is None:
        return {"now": clock.let_run()}
    return {"now": await jobs.move_drill_clock(request.app.state.house, given.now)}

"""The doors of the house as a whole: logging in, announcing everything again, the drill clock."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Request
from pydantic import AwareDatetime, BaseModel, Field

from services.directory import jobs
from services.directory.api.bodies import FirstAdministrator
from services.directory.usecases import accounts, beginning, telling
from shared import clock
from shared.audit.edge import entered, note
from shared.refusals import Forbidden, NotFound
from shared.security.operators import is_from_operator
from shared.security.roles import Action, Actor
from shared.web import browsers
from shared.web.permit import permit
from shared.web.session import Reader, Session, writing

router = APIRouter()


class Login(BaseModel):
    """Who wants to log in."""

    username: str = Field(max_length=80)
    password: str = Field(max_length=200)
    code: str = Field("", max_length=40)
    """Of the second factor, where there is one."""


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
    note(request, subject=given.username)
    sessions, origin = request.app.state.sessions, browsers.origin_of(request)
    try:
        found = await accounts.log_in(session, sessions, given.username, given.password, origin)
    except accounts.SecondFactorWanted as wanted:
        if not given.code:
            raise
        async with writing(request) as session_of_its_own:
            found = await accounts.go_on(session_of_its_own, sessions, wanted.mark, given.code, origin)
    entered(request, found.actor)
    return Token(token=found.token)


@router.post("/administrators", status_code=201)
async def first_administrator(
    given: FirstAdministrator,
    session: Session,
    _: Annotated[Actor, permit(Action.LOG_IN)],
    x_yousu_operator: Annotated[str, Header()] = "",
) -> dict[str, str]:
    """Make the first administrator of a house; for whoever holds its keys (`yousu admin create`)."""
    if not is_from_operator(x_yousu_operator, given.username):
        raise Forbidden("not-the-operator", "只有运维人员可以办理；请在服务器上使用 yousu admin create。")
    first = beginning.First(
        given.username, given.name, given.password, given.center.code, given.center.name, given.center.area_code
    )
    await beginning.first_administrator(session, first, force=given.force)
    return {"username": given.username}


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

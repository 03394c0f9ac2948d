"""Where everyone begins: the page at /, logging in and out."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from services.directory.api.bodies import ShownCode
from services.directory.pages.kit import pages
from services.directory.usecases import accounts
from shared.audit.edge import entered, note
from shared.security.roles import PUBLIC, Action, Actor
from shared.web import browsers
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.permit import permit
from shared.web.session import Reader, Session
from shared.web.tabs import first_page

router = APIRouter(include_in_schema=False)


class Login(BaseModel):
    """Who wants to log in, and where to go then."""

    username: str = Field(max_length=80)
    password: str = Field(max_length=200)
    next: str = "/"


@router.get("/")
async def home(actor: Annotated[Actor, permit(Action.LOG_IN)]) -> RedirectResponse:
    """Where this one begins."""
    return RedirectResponse(first_page(actor) or (browsers.LOGIN if actor is PUBLIC else "/directory/account"), 303)


@router.get("/login")
async def show_login(
    request: Request,
    actor: Annotated[Actor, permit(Action.LOG_IN)],
    next: str = "/",  # noqa: A002 - the name in the address
) -> Response:
    """Ask for name and password; who has logged in already goes on."""
    if actor is not PUBLIC:
        return RedirectResponse(browsers.own_path(next), 303)
    return await _page(request, browsers.own_path(next))


@router.post("/login")
async def log_in(
    request: Request, _: Annotated[Actor, permit(Action.LOG_IN)], form: Posted, session: Reader
) -> Response:
    """Log in, and go on to where one was going."""
    next_path = browsers.own_path(form.text("next", "/"))

    async def again(_: AsyncSession, form: Form) -> HTMLResponse:
        return await _page(request, next_path, form)

    form.again = again
    given = form.read(Login)
    note(request, subject=given.username)
    sessions, origin = request.app.state.sessions, browsers.origin_of(request)
    try:
        found = await accounts.log_in(session, sessions, given.username, given.password, origin)
    except accounts.SecondFactorWanted as wanted:
        return await _code_page(request, next_path, wanted.mark)
    return await _let_in(request, found, next_path)


@router.post("/login/code")
async def give_code(
    request: Request, _: Annotated[Actor, permit(Action.LOG_IN)], form: Posted, session: Session
) -> Response:
    """The second factor, where there is one."""
    next_path, mark = browsers.own_path(form.text("next", "/")), form.text("mark")

    async def again(_: AsyncSession, form: Form) -> HTMLResponse:
        return await _code_page(request, next_path, mark, form)

    form.again = again
    code = form.read(ShownCode).code
    sessions, origin = request.app.state.sessions, browsers.origin_of(request)
    note(request, subject=await sessions.half_way_of(mark) or "")
    return await _let_in(request, await accounts.go_on(session, sessions, mark, code, origin), next_path)


@router.post("/logout")
async def log_out(request: Request, _: Annotated[Actor, permit(Action.LOG_IN)]) -> RedirectResponse:
    """Log out."""
    await _end_before(request)
    response = done(browsers.LOGIN, "您已退出登录。")
    browsers.let_out(response)
    return response


async def _page(request: Request, next_path: str, form: Form = EMPTY) -> HTMLResponse:
    return await pages.show(request, "login.html", form=form, next_path=next_path)


async def _code_page(request: Request, next_path: str, mark: str, form: Form = EMPTY) -> HTMLResponse:
    return await pages.show(request, "login_code.html", form=form, next_path=next_path, mark=mark)


async def _let_in(request: Request, found: accounts.LoggedIn, next_path: str) -> RedirectResponse:
    entered(request, found.actor)
    await _end_before(request)
    response = RedirectResponse(browsers.ACCOUNT if found.actor.owes else next_path, 303)
    browsers.let_in(response, found.token)
    return response


async def _end_before(request: Request) -> None:
    """End the session that this browser has had until now, which nobody can reach any more."""
    if token := request.cookies.get(browsers.cookie(browsers.COOKIE)):
        await request.app.state.sessions.end(token)

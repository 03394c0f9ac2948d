"""The logins of those who work here: a one-time password for a new one, resets, sessions ended, pauses lifted."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.pages.fact import address, new_page, page_of
from services.directory.pages.kit import Administrator, show
from services.directory.pages.sheets import SHEETS
from services.directory.usecases import accounts, registry
from shared.audit.edge import note
from shared.security.roles import Actor
from shared.web.flash import done
from shared.web.forms import Posted
from shared.web.session import Session

router = APIRouter(prefix="/staff", include_in_schema=False)

SHEET = SHEETS["staff"]


@router.post("")
async def enter(request: Request, actor: Administrator, form: Posted, session: Session) -> HTMLResponse:
    """Someone new, with a password for one login."""
    form.again = lambda session, form: new_page(request, session, actor, SHEET, form)
    given: Any = form.read(SHEET.body)
    note(request, subject=given.key)
    await registry.enter(session, actor, SHEET.kind, given.key, given.facts())
    password = await accounts.reset_password(session, actor, given.key)
    return await _told_once(request, actor, given.key, given.name, password)


@router.post("/{username}/password")
async def reset_password(
    username: str, request: Request, actor: Administrator, form: Posted, session: Session
) -> HTMLResponse:
    """Another password for one login; the second factor and every session end."""
    form.again = lambda session, form: page_of(request, session, actor, SHEET, username, form, "act")
    password = await accounts.reset_password(session, actor, username)
    await request.app.state.sessions.end_all(username)
    return await _told_once(request, actor, username, await _name(session, username), password)


@router.post("/{username}/second-factor")
async def reset_second_factor(
    username: str, request: Request, actor: Administrator, form: Posted, session: Session
) -> Response:
    """The device is lost: the second factor goes, and every session ends."""
    form.again = lambda session, form: page_of(request, session, actor, SHEET, username, form, "act")
    await accounts.reset_second_factor(session, actor, username)
    await request.app.state.sessions.end_all(username)
    return done(address(SHEET, username), "动态验证码已重置，本人下次登录后可以重新设置。")


@router.post("/{username}/sessions")
async def end_sessions(
    username: str, request: Request, actor: Administrator, form: Posted, session: Session
) -> Response:
    """Log someone out everywhere."""
    form.again = lambda session, form: page_of(request, session, actor, SHEET, username, form, "act")
    await accounts.log_out(session, request.app.state.sessions, username)
    return done(address(SHEET, username), "已退出该人员的全部登录。")


@router.post("/{username}/unlock")
async def unlock(username: str, request: Request, actor: Administrator, form: Posted, session: Session) -> Response:
    """Whoever has guessed too often may try again."""
    form.again = lambda session, form: page_of(request, session, actor, SHEET, username, form, "act")
    await accounts.unlock(session, request.app.state.sessions, username)
    return done(address(SHEET, username), "已解除登录限制，可以马上重新登录。")


async def _told_once(request: Request, actor: Actor, username: str, name: str, password: str) -> HTMLResponse:
    return await show(
        request,
        actor,
        "secret_once.html",
        "directory",
        SHEET.path,
        back=address(SHEET, username),
        title=f"{name}（{username}）的一次性密码",
        secret=password,
        sentences=(
            "密码只在这里显示这一次，请当面或用安全的方式交给本人。",
            "本人用它登录后必须先更换密码，才能办理业务。",
        ),
    )


async def _name(session: AsyncSession, username: str) -> str:
    known = await store.fact(session, "member", username)
    return str(known[1]["name"]) if known else username

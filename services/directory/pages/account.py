"""One's own account: the password, the second factor, and where one is logged in."""

from typing import Annotated, Any

import segno
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.api.bodies import OwnPassword, ShownCode
from services.directory.pages.kit import pages
from services.directory.usecases import accounts, second_factor
from shared.security.roles import CALLED, Action, Actor
from shared.security.sessions import Sessions
from shared.web import browsers
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.permit import OWED, permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/account", include_in_schema=False)

Owner = Annotated[Actor, permit(Action.USE_ACCOUNT)]


@router.get("")
async def show_account(request: Request, actor: Owner, session: Reader) -> HTMLResponse:
    """Who one is here, and where one is logged in."""
    return await _page(request, session, actor)


@router.post("/password")
async def change_password(request: Request, actor: Owner, form: Posted, session: Session) -> RedirectResponse:
    """Change one's own password; every other session ends."""
    form.again = lambda session, form: _page(request, session, actor, form)
    given = form.read(OwnPassword)
    await accounts.change_password(session, request.app.state.sessions, actor, given.old, given.new)
    return await _logged_in_anew(request, session, actor, "密码已更换；您在别处的登录已全部退出。")


@router.post("/second-factor")
async def offer_second_factor(actor: Owner, session: Session) -> RedirectResponse:
    """Begin to use a second factor."""
    await second_factor.offer(session, actor)
    return done(f"{browsers.ACCOUNT}#second-factor")


@router.post("/second-factor/confirm")
async def confirm_second_factor(request: Request, actor: Owner, form: Posted, session: Session) -> HTMLResponse:
    """Use it from now on; the recovery codes are shown once."""
    form.again = lambda session, form: _page(request, session, actor, form)
    codes = await second_factor.confirm(session, actor, form.read(ShownCode).code)
    response = await _logged_in_anew(request, session, actor)
    page = await pages.show(request, "recovery_codes.html", codes=codes)
    page.headers.append("set-cookie", response.headers["set-cookie"])
    return page


@router.post("/second-factor/stop")
async def stop_second_factor(request: Request, actor: Owner, form: Posted, session: Session) -> RedirectResponse:
    """Log in without it again, where the role allows that; by a code of it."""
    form.again = lambda session, form: _page(request, session, actor, form)
    await second_factor.stop(session, request.app.state.sessions, actor, form.read(ShownCode).code)
    return await _logged_in_anew(request, session, actor, "动态验证码已停用。")


@router.post("/sessions/end")
async def end_session(request: Request, actor: Owner, form: Posted) -> RedirectResponse:
    """Log out somewhere else."""
    await request.app.state.sessions.end_one(actor.id, form.text("session"))
    return done(browsers.ACCOUNT, "已退出该处登录。")


async def _logged_in_anew(
    request: Request, session: AsyncSession, actor: Actor, sentence: str = ""
) -> RedirectResponse:
    """Everything that was open ends, this browser goes on, without what it owed."""
    sessions: Sessions = request.app.state.sessions
    await sessions.end_all(actor.id)
    found = await accounts.anew(session, sessions, actor, browsers.origin_of(request))
    response = done(browsers.ACCOUNT if found.actor.owes else "/", sentence)
    browsers.let_in(response, found.token)
    request.state.session = found.token
    return response


async def _page(request: Request, session: AsyncSession, actor: Actor, form: Form = EMPTY) -> HTMLResponse:
    sessions: Sessions = request.app.state.sessions
    account = await store.account(session, actor.id)
    offered = await second_factor.offered(session, actor)
    shown: dict[str, Any] = {
        "facts": [("用户名", actor.id), ("姓名", actor.name), ("岗位", CALLED[actor.role])],
        "policy": accounts.policy().sentences(),
        "owed": OWED.get(actor.owes, ""),
        "has_second_factor": account is not None and account.has_second_factor,
        "recovery_left": len(account.recovery) if account else 0,
        "offered": offered,
        "drawn": offered and segno.make_qr(offered.address).svg_inline(omitsize=True, light="#fff"),
        "sessions": await sessions.all_of(actor.id),
        "this_session": sessions.id_of(getattr(request.state, "session", "")),
    }
    return await pages.show(request, "account.html", form=form, **shown)

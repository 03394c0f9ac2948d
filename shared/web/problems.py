"""Errors as RFC 9457 problem documents, with `errors: [{field, message}]` for input; never a bare 500.

Who looks at pages gets a page instead: whoever has to log in is led there and back; a form that was refused is shown
again with all that was typed; what came too late is shown to be copied; anything else is said in the frame.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from shared.audit.edge import entry_of
from shared.db import is_passing
from shared.logs import log
from shared.messaging import Unknown
from shared.refusals import FieldFault, NotPossible, Refusal, TooMany, Unavailable
from shared.security.seal import SealBroken
from shared.web import browsers
from shared.web.flash import done
from shared.web.forms import Form
from shared.web.messages import INVALID, faults_of
from shared.web.once import DONE, DoneAlready
from shared.web.pages import SHARED
from shared.web.permit import ACCOUNT_FIRST, who
from shared.web.session import store_of
from shared.web.typed import sent_in_vain, unread

_log = log("web")

_TITLES = {
    400: "无法读取",
    401: "需要登录",
    403: "无权办理",
    404: "没有找到",
    405: "不支持的操作",
    409: "现在不能办理",
    406: "格式不支持",
    413: "内容过大",
    414: "网址过长",
    415: "格式不支持",
    422: "填写有误",
    429: "操作过于频繁",
    500: "系统出错",
    503: "服务暂不可用",
}

_SENTENCES = {
    400: "提交的内容无法读取，请检查是否为 UTF-8 编码的 JSON、层级是否过深。",
    404: "没有这个地址，请核对网址。",
    413: "提交的内容太大，没有办理。附件每件不超过10MB、最多5件；其他内容请分次提交。",
    405: "这个地址不支持这样的操作，请核对请求方法。",
}

_TRIED_AGAIN = frozenset({401, 409, 422, 429, 503})
"""After which the same form may be sent again."""
_LOGGED_OUT = "登录已失效，刚才提交的内容没有办理。"
_OF_ANOTHER_SESSION = "页面已过期（可能您在另一个标签页重新登录过），刚才提交的内容没有办理。"


def problem(
    status: int, code: str, detail: str, errors: Sequence[FieldFault] = (), headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """A problem document."""
    body: dict[str, Any] = {
        "type": f"urn:yousu:problem:{code}",
        "title": _TITLES.get(status, HTTPStatus(status).phrase),
        "status": status,
        "code": code,
        "detail": detail,
    }
    if errors:
        body["errors"] = [{"field": fault.field, "message": fault.message} for fault in errors]
    return JSONResponse(body, status, headers=headers, media_type="application/problem+json")


def answer_problems(app: FastAPI) -> None:
    """Let every error of this app be answered as a problem document."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(DoneAlready, _done_already)
    app.add_exception_handler(Unknown, _not_yet)
    app.add_exception_handler(SealBroken, _key_lost)
    for trouble in (SQLAlchemyError, OSError):
        # As `Exception` they would be raised once more after the answer, and the server would cut the connection.
        app.add_exception_handler(trouble, _unexpected)
    app.add_exception_handler(Exception, _unexpected)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    headers = {"Retry-After": "5"} if error.status == 503 else {}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.seconds)
    if browsers.wants_page(request):
        page = await _refused_page(request, error)
        page.headers.update(headers)
        return page
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(error.status, error.code, error.message, error.errors, headers)


async def _refused_page(request: Request, error: Refusal) -> Response:
    if error.code == ACCOUNT_FIRST:
        return done(browsers.ACCOUNT, error.message)
    form: Form | None = getattr(request.state, "form", None)
    if form and form.again and error.status in _TRIED_AGAIN:
        with suppress(Refusal, SQLAlchemyError, OSError):  # then the page cannot be shown either
            async with store_of(request).reading() as session:
                page = await form.again(session, form.refused(error))
            page.status_code = error.status
            return page
    if error.status == 401 and request.method in browsers.SAFE:
        return RedirectResponse(browsers.login_path(request), 303)
    if error.code == browsers.FORM_EXPIRED or (form is None and _may_hold_work(request, error)):
        return await _in_vain_page(request, error)
    return await _page(request, error.status, error.message, error.errors)


def _may_hold_work(request: Request, error: Refusal) -> bool:
    """Whether somebody may have filled in a form that nobody has read yet."""
    if request.method in browsers.SAFE:
        return False
    return error.status in (401, 429) or (error.status == 503 and browsers.had_logged_in(request))


def _is_work(request: Request, error: Refusal) -> bool:
    """Whether it is read, to be copied: not what comes again and again from where nobody has ever logged in.

    The cookie ends with the browser, which may keep a page longer.
    """
    entry = entry_of(request)
    return error.status != 401 or browsers.had_logged_in(request) or not (entry and entry.left_out)


async def _in_vain_page(request: Request, error: Refusal) -> Response:
    """A form came when nobody could be asked who sends it, or from a page of another session: it can be copied."""
    sent = await sent_in_vain(request) if _is_work(request, error) else unread(request)
    detail = _OF_ANOTHER_SESSION if error.status == 403 else _LOGGED_OUT if error.status == 401 else error.message
    login = f"{browsers.LOGIN}?next={quote(sent.page, safe='')}" if error.status == 401 else None
    await _know_who_looks(request)
    title = "没有办理" if error.status == 403 else _TITLES[error.status]
    return await SHARED.show(request, "in_vain.html", error.status, title=title, detail=detail, sent=sent, login=login)


async def _page(request: Request, status: int, detail: str, errors: Sequence[FieldFault] = ()) -> Response:
    """A problem as a page; its frame is that of whoever looks, if that can be told."""
    await _know_who_looks(request)
    title = _TITLES.get(status, _TITLES[400])
    return await SHARED.show(request, "problem.html", status, title=title, detail=detail, errors=errors)


async def _know_who_looks(request: Request) -> None:
    if not hasattr(request.state, "actor") and hasattr(request.app.state, "sessions"):
        with suppress(Refusal):
            request.state.actor = await who(request)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    is_page = browsers.wants_page(request)
    if any(fault["loc"][0] == "path" for fault in error.errors()):  # no such id can be: nothing is there
        sentence = _SENTENCES[404]
        return await _page(request, 404, sentence) if is_page else problem(404, "not-found", sentence)
    faults = faults_of(error.errors())
    return await _page(request, 422, INVALID, faults) if is_page else problem(422, "invalid", INVALID, faults)


async def _plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code
    detail = _SENTENCES.get(status) or _TITLES.get(status) or "请求没有办成，请核对后重试。"
    if browsers.wants_page(request):
        return await _page(request, status, detail)
    faults = [FieldFault("body", detail)] if status == 400 else []
    return problem(status, "unreadable" if status == 400 else "http", detail, faults, error.headers)


async def _done_already(_: Request, error: Exception) -> Response:
    assert isinstance(error, DoneAlready)
    return done(error.there, DONE)


async def _not_yet(request: Request, error: Exception) -> Response:
    _log.warning("unknown", path=request.url.path, error=repr(error)[:300])
    sentence = "系统刚刚启动，机构和日历信息还没有送达，请稍后再试；长时间不能使用请联系系统管理员。"
    return await _refused(request, Unavailable("not-known-yet", sentence))


async def _key_lost(request: Request, error: Exception) -> Response:
    _log.error("key lost", path=request.url.path, error=repr(error)[:300])
    sentence = "这项内容加密保存，所用的密钥已经遗失，无法读取；请联系系统管理员恢复密钥。"
    return await _refused(request, NotPossible("key-lost", sentence))


async def _unexpected(request: Request, error: Exception) -> Response:
    if is_passing(error):
        _log.warning("database away", path=request.url.path, error=repr(error)[:300])
        # Whether a commit whose answer was cut off took effect, nobody here can know.
        sentence = "数据库暂时不可用，请稍后重试；刚才的操作也可能已经生效，重试之前请先查看。"
        return await _refused(request, Unavailable("store-away", sentence))
    _log.error("unexpected", path=request.url.path, exc_info=error)
    sentence = "系统出错，刚才的操作没有生效；错误已记录，请稍后重试或联系管理员。"
    return await _page(request, 500, sentence) if browsers.wants_page(request) else problem(500, "unexpected", sentence)

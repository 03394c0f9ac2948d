"""Errors as RFC 9457 problem documents, with `errors: [{field, message}]` for input; never a bare 500."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from shared.db import is_passing
from shared.logs import log
from shared.refusals import FieldFault, Refusal

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
    503: "服务暂不可用",
}

_SENTENCES = {
    400: "提交的内容无法读取，请检查是否为 UTF-8 编码的 JSON、层级是否过深。",
    404: "没有这个地址，请核对网址。",
    405: "这个地址不支持这样的操作，请核对请求方法。",
}

_MESSAGES = {
    "missing": "必填，请填写。",
    "string_type": "应为文字。",
    "string_unicode": "有残缺的字符，请删去后重新提交。",
    "string_pattern_mismatch": "含有不允许的字符，请核对。",
    "value_error": "含有控制字符或残缺的字符，请删去后重新提交。",
    "string_too_short": "太短，请补充。",
    "string_too_long": "太长，请缩短。",
    "enum": "不在可选范围内。",
    "literal_error": "不在可选范围内。",
    "int_type": "应为整数。",
    "int_parsing": "应为整数。",
    "int_from_float": "应为整数。",
    "int_parsing_size": "数字太大。",
    "finite_number": "应为整数。",
    "bool_type": "应为 true 或 false。",
    "bool_parsing": "应为 true 或 false。",
    "json_invalid": "不是有效的 JSON。",
    "timezone_aware": "请写明时区，例如 2026-11-23T09:00:00+08:00。",
    "extra_forbidden": "没有这个字段。",
    "greater_than": "太小。",
    "greater_than_equal": "太小。",
    "less_than": "太大。",
    "less_than_equal": "太大。",
    "date_type": "应为日期，例如 2026-11-23。",
    "date_parsing": "应为日期，例如 2026-11-23。",
    "date_from_datetime_inexact": "应为日期，例如 2026-11-23。",
    "date_from_datetime_parsing": "应为日期，例如 2026-11-23。",
    "datetime_type": "应为日期和时间，例如 2026-11-23T09:00:00+08:00。",
    "datetime_parsing": "应为日期和时间，例如 2026-11-23T09:00:00+08:00。",
    "datetime_from_date_parsing": "应为日期和时间，例如 2026-11-23T09:00:00+08:00。",
    "list_type": "应为列表。",
    "too_long": "项数太多，请减少。",
    "uuid_parsing": "不是有效的编号，请核对。",
    "model_type": "应为一个对象。",
    "model_attributes_type": "应为一个对象。",
    "dict_type": "应为一个对象。",
}


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


def faults_of(errors: Sequence[Mapping[str, Any]]) -> list[FieldFault]:
    """What pydantic found, for a person to read."""
    return [
        FieldFault(
            ".".join(str(part) for part in fault["loc"] if part not in ("body", "query", "path")) or "body",
            _MESSAGES.get(fault["type"], "格式不正确。"),
        )
        for fault in errors
    ]


def answer_problems(app: FastAPI) -> None:
    """Let every error of this app be answered as a problem document."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain)
    for trouble in (SQLAlchemyError, OSError):
        # As `Exception` they would be raised once more after the answer, and the server would cut the connection.
        app.add_exception_handler(trouble, _unexpected)
    app.add_exception_handler(Exception, _unexpected)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refusal)
    headers = {"Retry-After": "5"} if error.status == 503 else {}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(error.status, error.code, error.message, error.errors, headers)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    if any(fault["loc"][0] == "path" for fault in error.errors()):  # no such id can be: nothing is there
        return problem(404, "not-found", _SENTENCES[404])
    return problem(422, "invalid", "提交的内容有误，请按各字段的提示修改。", faults_of(error.errors()))


async def _plain(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = error.status_code
    detail = _SENTENCES.get(status) or _TITLES.get(status) or "请求没有办成，请核对后重试。"
    faults = [FieldFault("body", detail)] if status == 400 else []
    return problem(status, "unreadable" if status == 400 else "http", detail, faults, error.headers)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    if is_passing(error):
        _log.warning("database away", path=request.url.path, error=repr(error)[:300])
        # Whether a commit whose answer was cut off took effect, nobody here can know.
        sentence = "数据库暂时不可用，请稍后重试；刚才的操作也可能已经生效，重试之前请先查看。"
        return problem(503, "store-away", sentence, headers={"Retry-After": "5"})
    _log.error("unexpected", path=request.url.path, exc_info=error)
    return problem(500, "unexpected", "系统出错，刚才的操作没有生效；错误已记录，请稍后重试或联系管理员。")

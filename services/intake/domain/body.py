"""The bytes of a submission as JSON, or a refusal that says why they are none."""

import codecs
import json
import math
from typing import NoReturn

import orjson

from services.intake.domain.fields import Fault, Refused
from shared.cleaning import ControlCharacter, clean

MOST_BYTES = 64 * 1024
MOST_READ_BYTES = 1024 * 1024
MOST_DIGITS = 19
MOST_NUMBER = 1 << 53
"""Beyond it, numbers are no longer what was sent once somebody has read them as floating point."""
TOO_LONG = Fault("body", f"提交的内容超过{MOST_BYTES // 1024}kB，请缩短文字；材料请作为附件上传。", "too-long")


def decoded(raw: bytes) -> object:
    """The JSON value these bytes hold; raises `Refused`.

    Somewhat more than is allowed is read still, so that the field that is too long can be named.
    """
    if len(raw) > MOST_READ_BYTES:
        raise Refused([TOO_LONG])
    try:
        text = raw.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        refuse_body("not-utf8", "提交的内容不是 UTF-8 编码，请转换编码后重新提交。")
    if not text.strip():
        refuse_body("empty", "没有收到内容，请提交一件诉求。")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:  # half a surrogate pair or an enormous number, perhaps: read on, to name the field it stands in
        return json.loads(text, parse_int=_number, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        refuse_body("not-json", "提交的内容不是规范的 JSON，请检查格式后重新提交。")


def is_plain(value: object, depth: int) -> bool:
    """Whether every store and partner can hold this: shallow, no control characters, numbers of ordinary size."""
    match value:
        case None | bool():
            return True
        case str():
            return _is_clean(value)
        case int():
            return abs(value) < MOST_NUMBER
        case float():
            return math.isfinite(value) and abs(value) < MOST_NUMBER
        case list() if depth:
            return all(is_plain(item, depth - 1) for item in value)
        case dict() if depth:
            return all(
                isinstance(key, str) and _is_clean(key) and is_plain(item, depth - 1) for key, item in value.items()
            )
    return False


def _is_clean(text: str) -> bool:
    try:
        clean(text, lines=True)
    except ControlCharacter:
        return False
    return True


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) < MOST_DIGITS else float(digits)


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError


def refuse_body(code: str, message: str) -> NoReturn:
    """Refuse the whole of what was sent."""
    raise Refused([Fault("body", message, code)])

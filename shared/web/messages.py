"""What pydantic finds wrong with what was given, for a person to read."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.refusals import FieldFault

SAID = "said"
"""The type of a fault whose message is a sentence for people already: `PydanticCustomError(SAID, "…。")`."""
INVALID = "提交的内容有误，请按各字段的提示修改。"
_DAY = "没有这个日期，请核对，写成 2026-11-23 的样子。"
_MOMENT = "没有这个日期和时间，请核对，写明时区，例如 2026-11-23T09:00:00+08:00。"
_TYPED = "没有这个日期和时间，请核对，写成 2026-11-23 09:05 的样子。"

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
    "timezone_aware": _MOMENT,
    "extra_forbidden": "没有这个字段。",
    "greater_than": "太小。",
    "greater_than_equal": "太小。",
    "less_than": "太大。",
    "less_than_equal": "太大。",
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "date_from_datetime_parsing": _DAY,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "list_type": "应为列表。",
    "too_long": "项数太多，请减少。",
    "too_short": "请至少填写一项。",
    "uuid_parsing": "不是有效的编号，请核对。",
    "model_type": "应为一个对象。",
    "model_attributes_type": "应为一个对象。",
    "dict_type": "应为一个对象。",
}
TO_PEOPLE = {name: _TYPED for name, message in _MESSAGES.items() if message is _MOMENT}
"""What is said otherwise to who has typed into a form, which knows the zone."""


def faults_of(errors: Sequence[Mapping[str, Any]], otherwise: Mapping[str, str] = {}) -> list[FieldFault]:
    """What pydantic found, for a person to read; `otherwise` are other sentences, by the type of the fault."""
    messages = {**_MESSAGES, **otherwise}
    return [
        FieldFault(
            ".".join(str(part) for part in fault["loc"] if part not in ("body", "query", "path")) or "body",
            fault["msg"] if fault["type"] == SAID else messages.get(fault["type"], "格式不正确。"),
        )
        for fault in errors
    ]

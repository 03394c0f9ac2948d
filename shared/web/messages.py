"""What pydantic finds wrong with what was given, for a person to read."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.refusals import FieldFault

SAID = "said"
"""The type of a fault whose message is a sentence for people already: `PydanticCustomError(SAID, "…。")`."""
INVALID = "提交的内容有误，请按各字段的提示修改。"

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


def faults_of(errors: Sequence[Mapping[str, Any]]) -> list[FieldFault]:
    """What pydantic found, for a person to read."""
    return [
        FieldFault(
            ".".join(str(part) for part in fault["loc"] if part not in ("body", "query", "path")) or "body",
            fault["msg"] if fault["type"] == SAID else _MESSAGES.get(fault["type"], "格式不正确。"),
        )
        for fault in errors
    ]

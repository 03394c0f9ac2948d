"""An example of every event, always the same: every field filled, optional ones too."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import AwareDatetime

from shared.events import Event, Fact
from shared.workdays import CHINA, Calendar

E = TypeVar("E", bound=Event)

NOON = datetime(2026, 11, 23, 12, tzinfo=CHINA)
COMPLAINT = "01990000-0000-7000-8000-000000000000"

_TEXTS = {
    "event_id": "01990000-0000-7000-8000-000000000002",
    "caused_by": "01990000-0000-7000-8000-000000000001",
    "center": "sq",
    "subject": COMPLAINT,
    "complaint_id": COMPLAINT,
    "number": "SQ-2026-0231",
    "source": "hotline-12345",
    "source_ref": "HL2026112300001",
    "in_reply_to": "01990000-0000-7000-8000-000000000009",
    "reply_id": "01990000-0000-7000-8000-000000000003",
    "message_id": "01990000-0000-7000-8000-000000000004",
    "category": "complaint",
    "content": "窗口说材料不齐，让我跑了三趟。",
    "kind": "individual",
    "department": "zrzy",
    "handling_center": "sq",
    "from_center": "sq",
    "to_center": "sq-huaidian",
    "calendar": "sq",
    "level": "sq",
    "parent": "sq",
    "area_code": "0394",
    "role": "officer",
    "by": "coordinator-sq",
    "approved_by": "head-sq",
    "about": "zrzy",
    "unit": "沈丘县人民法院",
    "way": "refer",
    "organ": "沈丘县纪律检查委员会",
    "phone": "0394-5000201",
    "channel": "行政复议",
    "method": "phone",
    "recipient": "petitioner",
    "name": "沈丘县自然资源局",
    "short_name": "自然资源局",
    "code": "zrzy",
    "why": "extended",
    "text": "已补办登记，证书当天领取。",
    "result": "已补办登记，证书当天领取。",
    "legal_basis": "《不动产登记暂行条例》第十七条",
}
_INSTANTS = {
    "due_at": datetime(2026, 11, 26, 17, 30, tzinfo=CHINA),
    "was": datetime(2026, 11, 25, 17, 30, tzinfo=CHINA),
}


def example(kind: type[E], /, **given: Any) -> E:
    """The example of this event; what is given stands instead."""
    return kind.model_validate(_fields(kind) | given)


def _fields(kind: type[Fact]) -> dict[str, Any]:
    return {name: _value(name, field.annotation) for name, field in kind.model_fields.items()}


def _value(name: str, annotation: Any) -> Any:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _value(name, inner[0])
    if origin in (Union, UnionType):
        return _value(name, next(each for each in inner if each is not NoneType))
    if origin is list:
        return [_value(name, inner[0])]
    if origin is dict:
        return Calendar().to_facts()
    if issubclass(annotation, Fact):
        return _fields(annotation)
    if issubclass(annotation, Enum):
        return next(iter(annotation))
    return _PLAIN[annotation](name)


_PLAIN: dict[type, Any] = {
    str: lambda name: _TEXTS.get(name, f"{name}示例"),
    int: lambda _: 1,
    bool: lambda _: True,
    AwareDatetime: lambda name: _INSTANTS.get(name, NOON),
    date: lambda _: date(2026, 12, 1),
}

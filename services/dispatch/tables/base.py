"""How dispatch keeps its words, instants and identifiers."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import JSON, Enum, String
from sqlalchemy.orm import DeclarativeBase, mapped_column

from services.dispatch.domain.states import Action, State, Then, Way
from shared.db import Instant
from shared.events.dispatch import Final, LimitRule, ReplyKind, Satisfaction, Stage
from shared.events.intake import Triage
from shared.events.sla import Rung
from shared.ids import new_id
from shared.rows import Filled

Key = Annotated[str, mapped_column(String(36), primary_key=True, default=new_id)]
"""The identifier of a row, sorting by when it was made."""


def _values(words: type[StrEnum]) -> list[str]:
    return [word.value for word in words]


_TYPES: dict[Any, Any] = {
    datetime: Instant,
    str: String(80),
    list[dict[str, str]]: JSON,
    **{
        words: Enum(words, native_enum=False, create_constraint=False, length=30, values_callable=_values)
        for words in (Action, State, Then, Way, Final, LimitRule, ReplyKind, Satisfaction, Stage, Triage, Rung)
    },
}


class Base(Filled, DeclarativeBase):
    """The tables of dispatch."""

    type_annotation_map = _TYPES

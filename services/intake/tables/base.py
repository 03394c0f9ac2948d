"""How intake keeps its instants, and indexes some rows only."""

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase

from shared.db import Instant
from shared.rows import Filled


def where(condition: str) -> dict[str, Any]:
    """For an index of only these rows, in either database."""
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


class Base(Filled, DeclarativeBase):
    """The tables of intake."""

    type_annotation_map = {datetime: Instant}

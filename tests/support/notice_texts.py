"""Texts of State Council notices, and what reading one comes to."""

from pathlib import Path

import pytest

from shared.workdays import Calendar, NoticeRefused, parse_notice

NOTICES = {path.stem: path.read_text("utf-8") for path in (Path(__file__).parents[1] / "data/notices").glob("*.txt")}
TITLE = "国务院办公厅关于2027年部分节假日安排的通知\n"


def said_of(text: str, holds: Calendar | None = None) -> str:
    """What is said against it, line by line."""
    with pytest.raises(NoticeRefused) as refused:
        parse_notice(text, holds)
    return "\n".join(refused.value.contradictions)

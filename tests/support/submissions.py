"""A good submission, and what reading one comes to."""

import copy
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from services.intake.domain.fields import Refused
from services.intake.domain.submission import Submission, check_submission, read_submission
from shared.workdays import CHINA

DATA = Path(__file__).parents[1] / "data"
NOW = datetime(2026, 11, 23, 12, tzinfo=CHINA)


def lines(name: str) -> list[dict[str, Any]]:
    """What stands in one of the files of tests/data, line by line."""
    return [json.loads(line) for line in (DATA / name).read_text().splitlines()]


CENTERS = {line["submission"]["center"]: "0394" for line in lines("complaints.jsonl")}


def read(raw: bytes, source: str | None = None) -> Submission:
    """The submission these bytes are."""
    return read_submission(raw, source=source, centers=CENTERS, now=NOW)


def check(value: object, source: str | None = None) -> Submission:
    """The submission this value is."""
    return check_submission(value, source=source, centers=CENTERS, now=NOW)


def faults_of(value: object, source: str | None = None) -> dict[str, str]:
    """Why it is refused: the code of each fault, by its field."""
    with pytest.raises(Refused) as refused:
        check(value, source)
    return {fault.field: fault.code for fault in refused.value.faults}


def given_as(path: str, value: object) -> dict[str, Any]:
    """A good submission with one field, by its dotted path, given otherwise."""
    body: dict[str, Any] = copy.deepcopy(GOOD)
    inner = body
    *outer, name = path.split(".")
    for part in outer:
        inner = inner.setdefault(part, {})
    inner[name] = value
    return body


GOOD: dict[str, Any] = {
    "source": "web",
    "source_ref": "WB-1",
    "center": "sq",
    "reported_at": "2026-11-12T10:20:00+08:00",
    "petitioner": {"kind": "individual", "name": "张三", "phone": "19900009001", "address": "沈丘县槐店镇"},
    "category": "complaint",
    "content": "窗口让我补一张早就取消了的证明。",
}


ANY_TEXT = st.text(st.characters(codec=None), max_size=30)  # surrogates too
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)

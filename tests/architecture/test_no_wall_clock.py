"""`shared.clock` is the only wall clock (mechanism §5), so that a drill's time is everyone's."""

import ast

import pytest

from tests.architecture.code import attributes, modules

WALL_CLOCKS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"),
    ("func", "now"), ("func", "current_timestamp"), ("func", "localtimestamp"),
}  # fmt: skip
ALLOWED = {
    "shared/clock.py": "is the clock",
    "shared/ids.py": "identifiers sort by when they were made, also while a drill's clock stands still",
}


def _looks(tree: ast.AST) -> list[tuple[str, str, int]]:
    """Also one that is only handed on, as `default_factory=datetime.now`."""
    return [each for each in attributes(tree) if (each[0].rpartition(".")[2], each[1]) in WALL_CLOCKS]


def test_nobody_else_looks_at_a_clock() -> None:
    found = {path: hits for path, tree in modules("services", "shared") if (hits := _looks(tree))}
    assert {path: hits for path, hits in found.items() if path not in ALLOWED} == {}
    assert set(found) == set(ALLOWED), "who no longer looks at a clock needs no leave"


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(CHINA)",
        "datetime.datetime.now()",
        "date.today()",
        "time.time()",
        "func.now()",
        "field(default_factory=datetime.now)",
    ],
)
def test_a_look_would_be_seen(line: str) -> None:
    assert _looks(ast.parse(line))

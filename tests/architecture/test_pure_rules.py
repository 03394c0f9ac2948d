"""Rules are pure: they lean on the standard library, working days, events and words of refusal, and reach nothing."""

import ast
import sys
from collections.abc import Iterator

import pytest

from shared.settings import SERVICES
from tests.architecture.code import modules

LEANED_ON = (
    "shared.events", "shared.workdays", "shared.refusals", "shared.cleaning", "shared.security.mask", "orjson",
    "shared.papers.letter", "shared.papers.kinds",
)  # fmt: skip
REACHES_OUT = {
    "asyncio", "concurrent", "http", "importlib", "io", "logging", "multiprocessing", "os", "pathlib", "random",
    "secrets", "shutil", "smtplib", "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib",
    "uuid",
}  # fmt: skip
"""What the standard library has besides for looking at clocks, files, the network and other threads."""


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _impure(tree: ast.AST, service: str) -> set[str]:
    leaned_on = tuple(f"{module}." for module in (*LEANED_ON, f"services.{service}.domain"))
    plain = sys.stdlib_module_names - REACHES_OUT
    return {
        name for name in _imported(tree) if not f"{name}.".startswith(leaned_on) and name.partition(".")[0] not in plain
    }


@pytest.mark.parametrize("service", SERVICES)
def test_rules_lean_on_nothing_that_reaches_out(service: str) -> None:
    rules = [(path, tree) for path, tree in modules(f"services/{service}") if path.split("/")[2].startswith("domain")]
    assert rules
    assert {path: found for path, tree in rules if (found := _impure(tree, service))} == {}


@pytest.mark.parametrize(
    "line",
    [
        "import httpx",
        "import time",
        "from asyncio import sleep",
        "from sqlalchemy import select",
        "from shared import clock",
        "from shared.db import Store",
        "from services.sla import store",
    ],
)
def test_a_rule_that_reaches_out_would_be_seen(line: str) -> None:
    assert _impure(ast.parse(line), "sla")

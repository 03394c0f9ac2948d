"""Every refusal there is has a test that names it: one that nobody can meet is dead, and goes."""

import ast
import re
from collections.abc import Iterator

from shared.refusals import Refusal
from tests.architecture.code import ROOT, modules


def _kinds(kind: type[Refusal] = Refusal) -> Iterator[str]:
    yield kind.__name__
    for each in kind.__subclasses__():
        yield from _kinds(each)


REFUSES = {*_kinds(), "refusal"}
"""What is called with a refusal's code first; `refusal` is what some rooms call their shorter way to one."""


def _codes() -> dict[str, str]:
    """Every code that stands in the code, and where it does first."""
    found: dict[str, str] = {}
    for path, tree in modules("services", "shared"):
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(code)), *_]) if name in REFUSES:
                    found.setdefault(code, f"{path}:{node.lineno}")
    return found


def _named() -> set[str]:
    """Everything in the tests that may be a code."""
    paths = (path for path in (ROOT / "tests").rglob("*.py") if path.name != "test_refusals.py")
    return {word for path in paths for word in re.findall(r"[a-z]+(?:-[a-z]+)*", path.read_text())}


def test_every_refusal_is_named_in_a_test() -> None:
    codes, named = _codes(), _named()
    assert len(codes) > 150, "a refusal this test cannot see"
    assert {code: place for code, place in codes.items() if code not in named} == {}

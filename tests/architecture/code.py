"""Reading the house's own code."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module below these folders, as its path from the root and its syntax tree."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_bytes())


def calls(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """Every call `owner.name(…)` or `name(…)` in it: owner (or ""), name, line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Attribute(value=owner, attr=name):
                    yield ast.unparse(owner), name, node.lineno
                case ast.Name(id=name):
                    yield "", name, node.lineno


def attributes(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """Every `owner.name` in it, called or handed on: owner, name, line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node.value), node.attr, node.lineno


def names(tree: ast.AST) -> set[str]:
    """Every name used in it; what is only imported is not."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return used | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}

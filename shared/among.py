"""Any number of texts as one parameter, so that a statement is compiled, prepared and planned once for all numbers."""

from collections.abc import Collection
from typing import Any

import orjson
from sqlalchemy import ARRAY, BindParameter, Dialect, String, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Names(TypeDecorator[list[str]]):
    """Any number of texts as one parameter: an array, or in SQLite a JSON list."""

    impl = ARRAY(String)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """An array where the database has them."""
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(String))

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> Any:
        """As the database takes it."""
        names = list(value or ())
        return orjson.dumps(names).decode() if dialect.name == "sqlite" else names


class among(FunctionElement[bool]):  # noqa: N801 - reads as an operator
    """`among(column, texts)` is IN; `texts_named("ids")` in place of the texts lets them be given at execution."""

    inherit_cache = True

    def __init__(self, column: Any, texts: Collection[str] | BindParameter[list[str]]) -> None:
        given = texts if isinstance(texts, BindParameter) else bindparam("texts", list(texts), _Names, unique=True)
        super().__init__(column, given)


def texts_named(name: str) -> BindParameter[list[str]]:
    """A parameter of a statement that is built once: any number of texts."""
    return bindparam(name, type_=_Names)


class each(FunctionElement[str]):  # noqa: N801 - reads as an operator
    """`each(texts_named("ids")).column_valued("value")` is each of the texts, to select from."""

    inherit_cache = True
    name = "each"
    type = String()


@compiles(each)
def _unnest(element: each, compiler: SQLCompiler, **kw: Any) -> str:
    return f"unnest{compiler.process(element.clause_expr, **kw)}"


@compiles(each, "sqlite")
def _json_each(element: each, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each{compiler.process(element.clause_expr, **kw)}"


@compiles(among)
def _in_array(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, texts = element.clauses
    return f"{compiler.process(column, **kw)} = ANY ({compiler.process(texts, **kw)})"


@compiles(among, "sqlite")
def _in_list(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, texts = element.clauses
    return f"{compiler.process(column, **kw)} IN (SELECT value FROM json_each({compiler.process(texts, **kw)}))"  # noqa: S608

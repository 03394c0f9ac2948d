"""What tests do most often, as cheap as can be: SQLite without threads and without flushing, statements and doors once.

Through aiosqlite a statement goes to a thread and back four times, which costs many times what SQLite itself does. That
writers queue before SQLite, and that what is committed outlives a crash, is tested where processes of their own run.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from fastapi.routing import APIRoute, _EffectiveRouteContext
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from shared import clock, db
from shared.db import Store

Turn = tuple[Any, Callable[[], Any]]
"""A future, and whose result it is."""

_connect = aiosqlite.connect


def without_threads(patch: pytest.MonkeyPatch) -> None:
    """Connections that are made as long as this patch lasts have none."""
    patch.setattr("aiosqlite.connect", _without_thread)


def never_flushed(store: Store) -> None:
    """This store, where it is SQLite, need not outlive a power failure."""
    if store.is_sqlite:
        event.listen(store.engine.sync_engine, "connect", lambda new, _: new.execute("PRAGMA synchronous=OFF"))


def drill_in_memory(patch: pytest.MonkeyPatch) -> None:
    """The drill clock is this process's alone as long as this patch lasts, and no file."""
    held: clock.DrillTime = {}

    def write(new: clock.DrillTime, _: Path | None) -> None:
        held.clear()
        held.update(new)

    patch.setattr("shared.clock._held", lambda _: held)
    patch.setattr("shared.clock._write", write)


def _without_thread(*args: Any, **given: Any) -> aiosqlite.Connection:
    """A connection as aiosqlite's, whose thread never runs."""
    connection = _connect(*args, **given)
    connection._thread.start = lambda: None  # type: ignore[method-assign]
    connection._tx = _AtOnce()  # type: ignore[assignment]
    return connection


class _AtOnce:
    """In the place of the queue to the thread."""

    def put_nowait(self, turn: Turn) -> None:
        future, work = turn
        try:
            result = work()
        except Exception as error:
            future.set_exception(error)
        else:
            if future:
                future.set_result(result)


def statements_once() -> None:
    """A statement is compiled once in this process, whatever SQLite store it is for: each has the first one's cache."""
    build, first = db._sqlite_engine, []

    def with_what_is_known(path: Path) -> AsyncEngine:
        engine = build(path)
        sync = engine.sync_engine
        if first and first[0].dialect.server_version_info:  # it has been connected, and knows its SQLite
            sync.dialect, sync._compiled_cache = first[0].dialect, first[0]._compiled_cache
        elif not first:
            first.append(sync)
        return engine

    db._sqlite_engine = with_what_is_known


def doors_once() -> None:
    """What FastAPI works out of a door is worked out once in this process, however many apps have it.

    Each test's app would do it anew at the first requests: a third of the time such tests take.
    """
    build = _EffectiveRouteContext.from_api_route.__func__  # type: ignore[attr-defined]
    known: dict[int, list[tuple[APIRoute, Any, Any]]] = {}

    def once(cls: type[Any], *, original_route: APIRoute, include_context: Any) -> Any:
        context = replace(include_context, dependency_overrides_provider=None)
        of_this = known.setdefault(id(original_route), [])  # which is kept, so that no other has its id
        for _, before, built in of_this:
            if before == context:
                return built
        built = build(cls, original_route=original_route, include_context=context)
        of_this.append((original_route, context, built))
        return built

    _EffectiveRouteContext.from_api_route = classmethod(once)  # type: ignore[method-assign, assignment]

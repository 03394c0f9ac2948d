"""SQLite as cheap as can be: without threads, each statement run where it is asked for, and nothing flushed to disk.

Through aiosqlite a statement goes to a thread and back four times, which costs many times what SQLite itself does. That
writers queue before SQLite, and that what is committed outlives a crash, is tested where processes of their own run.
"""

from collections.abc import Callable
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import event

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

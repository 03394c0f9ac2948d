"""SQLite without threads: each statement is run where it is asked for.

Through aiosqlite a statement goes to a thread and back four times, which costs many times what SQLite itself does. Here
nobody else has anything to do meanwhile.
"""

from collections.abc import Callable
from typing import Any

import aiosqlite

Turn = tuple[Any, Callable[[], Any]]
"""A future, and whose result it is."""

_connect = aiosqlite.connect


def connect(*args: Any, **given: Any) -> aiosqlite.Connection:
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

"""The store: what trouble passes, instants, reading, one process a folder."""

import asyncio
import fcntl
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event as sql
from sqlalchemy import func, select, text
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    InvalidRequestError,
    OperationalError,
    ProgrammingError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.db import Store, is_passing, wake
from shared.messaging.tables import InboxRow
from shared.refusals import NotPossible
from shared.settings import Settings
from shared.workdays import CHINA
from tests.support.kernel import NewStore
from tests.support.till import Basket


class FromPostgres(Exception):
    def __init__(self, sqlstate: str | None) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def from_sqlite(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("said SQLite")
    error.sqlite_errorcode = code
    return error


def wrapped(kind: type[DBAPIError], orig: BaseException, **more: Any) -> DBAPIError:
    return kind("SELECT 1", {}, orig, **more)


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (wrapped(DBAPIError, FromPostgres("08003")), True),  # connection does not exist
        (wrapped(DBAPIError, FromPostgres("08006")), True),  # connection failure
        (wrapped(DBAPIError, FromPostgres("25006")), True),  # read-only transaction: a failover
        (wrapped(DBAPIError, FromPostgres("40001")), True),  # serialization failure
        (wrapped(DBAPIError, FromPostgres("40P01")), True),  # deadlock
        (wrapped(DBAPIError, FromPostgres("53100")), True),  # disk full
        (wrapped(DBAPIError, FromPostgres("53300")), True),  # too many connections
        (wrapped(DBAPIError, FromPostgres("55P03")), True),  # lock not available
        (wrapped(DBAPIError, FromPostgres("57014")), True),  # cancelled
        (wrapped(DBAPIError, FromPostgres("57P01")), True),  # shut down by the administrator
        (wrapped(DBAPIError, FromPostgres("57P03")), True),  # cannot connect now
        (wrapped(DBAPIError, FromPostgres("58030")), True),  # input or output error
        (wrapped(DBAPIError, FromPostgres("XX000")), True),  # internal error
        (wrapped(DataError, FromPostgres("22001")), False),  # too long
        (wrapped(DBAPIError, FromPostgres("22021")), False),  # a NUL
        (wrapped(IntegrityError, FromPostgres("23505")), False),  # unique
        (wrapped(IntegrityError, FromPostgres("23503")), False),  # foreign key
        (wrapped(DBAPIError, FromPostgres("25P02")), False),  # in a failed transaction: something failed before
        (wrapped(DBAPIError, FromPostgres("3D000")), False),  # no such database
        (wrapped(ProgrammingError, FromPostgres("42P01")), False),  # no such table
        (wrapped(ProgrammingError, FromPostgres("42501")), False),  # not permitted
        (wrapped(OperationalError, FromPostgres(None)), True),
        (wrapped(InternalError, FromPostgres(None)), True),  # asyncpg: another operation is in progress
        (asyncpg.InternalClientError("cannot switch to state 15; another operation (2) is in progress"), True),
        (wrapped(ProgrammingError, FromPostgres(None)), False),
        (wrapped(InterfaceError, FromPostgres(None)), True),
        (wrapped(DBAPIError, FromPostgres("42P01"), connection_invalidated=True), True),
        (wrapped(OperationalError, from_sqlite(sqlite3.SQLITE_BUSY)), True),
        (wrapped(OperationalError, from_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT)), True),
        (wrapped(OperationalError, from_sqlite(sqlite3.SQLITE_LOCKED)), True),
        (wrapped(OperationalError, from_sqlite(sqlite3.SQLITE_FULL)), True),
        (wrapped(OperationalError, from_sqlite(sqlite3.SQLITE_IOERR_WRITE)), True),
        (wrapped(OperationalError, from_sqlite(sqlite3.SQLITE_ERROR)), False),  # no such table, no such column
        (wrapped(IntegrityError, sqlite3.IntegrityError("UNIQUE")), False),
        (PoolTimeout(), True),
        (TimeoutError(), True),
        (ConnectionRefusedError(), True),
        (ConnectionResetError(), True),
        (OSError(101, "Network is unreachable"), True),
        (StatementError("an instant needs a zone", "INSERT", {}, ValueError()), False),
        (InvalidRequestError(), False),
        (asyncpg.InterfaceError("connection is closed"), True),
        (asyncpg.CannotConnectNowError("the database system is starting up"), True),
        (asyncpg.UniqueViolationError("twice"), False),
        (NotPossible("no", "不行。"), False),
        (ValueError(), False),
        (KeyError(), False),
        (asyncio.CancelledError(), False),
        (None, False),
    ],
    ids=repr,
)
def test_trouble_of_the_database_passes_and_trouble_of_what_was_asked_does_not(
    error: BaseException | None, passes: bool
) -> None:
    assert is_passing(error) is passes


async def test_a_misspelt_query_of_sqlite_does_not_pass(store: Store) -> None:
    async with store.reading() as session:
        with pytest.raises(OperationalError) as caught:
            await session.execute(text("SELECT * FROM no_such_table"))
    assert not is_passing(caught.value)


async def test_a_locked_file_of_sqlite_passes(store: Store, tmp_path: Path) -> None:
    await store.engine.dispose()
    sql.listen(store.engine.sync_engine, "connect", lambda made, _: made.execute("PRAGMA busy_timeout=0"))
    with closing(sqlite3.connect(tmp_path / "till.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked") as caught:
            async with store.transaction() as session:
                await session.execute(text("SELECT 1"))
    assert is_passing(caught.value)


async def test_an_instant_comes_back_as_it_was_in_china_and_sorts_as_text(store: Store) -> None:
    at = datetime(2026, 11, 23, 4, 0, 0, 1, tzinfo=UTC)
    others = [at - timedelta(microseconds=1), at + timedelta(microseconds=1), at + timedelta(hours=20)]
    async with store.transaction() as session:
        session.add(InboxRow(event_id="it", taken_at=at.astimezone(timezone(timedelta(hours=-5)))))
        session.add_all(InboxRow(event_id=f"other {other}", taken_at=other) for other in others)
    async with store.reading() as session:
        read = (await session.scalars(select(InboxRow.taken_at).order_by(InboxRow.taken_at))).all()
        [it] = await session.scalars(select(InboxRow.event_id).where(InboxRow.taken_at == at))
    assert list(read) == sorted([at, *others])
    assert all(one.utcoffset() == timedelta(hours=8) for one in read)
    assert it == "it"


async def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="an instant needs a zone"):
        async with store.transaction() as session:
            session.add(InboxRow(event_id="it", taken_at=datetime(2026, 11, 23, tzinfo=CHINA).replace(tzinfo=None)))


async def test_reading_changes_nothing_and_waits_for_no_writer(store: Store) -> None:
    async with store.transaction() as writing:
        writing.add(Basket(id="b1", total=1))
        await writing.flush()
        async with store.reading() as reading:
            assert await reading.scalar(select(func.count()).select_from(Basket)) == 0
    async with store.reading() as session:
        session.add(Basket(id="b2", total=1))
        with pytest.raises(RuntimeError, match="not changed"):
            await session.flush()
    async with store.reading() as session:
        assert list(await session.scalars(select(Basket.id))) == ["b1"]


async def test_writers_of_one_store_take_turns_and_none_reads_what_another_changes_under_it(store: Store) -> None:
    async with store.transaction() as session:
        session.add(Basket(id="b1", total=0))

    async def add_one() -> None:
        async with store.transaction() as session:
            basket = await session.get_one(Basket, "b1")
            await asyncio.sleep(0)
            basket.total += 1

    await asyncio.gather(*(add_one() for _ in range(30)))
    async with store.reading() as session:
        assert (await session.get_one(Basket, "b1")).total == 30


async def test_two_stores_of_one_file_lose_no_update_either(new_store: NewStore) -> None:
    first, second = await new_store("till"), await new_store("till")
    async with first.transaction() as session:
        session.add(Basket(id="b1", total=0))

    async def add_one(store: Store) -> None:
        async with store.transaction() as session:
            (await session.get_one(Basket, "b1")).total += 1

    await asyncio.gather(*(add_one(store) for store in (first, second) for _ in range(10)))
    async with first.reading() as session:
        assert (await session.get_one(Basket, "b1")).total == 20


async def test_each_commit_wakes_its_own_jobs_once(store: Store) -> None:
    woken: list[set[str]] = []
    store.when_committed(woken.append)
    async with store.transaction() as session:
        wake(session, "one", "two")
        wake(session, "two")
        assert woken == []
    async with store.transaction():
        pass
    assert woken == [{"one", "two"}, set()]


def test_a_second_process_on_the_same_folder_is_told_so(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from shared.db import Store; from shared.settings import Settings\n"
        f"Store('till', Settings(var=Path({str(tmp_path)!r}))).claim_folder()"
    )
    with (tmp_path / "till.lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        second = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert second.returncode == 1
    assert f"另一个有诉进程正在使用 {tmp_path}（till）" in second.stderr
    assert "请先停止它" in second.stderr
    assert "Traceback" not in second.stderr


async def test_a_folder_is_free_again_when_its_store_is_closed(tmp_path: Path) -> None:
    first, second, other = (Store(name, Settings(var=tmp_path)) for name in ("till", "till", "shop"))
    first.claim_folder()
    other.claim_folder()
    with pytest.raises(SystemExit, match="另一个有诉进程"):
        second.claim_folder()
    await first.close()
    second.claim_folder()
    for store in (second, other):
        await store.close()


async def test_an_error_says_nothing_of_what_was_to_be_written(store: Store) -> None:
    with pytest.raises(IntegrityError) as failed:
        async with store.transaction() as session:
            await session.execute(text("INSERT INTO inbox (event_id, taken_at) VALUES (:it, NULL)"), {"it": "欧阳锦华"})
    assert "欧阳锦华" not in f"{failed.value} {failed.value!r}"

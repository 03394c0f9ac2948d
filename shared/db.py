"""One store per service: a schema with a role of its own in PostgreSQL, or a file of its own in SQLite.

Nothing outside the committing edges (request, consumer, job runner) opens a transaction here; a test watches.
"""

import asyncio
import fcntl
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from sqlalchemy import DateTime, Dialect, String, TypeDecorator, event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session

from shared.live import Desks
from shared.settings import Settings
from shared.workdays import CHINA

PASSING_SQLSTATES = ("08", "25006", "40", "53", "55P03", "57", "58", "XX")
"""Connection, deadlock, resources, lock, operator and system trouble: what the next try may not meet again."""
PASSING_IN_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
"""The same in SQLite, where a misspelt query is an OperationalError too."""

_OF_ASYNCPG = asyncpg.InterfaceError | asyncpg.InternalClientError

STATEMENT_WITHIN = 60.0
"""Seconds a statement may take, but for what changes a whole store."""
STATEMENTS_KEPT = 500
"""Prepared statements a connection to PostgreSQL keeps: more than a service has."""


class Instant(TypeDecorator[datetime]):
    """An aware instant, always handed back in Asia/Shanghai; SQLite keeps it as sortable text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Timestamps with zone where the database has them."""
        return dialect.type_descriptor(String(32) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse a naive instant rather than guess its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.astimezone(CHINA).isoformat(timespec="microseconds") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Always Asia/Shanghai."""
        if value is None:
            return None
        return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(CHINA)


class Store:
    """The database of one service."""

    def __init__(self, service: str, settings: Settings) -> None:
        self.service = service
        self.is_sqlite = settings.database_url is None
        self._waker: Callable[[set[str]], None] = lambda _: None
        self._expecter: Callable[[dict[str, datetime]], None] = lambda _: None
        self._turn: asyncio.Lock | None = asyncio.Lock() if self.is_sqlite else None
        self._lock_file: TextIOWrapper | None = None
        self._folder = settings.var
        if settings.database_url is None:
            self.engine = _sqlite_engine(settings.var / f"{service}.sqlite3")
        else:
            self._url = settings.database_url
            self.engine = _postgres_engine(
                self._url, service, settings.database_connections, statement_within=STATEMENT_WITHIN
            )
        reading = {"yousu_reading": True} | ({} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"})
        self.commits = 0
        """How many transactions have been committed from here."""
        self.desks = Desks()
        """The desks on this store that somebody has open."""
        self.kept: dict[Any, Any] = {}
        """What is kept in memory of this store, by whoever keeps it; its sessions find it in their `info`."""
        self.sessions = self._sessions(self.engine)
        self._readers = self._sessions(self.engine.execution_options(**reading), reading=True)

    def _sessions(self, engine: AsyncEngine, **info: Any) -> async_sessionmaker[AsyncSession]:
        info["kept"] = self.kept
        return async_sessionmaker(engine, expire_on_commit=False, autoflush=False, info=info)

    def when_committed(
        self, waker: Callable[[set[str]], None], expecter: Callable[[dict[str, datetime]], None] = lambda _: None
    ) -> None:
        """Hand each commit's wishes for the service's jobs, through `wake` and `expect`, to these."""
        self._waker, self._expecter = waker, expecter

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One transaction, committed at the end of the block; for the committing edges only."""
        async with AsyncExitStack() as stack:
            if self._turn:
                await stack.enter_async_context(self._turn)  # SQLite has one writer; queue here, not in its busy loop
            session = await stack.enter_async_context(self.sessions())
            async with session.begin():
                yield session
        self.commits += 1
        self._waker(session.info.pop("wake", set()))
        if expected := session.info.pop("expected", None):
            self._expecter(expected)
        if concerned := session.info.pop("concerned", None):
            self.desks.tell(concerned)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session to read with, which refuses to write; PostgreSQL is asked without a transaction around it."""
        async with self._readers() as session:
            yield session

    @asynccontextmanager
    async def unhurried(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose statements may take as long as they need: a migration of a million rows does."""
        engine = self.engine
        if not self.is_sqlite:
            engine = _postgres_engine(self._url, self.service, 1, statement_within=None)
        try:
            async with engine.connect() as connection:
                yield connection
        finally:
            if engine is not self.engine:
                await engine.dispose()

    def claim_folder(self) -> None:
        """SQLite: one process per store; a second one is told so. Claimed once, it stays claimed until `close`."""
        if not self.is_sqlite or self._lock_file:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = (self._folder / f"{self.service}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            place = f"{self._folder.resolve()}（{self.service}）"
            raise SystemExit(f"另一个有诉进程正在使用 {place}；请先停止它，或用 YOUSU_VAR 换一个文件夹。") from None
        self._lock_file = lock

    async def close(self) -> None:
        """Give back every connection, and the folder."""
        await self.engine.dispose()
        if self._lock_file:
            self._lock_file.close()
            self._lock_file = None


def wake(session: AsyncSession, *jobs: str) -> None:
    """Ask for these jobs of the service to run as soon as this transaction has committed."""
    session.info.setdefault("wake", set()).update(jobs)


def expect(session: AsyncSession, job: str, instant: datetime) -> None:
    """Let this job know, as soon as this transaction has committed, that it has something to do at this instant."""
    expected: dict[str, datetime] = session.info.setdefault("expected", {})
    expected[job] = min(expected.get(job, instant), instant)


def is_passing(error: BaseException | None) -> bool:
    """Whether this is trouble of the database, not of what was asked: worth the same try again."""
    if isinstance(error, DBAPIError):
        if error.connection_invalidated or isinstance(error, InterfaceError):
            return True
        if isinstance(error.orig, sqlite3.Error):
            return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in PASSING_IN_SQLITE  # without its extension
        state = getattr(error.orig, "sqlstate", None)
        # Without one it is the client's word; InternalError: its connection was broken off in the middle of something.
        by_client = isinstance(error, OperationalError | InternalError)
        return str(state).startswith(PASSING_SQLSTATES) if state else by_client
    if isinstance(error, asyncpg.PostgresError):  # as it comes while a connection is being made
        return str(error.sqlstate).startswith(PASSING_SQLSTATES)
    return isinstance(error, PoolTimeout | ConnectionError | TimeoutError | OSError | _OF_ASYNCPG)


def _sqlite_engine(path: Path) -> AsyncEngine:
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", connect_args={"timeout": 30}, **_ALWAYS)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver opens no transactions of its own
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        # A deferred BEGIN that reads and then writes fails when another wrote in between.
        reading = connection.get_execution_options().get("yousu_reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _postgres_engine(url: str, service: str, connections: int, *, statement_within: float | None) -> AsyncEngine:
    server = {"search_path": service, "role": role_of(service), "application_name": f"yousu-{service}", "jit": "off"}
    engine = create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=False,
        connect_args={
            "server_settings": server,
            "timeout": 5,
            "command_timeout": statement_within,
            "prepared_statement_cache_size": STATEMENTS_KEPT,
        },
        **_ALWAYS,
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def refuse_closed(connection: Any, _record: Any, _proxy: Any) -> None:
        # A database that went away has closed the idle ones: known without asking, so nobody need fail to find out.
        if connection.driver_connection.is_closed():
            raise DisconnectionError

    return engine


def role_of(service: str) -> str:
    """The PostgreSQL role that owns a service's schema, and sees no other."""
    return f"yousu_{service}"


async def lay_foundations(url: str, service: str) -> None:
    """PostgreSQL, as an administrator: the role and the schema of a service, if they are not there yet."""
    engine = create_async_engine(url)
    role = role_of(service)
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('yousu foundations'))"))
        if not await connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}):
            # Roles belong to the whole server: another database's foundations may be laid at this moment.
            already = "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL"
            await connection.execute(text(f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN; {already}; END $$"))
        await connection.execute(text(f"GRANT {role} TO CURRENT_USER"))
        await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {service} AUTHORIZATION {role}"))
    await engine.dispose()


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


_ALWAYS: dict[str, Any] = {
    "json_serializer": _dumps,
    "json_deserializer": json.loads,
    "hide_parameters": True,  # an error is logged and parked; what a petitioner wrote is not
}


@event.listens_for(Session, "before_flush")
def _refuse_to_write(session: Session, *_: Any) -> None:
    if session.info.get("reading") and (session.new or session.dirty or session.deleted):
        raise RuntimeError("what is read with a reading session is not changed")


@event.listens_for(Session, "after_rollback")
def _forget_wakes(session: Session) -> None:
    for wishes in ("wake", "expected", "concerned"):
        session.info.pop(wishes, None)

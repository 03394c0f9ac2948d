"""The request edge: one transaction a request, committed before its answer is sent."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.audit import edge
from shared.audit.tables import AuditRow
from shared.db import Store
from shared.logs import log
from shared.refusals import Unavailable

_log = log("web")


def store_of(request: Request) -> Store:
    """The store of the service that answers."""
    store: Store = request.app.state.store
    return store


@contextmanager
def or_unavailable(request: Request) -> Iterator[None]:
    """What cannot be written within is a 503."""
    try:
        yield
    except SQLAlchemyError as error:
        _log.warning("not committed", path=request.url.path, error=repr(error)[:300])
        raise Unavailable("not-committed", "刚才的操作没有保存成功，请稍后重试。") from error


def tell_log(session: AsyncSession, request: Request) -> None:
    """Have the audit log know of this change by the same commit."""
    entry = edge.entry_of(request)
    if entry and entry.is_told(200):
        session.add(AuditRow(**entry.told(200)))


def log_knows(request: Request) -> None:
    """That commit was made."""
    if entry := edge.entry_of(request):
        entry.written = True


async def _writing(request: Request) -> AsyncIterator[AsyncSession]:
    # A dependency of function scope ends before the answer is sent: a failing commit is the answer.
    with or_unavailable(request):
        async with store_of(request).transaction() as session:
            yield session
            tell_log(session, request)
        log_knows(request)


writing = asynccontextmanager(_writing)
"""The same for a door that finds out only later that it needs a transaction of its own."""


async def _reading(request: Request) -> AsyncIterator[AsyncSession]:
    async with store_of(request).reading() as session:
        yield session


Session = Annotated[AsyncSession, Depends(_writing, scope="function")]
"""What a door that changes something takes; its use case never commits."""

Reader = Annotated[AsyncSession, Depends(_reading, scope="function")]
"""What a door that only reads takes."""

"""Keeping the log: what is collected is written together; what is written is sealed; what is sealed is exported."""

import asyncio
import fcntl
import os
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock
from shared.audit import chain
from shared.audit.tables import AuditHead, AuditRow
from shared.db import Store
from shared.jobs import Jobs, always
from shared.logs import log
from shared.settings import Settings, settings

COLLECTED = timedelta(seconds=1)
"""How long what was read may wait to be written."""
SEALED = timedelta(minutes=1)
MOST_WAITING = 20_000
"""Beyond this, while the database is away, the oldest are given up, and the log says how many."""
AT_ONCE = 2_000
LONGEST_LINE = 256 * 1024
"""In an exported file; more than any line can be."""
TRIED = 200
"""How many of the latest lines are tried whenever somebody looks."""

_log = log("audit")


class Collected:
    """What waits to be written into a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: deque[dict[str, Any]] = deque()

    def add(self, row: dict[str, Any]) -> None:
        """Keep it in mind until it is written."""
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.popleft()
            _log.error("given up", waiting=MOST_WAITING)
        self._waiting.append(row)

    async def write(self) -> None:
        """Write all that waits, in one transaction; what cannot be written waits on.

        A commit whose answer was lost has written it already: then it is not written again.
        """
        insert = sqlite.insert if self._store.is_sqlite else postgresql.insert
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
            try:
                async with self._store.transaction() as session:
                    await session.execute(insert(AuditRow).on_conflict_do_nothing(), batch)
            except BaseException:
                self._waiting.extendleft(reversed(batch))
                raise


def collected(store: Store) -> Collected:
    """What waits to be written into this store."""
    if "audit" not in store.kept:
        store.kept["audit"] = Collected(store)
    found: Collected = store.kept["audit"]
    return found


def add_jobs(jobs: Jobs, store: Store, given: Settings) -> None:
    """Let a service keep its log."""

    async def seal_and_export() -> None:
        while await _sealed(store):
            pass
        await export(store, given.var / "audit")

    jobs.add("audit", always(collected(store).write), COLLECTED)
    jobs.add("seal audit", always(seal_and_export), SEALED)


async def _sealed(store: Store) -> bool:
    async with store.reading() as session:
        if await session.scalar(select(AuditRow.id).where(AuditRow.seq.is_(None)).limit(1)) is None:
            return False
    async with store.transaction() as session:
        return await seal(session) == AT_ONCE


async def seal(session: AsyncSession) -> int:
    """Give what was written since its place in the chain; returns how many."""
    head = await session.get(AuditHead, 1, with_for_update=True)
    if head is None:
        head = AuditHead(id=1, seq=0, hash="")
        session.add(head)
    key = chain.key_of(settings().secret("phone_index_key"))
    rows = (
        await session.scalars(select(AuditRow).where(AuditRow.seq.is_(None)).order_by(AuditRow.id).limit(AT_ONCE))
    ).all()
    for row in rows:
        row.seq = head.seq + 1
        row.hash = chain.hash_of(key, head.hash, row.seq, row.facts())
        head.seq, head.hash = row.seq, row.hash
    return len(rows)


@dataclass(frozen=True)
class ChainState:
    """How the chain of a service stands."""

    sealed: int
    """The place of its last line."""
    waiting: int
    """How many lines are to be sealed yet."""
    oldest_waiting: datetime | None
    exported: int
    """The place of the last line that was exported from here."""
    broken: chain.Broken | None
    """Where the latest lines break; None where they do not."""


async def state(session: AsyncSession, folder: Path, service: str) -> ChainState:
    """How the chain stands, its latest lines tried; all of it is tried by `yousu audit verify`."""
    head = await session.get(AuditHead, 1)
    sealed = head.seq if head else 0
    unsealed = select(func.count(), func.min(AuditRow.at)).where(AuditRow.seq.is_(None))
    waiting, oldest = (await session.execute(unsealed)).one()
    found = await lines(session, max(sealed - TRIED, 0))
    key = chain.key_of(settings().secret("phone_index_key"))
    broken = chain.first_broken(key, ((f"{each['seq']}", each) for each in found))
    if broken is None and head and [head.seq, head.hash] not in [[each["seq"], each["hash"]] for each in found[-1:]]:
        broken = chain.Broken(f"{head.seq}", "is another than when it was sealed, or gone")
    try:
        exported = await asyncio.to_thread(last_exported, folder, service)
    except (ValueError, TypeError, LookupError):
        exported, broken = 0, broken or chain.Broken(f"{service}-….jsonl", "ends with no line of the log")
    return ChainState(sealed, waiting, oldest, exported, broken)


async def lines(session: AsyncSession, after: int, previous: str = "") -> list[dict[str, Any]]:
    """The next sealed lines after this place; `previous` is the hash there, where that line is kept no more."""
    first = after if after and not previous else after + 1
    query = select(AuditRow).where(AuditRow.seq >= first).order_by(AuditRow.seq).limit(AT_ONCE + 1)
    rows = list(await session.scalars(query))
    if first == after:
        if not rows or rows[0].seq != after:
            return []
        previous = rows.pop(0).hash or ""
    found = []
    for row in rows[:AT_ONCE]:
        assert row.seq is not None
        assert row.hash is not None
        found.append(chain.line_of(previous, row.seq, row.hash, row.facts()))
        previous = row.hash
    return found


async def export(store: Store, folder: Path) -> None:
    """Append what was sealed since to the day's file; files are shipped off the machine, and never written anew."""
    with await asyncio.to_thread(_taken, folder, store.service):
        after = await asyncio.to_thread(last_exported, folder, store.service)
        while True:
            async with store.reading() as session:
                found = await lines(session, after)
            if not found:
                return
            path = folder / f"{store.service}-{clock.machine_now():%Y-%m-%d}.jsonl"
            await asyncio.to_thread(_append, path, found)
            after = found[-1]["seq"]


def exported(folder: Path, service: str) -> list[Path]:
    """The files of a service, the oldest first."""
    return sorted(folder.glob(f"{service}-*.jsonl"))


def last_exported(folder: Path, service: str) -> int:
    """The place of the last line exported; 0 before the first."""
    for path in reversed(exported(folder, service)):
        if told := whole(_end_of(path)).rstrip(b"\n"):
            return int(orjson.loads(told.rpartition(b"\n")[2])["seq"])
    return 0


def _end_of(path: Path) -> bytes:
    """Enough of a file to hold its last line."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - LONGEST_LINE, 0))
        return file.read()


def _taken(folder: Path, service: str) -> TextIOWrapper:
    """The folder, for one process at a time, until this is closed."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / f".{service}.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def whole(told: bytes) -> bytes:
    """Without the half of a line that was being written when the machine stopped."""
    return told[: told.rfind(b"\n") + 1]


def _append(path: Path, found: list[dict[str, Any]]) -> None:
    with path.open("ab") as file:
        torn = _end_of(path)
        file.truncate(file.tell() - len(torn) + len(whole(torn)))
        file.write(b"".join(orjson.dumps(line) + b"\n" for line in found))
        file.flush()
        os.fsync(file.fileno())

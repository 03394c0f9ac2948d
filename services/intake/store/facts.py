"""Queries about the facts that are counted: kept beside the ledger's rows, each as long as it held."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from operator import attrgetter

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.counted import Fact
from services.intake.domain.facts import Version
from services.intake.tables import FigureRow
from shared.among import among, texts_named

Name = tuple[str, str]
"""What is counted, and its place among those of its kind."""

_FIELDS = (
    "at", "center", "department", "detail", "done_at", "yes", "also", "working", "elapsed", "source", "category",
    "petitioner",
)  # fmt: skip
_said = attrgetter(*_FIELDS)


_HOLDING = select(FigureRow).where(among(FigureRow.complaint_id, texts_named("ids")), FigureRow.until.is_(None))


async def holding(session: AsyncSession, complaint_ids: Collection[str]) -> dict[str, dict[Name, FigureRow]]:
    """The facts of these complaints that hold now."""
    found: dict[str, dict[Name, FigureRow]] = {}
    for row in await session.scalars(_HOLDING, {"ids": complaint_ids}):
        found.setdefault(row.complaint_id, {})[row.counted, row.place] = row
    return found


async def ever(session: AsyncSession, complaint_ids: Collection[str]) -> dict[str, list[FigureRow]]:
    """Every fact of these complaints that ever held."""
    query = select(FigureRow).where(FigureRow.complaint_id.in_(complaint_ids))
    found: dict[str, list[FigureRow]] = {complaint_id: [] for complaint_id in complaint_ids}
    for row in await session.scalars(query):
        found[row.complaint_id].append(row)
    return found


def put(
    session: AsyncSession, complaint_id: str, facts: Iterable[Fact], held: dict[Name, FigureRow], now: datetime
) -> None:
    """Let these facts hold from `now` on, in the place of those `held`, which are brought up to date."""
    coming = {(fact.counted.value, fact.place): fact for fact in facts}
    for name in held.keys() - coming.keys():
        _end(session, held.pop(name), now)
    for name, fact in coming.items():
        row = held.get(name)
        if row is None or not _says(row, fact):
            held[name] = _instead(session, row, row_of(complaint_id, fact, now))


def _instead(session: AsyncSession, row: FigureRow | None, new: FigureRow) -> FigureRow:
    if row is not None and row.since == new.since:  # two events of one instant: what held between them held for no time
        for field in _FIELDS:
            setattr(row, field, getattr(new, field))
        return row
    if row is not None:
        row.until = new.since
    session.add(new)
    return new


def _end(session: AsyncSession, row: FigureRow, now: datetime) -> None:
    if row.since != now:
        row.until = now
    elif row in session.new:
        session.expunge(row)
    else:
        session.sync_session.delete(row)


def replace(
    session: AsyncSession, complaint_id: str, versions: Iterable[Version], kept: Sequence[FigureRow]
) -> tuple[dict[Name, FigureRow], bool]:
    """Let exactly these be all that ever held; returns what holds now, and whether anything was different."""
    there = {(row.counted, row.place, row.since): row for row in _joined(session, kept)}
    holding: dict[Name, FigureRow] = {}
    changed = False
    for version in versions:
        fact = version.fact
        row = there.pop((fact.counted.value, fact.place, version.since), None)
        if row is None:
            row = row_of(complaint_id, fact, version.since)
            session.add(row)
            changed = True
        elif not _says(row, fact):
            for field in _FIELDS:
                setattr(row, field, getattr(fact, field))
            changed = True
        if row.until != version.until:
            row.until = version.until
            changed = True
        if version.until is None:
            holding[row.counted, row.place] = row
    for row in there.values():
        session.sync_session.delete(row)
    return holding, changed or bool(there)


def _joined(session: AsyncSession, kept: Sequence[FigureRow]) -> list[FigureRow]:
    """What held, each for as long as it did: what one event of an instant changed, and another changed back, is one."""
    joined: list[FigureRow] = []
    for row in sorted(kept, key=lambda row: (row.counted, row.place, row.since)):
        before = joined[-1] if joined else None
        is_next = before and (before.counted, before.place, before.until) == (row.counted, row.place, row.since)
        if before and is_next and _said(before) == _said(row):
            before.until = row.until
            session.sync_session.delete(row)
        else:
            joined.append(row)
    return joined


def row_of(complaint_id: str, fact: Fact, since: datetime) -> FigureRow:
    """The row that keeps a fact."""
    fields = {field: getattr(fact, field) for field in _FIELDS}
    return FigureRow(complaint_id=complaint_id, counted=fact.counted.value, place=fact.place, since=since, **fields)


def _says(row: FigureRow, fact: Fact) -> bool:
    is_so: bool = _said(row) == _said(fact)
    return is_so

"""Queries about complaints: claiming a channel's reference, giving numbers, petitioners, and what was rejected."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.tables import ComplaintRow, CounterRow, PetitionerRow, RejectedRow, SourceRefRow
from shared.among import among, texts_named
from shared.events.intake import SealedPetitioner

SourceRef = tuple[str, str]
"""A source, and what it calls the complaint."""

MOST_NAMED = 1_000
"""Rows named in one query at most; databases bound the parameters of one."""


_WHOLE = (
    select(ComplaintRow).where(among(ComplaintRow.id, texts_named("ids"))).order_by(ComplaintRow.id)
).with_for_update()
_HELD = (
    select(ComplaintRow.id).where(among(ComplaintRow.id, texts_named("ids"))).order_by(ComplaintRow.id)
).with_for_update()


def _insert(session: AsyncSession) -> Any:
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert


async def claim(session: AsyncSession, wanted: Mapping[SourceRef, str]) -> set[SourceRef]:
    """Claim these references for these complaints; returns those that nobody had claimed before.

    Waits for a transaction that is claiming the same ones, and is beaten if it commits. In one order, so that of two
    batches with the same references neither waits for the other.
    """
    rows = [
        {"source": source, "source_ref": ref, "complaint_id": wanted[source, ref]} for source, ref in sorted(wanted)
    ]
    if not rows:
        return set()
    # Given beside the statement, not in it, so that it is compiled once and sent in as many parts as it takes.
    statement = _insert(session)(SourceRefRow).on_conflict_do_nothing()
    claimed = await session.execute(statement.returning(SourceRefRow.source, SourceRefRow.source_ref), rows)
    return {(source, ref) for source, ref in claimed}


async def claimed_before(session: AsyncSession, refs: Collection[SourceRef]) -> dict[SourceRef, ComplaintRow]:
    """The complaints these references stand for."""
    found: dict[SourceRef, ComplaintRow] = {}
    query = select(SourceRefRow.source, SourceRefRow.source_ref, ComplaintRow)
    query = query.join(ComplaintRow, ComplaintRow.id == SourceRefRow.complaint_id)
    asked = sorted(refs)
    for start in range(0, len(asked), MOST_NAMED):
        named = tuple_(SourceRefRow.source, SourceRefRow.source_ref).in_(asked[start : start + MOST_NAMED])
        found |= {(source, ref): complaint for source, ref, complaint in await session.execute(query.where(named))}
    return found


async def take_numbers(session: AsyncSession, wanted: Mapping[tuple[str, int], int]) -> dict[tuple[str, int], int]:
    """Take so many numbers for each (center, year); returns the first of each.

    The counter stays locked until the transaction ends, so that a rollback leaves no gap: call it as late as possible.
    Several centers are taken in order, so that two batches never wait for each other.
    """
    first = {}
    for center, year in sorted(wanted):
        count = wanted[center, year]
        row = _insert(session)(CounterRow).values(center=center, year=year, n=count)
        last = await session.scalar(
            row.on_conflict_do_update(
                index_elements=["center", "year"], set_={"n": CounterRow.n + row.excluded.n}
            ).returning(CounterRow.n)
        )
        first[center, year] = last - count + 1
    return first


async def complaint(session: AsyncSession, complaint_id: str) -> ComplaintRow | None:
    """A complaint by its id."""
    return await session.get(ComplaintRow, complaint_id)


async def complaint_held(session: AsyncSession, complaint_id: str) -> ComplaintRow | None:
    """A complaint by its id, held for this transaction."""
    held: dict[str, ComplaintRow] = session.info.get("complaints", {})
    if complaint_id in held:
        return held[complaint_id]
    return await session.get(ComplaintRow, complaint_id, with_for_update=True)


async def hold(session: AsyncSession, complaint_ids: Collection[str]) -> Collection[str]:
    """Hold these complaints for this transaction, in order, for `complaint_held` to find; those that are known here."""
    held = {row.id: row for row in await session.scalars(_WHOLE, {"ids": complaint_ids})}
    session.info["complaints"] = held
    return held.keys()


async def complaint_numbered(session: AsyncSession, number: str) -> ComplaintRow | None:
    """A complaint by its number."""
    row: ComplaintRow | None = await session.scalar(select(ComplaintRow).where(ComplaintRow.number == number))
    return row


async def lock(session: AsyncSession, complaint_ids: Collection[str]) -> set[str]:
    """Hold these complaints for this transaction, in order; returns those that are known here."""
    return set(await session.scalars(_HELD, {"ids": complaint_ids}))


async def petitioners(
    session: AsyncSession, complaint_ids: Collection[str], until: datetime | None = None
) -> dict[str, PetitionerRow]:
    """The petitioners of these complaints as they are now, or were at an instant."""
    query = select(PetitionerRow).where(among(PetitionerRow.complaint_id, complaint_ids))
    if until is not None:
        query = query.where(PetitionerRow.at <= until)
    rows = await session.scalars(query.order_by(PetitionerRow.complaint_id, PetitionerRow.revision))
    return {row.complaint_id: row for row in rows}


def petitioner_row(
    complaint_id: str, sealed: SealedPetitioner, at: datetime, revision: int, phone_index: str | None
) -> PetitionerRow:
    """The row that keeps a petitioner."""
    return PetitionerRow(
        complaint_id=complaint_id, revision=revision, at=at, phone_index=phone_index, **sealed.model_dump()
    )


async def rejected(
    session: AsyncSession,
    centers: Collection[str],
    *,
    strays: bool,
    limit: int,
    mended: bool | None = None,
    before: str | None = None,
) -> Sequence[RejectedRow]:
    """The newest rejected submissions meant for these centers, or the newest before one of them.

    With `strays` those too whose center was unreadable; `mended` asks for those that were, or were not.
    """
    query = select(RejectedRow).where(_meant(centers, strays)).order_by(RejectedRow.id.desc()).limit(limit)
    if mended is not None:
        query = query.where(RejectedRow.mended_as.is_not(None) if mended else RejectedRow.mended_as.is_(None))
    return (await session.scalars(query.where(RejectedRow.id < before) if before else query)).all()


async def rejected_one(
    session: AsyncSession, rejected_id: str, centers: Collection[str], *, strays: bool, hold: bool
) -> RejectedRow | None:
    """One of them; with `hold`, held for this transaction."""
    query = select(RejectedRow).where(RejectedRow.id == rejected_id, _meant(centers, strays))
    row: RejectedRow | None = await session.scalar(query.with_for_update() if hold else query)
    return row


async def rejected_waiting(session: AsyncSession, centers: Collection[str], *, strays: bool, most: int) -> int:
    """How many nobody has mended yet; counted no further than `most`."""
    waiting = select(RejectedRow.id).where(_meant(centers, strays), RejectedRow.mended_as.is_(None)).limit(most)
    return await session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def _meant(centers: Collection[str], strays: bool) -> ColumnElement[bool]:
    meant = RejectedRow.center.in_(centers)
    return or_(meant, RejectedRow.center.is_(None)) if strays else meant

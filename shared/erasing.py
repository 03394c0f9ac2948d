"""Erasing a person from a service's store: what was written in running text is struck out, what was on its way goes.

Each service empties its own row of the petitioner; this is what they have in common.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import JSON, Column, MetaData, Table, Text, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.intake import ComplaintRegistered, PetitionerCorrected
from shared.messaging.tables import OutboxRow, ParkedRow
from shared.papers.tables import IssuedPaper

CARRIERS = (ComplaintRegistered.full_type(), PetitionerCorrected.full_type())
"""The events that carry a petitioner, sealed."""
Strike = Callable[[str], str]


async def strike_out(
    session: AsyncSession, metadata: MetaData, complaint_id: str, strike: Strike, besides: Collection[str] = ()
) -> None:
    """Strike what was known of a petitioner out of every text and record about a complaint, and forget its carriers.

    Papers that were issued to him, or that tell of him, name nobody from then on. `besides`: tables that are dealt with
    by themselves.
    """
    await session.flush()
    for table in metadata.sorted_tables:
        if table.name not in besides and "complaint_id" in table.c:
            await strike_in(session, table, table.c.complaint_id, complaint_id, strike)
    paper: Any = IssuedPaper.__table__
    await session.execute(update(paper).where(paper.c.subject == complaint_id).values(petitioner=None))
    await strike_in(session, paper, paper.c.subject, complaint_id, strike)
    await _forget_carriers(session, complaint_id)


async def strike_in(session: AsyncSession, table: Table, about: Column[Any], subject: str, strike: Strike) -> None:
    """The same in the rows of one table, where this column names the complaint."""
    written = [column for column in table.c if isinstance(column.type, Text | JSON)]
    if not written:
        return
    keys = list(table.primary_key.columns)
    for row in (await session.execute(select(*keys, *written).where(about == subject))).all():
        was = dict(zip(written, row[len(keys) :], strict=True))
        struck = {column: _struck(value, strike) for column, value in was.items()}
        if changed := {column: value for column, value in struck.items() if value != was[column]}:
            here = [key == value for key, value in zip(keys, row, strict=False)]
            await session.execute(update(table).where(*here).values(changed))


def _struck(value: Any, strike: Strike) -> Any:
    match value:
        case str():
            return strike(value)
        case dict():
            return {name: _struck(each, strike) for name, each in value.items()}
        case list():
            return [_struck(each, strike) for each in value]
    return value


async def _forget_carriers(session: AsyncSession, complaint_id: str) -> None:
    """Those that were sent, and those that nobody could take."""
    sent = OutboxRow.subject == complaint_id, OutboxRow.kind.in_(CARRIERS), OutboxRow.sent_at.is_not(None)
    await session.execute(delete(OutboxRow).where(*sent))
    parked = await session.execute(select(ParkedRow.event_id, ParkedRow.body).where(ParkedRow.kind.in_(CARRIERS)))
    mine = [event_id for event_id, body in parked if complaint_id.encode() in body]
    for chunk in _in_hundreds(mine):
        await session.execute(delete(ParkedRow).where(ParkedRow.event_id.in_(chunk)))


def _in_hundreds(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), 100):
        yield ids[start : start + 100]

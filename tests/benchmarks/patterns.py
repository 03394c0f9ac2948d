"""A complaint's rows in every service's tables, as a pattern from which others like it are made.

The rows are taken as PostgreSQL copies them out, so no table is named that need not be: what names the complaint is
part of it. In a copy all that belongs to one complaint alone is another: identifiers, number, reference, dates, sealed
fields (they open), the phone's index, the first sentence of what is told and answered. The bodies of what an outbox
has sent stay as they were; nobody reads them again.

Most gaps are filled once for all copies of a pattern on one day (`on`), the few others for each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

import asyncpg

from shared.settings import SERVICES
from shared.workdays import CHINA
from tests.benchmarks.gaps import MARK, Copy, Filling, Gaps, Moved, Original

KERNEL = ("inbox", "outbox")
SUMMED = ("figure_changes",)
"""Tables that a house at rest has emptied into its sums."""
Table = tuple[str, str]
Picker = Callable[[Sequence[bytes]], Any]


@dataclass(frozen=True)
class Dated:
    """A pattern on one day: by table, a format and what picks its values."""

    moved: Moved
    rows: dict[Table, tuple[bytes, Picker]]
    identifier: bytes
    """The complaint's, but for its end."""
    gaps: Gaps

    def copied(self, copy: Copy) -> list[tuple[Table, bytes]]:
        """The rows of another complaint, as PostgreSQL copies them in."""
        values = [made(copy) for made in self.gaps.own]
        return [(table, form % picked(values)) for table, (form, picked) in self.rows.items()]

    def complaint_id(self, n: int) -> str:
        """The identifier of a copy."""
        return (self.identifier + b"%012x" % n).decode()


@dataclass(frozen=True)
class Pattern:
    """The rows of one complaint by table, with gaps."""

    original: Original
    rows: dict[Table, bytes]
    gaps: Gaps

    def on(self, moved: Moved, without: Collection[str] = ()) -> Dated:
        """It on another day, without the tables of these names."""
        fixed = [made(moved) for made in self.gaps.dated]

        def fill(found: re.Match[bytes]) -> bytes:
            return fixed[int(found[2])] if found[1] == b"d" else found[0]

        rows: dict[Table, tuple[bytes, Picker]] = {}
        for table, marked in self.rows.items():
            if table[1] not in without:
                text = MARK.sub(fill, marked)
                rows[table] = MARK.sub(b"%b", text), _picker([int(place) for _, place in MARK.findall(text)])
        return Dated(moved, rows, fixed[self.gaps.known[b"id"][1]], self.gaps)


def _picker(order: Sequence[int]) -> Picker:
    """What picks the values of these gaps, as many as there are."""
    match order:
        case []:
            return lambda _: ()
        case [one]:
            return lambda values: (values[one],)
        case _:
            return itemgetter(*order)


async def read_patterns(dsn: str, complaint_ids: Sequence[str]) -> list[Pattern]:
    """Patterns of these complaints; their house has to be quiet."""
    connection = await asyncpg.connect(dsn, server_settings={"timezone": "UTC"})
    try:
        return [await _read(connection, await _original(connection, each)) for each in complaint_ids]
    finally:
        await connection.close()


async def _original(connection: asyncpg.Connection[Any], complaint_id: str) -> Original:
    row = await connection.fetchrow(
        "SELECT c.number, c.source_ref, c.year, c.seq, c.center, (c.registered_at AT TIME ZONE 'Asia/Shanghai')::date, "
        "coalesce((o.closed_at AT TIME ZONE 'Asia/Shanghai')::date, (now() AT TIME ZONE 'Asia/Shanghai')::date), "
        "c.content, p.phone_index FROM intake.complaints c JOIN dispatch.orders o ON o.complaint_id = c.id "
        "JOIN intake.petitioners p ON p.complaint_id = c.id AND p.revision = 0 WHERE c.id = $1",
        complaint_id,
    )
    assert row
    answers = await connection.fetch("SELECT text FROM dispatch.replies WHERE complaint_id = $1", complaint_id)
    made_on = datetime.fromtimestamp(int(complaint_id[:8] + complaint_id[9:13], 16) / 1000, CHINA).date()
    return Original(complaint_id, *row, made_on, [text for (text,) in answers])


async def _read(connection: asyncpg.Connection[Any], original: Original) -> Pattern:
    filling, rows = Filling(original), {}
    for table, (query, columns) in (await _queries(connection, original.complaint_id)).items():
        chunks: list[bytes] = []

        async def keep(chunk: bytes, into: list[bytes] = chunks) -> None:
            into.append(chunk)

        await connection.copy_from_query(query, output=keep)
        if text := b"".join(chunks):
            rows[table] = filling.marked(text, columns, of_machine=table[1] in KERNEL)
    return Pattern(original, rows, filling.gaps)


async def _queries(connection: asyncpg.Connection[Any], complaint_id: str) -> dict[Table, tuple[str, list[str]]]:
    """How to ask each table for what is of this complaint, and its columns."""
    columns: dict[Table, list[str]] = {}
    for schema, table, column in await connection.fetch(
        "SELECT table_schema, table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = ANY($1) ORDER BY 1, 2, ordinal_position",
        list(SERVICES),
    ):
        columns.setdefault((schema, table), []).append(column)
    events = [
        event
        for schema in SERVICES
        for (event,) in await connection.fetch(
            f"SELECT message_id FROM {schema}.outbox WHERE subject = $1",
            complaint_id,
        )
    ]
    listed = ", ".join(f"'{event}'" for event in events)
    found = {}
    for (schema, table), names in columns.items():
        if table == "inbox":
            where = f"event_id IN ({listed})"
        elif table == "outbox":
            where = f"subject = '{complaint_id}'"
        elif (schema, table) == ("intake", "complaints"):
            where = f"id = '{complaint_id}'"
        elif "complaint_id" in names and table not in SUMMED:
            where = f"complaint_id = '{complaint_id}'"
        else:
            continue
        found[schema, table] = f'SELECT * FROM "{schema}"."{table}" WHERE {where}', names
    return found

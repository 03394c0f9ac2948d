"""A complaint's rows in every service's tables, as a pattern from which others like it are made.

The rows are taken as PostgreSQL copies them out, so no table is named here: what names the complaint is part of it. In
a copy everything that belongs to one complaint alone is another: identifiers, number, reference, dates, sealed fields,
the phone's index. The messages in an outbox stay as they were; nobody reads what was sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

import asyncpg

from services.intake.domain.number import number_of, printed_number
from shared.security.seal import PhoneIndex, SealBroken, Sealer
from shared.settings import SERVICES
from tests.benchmarks.house import PHONE_INDEX_KEY, SEAL_KEYS

SEALED_FIELDS = ("name", "contact_person", "phone", "other_contact", "address", "query_code", "attachments")
_UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
_DATE = rb"(?<!\d)20\d\d-\d\d-\d\d(?!\d)"
_SEALED = rb"y1\.\w+\.[A-Za-z0-9_-]+"
_DAY_MS = 86_400_000

Table = tuple[str, str]
Made = Callable[["Copy"], bytes]
"""What stands in a copy where something of the original stood."""


@dataclass(frozen=True)
class Copy:
    """One complaint to be made from a pattern; `n` tells it from all others."""

    n: int
    seq: int
    days_ago: int
    """Before the pattern's own day."""
    day: date
    """When it was registered."""
    sealer: Sealer
    phone_index: PhoneIndex

    @property
    def phone(self) -> str:
        """Every three-hundred-thousandth petitioner comes again."""
        return f"1990{self.n % 300_000:07}"


@dataclass(frozen=True)
class Pattern:
    """The rows of one complaint by table, with gaps, and what fills them."""

    registered_on: date
    rows: dict[Table, tuple[bytes, Callable[[Sequence[bytes]], Any]]]
    gaps: Sequence[Made]

    def copied(self, copy: Copy, tables: Iterable[Table]) -> dict[Table, bytes]:
        """The rows of another complaint, as PostgreSQL copies them in."""
        values = [made(copy) for made in self.gaps]
        return {table: self.rows[table][0] % self.rows[table][1](values) for table in tables if table in self.rows}


@dataclass(frozen=True)
class Original:
    """What is known of the complaint that serves as a pattern."""

    complaint_id: str
    number: str
    source_ref: str
    year: int
    seq: int
    center: str
    registered_on: date


async def read_patterns(dsn: str, complaint_ids: Sequence[str]) -> list[Pattern]:
    """Patterns of these complaints; their house has to be quiet."""
    connection = await asyncpg.connect(dsn, server_settings={"timezone": "UTC"})
    try:
        return [await _read(connection, await _original(connection, each)) for each in complaint_ids]
    finally:
        await connection.close()


async def _original(connection: asyncpg.Connection[Any], complaint_id: str) -> Original:
    row = await connection.fetchrow(
        "SELECT id, number, source_ref, year, seq, center, (registered_at AT TIME ZONE 'UTC')::date "
        "FROM intake.complaints WHERE id = $1",
        complaint_id,
    )
    assert row
    return Original(*row)


async def _read(connection: asyncpg.Connection[Any], original: Original) -> Pattern:
    filling = _Filling(original)
    rows = {}
    for table, (query, columns) in (await _queries(connection, original.complaint_id)).items():
        chunks: list[bytes] = []

        async def keep(chunk: bytes, into: list[bytes] = chunks) -> None:
            into.append(chunk)

        await connection.copy_from_query(query, output=keep)
        if text := b"".join(chunks):
            rows[table] = filling.numbered(text, columns)
    return Pattern(original.registered_on, {table: filling.opened(text) for table, text in rows.items()}, filling.gaps)


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
        elif "complaint_id" in names:
            where = f"complaint_id = '{complaint_id}'"
        else:
            continue
        found[schema, table] = f'SELECT * FROM "{schema}"."{table}" WHERE {where}', names
    return found


class _Filling:
    """Finds what is a complaint's own, and leaves numbered gaps."""

    def __init__(self, original: Original) -> None:
        self.gaps: list[Made] = []
        self._original = original
        self._sealer = Sealer(SEAL_KEYS)
        self._known: dict[bytes, int] = {}
        number, center = original.number.encode(), original.center
        printed = printed_number(original.year, original.seq).encode()
        self._year = self._gap(b"\0year", lambda copy: b"%d" % copy.day.year)
        self._seq = self._gap(b"\0seq", lambda copy: b"%d" % copy.seq)
        self._gap(number, lambda copy: number_of(center, copy.day.year, copy.seq).encode())
        self._gap(printed, lambda copy: printed_number(copy.day.year, copy.seq).encode())
        ref = original.source_ref.encode()
        self._gap(ref, lambda copy: b"%b-%d" % (ref, copy.n))
        words = [number, printed, ref + rb"(?!\d)"]
        self._token = re.compile(b"|".join([_UUID, _SEALED, _DATE, rb"\b[0-9a-f]{64}\b", *words]))

    def numbered(self, text: bytes, columns: list[str]) -> bytes:
        """The rows with gaps in them, as text with marks."""
        marked = self._token.sub(self._mark, text.replace(b"%", b"%%"))
        places = {
            columns.index(name): gap for name, gap in (("year", self._year), ("seq", self._seq)) if name in columns
        }
        if not places or ("number" not in columns and "shown_in" not in columns):
            return marked
        lines = []
        for line in marked.splitlines():
            fields = line.split(b"\t")
            for place, gap in places.items():
                fields[place] = b"\0%d\0" % gap
            lines.append(b"\t".join(fields))
        return b"\n".join(lines) + b"\n"

    def opened(self, marked: bytes) -> tuple[bytes, Callable[[Sequence[bytes]], Any]]:
        """A format, and what picks its values."""
        order = [int(gap) for gap in re.findall(rb"\0(\d+)\0", marked)]
        picked = itemgetter(*order) if len(order) > 1 else lambda values: tuple(values[gap] for gap in order)
        return re.sub(rb"\0\d+\0", b"%b", marked), picked

    def _mark(self, found: re.Match[bytes]) -> bytes:
        token = found[0]
        if token not in self._known and (made := self._made(token)) is not None:
            self._gap(token, made)
        return b"\0%d\0" % self._known[token] if token in self._known else token

    def _gap(self, token: bytes, made: Made) -> int:
        self._known[token] = len(self.gaps)
        self.gaps.append(made)
        return self._known[token]

    def _made(self, token: bytes) -> Made | None:
        if re.fullmatch(_UUID, token):
            # By the moment it was made, then in the order of the original's, then by which complaint it is of.
            born, middle = int(token[:8] + token[9:13], 16), token[13:24]
            return lambda copy: _identifier(born - copy.days_ago * _DAY_MS, middle, copy.n)
        if re.fullmatch(_DATE, token):
            day = date.fromisoformat(token.decode())
            return lambda copy: (day - timedelta(copy.days_ago)).isoformat().encode()
        if token.startswith(b"y1."):
            return self._resealed(token.decode())
        return lambda copy: copy.phone_index.of(copy.phone).encode()

    def _resealed(self, sealed: str) -> Made | None:
        for name in SEALED_FIELDS:
            about = f"{self._original.complaint_id}/{name}"
            try:
                text = self._sealer.open(sealed, about=about)
            except SealBroken:
                continue
            own = self._known[self._original.complaint_id.encode()]
            return lambda copy: copy.sealer.seal(
                copy.phone if name == "phone" else text, about=f"{self.gaps[own](copy).decode()}/{name}"
            ).encode()
        return None


def _identifier(born: int, middle: bytes, n: int) -> bytes:
    moment = b"%012x" % born
    return b"%b-%b%b%012x" % (moment[:8], moment[8:], middle, n)


def keys() -> tuple[Sealer, PhoneIndex]:
    """What seals in a house that is measured."""
    return Sealer(SEAL_KEYS), PhoneIndex(PHONE_INDEX_KEY)

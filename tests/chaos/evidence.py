"""All that the house holds, read from its stores past every line when everything is over."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import orjson

from shared.events import Event, from_wire
from shared.messaging.topology import EVENTS, PARTNERS
from shared.settings import SERVICES

Row = dict[str, Any]

TABLES = {
    "complaints": "SELECT id, number, center, year, seq, source_ref, content, registered_at FROM intake.complaints",
    "journal": "SELECT event_id, complaint_id FROM intake.ledger_journal",
    "orders": "SELECT * FROM dispatch.orders",
    "legs": "SELECT * FROM dispatch.legs ORDER BY number",
    "rungs": "SELECT * FROM dispatch.rungs",
    "replies": "SELECT * FROM dispatch.replies ORDER BY at, reply_id",
    "checks": "SELECT * FROM dispatch.checks",
    "follow_ups": "SELECT * FROM dispatch.follow_ups",
    "steps": "SELECT * FROM dispatch.steps",
    "conclusions": "SELECT * FROM dispatch.conclusions",
    "assignments": "SELECT * FROM dispatch.assignments",
    "messages": "SELECT event_id, complaint_id, recipient, template, means FROM notify.messages",
}


@dataclass
class Evidence:
    """Rows by complaint, events by id, claims by service."""

    tables: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    """By table, then by complaint."""
    events: dict[str, Event] = field(default_factory=dict)
    """Everything announced."""
    unsent: list[str] = field(default_factory=list)
    claims: dict[str, set[str]] = field(default_factory=dict)
    parked: dict[tuple[str, str], Row] = field(default_factory=dict)
    """By service and name."""
    partners: dict[str, str] = field(default_factory=dict)
    """What was sent to partners: queue, by message id."""

    def of(self, table: str, complaint_id: str) -> list[Row]:
        """The rows of one complaint."""
        return self.tables[table].get(complaint_id, [])

    def all(self, table: str) -> list[Row]:
        """Every row."""
        return [row for rows in self.tables[table].values() for row in rows]


async def gather(url: str) -> Evidence:
    """Read it all; `url` is the house's database."""
    found = Evidence()
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        for table, query in TABLES.items():
            by_complaint: dict[str, list[Row]] = defaultdict(list)
            for record in await connection.fetch(query):
                row = dict(record)
                by_complaint[row.get("complaint_id") or row["id"]].append(row)
            found.tables[table] = by_complaint
        for service in SERVICES:
            await _messages_of(service, connection, found)
    finally:
        await connection.close()
    return found


async def _messages_of(service: str, connection: asyncpg.Connection, found: Evidence) -> None:
    for row in await connection.fetch(f"SELECT message_id, exchange, routing_key, body, sent_at FROM {service}.outbox"):
        if row["exchange"] == EVENTS:
            found.events[row["message_id"]] = from_wire(row["body"])
        elif row["exchange"] == PARTNERS:
            found.partners[row["message_id"]] = row["routing_key"]
        if row["sent_at"] is None:
            found.unsent.append(row["message_id"])
    claims = await connection.fetch(f"SELECT event_id FROM {service}.inbox")
    found.claims[service] = {row["event_id"] for row in claims}
    for row in await connection.fetch(f"SELECT event_id, kind, error, attempts, next_try_at FROM {service}.parked"):
        found.parked[service, row["event_id"]] = dict(row)


async def unsettled(url: str, poison: set[tuple[str, str]]) -> int:
    """Ledger rows whose figures wait to be counted anew, since something was heard late; and poison still tried."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        left = int(await connection.fetchval("SELECT count(*) FROM intake.ledger_rows WHERE stale"))
        for service in {service for service, _ in poison}:
            names = [name for each, name in poison if each == service]
            query = f"SELECT count(*) FROM {service}.parked WHERE event_id = ANY($1) AND next_try_at IS NOT NULL"
            left += await connection.fetchval(query, names)
        return left
    finally:
        await connection.close()


async def hurry(url: str, poison: set[tuple[str, str]]) -> None:
    """Let the pauses of what is poisonous be over: one more try, and it is dead."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        for service, name in poison:
            await connection.execute(
                f"UPDATE {service}.parked SET attempts = 23, next_try_at = now() "
                "WHERE event_id = $1 AND next_try_at IS NOT NULL",
                name,
            )
    finally:
        await connection.close()


def told(value: Any) -> Any:
    """A JSON column as a value."""
    return orjson.loads(value) if isinstance(value, str) else value

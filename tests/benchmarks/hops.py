"""What one plain closed loop is, hop by hop: the rows each commit writes and changes, the messages it sends.

Read from a house that did one loop step by step, with what `pg_stat_user_tables` said after each. `differences`
compares the rows with a house that has closed many; `floor` and a test refuse to go on when they have drifted apart.
The audit log is left out: what it costs is the house's own, a bare loop answers to nobody.
How long each message is, is read anew each time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import asyncpg

from shared.settings import SERVICES


@dataclass(frozen=True)
class Hop:
    """One commit of a service: rows written by table, tables of which a row is changed, kinds of messages sent."""

    service: str
    written: Mapping[str, int] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()


def _hop(service: str, written: str = "", changed: str = "", sent: str = "") -> Hop:
    return Hop(service, Counter(written.split()), tuple(changed.split()), tuple(sent.split()))


_NOTED = _hop("intake", "ledger_journal", "ledger_rows")
REGISTER = _hop(
    *(
        "intake",
        "complaints petitioners source_refs ledger_journal ledger_rows figure_facts",
        "counters",
        "complaint.registered.v1",
    )
)
TRIAGE = _hop("intake", "ledger_journal figure_facts", "complaints ledger_rows", "complaint.triaged.v1")
DISPATCH = _hop("dispatch", "legs assignments", "orders", "order.dispatched.v1")
REPLY = _hop("dispatch", "replies", "legs orders", "order.replied.v1")
CHECK = _hop("dispatch", "checks", "orders", "order.checked.v1")
FOLLOW_UP = _hop("dispatch", "follow_ups", "orders", "order.followed_up.v1 order.closed.v1")
REQUESTS = (REGISTER, TRIAGE, DISPATCH, CHECK, FOLLOW_UP)
"""Asked for over HTTP; the reply comes over the bus, and is claimed like an event."""
HEARD: Mapping[str, tuple[Hop, ...]] = {
    "complaint.registered.v1": (
        _hop("dispatch", "complaints petitioners"),
        _hop("sla", "orders inner_limits"),
        _hop("notify", "complaints petitioners messages messages", sent="complaint.registered"),
    ),
    "complaint.triaged.v1": (
        _hop("dispatch", "orders"),
        _hop("sla", "inner_limits", "inner_limits"),
        _hop("notify", "messages"),
    ),
    "order.dispatched.v1": (
        _hop("intake", "ledger_journal figure_facts figure_facts", "ledger_rows"),
        _hop("sla", "clocks inner_limits", "inner_limits", "clock.started.v1"),
        _hop("notify", "legs orders"),
    ),
    "clock.started.v1": (
        _hop("intake", "ledger_journal figure_facts", "ledger_rows"),
        _hop("dispatch", "", "legs"),
        _hop("notify", "messages messages messages", sent="complaint.dispatched order.assigned"),
    ),
    "order.replied.v1": (
        _hop("intake", "ledger_journal figure_facts figure_facts", "ledger_rows figure_facts figure_facts"),
        _hop("sla", "inner_limits", "clocks"),
        _hop("notify", "answers messages"),
    ),
    "order.checked.v1": (
        _NOTED,
        _hop("sla", "inner_limits", "inner_limits"),
        _hop("notify", "messages messages", sent="complaint.replied"),
    ),
    "order.followed_up.v1": (
        _hop("intake", "ledger_journal figure_facts figure_facts", "ledger_rows"),
        _hop("sla", "inner_limits"),
    ),
    "order.closed.v1": (
        _hop("intake", "ledger_journal figure_facts figure_facts", "ledger_rows"),
        _hop("sla", "inner_limits", "clocks orders inner_limits"),
        _hop("notify", "messages messages messages", sent="complaint.closed order.closed"),
    ),
}
"""What each listener does; what notify sends goes to partners."""
HOPS = (*REQUESTS, REPLY, *(hop for hops in HEARD.values() for hop in hops))


def written(loops: int) -> dict[str, int]:
    """Rows that so many loops write, by table, but for outbox and inbox."""
    found = Counter[str]()
    for hop in HOPS:
        for table, rows in hop.written.items():
            found[f"{hop.service}.{table}"] += rows * loops
    return dict(found)


async def counted(dsn: str) -> dict[str, int]:
    """How many rows each table has, but for those that have none for each loop."""
    connection = await asyncpg.connect(dsn)
    try:
        tables = await connection.fetch(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY($1) AND tablename <> ALL($2)",
            [name for name in SERVICES if name != "directory"],
            ["outbox", "inbox", "parked", "directory_facts", "counters", "audit", "audit_head"],
        )
        every = " UNION ALL ".join(f"SELECT '{each}', count(*) FROM {each}" for each in (f"{s}.{t}" for s, t in tables))
        return {str(row[0]): int(row[1]) for row in await connection.fetch(every)}
    finally:
        await connection.close()


async def differences(dsn: str, before: Mapping[str, int], loops: int) -> list[str]:
    """Where a database in which so many loops have been closed since then is not as here."""
    now, ours = await counted(dsn), written(loops)
    more = {table: now[table] - before.get(table, 0) for table in now}
    return [
        f"{table}: {rows} rows written by {loops} loops, not {ours.get(table, 0)}"
        for table, rows in sorted(more.items())
        if rows != ours.get(table, 0)
    ]


async def lengths(dsn: str) -> dict[str, int]:
    """Of each kind of message, how many bytes its body has in the outboxes of a house; partners' without version."""
    connection = await asyncpg.connect(dsn)
    every = " UNION ALL ".join(f"SELECT '{name}' AS service, kind, body FROM {name}.outbox" for name in SERVICES)
    try:
        rows = await connection.fetch(f"SELECT service, kind, avg(length(body))::int FROM ({every}) sent GROUP BY 1, 2")
    finally:
        await connection.close()
    return {kind.rpartition(".v")[0] if service == "notify" else kind: n for service, kind, n in rows}

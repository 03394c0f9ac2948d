"""Three edges commit, nothing else: the request, the consumer, the job runner (architecture)."""

import ast

import pytest

from tests.architecture.code import calls, modules

COMMITTING = {"transaction", "commit", "begin", "begin_nested"}
EDGES = {
    "shared/db.py": "is what the edges open",
    "shared/web/session.py": "the request",
    "shared/messaging/consumer.py": "the consumer",
    "shared/messaging/doors.py": "the consumer, of outsiders' messages",
    "shared/messaging/taking.py": "what both have in common",
    "shared/messaging/outbox.py": "the relay and the pruning, jobs of every service",
    "shared/jobs.py": "the job runner",
    "shared/migrate.py": "shapes a store before anyone uses it",
}


def _commits(tree: ast.AST) -> list[tuple[str, str, int]]:
    """Calls of these names, but for those of functions in a module of ours (`journal.begin` begins a journal)."""
    ours = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("services", "shared"))
        for alias in node.names
    }
    return [call for call in calls(tree) if call[1] in COMMITTING and call[0] not in ours]


def test_nothing_but_the_edges_begins_or_commits_a_transaction() -> None:
    found = {path: hits for path, tree in modules("services", "shared") if (hits := _commits(tree))}
    assert {path: hits for path, hits in found.items() if path not in EDGES} == {}
    assert set(found) == set(EDGES), "an edge that commits nothing is none: take it off the list"


@pytest.mark.parametrize(
    "line",
    ["await session.commit()", "async with store.transaction() as s: pass", "session.begin()", "s.begin_nested()"],
)
def test_a_commit_would_be_seen(line: str) -> None:
    assert _commits(ast.parse(f"async def use_case(session, store, s):\n    {line}"))

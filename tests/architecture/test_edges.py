"""Three edges commit, nothing else: the request, the consumer, the job runner (architecture)."""

import ast
import re

import pytest

from tests.architecture.code import attributes, calls, modules

COMMITTING = {"transaction", "commit", "begin", "begin_nested"}
SAID = re.compile(r"\s*(?:commit|begin)(?: immediate)?;?\s*", re.IGNORECASE)
EDGES = {
    "shared/db.py": "is what the edges open",
    "shared/web/session.py": "the request",
    "shared/web/together.py": "the request, where many arrive at once",
    "shared/messaging/consumer.py": "the consumer",
    "shared/messaging/doors.py": "the consumer, of outsiders' messages",
    "shared/messaging/taking.py": "what both have in common",
    "shared/messaging/outbox.py": "the relay and the pruning, jobs of every service",
    "shared/audit/keeping.py": "jobs of every service: what was read is written down, and sealed",
    "shared/jobs.py": "the job runner",
    "shared/migrate.py": "shapes a store before anyone uses it",
}


def _commits(tree: ast.AST) -> list[tuple[str, str, int]]:
    """These names, called or handed on, but for functions in a module of ours (`journal.begin` begins a journal).

    And the words that a statement or `getattr` would say it with.
    """
    ours = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("services", "shared"))
        for alias in node.names
    }
    said = [
        ("", node.value, node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SAID.fullmatch(node.value)
    ]
    # A span has a `begin` too: that one only counts when it is called.
    handed_on = (each for each in attributes(tree) if each[1] != "begin")
    found = {each for each in (*calls(tree), *handed_on) if each[1] in COMMITTING and each[0] not in ours}
    return sorted(found) + said


def test_nothing_but_the_edges_begins_or_commits_a_transaction() -> None:
    found = {path: hits for path, tree in modules("services", "shared") if (hits := _commits(tree))}
    assert {path: hits for path, hits in found.items() if path not in EDGES} == {}
    assert set(found) == set(EDGES), "an edge that commits nothing is none: take it off the list"


@pytest.mark.parametrize(
    "line",
    [
        "await session.commit()",
        "async with store.transaction() as s: pass",
        "session.begin()",
        "s.begin_nested()",
        "when_done(session.commit)",
        'await getattr(session, "commit")()',
        'await session.execute(text("COMMIT"))',
    ],
)
def test_a_commit_would_be_seen(line: str) -> None:
    assert _commits(ast.parse(f"async def use_case(session, store, s):\n    {line}"))

"""The chain of the audit log: whatever is changed, left out, put in or taken from another is found, and named."""

from __future__ import annotations

from typing import Any

import pytest

from shared.audit import chain

KEY = chain.key_of("a key")


def lines(count: int = 5, key: bytes = KEY) -> list[tuple[str, dict[str, Any]]]:
    found, previous = [], ""
    for seq in range(1, count + 1):
        facts = {"id": f"{seq}", "actor": "wang", "reason": None, "door": "GET /intake/ledger"}
        hashed = chain.hash_of(key, previous, seq, facts)
        found.append((f"line {seq}", chain.line_of(previous, seq, hashed, facts)))
        previous = hashed
    return found


def test_a_whole_chain_is_whole_also_without_its_beginning() -> None:
    assert chain.first_broken(KEY, []) is None
    assert chain.first_broken(KEY, lines()) is None
    assert chain.first_broken(KEY, lines()[2:]) is None


@pytest.mark.parametrize("field", ["actor", "reason", "door", "id", "hash", "prev"])
def test_a_changed_line_is_named(field: str) -> None:
    told = lines()
    told[2][1][field] = "anders"
    broken = chain.first_broken(KEY, told)
    assert broken
    assert broken.where == "line 3"


def test_a_line_left_out_doubled_or_moved_is_named() -> None:
    told = lines()
    for wrong, where in (
        (told[:2] + told[3:], "line 4"),
        ([*told[:3], told[2], *told[3:]], "line 3"),
        ([told[0], told[2], told[1]], "line 3"),
    ):
        broken = chain.first_broken(KEY, wrong)
        assert broken
        assert broken.where == where


def test_who_has_no_key_seals_nothing() -> None:
    broken = chain.first_broken(KEY, lines(key=chain.key_of("another key")))
    assert broken
    assert broken.where == "line 1"

"""Rules of the directory: what a fact must look like, and when two facts are the same."""

from collections.abc import Mapping
from typing import Any


def next_revision(known: tuple[int, Mapping[str, Any]] | None, data: Mapping[str, Any]) -> int | None:
    """The revision under which a fact is told; None when nothing has changed since it was last told."""
    if known is None:
        return 1
    revision, kept = known
    return None if dict(kept) == dict(data) else revision + 1

"""Whether two complaints say much the same: the pairs of characters they share (mechanism §2, possible repeats)."""

from collections.abc import Set

LEAST = 0.5
"""The part of the shorter one's pairs that the other must share."""
LEAST_PAIRS = 8
"""Of a shorter text nothing is said."""

Pairs = Set[str]


def pairs_of(text: str) -> Pairs:
    """The pairs of neighbouring characters in a text, without spaces, digits and punctuation."""
    kept = "".join(filter(str.isalpha, text))
    return {kept[place : place + 2] for place in range(len(kept) - 1)}


def are_alike(one: Pairs, other: Pairs) -> bool:
    """Whether they are possible repeats of each other."""
    shorter = min(len(one), len(other))
    return shorter >= LEAST_PAIRS and len(one & other) >= LEAST * shorter

"""Which cases are most like a text: BM25 over the terms they share (mechanism §8).

The same arithmetic on SQLite and PostgreSQL, over one table of terms: their own full-text engines rank differently from
each other, and PostgreSQL's knows nothing of how rare a word is.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from services.casebook.domain.words import is_concept

SATURATION = 1.2
LENGTH_MATTERS = 0.4
COMMON = 0.3
"""A term that stands in more than this share of the cases tells none apart…"""
MANY = 100
"""…once there are so many of them."""
READ_AT_MOST = 60_000
"""How many postings one search reads; what is worth least is left out beyond that."""


@dataclass(frozen=True)
class Asked:
    """What is sought: what finding each term is worth, and how long a case is on average."""

    worths: Mapping[str, float]
    average_length: float


def weight(term: str) -> float:
    """What finding a term is worth by its kind: concepts most, single characters least."""
    if is_concept(term):
        return 1.6
    return 1.0 if len(term) > 1 else 0.6


def asked(frequencies: Mapping[str, int], cases: int, length: float) -> Asked:
    """What to seek, from how many of so many cases have each term; what tells nothing, or costs too much, is left."""
    worths = {
        term: weight(term) * math.log(1 + (cases - found + 0.5) / (found + 0.5))
        for term, found in frequencies.items()
        if found and (cases < MANY or found <= COMMON * cases)
    }
    chosen: dict[str, float] = {}
    read = 0
    for term in sorted(worths, key=lambda term: (-worths[term], term)):
        read += frequencies[term]
        if chosen and read > READ_AT_MOST:
            break
        chosen[term] = worths[term]
    return Asked(chosen, length / cases if cases else 1.0)

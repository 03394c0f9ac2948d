"""Which cases are most like a text: BM25 over the terms they share (mechanism §8)."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.casebook.domain.words import weight

SATURATION = 1.2
LENGTH_MATTERS = 0.5
COMMON = 0.3
"""A term that stands in more than this share of the cases tells none apart…"""
MANY = 100
"""…once there are so many of them."""


@dataclass(frozen=True)
class Posting:
    """That a case has a term, how often, and how many terms it has in all."""

    case_id: str
    term: str
    count: float
    length: float


def worth(frequencies: Mapping[str, int], cases: int) -> dict[str, float]:
    """What each term is worth, from how many of the cases have it; those that tell nothing are left out."""
    return {
        term: weight(term) * math.log(1 + (cases - found + 0.5) / (found + 0.5))
        for term, found in frequencies.items()
        if cases < MANY or found <= COMMON * cases
    }


def rank(worths: Mapping[str, float], postings: Iterable[Posting], average_length: float) -> list[tuple[str, float]]:
    """The cases' ids with their scores, the most similar first."""
    scores: dict[str, float] = defaultdict(float)
    for posting in postings:
        length = 1 - LENGTH_MATTERS + LENGTH_MATTERS * posting.length / average_length
        saturated = posting.count * (SATURATION + 1) / (posting.count + SATURATION * length)
        scores[posting.case_id] += worths[posting.term] * saturated
    return sorted(scores.items(), key=lambda found: (-found[1], found[0]))

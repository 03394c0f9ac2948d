"""One tokenizer for what is kept and for what is asked, so that each finds the other (mechanism §8).

Chinese is taken by single characters and by pairs, letters and digits by words; on top of them the concepts that
`synonyms.py` names, so that 房本 finds 不动产权证.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from services.casebook.domain.synonyms import SYNONYMS

_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z0-9]{1,40}")
_CONCEPTS = [tuple(line.lower().split()) for line in SYNONYMS.strip().splitlines()]


def terms(text: str) -> Counter[str]:
    """How often each term occurs in the text; a concept, its name behind `=`, at most once."""
    return Counter(_terms(unicodedata.normalize("NFKC", text).lower()))


def weight(term: str) -> float:
    """What finding a term is worth: concepts most, pairs and words as they come, single characters little."""
    if term.startswith("="):
        return 2.5
    return 1.0 if len(term) > 1 else 0.3


def _terms(text: str) -> Iterator[str]:
    for run in _CHINESE.findall(text):
        yield from run
        yield from map("".join, pairwise(run))
    yield from _LATIN.findall(text)
    yield from (f"={words[0]}" for words in _CONCEPTS if any(word in text for word in words))

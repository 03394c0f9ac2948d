"""One tokenizer for what is kept and for what is asked, so that each finds the other (mechanism §8).

Chinese is taken by single characters and by pairs, letters and digits by words; on top of them the concepts of the
synonym table, so that 房本 finds 不动产权证.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.casebook.domain.text import Text
from shared.refusals import FieldFault, Invalid

TOKENIZER = 1
"""Of another number are the terms of cases that were kept by another tokenizer; they are kept anew."""
LONGEST_TERM = 40
ASIDE = 0.3
"""What a term counts in method, steps, conclusion and basis: people ask by their problem."""

_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(rf"[a-z0-9]{{1,{LONGEST_TERM}}}")
_MOST_WORDS = 40


@dataclass(frozen=True)
class Concept:
    """Words that mean the same; a word may belong to several."""

    id: int
    words: tuple[str, ...]

    @property
    def term(self) -> str:
        """The term by which it is kept; no text has one like it."""
        return term_of(self.id)

    def is_in(self, text: str) -> bool:
        """Whether a plain text says it, in any of its words."""
        return any(word in text for word in self.words)


def term_of(concept_id: int) -> str:
    """The term of a concept."""
    return f"={concept_id}"


def is_concept(term: str) -> bool:
    """Whether this term stands for a concept."""
    return term.startswith("=")


def plain(text: str) -> str:
    """The text as it is compared: half-width, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


_ANYWHERE = re.compile("窗口|柜台|大厅|工作人员|办事员")
"""Where, and with whom, whoever comes has to do: it tells no matter from another."""


def sought(text: str, concepts: Iterable[Concept] = ()) -> Counter[str]:
    """The terms of what somebody asks."""
    return terms(_ANYWHERE.sub("，", text), concepts)


def terms(text: str, concepts: Iterable[Concept] = ()) -> Counter[str]:
    """How often each term occurs in the text; a concept at most once."""
    text = plain(text)
    return Counter([*_terms(text), *(concept.term for concept in concepts if concept.is_in(text))])


def terms_of(text: Text, concepts: Sequence[Concept]) -> dict[str, float]:
    """How much each term counts in a case: what is told of the problem whole, the rest in part."""
    counts: dict[str, float] = dict(terms(problem_of(text), concepts))
    for term, count in terms(f"{text.method}\n{text.steps}\n{text.conclusion}\n{text.basis}").items():
        counts[term] = counts.get(term, 0.0) + ASIDE * count
    return counts


def problem_of(text: Text) -> str:
    """Where a case says what it is about; its concepts are read from here."""
    return f"{text.title}\n{text.problem}"


def length_of(counts: dict[str, float]) -> float:
    """How long a case is to the search; concepts make none longer."""
    return sum(count for term, count in counts.items() if not is_concept(term))


def must_be_synonyms(words: Iterable[str]) -> tuple[str, ...]:
    """These words as a concept keeps them. Refused: fewer than two, too many, single characters, two in one."""
    kept = tuple(dict.fromkeys(filter(None, (plain(word).strip() for word in words))))
    sentence = None
    if not 2 <= len(kept) <= _MOST_WORDS:
        sentence = f"一组同义词应当有2至{_MOST_WORDS}个不同的词。"
    elif short := [word for word in kept if len(word) < 2]:
        sentence = f"“{short[0]}”只有一个字，太宽泛，请用两个字以上的词。"
    elif spaced := [word for word in kept if re.search(r"\s", word) or len(word) > 20]:
        sentence = f"“{spaced[0]}”应当是一个20字以内、没有空格的词。"
    if sentence:
        raise Invalid("bad-synonyms", sentence, [FieldFault("words", sentence)])
    return kept


def _terms(text: str) -> Iterator[str]:
    for run in _CHINESE.findall(text):
        yield from run
        yield from map("".join, pairwise(run))
    yield from _LATIN.findall(text)

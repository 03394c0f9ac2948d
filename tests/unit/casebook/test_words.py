"""The terms by which cases are found, and what they are worth (mechanism §8)."""

from __future__ import annotations

import pytest

from services.casebook.domain.ranking import READ_AT_MOST, asked
from services.casebook.domain.synonyms import SHIPPED
from services.casebook.domain.text import Text
from services.casebook.domain.words import Concept, length_of, must_be_synonyms, terms, terms_of
from shared.refusals import Invalid

CONCEPTS = [Concept(n, tuple(line.split())) for n, line in enumerate(SHIPPED.strip().splitlines())]


@pytest.mark.parametrize(("said", "written"), [("房本", "不动产权证"), ("ＥＴＣ", "etc"), ("驾照", "驾驶证")])
def test_what_is_said_and_what_is_written_share_a_term(said: str, written: str) -> None:
    assert terms(said, CONCEPTS).keys() & terms(written, CONCEPTS).keys()


def test_text_is_taken_by_characters_pairs_and_words() -> None:
    assert terms("办证，App2办证") == {"办": 2, "证": 2, "办证": 2, "app2": 1}


def test_text_without_words_has_no_terms() -> None:
    assert not terms("，。!? \n😀", CONCEPTS)


def test_a_concept_counts_once_however_often_it_is_said_and_makes_no_case_longer() -> None:
    concept = Concept(7, ("房本", "房产证"))
    counts = terms_of(Text("房本", "房产证和房本"), [concept])
    assert counts["=7"] == 1
    assert length_of(counts) == length_of(terms_of(Text("房本", "房产证和房本"), []))


def test_what_a_case_says_aside_of_its_problem_counts_less() -> None:
    counts = terms_of(Text("房本", "房本", method="公积金"), [])
    assert counts["房本"] > counts["公积"] > 0


def test_the_shipped_table_would_be_taken_by_the_door() -> None:
    for concept in CONCEPTS:
        assert must_be_synonyms(concept.words) == tuple(word.lower() for word in concept.words)


@pytest.mark.parametrize(
    "words", [[], ["房本"], ["房本", " 房本 "], ["房本", "证"], ["房本", "不动产 权证"], [f"词{n}" for n in range(41)]]
)
def test_what_is_no_group_of_synonyms_is_refused(words: list[str]) -> None:
    with pytest.raises(Invalid):
        must_be_synonyms(words)


def test_a_rare_term_is_worth_more_than_a_common_one_and_what_nearly_all_have_is_not_sought() -> None:
    sought = asked({"少见": 2, "常见": 200, "都有": 900}, 1000, 30_000)
    assert sought.worths["少见"] > sought.worths["常见"]
    assert "都有" not in sought.worths
    assert sought.average_length == 30


def test_among_few_cases_every_term_is_sought() -> None:
    assert asked({"都有": 3}, 3, 30).worths


def test_one_search_reads_so_many_postings_and_what_is_worth_least_is_left() -> None:
    frequencies = {f"词{n}": READ_AT_MOST // 10 + n for n in range(20)}
    chosen = asked(frequencies, 10 * READ_AT_MOST, 1).worths
    assert list(chosen) == [f"词{n}" for n in range(len(chosen))]
    assert sum(frequencies[term] for term in chosen) <= READ_AT_MOST

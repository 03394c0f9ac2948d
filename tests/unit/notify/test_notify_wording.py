"""The messages' words in an office's own: which hold for which message, and what is refused when they are saved."""

import pytest

from services.notify.domain.samples import SAMPLES
from services.notify.domain.templates import TEMPLATES, Template
from services.notify.domain.wording import Wording, Wordings, examples_of, must_be_words, preview
from shared.refusals import Invalid, NotFound

NAME = "petitioner.registered"
SHIPPED, OTHER, LATER = TEMPLATES[NAME], Template("已登记", "编号{number}，{query_code}"), Template("登记", "{number}")


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_reads_with_an_example_in_each_place(name: str) -> None:
    read = preview(TEMPLATES[name])
    assert "{" not in read
    assert set(examples_of(TEMPLATES[name].places)) == TEMPLATES[name].places


def test_no_example_is_of_a_place_that_there_is_not() -> None:
    assert set(SAMPLES) == {place for template in TEMPLATES.values() for place in template.places}


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_shipped_words_could_be_saved(name: str) -> None:
    assert must_be_words(name, TEMPLATES[name].title, TEMPLATES[name].body) == TEMPLATES[name]


def test_a_message_has_the_words_that_held_when_it_was_recorded() -> None:
    wordings = Wordings([Wording("4", NAME, None), Wording("2", NAME, OTHER), Wording("6", NAME, LATER)])
    assert [wordings.of(NAME, each) for each in "1357"] == [SHIPPED, OTHER, SHIPPED, LATER]
    assert wordings.now(NAME) == LATER
    assert wordings.now("petitioner.closed") == TEMPLATES["petitioner.closed"]


@pytest.mark.parametrize(
    ("title", "body", "sentence"),
    [
        ("登记", "编号{number}，查询码{query_code}，{phone}", "没有“{phone}”这一项"),
        ("登记", "编号{number}，查询码{query_code", "花括号没有成对"),
        ("登记", "编号{number}，查询码{query_code}}", "花括号没有成对"),
        ("登记", "编号{number.__class__}，查询码{query_code}", "没有“{number.__class__}”这一项"),
        ("登记", "编号{number!r}，查询码{query_code}", "不能有别的符号"),
        ("登记", "编号{number:>99999999}，查询码{query_code}", "不能有别的符号"),
        ("登记", "编号{}，{number}{query_code}", "没有“{}”这一项"),
        ("登记", "查询码{query_code}", "不能省去：{number}（诉求编号）。"),
        ("登记{number}", "编号{number}，查询码{query_code}", "标题里不能有花括号。"),
        ("登" * 41, "编号{number}，查询码{query_code}", "标题不能超过40个字。"),
        ("登记", "编号{number}，查询码{query_code}" + "字" * 1000, "正文不能超过1000个字。"),
    ],
)
def test_words_that_could_not_be_filled_are_refused_saying_why(title: str, body: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        must_be_words(NAME, title, body)
    assert sentence in refused.value.message
    assert refused.value.errors[0].field in ("title", "body")


def test_a_template_that_there_is_not_is_not_found() -> None:
    with pytest.raises(NotFound):
        must_be_words("petitioner.nothing", "x", "y")

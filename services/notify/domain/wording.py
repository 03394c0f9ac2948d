"""Words that an office puts in the place of the shipped ones, and which words a message has.

What was told stays as it was told: a message has the words that held when it was recorded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter

from services.notify.domain.samples import SAMPLES
from services.notify.domain.templates import TEMPLATES, Template
from shared.refusals import FieldFault, Invalid, NotFound

KEPT = frozenset({"number", "query_code", "rating_link", "source_ref", "due", "title"})
"""Places that stay where a template has them: whoever is told knows by these what it is about, and by when."""
LONGEST_TITLE, LONGEST_BODY = 40, 1000


@dataclass(frozen=True)
class Wording:
    """A change of a template's words; `words` None: the shipped ones hold again."""

    id: str
    template: str
    words: Template | None


class Wordings:
    """Which words every message has."""

    def __init__(self, changes: Iterable[Wording]) -> None:
        self._changes: dict[str, list[Wording]] = {}
        for change in sorted(changes, key=lambda each: each.id):
            self._changes.setdefault(change.template, []).append(change)

    def of(self, template: str, message_id: str) -> Template:
        """The words of a message: those that held when it was recorded."""
        before = (each.words for each in reversed(self._changes.get(template, [])) if each.id < message_id)
        return next(before, None) or TEMPLATES[template]

    def now(self, template: str) -> Template:
        """The words of the next message."""
        changes = self._changes.get(template)
        return (changes[-1].words if changes else None) or TEMPLATES[template]


def shipped(name: str) -> Template:
    """A template as it is shipped."""
    if name not in TEMPLATES:
        raise NotFound("no-such-template", "没有这个消息模板，请核对网址。")
    return TEMPLATES[name]


def must_be_words(name: str, title: str, body: str) -> Template:
    """These words for a template. Refused: an unknown place, braces that do not match, a place that must stay."""
    known, words = shipped(name).places, Template(title, body)
    faults = [FieldFault("title", sentence) for sentence in _wrong_title(title)]
    faults += [FieldFault("body", sentence) for sentence in _wrong_body(body, known)]
    if faults:
        raise Invalid("bad-template", "模板没有保存：" + "".join(fault.message for fault in faults), faults)
    return words


def preview(words: Template) -> str:
    """How it would read, with an example in each place."""
    return words.filled({place: SAMPLES[place].example for place in words.places})


def _wrong_title(title: str) -> Iterable[str]:
    if "{" in title or "}" in title:
        yield "标题里不能有花括号。"
    if len(title) > LONGEST_TITLE:
        yield f"标题不能超过{LONGEST_TITLE}个字。"


def _wrong_body(body: str, known: frozenset[str]) -> Iterable[str]:
    if len(body) > LONGEST_BODY:
        yield f"正文不能超过{LONGEST_BODY}个字。"
    try:
        fields = [field[1:] for field in Formatter().parse(body) if field[1] is not None]
    except ValueError:
        yield "花括号没有成对，请核对。"
        return
    named = [name for name, spec, conversion in fields if not spec and not conversion]
    if len(named) < len(fields):
        yield "花括号里只能写一项的名称，不能有别的符号。"
    elif unknown := [name for name in named if name not in known]:
        yield f"没有“{{{unknown[0]}}}”这一项，请从可用的项里选。"
    if lacking := [place for place in sorted(known & KEPT) if place not in named]:
        yield "不能省去：" + "、".join(f"{{{place}}}（{SAMPLES[place].label}）" for place in lacking) + "。"


def examples_of(places: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    """What may stand in a template: by place its name and an example."""
    return {place: (SAMPLES[place].label, SAMPLES[place].example) for place in sorted(places)}

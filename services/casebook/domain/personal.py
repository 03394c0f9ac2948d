"""What a guidance case must not tell: whose it was (mechanism §8). What is struck leaves a mark that can be seen.

Caught: mobile phones (spaced, full-width, spelt out in Chinese numerals) and landlines; identity numbers of 18
characters and of 15, credit codes and bank cards, told by their check digits (what has their shape only is struck too,
and marked uncertain); other long numbers and complaint numbers; plates; emails; accounts; where somebody lives, below
the township, and door numbers; names where the text says they are (`people`), the staff's, and what the editor names.
The petitioner's own fields are struck by dispatch, which knows them, before casebook hears of the complaint.
Not caught: a name that stands alone and is not known here, numbers cut in pieces or written in other ways, what is told
of somebody without a name. So the editor reads what is left, and confirms it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from services.casebook.domain.people import full_names, is_whole, titled
from services.casebook.domain.shapes import MARKS, PLAIN, RULES, Kind, instead_of, spelt_out
from services.casebook.domain.text import Text
from shared.security.mask import DOT, HIDDEN, mask_address, mask_name, mask_phone

_TITLE_LENGTH = 60
"""How much of a complaint's first sentence becomes a title."""


@dataclass(frozen=True)
class Struck:
    """Something struck: in which field, what it was, what stands instead and where in the text as it is now."""

    field: str
    kind: Kind
    found: str
    instead: str
    at: int
    certain: bool = True
    """Whether a check digit, or the words around it, say so; otherwise it only looks like it."""

    @property
    def masked(self) -> str:
        """What was found as it may be kept: enough for who wrote it to know it again."""
        match self.kind:
            case Kind.NAME:
                return mask_name(self.found)
            case Kind.PHONE:
                plain = self.found.translate(PLAIN)
                shown = mask_phone(plain)
                return shown if shown != HIDDEN else mask_phone(re.sub("[^0-9]", "", plain))
            case Kind.ADDRESS:
                return mask_address(self.found)
        return f"{self.found[0]}{HIDDEN}{self.found[-1]}" if len(self.found) > 5 else HIDDEN


@dataclass(frozen=True)
class _Span:
    kind: Kind
    start: int
    end: int
    instead: str
    certain: bool = True


@dataclass(frozen=True)
class Known:
    """What is known beside the text: names of the staff, what the editor names, and what he says is nobody's."""

    names: Collection[str] = ()
    also: Collection[str] = ()
    keep: Collection[str] = ()


NOTHING_KNOWN = Known()


def anonymous(text: Text, known: Known = NOTHING_KNOWN) -> tuple[Text, tuple[Struck, ...]]:
    """The text without what is personal in it, and all that was struck, in the order of its fields."""
    parts = {field: part.strip() for field, part in text.parts().items()}
    whole = [found["it"] for part in parts.values() for found in full_names(part.translate(PLAIN))]
    # 买买提·艾山 is called 买买提 as well.
    first = [DOT.split(name)[0] for name in whole if DOT.search(name)]
    names = {name for name in (*whole, *first, *known.names) if is_whole(name)}
    struck: list[Struck] = []
    for field, part in parts.items():
        parts[field] = _strike(field, part, names, known, struck)
    return Text(**parts), tuple(struck)


def with_short_title(text: Text, struck: Sequence[Struck]) -> tuple[Text, tuple[Struck, ...]]:
    """The title cut short, and what is struck in what is left of it; never within a mark."""
    places = [each for each in struck if each.field == "title"]
    cut = [each.at for each in places if each.at < _TITLE_LENGTH < each.at + len(each.instead)]
    end = min([_TITLE_LENGTH, *cut])
    return replace(text, title=text.title[:end]), tuple(each for each in struck if each not in places or each.at < end)


def still_there(struck: Iterable[Struck], text: Text) -> list[Struck]:
    """Of what was struck before, whatever its mark still stands for in the text as it is now."""
    parts, last = text.parts(), dict.fromkeys(text.parts(), 0)
    kept = []
    for each in sorted(struck, key=lambda each: each.at):
        at = parts[each.field].find(each.instead, last[each.field])
        if at >= 0:
            last[each.field] = at + len(each.instead)
            kept.append(Struck(each.field, each.kind, each.found, each.instead, at, each.certain))
    return kept


def _strike(field: str, text: str, names: Collection[str], known: Known, struck: list[Struck]) -> str:
    said, end = "", 0
    for span in _chosen(text, names, known):
        said += text[end : span.start]
        found = text[span.start : span.end]
        struck.append(Struck(field, span.kind, found, span.instead, len(said), span.certain))
        said, end = said + span.instead, span.end
    return said + text[end:]


def _chosen(text: str, names: Collection[str], known: Known) -> list[_Span]:
    """What to strike, in order; of two that overlap the first found stands, and what is to be kept is left alone."""
    chosen: list[_Span] = []
    for span in _spans(text, names, known):
        if text[span.start : span.end] in known.keep:
            continue
        if all(span.end <= other.start or other.end <= span.start for other in chosen):
            chosen.append(span)
    return sorted(chosen, key=lambda span: span.start)


def _spans(text: str, names: Collection[str], known: Known) -> Iterator[_Span]:
    for word in sorted(filter(None, known.also), key=len, reverse=True):
        for found in re.finditer(re.escape(word), text):
            yield _Span(Kind.NAMED, *found.span(), MARKS[Kind.NAMED])
    plain = text.translate(PLAIN)
    for pattern, judge in RULES:
        for found in pattern.finditer(plain):
            if judged := judge(found["it"]):
                yield _Span(judged[0], *found.span("it"), instead_of(judged[0], found["it"]), judged[1])
    for found in spelt_out(plain):
        yield _Span(Kind.PHONE, *found.span("it"), MARKS[Kind.PHONE])
    for name in sorted(names, key=len, reverse=True):
        for found in re.finditer(re.escape(name), plain):
            yield _Span(Kind.NAME, *found.span(), MARKS[Kind.NAME])
    for found in titled(plain):
        yield _Span(Kind.NAME, *found.span("it"), "某")

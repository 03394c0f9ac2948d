"""A text in pieces, so that a page can show what was struck from it where that stood (mechanism §8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.casebook.domain.personal import Struck
from services.casebook.domain.text import Text


@dataclass(frozen=True)
class Piece:
    """Some of a text; where something was struck, what stands instead."""

    text: str
    struck: Struck | None = None


def pieces(text: Text, struck: Iterable[Struck]) -> Mapping[str, list[Piece]]:
    """Every part of a text, by field, in pieces."""
    found = sorted(struck, key=lambda each: each.at)
    return {
        field: list(_parted(part, (each for each in found if each.field == field)))
        for field, part in text.parts().items()
    }


def _parted(text: str, struck: Iterable[Struck]) -> Iterable[Piece]:
    end = 0
    for each in struck:
        if each.at > end:
            yield Piece(text[end : each.at])
        yield Piece(each.instead, each)
        end = each.at + len(each.instead)
    if end < len(text):
        yield Piece(text[end:])

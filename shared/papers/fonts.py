"""Fonts: the names official papers ask for, the free ones that stand in, and what to print where none has a character.

The norm (GB/T 9704) asks for 方正小标宋 in titles and 仿宋 in texts. Where they are not installed, Noto Serif CJK is
set for both, bold in titles. `YOUSU_PAPER_FONTS` names a folder of further fonts.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from typst import FontInfo, Fonts

from shared.refusals import Unavailable
from shared.settings import settings

_FREE = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "Songti SC", "SimSun")
_RARE = ("HanaMinA", "HanaMinB", "SimSun-ExtB", "Noto Sans CJK SC")
"""Where the others have no glyph; 花园明朝 holds the characters of the rarest names."""
TITLE = ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", *_FREE, *_RARE)
BODY = ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FandolFang", *_FREE, *_RARE)
BLACK = ("SimHei", "黑体", "Noto Sans CJK SC", "Source Han Sans SC", *_FREE, *_RARE)

_TOUCHSTONE = ord("诉")
_WEIGHTS = {"regular": 400, "bold": 700}
_LAID_OUT = re.compile("[\n\t]")
_INVISIBLE = re.compile("[\u200d\ufe00-\ufe0f]")


@dataclass(frozen=True)
class Typefaces:
    """What is installed here of what papers ask for, the best first."""

    fonts: Fonts
    title: tuple[str, ...]
    body: tuple[str, ...]
    black: tuple[str, ...]
    characters: frozenset[int]
    """What can be printed."""

    @property
    def facts(self) -> dict[str, Any]:
        """As a layout needs them."""
        weight = "bold" if self.title[0] in _FREE else "regular"
        return {"title": self.title, "title-weight": weight, "body": self.body, "black": self.black}

    def printable(self, value: Any) -> Any:
        """The same data, in which a character that no font here has is named instead: `〔U+1F621〕`, never a box."""
        match value:
            case str():
                return _INVISIBLE.sub("", "".join(map(self._shown, value)))
            case Mapping():
                return {key: self.printable(each) for key, each in value.items()}
            case list() | tuple():
                return [self.printable(each) for each in value]
            case _:
                return value

    def _shown(self, character: str) -> str:
        code = ord(character)
        if code in self.characters or _LAID_OUT.match(character) or _INVISIBLE.match(character):
            return character
        return " " if unicodedata.category(character) == "Zs" else f"〔U+{code:04X}〕"


def typefaces() -> Typefaces:
    """The fonts of this machine, looked for once; raises `Unavailable` where none can write Chinese."""
    return _typefaces(settings().paper_fonts)


@lru_cache
def _typefaces(folder: Path | None) -> Typefaces:
    return chosen(Fonts(include_embedded_fonts=False, font_paths=[folder] if folder else []))


def chosen(fonts: Fonts) -> Typefaces:
    """What papers use of these fonts."""
    installed = fonts.fonts()
    found: dict[str, frozenset[int]] = {}
    for family in dict.fromkeys((*TITLE, *BODY, *BLACK)):
        if faces := [face for face in installed if face.family == family and face.path]:
            found[family] = _characters_of(_plainest(faces))
    if not any(_TOUCHSTONE in characters for characters in found.values()):
        raise Unavailable(
            "no-fonts",
            "本机没有中文字体，无法打印。请管理员安装字体（Debian：apt-get install fonts-noto-cjk fonts-hanazono），"
            "或用 YOUSU_PAPER_FONTS 指明字体文件夹，然后重新启动。",
        )
    title, body, black = (_of(found, families) for families in (TITLE, BODY, BLACK))
    return Typefaces(fonts, title, body, black, frozenset().union(*(found[family] for family in body)))


def _of(found: Mapping[str, frozenset[int]], families: Sequence[str]) -> tuple[str, ...]:
    return tuple(family for family in families if family in found)


def _plainest(faces: Sequence[FontInfo]) -> FontInfo:
    return min(faces, key=lambda face: abs(face.weight - _WEIGHTS["regular"]))


def _characters_of(face: FontInfo) -> frozenset[int]:
    assert face.path
    with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())

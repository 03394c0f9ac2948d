"""Text as people and partners really send it, made fit to keep, compare and print.

Stripped: format characters (Unicode category Cf: zero-width characters, bidirectional controls, byte order marks, tags)
and fillers that show nothing. One exception: a zero-width joiner between two emoji, so that a family stays a family.
Kept: everything that can be seen, private-use characters too, since rare names are still written with them.
"""

import re
import unicodedata

JOINER = "\u200d"
SPACES = "\t\n\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_VARIATIONS = "".join(map(chr, range(0xFE00, 0xFE10)))
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")

_UNCOMMON = re.compile("[^\n\x20-\x7e\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e\U00020000-\U0003134f]")
_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
_JOINING = re.compile(f"(?<=[{_EMOJI}\ufe0f]){JOINER}(?=[{_EMOJI}])")

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
_REFUSED = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff" + _NONCHARACTERS
_REFUSED_IN_LINES = re.compile(f"[{_REFUSED}]")
_REFUSED_IN_A_LINE = re.compile(f"[\t\n{_REFUSED}]")


class ControlCharacter(ValueError):
    """The text holds NUL, another control character, half a surrogate pair or a noncharacter."""


def clean(text: str, *, lines: bool = False) -> str:
    """The text, trimmed (full-width spaces too) and without what cannot be seen; may be empty.

    With `lines`, newlines (written `\\n` whatever they were) and tabs stay. Raises `ControlCharacter`.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _UNCOMMON.sub(_kept, text).rstrip(SPACES).lstrip(SPACES + _VARIATIONS)
    if (_REFUSED_IN_LINES if lines else _REFUSED_IN_A_LINE).search(text):
        raise ControlCharacter
    return text


def _kept(found: re.Match[str]) -> str:
    character = found[0]
    if character == JOINER:
        return JOINER if _JOINING.match(found.string, found.start()) else ""
    category = unicodedata.category(character)
    if category == "Cf" or character in _FILLERS:
        return ""
    return "\n" if category in ("Zl", "Zp") else character

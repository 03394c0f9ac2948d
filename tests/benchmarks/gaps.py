"""What is a complaint's own in its rows, and what stands there in a copy: see `patterns`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from services.intake.domain.number import number_of, printed_number
from shared.security.seal import PhoneIndex, SealBroken, Sealer
from tests.benchmarks.house import PHONE_INDEX_KEY, SEAL_KEYS
from tests.benchmarks.words import Words, opened_with

SEALED_FIELDS = ("name", "contact_person", "phone", "other_contact", "address", "query_code", "attachments")
LONGEST_NAME = 4
"""Characters of a person's; a longer one is a firm's."""
MARK = re.compile(rb"\0([dc])(\d+)\0")
"""A gap: dated or each copy's own, and its place."""
_UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
_DATE = rb"(?<!\d)20\d\d-\d\d-\d\d(?!\d)"
_SEALED = rb"y1\.\w+\.[A-Za-z0-9_-]+"
_DIGEST = rb"\b[0-9a-f]{64}\b"
_DAY_MS = 86_400_000


@dataclass(frozen=True)
class Original:
    """What is known of the complaint that serves as a pattern."""

    complaint_id: str
    number: str
    source_ref: str
    year: int
    seq: int
    center: str
    registered_on: date
    closed_on: date
    content: str
    phone_index: str | None
    made_on: date
    """The machine's day, in a drill another than the business's."""
    answers: Sequence[str]


@dataclass(frozen=True)
class Moved:
    """How many days earlier everything is in a copy."""

    told: int
    """What happened to the complaint."""
    made: int
    """Identifiers, which say when they were made."""
    kept: int
    """What the machine notes of events: as if all of it had been on the day the complaint was closed."""
    registered_on: date


@dataclass(frozen=True)
class Copy:
    """One complaint to be made from a pattern; `n` tells it from all others."""

    n: int
    seq: int
    year: int
    complaint_id: str
    words: Words

    @property
    def phone(self) -> str:
        """Every three-hundred-thousandth petitioner comes again."""
        return f"1990{self.n % 300_000:07}"


OfDay = Callable[[Moved], bytes]
OfCopy = Callable[[Copy], bytes]


@dataclass
class Gaps:
    """What stands in a copy where something of the original stood: filled once a day, or for each copy."""

    dated: list[OfDay] = field(default_factory=list)
    own: list[OfCopy] = field(default_factory=list)
    known: dict[bytes, tuple[bytes, int]] = field(default_factory=dict)
    """By token: its mark, and its place."""

    def of_day(self, token: bytes, made: OfDay, then: bytes = b"") -> bytes:
        """A gap filled once a day; `then` is a mark that follows it."""
        self.known[token] = b"\0d%d\0%b" % (len(self.dated), then), len(self.dated)
        self.dated.append(made)
        return self.known[token][0]

    def of_copy(self, token: bytes, made: OfCopy) -> bytes:
        """A gap filled for each copy."""
        self.known[token] = b"\0c%d\0" % len(self.own), len(self.own)
        self.own.append(made)
        return self.known[token][0]


class Filling:
    """Finds what is a complaint's own, and leaves gaps."""

    def __init__(self, original: Original) -> None:
        self.gaps = Gaps()
        self._original = original
        self._sealer, self._phones = Sealer(SEAL_KEYS), PhoneIndex(PHONE_INDEX_KEY)
        self._tail = self.gaps.of_copy(b"tail", lambda copy: b"%012x" % copy.n)
        self._year = self.gaps.of_day(b"year", lambda moved: b"%d" % moved.registered_on.year)
        self._seq = self.gaps.of_copy(b"seq", lambda copy: b"%d" % copy.seq)
        self.gaps.of_day(b"id", lambda moved: _identifier(original.complaint_id.encode(), moved))
        number, ref = original.number.encode(), original.source_ref.encode()
        printed = printed_number(original.year, original.seq).encode()
        self.gaps.of_copy(number, lambda copy: number_of(original.center, copy.year, copy.seq).encode())
        self.gaps.of_copy(printed, lambda copy: printed_number(copy.year, copy.seq).encode())
        self.gaps.of_copy(ref, lambda copy: b"%b-%d" % (ref, copy.n))
        texts = self._texts(original)
        words = [re.escape(word) for word in (*texts, number, printed)]
        words += [re.escape(ref) + rb"(?!\d)", _UUID, _SEALED, _DATE, _DIGEST]
        self._token = re.compile(b"|".join(words))

    def _texts(self, original: Original) -> list[bytes]:
        for text in original.answers:
            self.gaps.of_copy(_plain(text), _answered(text))
        content = original.content
        self.gaps.of_copy(_plain(content), lambda copy: opened_with(copy.words.opening, content).encode())
        return sorted({_plain(text) for text in (content, *original.answers)}, key=len, reverse=True)

    def marked(self, text: bytes, columns: list[str], *, of_machine: bool) -> bytes:
        """The rows with marks in them; days of what the machine notes are told apart from the business's."""
        marked = self._token.sub(lambda found: self._mark(found[0], of_machine), text.replace(b"%", b"%%"))
        places = {
            columns.index(name): mark for name, mark in (("year", self._year), ("seq", self._seq)) if name in columns
        }
        if not places or ("number" not in columns and "shown_in" not in columns):
            return marked
        lines = []
        for line in marked.splitlines():
            fields = line.split(b"\t")
            for place, mark in places.items():
                fields[place] = mark
            lines.append(b"\t".join(fields))
        return b"\n".join(lines) + b"\n"

    def _mark(self, token: bytes, of_machine: bool) -> bytes:
        if re.fullmatch(_DATE, token):
            return self._date(token, of_machine)
        if token in self.gaps.known:
            return self.gaps.known[token][0]
        if re.fullmatch(_UUID, token):
            return self.gaps.of_day(token, lambda moved: _identifier(token, moved), then=self._tail)
        if token.startswith(b"y1."):
            return self._resealed(token)
        if token.decode() == self._original.phone_index:
            return self.gaps.of_copy(token, lambda copy: self._phones.of(copy.phone).encode())
        return self.gaps.of_copy(token, lambda copy: hashlib.sha256(token + b"%d" % copy.n).hexdigest().encode())

    def _date(self, token: bytes, of_machine: bool) -> bytes:
        key = token + (b" noted" if of_machine else b"")
        if key in self.gaps.known:
            return self.gaps.known[key][0]
        day = date.fromisoformat(token.decode())
        if of_machine:
            return self.gaps.of_day(key, lambda moved: (day - timedelta(moved.kept)).isoformat().encode())
        return self.gaps.of_day(key, lambda moved: (day - timedelta(moved.told)).isoformat().encode())

    def _resealed(self, token: bytes) -> bytes:
        for name in SEALED_FIELDS:
            try:
                text = self._sealer.open(token.decode(), about=f"{self._original.complaint_id}/{name}")
            except SealBroken:
                continue
            return self.gaps.of_copy(token, self._seal(name, text))
        return token

    def _seal(self, name: str, text: str) -> OfCopy:
        said, seal = _said(name, text), self._sealer.seal
        return lambda copy: seal(said(copy), about=f"{copy.complaint_id}/{name}").encode()


def _said(name: str, text: str) -> Callable[[Copy], str]:
    """What a copy's petitioner says of himself in this field."""
    match name:
        case "phone":
            return lambda copy: copy.phone
        case "address":
            return lambda copy: copy.words.address
        case "name" if len(text) > LONGEST_NAME:
            return lambda copy: copy.words.firm
        case "name" | "contact_person":
            return lambda copy: copy.words.person
        case _:
            return lambda _: text


def _answered(text: str) -> OfCopy:
    return lambda copy: opened_with(copy.words.finding, text).encode()


def _plain(text: str) -> bytes:
    """As it stands in a row: `%` is doubled before anything is looked for."""
    return text.encode().replace(b"%", b"%%")


def _identifier(token: bytes, moved: Moved) -> bytes:
    """By the moment it was made, then as the original's; which complaint it is of follows."""
    moment = b"%012x" % (int(token[:8] + token[9:13], 16) - moved.made * _DAY_MS)
    return b"%b-%b%b" % (moment[:8], moment[8:], token[13:24])

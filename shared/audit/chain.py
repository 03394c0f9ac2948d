"""How the log is sealed: each line's hash is an HMAC over its own facts and the hash of the line before it.

Who has no key can change no line, leave none out and put none in between without the chain breaking there. What a key
holder has cut off at the end shows in the lines exported before.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Broken:
    """The first line that does not fit."""

    where: str
    why: str


def key_of(secret: str) -> bytes:
    """The key, as of `YOUSU_PHONE_INDEX_KEY`; phones are marked apart."""
    return hmac.new(secret.encode(), b"yousu audit", hashlib.sha256).digest()


def hash_of(key: bytes, previous: str, seq: int, facts: Mapping[str, Any]) -> str:
    """The hash of a line."""
    told = json.dumps({"seq": seq, **facts}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key, f"{previous}\n{told}".encode(), hashlib.sha256).hexdigest()


def line_of(previous: str, seq: int, hashed: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """A line as it is exported."""
    return {"seq": seq, **facts, "prev": previous, "hash": hashed}


def first_broken(key: bytes, lines: Iterable[tuple[str, Mapping[str, Any]]]) -> Broken | None:
    """The first of these lines, each with where it stands, that does not follow from the one before; None if all do.

    A chain whose beginning has been shipped away begins with what is there.
    """
    seq, previous = None, ""
    for where, line in lines:
        if not _is_a_line(line):
            return Broken(where, "is no line of the log")
        facts = {name: value for name, value in line.items() if name not in ("seq", "prev", "hash")}
        if seq is None and line["seq"] != 1:
            seq, previous = line["seq"] - 1, line["prev"]
        if line["seq"] != (seq or 0) + 1:
            return Broken(where, f"line {(seq or 0) + 1} is missing")
        if line["prev"] != previous:
            return Broken(where, "does not follow from the line before")
        if not hmac.compare_digest(line["hash"], hash_of(key, previous, line["seq"], facts)):
            return Broken(where, "was changed, or sealed with another key")
        seq, previous = line["seq"], line["hash"]
    return None


def _is_a_line(line: Mapping[str, Any]) -> bool:
    return isinstance(line.get("seq"), int) and all(isinstance(line.get(name), str) for name in ("prev", "hash"))

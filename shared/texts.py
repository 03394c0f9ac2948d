"""Text as people and systems hand it in: trimmed, of some length, and nothing that a store or a partner cannot hold."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def _plain(text: str) -> str:
    """Text that every store and partner can hold."""
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\r\n\t" for letter in text):
        raise ValueError("control characters")
    return text


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000), AfterValidator(_plain)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), AfterValidator(_plain)]

"""Text as people and systems hand it in: cleaned, of some length, and nothing that a store or a partner cannot hold."""

from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints

from shared.cleaning import clean


def _cleaned(text: Any) -> Any:
    return clean(text) if isinstance(text, str) else text


def _cleaned_lines(text: Any) -> Any:
    return clean(text, lines=True) if isinstance(text, str) else text


# Cleaned first, measured then: what cannot be seen is no text.
CLEANED = BeforeValidator(_cleaned)
"""One line."""
CLEANED_LINES = BeforeValidator(_cleaned_lines)
"""Newlines and tabs stay."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000), CLEANED_LINES]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), CLEANED]
